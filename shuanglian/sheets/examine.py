"""One roster through the engine's checks, with the areas and the register around it; findings of our own added.

Nothing is written here. What comes out is kept by `stages` (batches) or shown at once (the command line).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from shuanglian.areas.names import aliases
from shuanglian.areas.queries import chain, names_frame
from shuanglian.core.profile import active
from shuanglian.core.secrets import digest
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

from . import acceptors
from .engine.check import Checked, check
from .engine.fields import PREFIX
from .engine.findings import SCHEMA
from .engine.known import Known
from .engine.layout import Layout
from .engine.messages import MESSAGES
from .engine.regions import RegionTable
from .engine.workbook import SheetData

if TYPE_CHECKING:
    from shuanglian.areas.models import Area

LEVELS = {1: "province", 2: "city", 3: "county", 4: "township", 5: "village"}
COLUMNS = ("code", "name", "level", "parent_code", "aliases")
LOST = ("village_unknown", "township_unknown", "county_unknown", "region_code_unknown", "area_unknown")
Frames = dict[str, pl.DataFrame]
Part = tuple[SheetData, Layout]
MOST = 300_000  # findings kept of one roster; a file with more is of another kind, or broken


@dataclass(frozen=True)
class Examined:
    """Typed frames (rows with errors marked `_blocked`), findings under `engine.findings.SCHEMA`, counts.

    counts: rows, clean (rows that can enter), blocked, errors, warnings, the height of each frame, by_code
    [[code, severity, count]], dropped.
    """

    frames: dict[str, pl.DataFrame]
    findings: pl.DataFrame
    counts: dict[str, Any]


def examine(kind: str, parts: Sequence[Part], *, area: Area, year: int, today: date) -> Examined:
    """Check the sheets of a roster for an area and year. Places are looked for in the area only (others are errors)."""
    on = min(date(year, 12, 31), today)
    county = active().area_code.ljust(12, "0")
    within = county if county.startswith(area.prefix) else area.code  # where to look when a roster names no county
    regions = RegionTable(_regions_of(area), within=within)
    known = Known(keyed=digest, **acceptors.known(kind, area))
    found = check(kind, parts, profile=active().on(on), regions=regions, on=on, known=known)
    frames, findings = _elsewhere(kind, found.rows, _outside(found.findings, area), parts, area)
    return Examined(frames, findings, _counts(found, frames, findings))


def clean_frames(frames: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The rows without errors, as acceptors want them: `key` joins households and members."""
    clean = {}
    for name, frame in frames.items():
        kept = frame.filter(~pl.col("_blocked"))
        if "_household" in kept.columns:
            kept = kept.with_columns(pl.col("_household").cast(pl.String).alias("key"))
        clean[name] = kept.select(column for column in kept.columns if not column.startswith("_"))
    return clean


def _regions_of(area: Area) -> pl.DataFrame:
    """The areas at or below one, and those above it: only there does a roster of the area find its villages."""
    above = [
        (one.code, one.name, one.level, one.parent.code if one.parent else None, list(aliases(one.name, one.level)))
        for one in chain(area)[:-1]
    ]
    below = names_frame(within=area).select(COLUMNS)
    return _worded(pl.concat([pl.DataFrame(above, schema=below.schema, orient="row"), below]))


def _worded(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(pl.col("level").cast(pl.Int64).replace_strict(LEVELS, return_dtype=pl.String))


def _outside(findings: pl.DataFrame, area: Area) -> pl.DataFrame:
    """A place that was not found although it exists elsewhere: say so, instead of calling it unknown."""
    lost = findings.filter(pl.col("code").is_in(LOST), pl.col("severity") == "error")
    if lost.is_empty() or area.level == 1:
        return findings
    elsewhere = _names_elsewhere(area)
    there = pl.col("code").is_in(LOST) & (pl.col("severity") == "error") & pl.col("value").is_in(elsewhere)
    return findings.with_columns(
        params=pl.when(there).then(pl.lit(f'{{"area": "{area.name}"}}')).otherwise(pl.col("params")),
        code=pl.when(there).then(pl.lit("outside_area")).otherwise(pl.col("code")),
    )


def _names_elsewhere(area: Area) -> list[str]:
    table = names_frame().filter(~pl.col("code").str.starts_with(area.prefix))
    spellings = table.select(pl.col("aliases").explode().drop_nulls())["aliases"]
    return pl.concat([spellings, table["name"], table["code"]]).unique().to_list()


def _elsewhere(
    kind: str, frames: Frames, findings: pl.DataFrame, parts: Sequence[Part], area: Area
) -> tuple[Frames, pl.DataFrame]:
    """Rows whose number belongs to somebody outside the area get an error, and stay out with their household."""
    before = findings.height
    for taken in acceptors.elsewhere(kind, frames, area):
        frame = frames[taken.frame]
        rows = frame[taken.rows]
        findings = pl.concat([findings, _told(rows, taken, [layout for _sheet, layout in parts])])
        if "_household" in frame.columns:
            bad = rows["_household"].drop_nulls().unique().implode()
            frames = {
                name: one.with_columns(pl.col("_blocked") | pl.col("_household").is_in(bad).fill_null(False))
                for name, one in frames.items()
            }
        else:
            here = pl.int_range(pl.len()).is_in(taken.rows)
            frames = {**frames, taken.frame: frame.with_columns(pl.col("_blocked") | here)}
    if findings.height > before:  # in the order of the file
        order = {sheet.name: place for place, (sheet, _layout) in enumerate(parts)}
        place = pl.col("sheet").replace_strict(order, default=-1, return_dtype=pl.Int64)
        findings = findings.sort(place, "row", maintain_order=True, nulls_last=False)
    return frames, findings


def _told(rows: pl.DataFrame, taken: acceptors.Taken, layouts: Sequence[Layout]) -> pl.DataFrame:
    """One finding a row, in the cell of the number."""
    cells = {
        (layout.sheet, code): (column.letter, column.header)
        for layout in layouts for column in layout.columns for code in [column.field] if code
    }  # fmt: skip
    told = []
    for row in rows.iter_rows(named=True):
        places = [(row["_sheet"], code) for code in (taken.field, PREFIX + taken.field)]
        places = [place for place in places if place in cells]
        letter, header = cells[places[0]] if places else ("", "")
        told.append({
            "sheet": row["_sheet"], "row": row["_row"], "column": letter, "header": header, "field": taken.field,
            "value": str(row[taken.field] or ""), "code": taken.code, "severity": MESSAGES[taken.code].severity,
            "params": "{}", "personal": True,
        })  # fmt: skip
    return pl.DataFrame(told, schema=SCHEMA)


def _counts(found: Checked, frames: dict[str, pl.DataFrame], findings: pl.DataFrame) -> dict[str, Any]:
    """The engine's counts, with severities by code and how many rows can enter."""
    if findings.height > MOST:
        raise Refusal("too_many_findings", N_("问题超过 {most} 个，请先按模板整理名册再导入。"), most=MOST)
    by_code = (
        findings.group_by("code", "severity", maintain_order=True)
        .len()
        .sort("severity", "len", descending=[False, True])
    )
    blocked = sum(int(frame["_blocked"].sum()) for frame in frames.values())
    severities = dict(findings["severity"].value_counts().iter_rows())
    return {
        **found.counts, "by_code": [list(row) for row in by_code.iter_rows()],
        "errors": severities.get("error", 0), "warnings": severities.get("warning", 0),
        "blocked": blocked, "clean": sum(frame.height for frame in frames.values()) - blocked,
    }  # fmt: skip
