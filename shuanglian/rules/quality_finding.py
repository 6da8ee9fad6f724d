"""Everyone at once: all rules of data quality over a county or a province as one query (REP-2).

    found = find(rules, families)          rule, household, person (null: the household itself), one row a complaint
    columns = tables(rules, tables, on, year=…)   the same as boolean columns of Ibis: NULL where it is not decided

What `quality.complaints` says of one household is what stands here for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from .facts.build import Families
from .quality import Rule

if TYPE_CHECKING:
    from .cel.columns import Column, Tables

FOUND = {"rule": pl.String, "household": pl.Int64, "person": pl.Int64}


@dataclass(frozen=True)
class Columns:
    """Ibis tables, not worked out before they are asked for: id, household and a column a rule; id and a column."""

    people: Any
    households: Any


def tables(rules: Iterable[Rule], of: Tables, on: date, *, year: Mapping[str, Any]) -> Columns:
    """Every rule about members and about households as a column over tables of facts."""
    from .cel.columns import Sheet  # brings the engines of columns: only where a table is asked for

    asked = [one for one in rules if one.condition is not None]
    return Columns(*Sheet(of, day=on, year=year).worked(
        lambda column: _columns(asked, "person", column), lambda column: _columns(asked, "household", column)
    ))  # fmt: skip


def _columns(rules: list[Rule], level: str, column: Column) -> dict[str, Any]:
    return {
        one.code: column(one.condition.expression, one.given)
        for one in rules if one.level == level and one.condition is not None
    }  # fmt: skip


def find(rules: Iterable[Rule], families: Families) -> pl.DataFrame:
    """Every complaint about households and members, unordered."""
    from .benefit_finding import tables_of

    rules = list(rules)
    worked = tables(rules, tables_of(_needed(rules, families)), families.day, year=families.year)
    parts = [pl.DataFrame(schema=FOUND)]
    for level, table in (("person", worked.people), ("household", worked.households)):
        codes = [one.code for one in rules if one.level == level and one.condition is not None]
        if codes:
            parts.extend(_complaints(pl.DataFrame(pl.from_arrow(table.to_pyarrow())), codes, level))
    return pl.concat(parts)


def _needed(rules: Iterable[Rule], families: Families) -> Families:
    """The families with only the facts that are asked for: over a province the others fill the memory."""
    paths = frozenset().union(*(one.facts for one in rules))
    own = [name for name in families.people.columns if f"person.{name}" in paths]
    common = [name for name in families.households.columns if f"household.{name}" in paths]
    villages = [name for name in families.villages.columns if f"village.{name}" in paths and name != "id"]
    return Families(
        families.people.select("id", "household", *own), families.households.select("id", "village", *common),
        families.villages.select("id", *villages), families.year, families.day, families.conflicts,
    )  # fmt: skip


def _complaints(rows: pl.DataFrame, codes: list[str], level: str) -> Iterable[pl.DataFrame]:
    person = pl.col("id") if level == "person" else pl.lit(None, pl.Int64)
    household = pl.col("household") if level == "person" else pl.col("id")
    for code in codes:
        yield rows.filter(pl.col(code).fill_null(False)).select(
            pl.lit(code).alias("rule"), household.cast(pl.Int64).alias("household"),
            person.cast(pl.Int64).alias("person"),
        )  # fmt: skip


__all__ = ["Columns", "find", "tables"]
