"""The records of a sheet: without totals, signatures and repeated headers, merged cells filled, columns by field."""

from dataclasses import dataclass

import polars as pl

from .layout import Layout
from .letters import letter, number
from .sheet_data import SheetData

KEYS = {
    "households": ("head_name", "head_id", "number", "person.name", "person.id_number"),
    "persons": ("name", "id_number"),
    "units": ("name", "code"),
    "cadres": ("name", "id_number", "number"),
    "links": ("unit", "village", "village_code"),
    "pairs": ("household_number", "household_head", "household_id", "cadre", "cadre_number", "cadre_id", "member"),
    "villages": ("village", "village_code"),
    "payments": ("name", "id_number", "head_name", "amount", "reimbursed"),
    "demands": ("number", "name", "text"),
}
PLACES = ("province", "city", "county", "township", "village")
FILLED_DOWN = (*PLACES, "village_code", "group", "unit")
# A column this empty, its first cell filled, was written once a group; in a short list it takes half to be sure.
GROUPED, GROUPED_SHORT, SHORT = 0.3, 0.5, 20
SOME = 3  # cells without any name or number that still make a record (which then lacks its name)

_TOTAL = r"^(?:.{0,12})?(?:[合小总共]计|总数|累计)[:：]?$"
_FOOT = (
    r"^(?:.{0,6}(?:审核|审批|填表|制表|填报|经办|校对|复核|统计)(?:人|单位|负责人)?(?:[(（]?(?:签字|签章|签名|盖章)[)）]?)?[:：]"
    r"|.{0,12}[(（](?:盖章|公章|签章)[)）]|(?:单位|村|乡镇|镇|县)?(?:主要)?(?:负责人|领导)[^:：]{0,8}[:：]"
    r"|(?:公示|监督|举报|联系)(?:时间|电话|单位|期)[:：]|(?:注|备注|说明|填表说明)[:：]|(?:填报|制表|填表|公示)?(?:日期|时间)[:：])"
)
_DITTO = ["〃", "″", "〞", "”", "“", '"', "''", "''", "同上", "同 上", "〟", "ditto"]
_NOTHING = r"^[-—–－―─/／\\_.。、·*]+$|^(?:#?N/A|NULL|null|None|nan|NaN)$"


@dataclass(frozen=True)
class Records:
    """`frame`: `_row`, `_block` and one String column a field. `places`: (block, field) → column letter.

    `dropped` counts the rows left out by reason: total, foot, header, heading, blank. `filled` counts the empty cells
    that took the value above, by field.
    """

    frame: pl.DataFrame
    places: dict[tuple[int, str], str]
    dropped: dict[str, int]
    filled: dict[str, int]


def records(sheet: SheetData, layout: Layout) -> Records:
    """The records of a sheet in its layout, cells as text, `row` as in the file."""
    body = sheet.cells.filter(
        (pl.col("row") >= layout.first_row) & ~pl.col("row").is_in(list(layout.header_rows))
    ).with_columns(pl.exclude("row").str.strip_chars())
    body = body.with_columns(pl.when(pl.exclude("row") != "").then(pl.exclude("row")))
    body, dropped = _without_frills(body, layout)
    body = _ditto(_unmerged(body, sheet, layout))
    body, headings = _headings(body, layout)
    dropped["heading"] = headings
    blocks = layout.blocks or (tuple(column.letter for column in layout.columns),)
    mapping, places, parts = layout.mapping, {}, []
    for at, block in enumerate(blocks):
        named = {mapping[one]: one for one in block if one in mapping and one in body.columns}
        places.update({(at, field): one for field, one in named.items()})
        # What the block does not have, such as a heading's place, comes along.
        extra = [name for name in body.columns if name in PLACES and name not in named]
        parts.append(
            body.select(
                pl.col("row").alias("_row"), pl.lit(at, dtype=pl.UInt8).alias("_block"),
                *[pl.col(one).alias(field) for field, one in named.items()], *extra,
            )
        )  # fmt: skip
    frame = pl.concat(parts, how="diagonal").sort("_row", "_block", maintain_order=True)
    frame, blank = _with_content(_no_nothing(frame), layout.kind)
    dropped["blank"] = blank
    frame, filled = _filled_down(frame, layout)
    frame = _constants(frame, layout)
    return Records(frame, places, {reason: count for reason, count in dropped.items() if count}, filled)


def _without_frills(body: pl.DataFrame, layout: Layout) -> tuple[pl.DataFrame, dict[str, int]]:
    """Drop totals, signature lines and headers that come again on each printed page."""
    letters = [name for name in body.columns if name != "row"]
    front = letters[:6]
    squeezed = [pl.col(name).str.replace_all(r"[\s\u{3000}]+", "") for name in front]
    total = pl.any_horizontal([one.str.contains(_TOTAL) for one in squeezed]) if front else pl.lit(False)
    filled = pl.sum_horizontal(pl.col(letters).is_not_null()) if letters else pl.lit(0)
    foot = (
        pl.any_horizontal([pl.col(name).str.contains(_FOOT) for name in letters[:12]]) if letters else pl.lit(False)
    ) & (filled <= 8)
    heads = {
        column.letter: column.header.rpartition("/")[2].strip()
        for column in layout.columns if column.header and column.letter in letters
    }  # fmt: skip
    same = pl.sum_horizontal([pl.col(name) == text for name, text in heads.items()]) if heads else pl.lit(0)
    header = (same >= 2) & (same * 10 >= filled * 6)
    marked = body.with_columns(
        _why=pl.when(header.fill_null(False)).then(pl.lit("header"))
        .when(total.fill_null(False)).then(pl.lit("total"))
        .when(foot.fill_null(False)).then(pl.lit("foot"))
    )  # fmt: skip
    counts = dict(marked["_why"].drop_nulls().value_counts().iter_rows())
    return marked.filter(pl.col("_why").is_null()).drop("_why"), counts


