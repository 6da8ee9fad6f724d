"""Cells of text into values by the type of their field: numbers with units, dates of every make, yes and no, codes.

Each function returns (value, problem): two columns as long as the input; where `problem` is set, value is null.
"""

import re
from collections.abc import Callable
from typing import Any

import polars as pl

from .fields import Field
from .ids_columns import parse_cards, parse_phones

Parsed = tuple[pl.Series, pl.Series]

_NUMBER = (
    r"^[约共计]?[¥$]?(-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]*)?(?:[Ee][-+]?[0-9]{1,2})?)(万)?"
    r"(元/人·?年|元/[年月人]|元整?|块|人|口人?|户|亩|平方米|平米|平方|㎡|m2|平|公里|千米|km|米|m|个月|个|月|天|头|只|岁|年度?|间|公顷|吨|斤)?$"
)
_FACTORS = {"公里": {"米": 0.001, "m": 0.001}, "亩": {"公顷": 15.0}}
_NO_ANSWER = {"无", "空", "暂无", "没有", "不详", "未知", "未填", "待定", "无。", "none", "NONE"}
_EPOCH_LOW, _EPOCH_HIGH = 3_654, 73_050  # spreadsheet day numbers of 1910 and 2100


def decimals(text: pl.Series, field: Field) -> Parsed:
    """Numbers as Float64: thousands commas, currency signs, units behind, 万 for ten thousand."""
    plain = text.cast(pl.Float64, strict=False)
    if plain.null_count() == text.null_count() and not (plain.is_nan().any() or plain.is_infinite().any()):
        return plain, _nothing(text)
    frame = pl.DataFrame({"t": text}).with_columns(
        t=pl.col("t").str.normalize("NFKC").str.replace_all(r"\s", "")
    ).with_columns(t=pl.when(~pl.col("t").is_in(list(_NO_ANSWER))).then(pl.col("t")))  # fmt: skip
    frame = frame.with_columns(g=pl.col("t").str.extract_groups(_NUMBER)).unnest("g")
    factor = pl.lit(1.0)
    for unit, times in _FACTORS.get(field.unit, {}).items():
        factor = pl.when(pl.col("3") == unit).then(times).otherwise(factor)
    value = (
        pl.col("1").str.replace_all(",", "").cast(pl.Float64, strict=False)
        * pl.when(pl.col("2").is_not_null()).then(10_000.0).otherwise(1.0) * factor
    )  # fmt: skip
    frame = frame.with_columns(v=value)
    frame = frame.with_columns(v=pl.when(pl.col("v").is_finite()).then(pl.col("v")))
    problem = pl.when(pl.col("t").is_not_null() & pl.col("v").is_null()).then(pl.lit("not_a_number"))
    return frame["v"], frame.select(problem.alias("p"))["p"]


def wholes(text: pl.Series, field: Field) -> Parsed:
    """Whole numbers as Int64; a year may be written 2017年 or 2017.12."""
    if field.code == "exit_year":
        years = text.str.extract(r"((?:19|20)[0-9]{2})").cast(pl.Int64)
        bad = text.is_not_null() & years.is_null() & ~text.is_in(list(_NO_ANSWER))
        return years, _where(bad, "not_a_year")
    value, problem = decimals(text, field)
    whole = value.round(0)
    fraction = (value - whole).abs() > 1e-9
    huge = value.abs() > 1e15
    problem = _either(problem, _where(huge, "not_a_number"))
    problem = _either(problem, _where(fraction, "not_whole"))
    return _masked(whole, problem).cast(pl.Int64), problem


