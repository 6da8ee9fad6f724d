"""Check rosters: typed rows out, every fault as a finding with its cell, what is wrong and how to mend it (issue D).

Everything runs over whole columns; 100,000 rows are a normal file. Nothing is written anywhere, nothing raises but a
Refusal when a sheet lacks what its kind cannot do without.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

from .check_demands import check_demands
from .check_households import check_households
from .check_organisation import check_cadres, check_links, check_units
from .check_pairs import check_pairs
from .check_payments import check_payments
from .check_villages import check_villages
from .fields import ROSTERS
from .findings import SCHEMA, Findings, Origin
from .known import Known
from .layout import Layout
from .regions import RegionTable
from .rows import records
from .sheet_data import SheetData
from .typed import Checking

Part = tuple[SheetData, Layout]
_KEPT = {"_sheet", "_row", "_blocked", "_household", "id_number_kind", "id_number_resident", "head_id_resident"}
_HELPER = re.compile(r"^_|(?:id|id_number|card)_(?:kind|problem|resident|birth|sex)$|_precision$")
_CHECKS: dict[str, Callable[[Checking, list[tuple[Layout, pl.DataFrame]]], dict[str, pl.DataFrame]]] = {
    "households": check_households, "persons": check_households, "units": check_units, "cadres": check_cadres,
    "links": check_links, "pairs": check_pairs, "payments": check_payments,
    "villages": check_villages, "demands": check_demands,
}  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """`rows`: name → typed frame with `_sheet`, `_row`, `_blocked` (an error stands in it); `findings`: one a row.

    `counts`: rows, errors, warnings, blocked, and how many rows of each frame; `dropped` by reason; `by_code`.
    """

    rows: dict[str, pl.DataFrame]
    findings: pl.DataFrame
    counts: dict[str, Any] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Nothing that blocks."""
        return int(self.counts.get("errors", 0)) == 0


def check(
    kind: str, parts: Sequence[Part], *, profile: Any, regions: RegionTable, on: date, known: Known | None = None
) -> Checked:
    """Check the sheets of one roster together. `on` is the day of the roster: ages and dates are judged by it.

    For households, `parts` may hold sheets laid out as `households` and as `persons`. Refusal when a needed column is
    not recognised in a sheet.
    """
    if not parts:
        raise Refusal("no_roster", N_("文件里没有可以导入的名册。请确认工作表有表头，且没有隐藏。"))
    for _, layout in parts:
        _complete(layout)
    origin = Origin()
    work = Checking(profile, regions, on, known, origin, Findings(origin))
    taken: list[tuple[Layout, pl.DataFrame]] = []
    dropped: dict[str, int] = {}
    for sheet, layout in parts:
        found = records(sheet, layout)
        taken.append((layout, origin.take(found.frame, layout, found.places, sheet)))
        for reason, count in found.dropped.items():
            dropped[reason] = dropped.get(reason, 0) + count
        _sheet_findings(work, sheet, layout, found.filled)
    rows = _CHECKS[kind](work, taken) if any(frame.height for _, frame in taken) else {}
    findings = work.findings.frame() if origin.rows else pl.DataFrame(schema=SCHEMA)
    rows = {name: _finished(work, frame) for name, frame in rows.items()}
    return Checked(rows, findings, _counts(rows, findings, origin.height, dropped))


def _complete(layout: Layout) -> None:
    if not layout.missing:
        return
    roster = ROSTERS[layout.kind]
    wanted = "；".join("“" + "”或“".join(roster.field(code).label for code in group) + "”" for group in layout.missing)
    raise Refusal(
        "columns_missing",
        N_("工作表“{sheet}”缺少必需的列：{columns}。请补上这些列，或在列对应页面手工指定。"),
        sheet=layout.sheet, columns=wanted,
    )  # fmt: skip


def _sheet_findings(work: Checking, sheet: SheetData, layout: Layout, filled: dict[str, int]) -> None:
    used = set(layout.mapping)
    if sheet.formulas:
        row = int("".join(char for char in sheet.first_formula if char.isdigit()) or 0)
        column = "".join(char for char in sheet.first_formula if char.isalpha())
        work.findings.add_to_sheet(sheet.name, "formula_cells", row, column, count=sheet.formulas)
    for row, column, text in sheet.errors.filter(pl.col("column").is_in(list(used))).iter_rows():
        if row >= layout.first_row:
            work.findings.add_to_sheet(sheet.name, "error_cell", row, column, text)
    for level, place in layout.constants:
        if level in ROSTERS[layout.kind].once:
            continue
        label = ROSTERS[layout.kind].field(level).label
        work.findings.add_to_sheet(sheet.name, "place_from_title", layout.header_rows[0], "", level=label, place=place)
    for name, count in filled.items():
        letter = next((one for one, code in layout.mapping.items() if code == name), "")
        label = layout.header(letter) or ROSTERS[layout.kind].field(name).label
        work.findings.add_to_sheet(sheet.name, "filled_down", layout.header_rows[-1], letter, label=label, count=count)


def _finished(work: Checking, frame: pl.DataFrame) -> pl.DataFrame:
    """Where each row stands and whether it is blocked; helper columns go."""
    places = pl.concat(work.origin.rows).join(
        pl.DataFrame(
            {"_part": range(len(work.origin.layouts)), "_sheet": [one.sheet for one in work.origin.layouts]},
            schema={"_part": pl.UInt16, "_sheet": pl.String},
        ),
        on="_part", how="left",
    )  # fmt: skip
    if "_blocked" not in frame.columns:
        worst = work.findings.severities()
        frame = frame.join(worst, on="_at", how="left", maintain_order="left").with_columns(
            _blocked=(pl.col("_worst") == "error").fill_null(False)
        )
    frame = frame.drop("_sheet", "_row", strict=False).join(
        places.select("_at", "_sheet", "_row"), on="_at", how="left", maintain_order="left"
    )
    return frame.select([name for name in frame.columns if name in _KEPT or not _HELPER.search(name)])


def _counts(
    rows: dict[str, pl.DataFrame], findings: pl.DataFrame, read: int, dropped: dict[str, int]
) -> dict[str, Any]:
    severities = dict(findings["severity"].value_counts().iter_rows()) if findings.height else {}
    by_code = findings["code"].value_counts(sort=True).iter_rows() if findings.height else ()
    return {
        "rows": read, "errors": severities.get("error", 0), "warnings": severities.get("warning", 0),
        "blocked": {name: int(frame["_blocked"].sum()) for name, frame in rows.items()},
        **{name: frame.height for name, frame in rows.items()}, "dropped": dropped, "by_code": dict(by_code),
    }  # fmt: skip
