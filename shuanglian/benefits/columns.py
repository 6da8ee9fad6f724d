"""Who comes into question at all: every benefit over all families as columns, before any is decided with reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl

from shuanglian.rules.benefit_finding import find, tables_of
from shuanglian.rules.benefits import Benefit
from shuanglian.rules.facts.build import Families

from .findings import Key


def granted_or_open(families: Families, benefits: Mapping[str, Benefit], on: date) -> set[Key]:
    """Keys of those whom a benefit is granted, or about whom it cannot be decided."""
    asked = [one for one in benefits.values() if (terms := one.in_force(on)) is not None and terms.complete]
    found = find(asked, tables_of(families), on, year=families.year)
    personal = [one.code for one in asked if one.subject == "person"]
    common = [one.code for one in asked if one.subject == "household"]
    people = _read(found.people, ("id", "household"), personal) if personal else None
    households = _read(found.households, ("id",), common) if common else None
    keys: set[Key] = set()
    for code, rows in _open(people, personal):
        keys.update((household, person, code) for person, household in rows.select("id", "household").iter_rows())
    for code, rows in _open(households, common):
        keys.update((household, None, code) for household in rows["id"])
    return keys


def _read(table: Any, keys: tuple[str, ...], codes: list[str]) -> pl.DataFrame:
    wanted = table.select(*keys, *(f"{code}__granted" for code in codes))
    read = pl.from_arrow(wanted.to_pyarrow())
    assert isinstance(read, pl.DataFrame)
    return read


def _open(rows: pl.DataFrame | None, codes: list[str]) -> Iterable[tuple[str, pl.DataFrame]]:
    if rows is not None:
        for code in codes:
            yield code, rows.filter(pl.col(f"{code}__granted").fill_null(True))
