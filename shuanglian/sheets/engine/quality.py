"""What the quality rules share: their list, and how they tell what they find."""

from collections.abc import Callable

import polars as pl

from .fields import PREFIX
from .typed import Checking

Rule = Callable[[Checking, pl.DataFrame, pl.DataFrame, str], None]
RULES: dict[str, Rule] = {}


def rule(code: str) -> Callable[[Rule], Rule]:
    """A rule under the code of the profile's check: rule(work, households, persons, severity)."""

    def keep(one: Rule) -> Rule:
        RULES[code] = one
        return one

    return keep


def has(frame: pl.DataFrame, *names: str) -> bool:
    """Whether the roster has these columns."""
    return all(name in frame.columns for name in names)


def tell(
    work: Checking,
    rows: pl.DataFrame,
    field: str,
    code: str,
    severity: str,
    columns: tuple[str, ...] = (),
    **params: object,
) -> None:
    """Findings in one column, with the text of the cell."""
    rows = rows if "value" in rows.columns else rows.with_columns(value=pl.lit(""))
    work.findings.add(rows, field, code, severity=severity, columns=columns, params=params)


def empty_cells(work: Checking, rows: pl.DataFrame, name: str, code: str, severity: str) -> None:
    """Empty cells, except those that are told already because they could not be read."""
    empty = rows.filter(pl.col(name).is_null())
    having = {part for part, _, field, _, _ in work.origin.places if field.removeprefix(PREFIX) == name}
    empty = empty.filter(pl.col("_part").is_in(sorted(having)))
    at = f"_at_{name}" if f"_at_{name}" in rows.columns else "_at"
    told = [
        part.filter(pl.col("field").str.strip_prefix(PREFIX) == name).select(pl.col("_at").alias(at))
        for part in work.findings.parts if part.height
    ]  # fmt: skip
    if told and empty.height:
        empty = empty.join(pl.concat(told).unique(), on=at, how="anti", maintain_order="left")
    tell(work, empty, name, code, severity)
