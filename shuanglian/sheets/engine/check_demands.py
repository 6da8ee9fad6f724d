"""A department's list of what people ask: each row with its village, day and category (VOICE-1)."""

import polars as pl

from .check_organisation import _table
from .layout import Layout
from .places import told_places
from .provisions import plain
from .regions import locate
from .typed import Checking, twice, typed

Taken = list[tuple[Layout, pl.DataFrame]]
_ASKED = ("number", "name", "phone", "township", "village", "village_code", "group", "text", "category", "on", "place",
          "urgent")  # fmt: skip
_SHORTEST = 4  # characters that say something
_RUNNING = r"^\d{1,4}(?:\.0)?$"  # a place in the list, nothing of the demand's own
_SAME = ["_number"]
_SAME_WORDS = ["_name", "village_code", "text", "_on"]
_URGENT = {"是", "有", "紧急", "加急", "急", "特急", "特提", "yes", "y", "1", "√", "✓", "v"}


def check_demands(work: Checking, taken: Taken) -> dict[str, pl.DataFrame]:
    """Typed frame `demands`. Beside the columns: `category_code` (null: by the words), `is_urgent`, `number` (null for
    a running one), `village_code`."""
    text = _table(work, taken, *_ASKED)
    rows = typed(work, text, "demands")
    rows = rows.with_columns(number=pl.when(~pl.col("number").str.contains(_RUNNING)).then(pl.col("number")))
    work.findings.add(rows.filter(pl.col("text").is_null()), "text", "required_missing")
    short = rows.filter(pl.col("text").str.len_chars() < _SHORTEST).with_columns(value=pl.col("text"))
    work.findings.add(short, "text", "demand_too_short")
    work.findings.add(rows.filter(pl.col("on") > work.on), "on", "date_in_future")
    found = locate(text, work.regions)
    told_places(work, text.select("_at").hstack(found), text)
    rows = rows.with_columns(village_code=found["_village"], is_urgent=_urgent(rows["urgent"]))
    rows = _categories(work, rows)
    _again(work, rows)
    return {"demands": rows}


def _urgent(cells: pl.Series) -> pl.Series:
    said = {text: plain(text) in _URGENT for text in cells.drop_nulls().unique()}
    return pl.Series("is_urgent", [said.get(text or "", False) for text in cells.to_list()], dtype=pl.Boolean)


def _categories(work: Checking, rows: pl.DataFrame) -> pl.DataFrame:
    """What the column says by code, label or the people's word for it; anything else is left to the words."""
    known: dict[str, str] = {}
    for code, one in work.profile.grievances.categories.items():
        known |= {plain(text): code for text in (code, one.label.zh, one.label.en, one.plain.zh, one.plain.en)}
    said = {text: known.get(plain(text)) for text in rows["category"].drop_nulls().unique()}
    odd = [text for text, code in said.items() if code is None]
    choices = "、".join(one.label.zh for one in work.profile.grievances.open_categories.values())
    work.findings.add(
        rows.filter(pl.col("category").is_in(odd)), "category", "demand_category", params={"choices": choices}
    )
    codes = pl.Series("category_code", [said.get(text or "") for text in rows["category"].to_list()], dtype=pl.String)
    return rows.with_columns(codes)


def _again(work: Checking, rows: pl.DataFrame) -> None:
    """The same demand twice in one list: one is enough, and is told."""
    keyed = rows.with_columns(
        _number=pl.col("number"), _name=pl.col("name").fill_null("-"), _on=pl.col("on").cast(pl.String).fill_null("-")
    )
    for keys, part in ((_SAME, keyed), (_SAME_WORDS, keyed.filter(pl.col("number").is_null()))):
        again = twice(part, keys)
        if again.height:
            later = again.filter(~pl.struct(keys).is_first_distinct()).with_columns(value=pl.col("text"))
            work.findings.add(later, "text", "demand_twice", columns=["rows"])
