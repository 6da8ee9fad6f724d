"""Findings about places: the village of each row, found or not (ORG-1)."""

import polars as pl

from .regions import locate
from .typed import Checking


def placed(work: Checking, households: pl.DataFrame, text: pl.DataFrame) -> pl.DataFrame:
    """The village of each household; what is not found or not certain is a finding."""
    found = locate(text, work.regions)
    told = text.select("_at").hstack(found)
    told_places(work, told, text)
    return households.with_columns(
        village_code=found["_village"], township_code=found["_township"],
    )  # fmt: skip


_WHERE = {
    "village_missing": "village", "village_unknown": "village", "village_ambiguous": "village",
    "township_unknown": "township", "township_ambiguous": "township", "county_unknown": "county",
    "county_ambiguous": "county", "region_code_unknown": "village_code", "region_code_and_name": "village_code",
}  # fmt: skip


def told_places(work: Checking, told: pl.DataFrame, text: pl.DataFrame, *, mild: bool = False) -> None:
    """Findings about places: `told` has `_at`, `_village`, `_problem`, `_candidates` for the rows of `text`.

    `mild`: a place that is not found stops nothing.
    """
    for problem in told["_problem"].drop_nulls().unique(maintain_order=True):
        field = _WHERE[problem]
        here = field if field in text.columns else "village"
        value = (
            text[here] if here in text.columns else pl.Series("", [""], dtype=pl.String).new_from_index(0, text.height)
        )
        rows = told.with_columns(value.alias("value"), hint=pl.col("_candidates"))
        rows = rows.filter(pl.col("_problem") == problem)
        lost = "warning" if mild else None
        for severity, found in (("warning", True), (lost, False)):  # found all the same: it need not stop anything
            part = rows.filter(pl.col("_village").is_not_null() == found)
            work.findings.add(part, here, problem, severity=severity, columns=["hint"])