def dates(text: pl.Series) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Dates, how precise each is written (day, month, year), and problems; a month stands with its first day."""
    frame = pl.DataFrame({"raw": text}).with_columns(
        t=pl.col("raw").str.normalize("NFKC").str.replace_all(r"\s+\d{1,2}:\d{2}(:\d{2})?.*$", "")
        .str.replace_all(r"\s", "").str.replace(r"\.0+$", "")
    )  # fmt: skip
    frame = frame.with_columns(t=pl.when(~pl.col("t").is_in([*_NO_ANSWER, ""])).then(pl.col("t")))
    t = pl.col("t")
    day = t.str.extract_groups(r"^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})[日号]?$")
    packed = t.str.extract_groups(r"^([0-9]{4})([0-9]{2})([0-9]{2})$")
    month = t.str.extract_groups(r"^([0-9]{4})(?:[-/.年]([0-9]{1,2})|([0-9]{2}))月?份?$")
    year = t.str.extract(r"^((?:19|20)[0-9]{2})年?度?$")
    serial = t.str.extract(r"^([0-9]{4,5})(?:\.[0-9]+)?$").cast(pl.Int32, strict=False)
    serial = pl.when(serial.is_between(_EPOCH_LOW, _EPOCH_HIGH) & year.is_null()).then(serial)
    parts = [pl.coalesce(day.struct.field(str(k)), packed.struct.field(str(k))).alias(str(k)) for k in (1, 2, 3)]
    frame = frame.with_columns(
        *parts, y=month.struct.field("1"), m=pl.coalesce(month.struct.field("2"), month.struct.field("3")),
        only=year, serial=serial,
    )  # fmt: skip
    full = _date("1", "2", "3")
    by_month = pl.date(pl.col("y").cast(pl.Int32), pl.col("m").cast(pl.Int8), 1)
    month_ok = pl.col("m").cast(pl.Int32).is_between(1, 12)
    frame = frame.with_columns(
        value=pl.coalesce(
            full, pl.when(month_ok).then(by_month), pl.date(pl.col("only").cast(pl.Int32), 1, 1),
            pl.date(1899, 12, 30) + pl.duration(days=pl.col("serial")),
        ),
        precision=pl.when(full.is_not_null() | (pl.col("serial").is_not_null() & ~month_ok.fill_null(False)))
        .then(pl.lit("day")).when(month_ok).then(pl.lit("month")).when(pl.col("only").is_not_null()).then(pl.lit("year")),
    )  # fmt: skip
    problem = pl.when(t.is_not_null() & pl.col("value").is_null()).then(pl.lit("not_a_date"))
    frame = frame.with_columns(problem=problem)
    return frame["value"], frame["precision"], frame["problem"]


def _date(year: str, month: str, day: str) -> pl.Expr:
    text = pl.concat_str(pl.col(year), pl.col(month).str.zfill(2), pl.col(day).str.zfill(2), separator="-")
    return text.str.to_date("%Y-%m-%d", strict=False)


_YES = (
    "已解决",
    "解决",
    "安全",
    "达标",
    "合格",
    "通",
    "已通",
    "已硬化",
    "硬化",
    "参保",
    "已参保",
    "加入",
    "已加入",
    "全部",
    "具备",
)
_NO = (
    "未解决",
    "不安全",
    "不达标",
    "不合格",
    "不通",
    "未通",
    "未硬化",
    "没有",
    "未参保",
    "未加入",
    "不具备",
    "不困难",
    "非",
)
_UNSAFE = re.compile(r"^[CD](?:级|$)|^(?:是)?危房")
_SAFE = re.compile(r"^[AB](?:级|$)|非危房|不是危房|安全住房|安全")


def yes_no(text: str, field: str, codes: Any) -> bool | None:
    """What a cell of a yes-or-no column says; None when that cannot be told. `codes`: the profile's list yes_no."""
    cell = re.sub(r"\s", "", text)
    found = codes.find(cell) if codes is not None else {"是": "1", "否": "0"}.get(cell)
    if found is not None:
        group = getattr(codes.by_code[found], "group", None) if codes is not None else None
        return group == "yes" if group else found == "1"
    bare = re.sub(r"[（(].*[)）]", "", cell)
    if bare != cell and bare:
        return yes_no(bare, field, codes)
    if field.endswith("house_unsafe"):
        return True if _UNSAFE.search(bare) else False if _SAFE.search(bare) else None
    if field.endswith("toilet"):
        return False if re.search(r"旱厕|无厕|非卫生|简易", bare) else True if re.search(r"卫生|水冲", bare) else None
    if bare.startswith(_NO) or bare.startswith(("未", "不")):
        return False
    if bare.startswith(_YES) or bare.startswith("已"):
        return True
    return None


def booleans(text: pl.Series, field: Field, profile: Any) -> Parsed:
    """Yes and no in the words of rosters."""
    codes = profile.codes.get("yes_no")

    def say(cell: str) -> bool | None:
        return yes_no(cell, field.code, codes)

    return _by_distinct(text, say, pl.Boolean, "not_yes_no")


def codes(text: pl.Series, field: Field, profile: Any) -> Parsed:
    """Codes of the profile's list by number, label or other spelling; a list of them where several may stand."""
    known = profile.codes[field.list]
    if field.many:
        return _many_codes(text, known)

    def find(cell: str) -> str | None:
        code = known.find(cell)
        if code is None and field.code.endswith("work_place"):
            code = known.find(re.sub(r"外出|务工|打工", "", cell))
        return code

    return _by_distinct(text, find, pl.String, "code_unknown", known.means_nothing)