def _unmerged(body: pl.DataFrame, sheet: SheetData, layout: Layout) -> pl.DataFrame:
    """Write the text of a cell merged over several rows into each of them."""
    used = {number(name) for name in layout.mapping if name in body.columns}
    merges = [area for area in sheet.merges if area[1] in used and area[2] > area[0] >= layout.first_row]
    if not merges:
        return body
    index = {row: at for at, row in enumerate(body["row"].to_list())}
    texts = {column: body[letter(column)].to_list() for column in {area[1] for area in merges}}
    ends: dict[int, int] = {}
    for first, column, last, _ in sorted(merges):
        text = texts[column][index[first]] if first in index else None
        if text is None or first <= ends.get(column, 0):
            continue  # areas of one column that overlap are no work of a spreadsheet
        ends[column] = last
        for row in range(first + 1, min(last, first + body.height) + 1):
            if row in index:
                texts[column][index[row]] = text
    return body.with_columns(pl.Series(letter(column), cells, dtype=pl.String) for column, cells in texts.items())


def _ditto(body: pl.DataFrame) -> pl.DataFrame:
    """〃 and 同上 mean the cell above."""
    names = [
        name for name in body.columns if name != "row" and body[name].is_in(_DITTO).any(ignore_nulls=True)
    ]  # fmt: skip
    return body.with_columns(
        pl.when(pl.col(name).is_in(_DITTO))
        .then(pl.when(~pl.col(name).is_in(_DITTO)).then(pl.col(name)).forward_fill())
        .otherwise(pl.col(name))
        .alias(name)
        for name in names
    )


_ORDINAL = r"^(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]\s*)"


def _headings(body: pl.DataFrame, layout: Layout) -> tuple[pl.DataFrame, int]:
    """Lines such as `一、平襄镇` or `孟河村` over a group of rows give their place to the rows below."""
    letters = [name for name in body.columns if name != "row"]
    used = set(layout.mapping.values())
    if (
        not letters
        or {"township", "village"} <= used
        or "village_code" in used
        or layout.kind not in ("households", "pairs", "links", "payments", "villages", "demands")
    ):
        return body, 0
    alone = pl.sum_horizontal(pl.col(letters).is_not_null()) == 1
    text = pl.coalesce(letters).str.replace(_ORDINAL, "").str.replace_all(r"\s", "")
    marked = body.with_columns(_text=pl.when(alone).then(text))
    patterns = {
        "township": r"^[\u4e00-\u9fff]{1,8}(?:镇|乡|街道)$",
        "village": r"^[\u4e00-\u9fff]{1,10}(?:村|社区|村委会|居委会)$",
    }
    here = pl.any_horizontal([pl.col("_text").str.contains(pattern) for pattern in patterns.values()]).fill_null(False)
    found = int(marked.select(here.sum()).item())
    if not found:
        return body, 0
    for level, pattern in patterns.items():
        if level not in used:
            marked = marked.with_columns(
                pl.when(pl.col("_text").str.contains(pattern)).then(pl.col("_text")).forward_fill().alias(level)
            )
    return marked.filter(~here).drop("_text"), found


def _no_nothing(frame: pl.DataFrame) -> pl.DataFrame:
    """A dash or a stroke is an empty cell."""
    names = [name for name in frame.columns if not name.startswith("_")]
    return frame.with_columns(pl.when(~pl.col(names).str.contains(_NOTHING)).then(pl.col(names)))


def _filled_down(frame: pl.DataFrame, layout: Layout) -> tuple[pl.DataFrame, dict[str, int]]:
    """Places and units written only in the first row of their group; how many cells were filled, by field."""
    share = GROUPED_SHORT if frame.height < SHORT else GROUPED
    filled = {
        name: frame[name].null_count()
        for name in FILLED_DOWN
        if name in frame.columns and frame.height > 1 and frame[name][0] is not None
        and frame[name].null_count() >= max(2.0, share * frame.height)
        and (name != "unit" or layout.kind in ("cadres", "links"))
    }  # fmt: skip
    return frame.with_columns(pl.col(list(filled)).forward_fill().over("_block") if filled else []), filled


def _constants(frame: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    given = {field: value for field, value in layout.constants if field not in frame.columns}
    return frame.with_columns([pl.lit(value).alias(field) for field, value in given.items()])


def _with_content(frame: pl.DataFrame, kind: str) -> tuple[pl.DataFrame, int]:
    """Drop rows that name nobody and say next to nothing: numbered empty lines, stamps, dates at the foot."""
    keys = [name for name in KEYS[kind] if name in frame.columns]
    others = [name for name in frame.columns if not name.startswith("_") and name not in FILLED_DOWN]
    if not keys:
        return frame.clear(), frame.height
    named = pl.any_horizontal(pl.col(keys).is_not_null())
    filled = pl.sum_horizontal(pl.col(others).is_not_null()) if others else pl.lit(0)
    kept = frame.filter(named | (filled >= SOME))
    return kept, frame.height - kept.height


def tidy_names(text: pl.Expr) -> pl.Expr:
    """Names without the blanks that typists put between two characters, one kind of middle dot."""
    return text.str.normalize("NFKC").str.replace_all(r"[\s\u{200b}]+", "").str.replace_all("[•・‧∙●．]", "·")
