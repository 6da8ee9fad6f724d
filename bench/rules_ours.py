"""Ours: all provisions by columns on DuckDB (or Spark), and one family after the other with every reason."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from bench.rules_laps import Laps, Sums
from shuanglian.rules.benefit_finding import find, fixed_yuan
from shuanglian.rules.benefits import Benefit
from shuanglian.rules.cel.columns import Tables
from shuanglian.rules.facts.build import CONFLICTS, Families
from shuanglian.rules.profile import load
from shuanglian.rules.sittings import Sitting

PROFILE, ON = "tongwei_2015", date(2016, 9, 1)
YEAR = {"number": ON.year, "poverty_line": Decimal(2855)}


@cache
def in_force() -> tuple[Benefit, ...]:
    return tuple(one for one in load(PROFILE).benefits.values() if one.in_force(ON))


@cache
def deciding() -> tuple[Benefit, ...]:
    """Those whose papers say enough to decide; the others come to NULL for everybody, without looking at anybody."""
    return tuple(one for one in in_force() if (terms := one.in_force(ON)) and terms.complete)


def _columns(subject: str) -> list[str]:
    """What is read of the results: who is granted what, and amounts that differ from one to the other."""
    names: list[str] = []
    for one in deciding():
        terms = one.in_force(ON)
        if one.subject == subject and terms is not None:
            names.append(f"{one.code}__granted")
            names += [f"{one.code}__yuan"] if terms.yuan is not None and fixed_yuan(one, ON) is None else []
    return names


def found(tables: Tables) -> list[Any]:
    """Over people, over households: what is read of the results."""
    whole = find(deciding(), tables, ON, year=YEAR)
    return [whole.people.select("id", "household", *_columns("person")),
            whole.households.select("id", *_columns("household"))]  # fmt: skip


def from_parquet(folder: Path, laps: Laps, connection: Any = None) -> Sums:
    """The files are read while the query runs: what is not asked is not read."""
    import ibis

    connection = connection or ibis.duckdb.connect()
    names = ("people", "households")
    tables = Tables(*(connection.read_parquet(folder / f"{name}.parquet") for name in names))
    laps.lap("read")
    asked = found(tables)
    laps.lap("build")
    results = [connection.to_pyarrow(one) for one in asked]
    laps.lap("query")
    return sums(results)


def from_memory(folder: Path, laps: Laps) -> Sums:
    """As the product has them: facts as Arrow tables in memory."""
    import ibis
    import pyarrow.parquet as pq

    connection = ibis.duckdb.connect()
    facts = [pq.read_table(folder / f"{name}.parquet") for name in ("people", "households")]
    laps.lap("read")
    asked = found(Tables(*(ibis.memtable(one) for one in facts)))
    laps.lap("build")
    results = [connection.to_pyarrow(one) for one in asked]
    laps.lap("query")
    return sums(results)


def sums(results: list[Any]) -> Sums:
    """Per provision: how many are granted, how many cannot be decided, the yuan in all."""
    frames = {"person": pl.DataFrame(pl.from_arrow(results[0])), "household": pl.DataFrame(pl.from_arrow(results[1]))}
    told: Sums = {}
    for one in deciding():
        frame = frames[one.subject]
        granted, column = frame[f"{one.code}__granted"], f"{one.code}__yuan"
        count, fixed = int(granted.sum()), fixed_yuan(one, ON)
        yuan = None if fixed is None else fixed * count
        if column in frame.columns:
            yuan = frame[column].cast(pl.Decimal(38, 6)).sum()
        told[one.code] = (count, granted.null_count(), None if yuan is None else f"{yuan:.2f}")
    return told


def one_by_one(folder: Path, laps: Laps) -> Sums:
    """Every family decided with every reason, all provisions in force, as a page or a round does."""
    families = _families(folder)
    laps.lap("read")
    personal = [one for one in in_force() if one.subject == "person"]
    common = [one for one in in_force() if one.subject == "household"]
    told: dict[str, list[Any]] = {one.code: [0, 0, None] for one in deciding()}
    sitting = Sitting(ON)
    for _, members, facts in families.each():
        decided = [sitting.decide(one, facts) for one in common]
        for own in members.values():
            mine = {**facts, "person": own}
            decided += [sitting.decide(one, mine) for one in personal]
        for decision in decided:
            if (row := told.get(decision.benefit)) is not None:
                row[0] += decision.granted is True
                row[1] += decision.granted is None
                if decision.yuan is not None:
                    row[2] = (row[2] or Decimal(0)) + decision.yuan
    laps.lap("decide")
    return {code: (row[0], row[1], None if row[2] is None else f"{row[2]:.2f}") for code, row in told.items()}


def one_family(folder: Path) -> Iterator[tuple[int, list[tuple[Benefit, dict[str, Any]]]]]:
    """Family by family: how many people, and what is to be decided for it."""
    for _, members, facts in _families(folder).each():
        asked = [(one, facts) for one in in_force() if one.subject == "household"]
        asked += [(one, {**facts, "person": own}) for own in members.values() for one in in_force()
                  if one.subject == "person"]  # fmt: skip
        yield len(members), asked


def _families(folder: Path) -> Families:
    people, homes = (pl.read_parquet(folder / f"{name}.parquet") for name in ("people", "households"))
    of_village = [name for name in homes.columns if name.startswith("village__")]
    villages = homes.select("id", pl.col(of_village).name.map(lambda name: name.removeprefix("village__")))
    households = homes.drop(of_village).with_columns(village=pl.col("id"))
    return Families(people, households, villages, YEAR, ON, pl.DataFrame(schema=CONFLICTS))