def _many_codes(text: pl.Series, known: Any) -> Parsed:
    values: dict[str, list[str] | None] = {}
    bad: dict[str, str] = {}
    for cell in text.drop_nulls().unique():
        found, unknown = known.find_all(cell)
        if unknown and not known.means_nothing(cell) and cell not in _NO_ANSWER:
            bad[cell] = "code_unknown"
        values[cell] = list(found) or None
    keys = list(values)
    table = pl.DataFrame(
        {"t": pl.Series(keys, dtype=pl.String), "v": pl.Series(list(values.values()), dtype=pl.List(pl.String)),
         "p": pl.Series([bad.get(key) for key in keys], dtype=pl.String)}
    )  # fmt: skip
    joined = pl.DataFrame({"t": text}).join(table, on="t", how="left", maintain_order="left")
    return joined["v"], joined["p"]


def _by_distinct(
    text: pl.Series, find: Callable[[str], Any], kind: Any, problem: str, nothing: Callable[[str], bool] | None = None
) -> Parsed:
    """Look up each distinct cell once."""
    cells = text.drop_nulls().unique().to_list()
    found = [find(cell) for cell in cells]
    empty = [value is None and (cell in _NO_ANSWER or (nothing is not None and nothing(cell)))
             for cell, value in zip(cells, found, strict=True)]  # fmt: skip
    table = pl.DataFrame(
        {"t": pl.Series(cells, dtype=pl.String), "v": pl.Series(found, dtype=kind),
         "p": pl.Series([problem if value is None and not blank else None
                         for value, blank in zip(found, empty, strict=True)], dtype=pl.String)}
    )  # fmt: skip
    joined = pl.DataFrame({"t": text}).join(table, on="t", how="left", maintain_order="left")
    return joined["v"], joined["p"]


def phones(text: pl.Series) -> Parsed:
    """Mobile numbers of 11 digits; of several in a cell the first."""
    frame = pl.DataFrame({"t": text}).with_columns(t=_answer("t"))
    frame = frame.with_columns(v=parse_phones(pl.col("t")))
    if frame["v"].null_count() > frame["t"].null_count():
        first = pl.col("t").str.extract(r"(1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4})(?:[^0-9]|$)")
        several = pl.col("t").str.contains(r"[0-9]{11}[^0-9]+[0-9]{7,}")
        frame = frame.with_columns(v=pl.coalesce("v", pl.when(several).then(parse_phones(first))))
    return frame["v"], _where(frame["t"].is_not_null() & frame["v"].is_null(), "phone_form")


def cards(text: pl.Series) -> Parsed:
    """Bank accounts: digits without blanks; cards of 16 and 19 digits beginning 62 must satisfy Luhn's sum."""
    frame = pl.DataFrame({"t": text}).with_columns(t=_answer("t"))
    bare = pl.col("t").str.normalize("NFKC").str.replace_all(r"[\s'\-]", "")
    frame = frame.with_columns(v=bare, good=parse_cards(pl.col("t")))
    damaged = frame["v"].str.contains(r"^[0-9](?:\.[0-9]*)?[Ee]\+?[0-9]{1,2}$|^[0-9]{16,}\.0*$")
    letters = ~frame["v"].str.contains(r"^[0-9]+$")
    union = frame["v"].str.contains(r"^62(?:[0-9]{14}|[0-9]{17})$") & frame["good"].is_null()
    zeros = union & frame["v"].str.ends_with("000")
    problem = _where(damaged | zeros, "card_damaged")
    problem = _either(problem, _where(letters, "card_form"))
    problem = _either(problem, _where(union, "card_check"))
    return _masked(frame["v"], _where(problem.is_in(["card_damaged", "card_form"]), "x")), problem


def _answer(name: str) -> pl.Expr:
    return pl.when(~pl.col(name).is_in(list(_NO_ANSWER))).then(pl.col(name))


def _nothing(text: pl.Series) -> pl.Series:
    return pl.Series([None], dtype=pl.String).new_from_index(0, text.len())


def _where(mask: pl.Series, code: str) -> pl.Series:
    return pl.DataFrame({"m": mask}).select(p=pl.when(pl.col("m").fill_null(False)).then(pl.lit(code)))["p"]


def _either(one: pl.Series, two: pl.Series) -> pl.Series:
    return pl.DataFrame({"a": one, "b": two}).select(p=pl.coalesce("a", "b"))["p"]


def _masked(value: pl.Series, problem: pl.Series) -> pl.Series:
    return pl.DataFrame({"v": value, "p": problem}).select(v=pl.when(pl.col("p").is_null()).then(pl.col("v")))["v"]
