"""A whole county or province at once: of every household whether it may leave, what is in the way, what is not known.

    rows = outcomes(profile.exits.of("household"), families)

One row a household: household, village, state, in_the_way and open (codes of conditions), asks (paths of facts of the
open conditions that are not known). What `exits.look` says of one is what stands here for each.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from .exits import NOT_READY, READY, UNDECIDED, Ask, Standard, facts_of, find
from .facts.build import Families

CODES = pl.List(pl.String())


def outcomes(standards: Iterable[Standard], families: Families) -> pl.DataFrame:
    """household, village, state, in_the_way, open, asks; in the order of the households."""
    from .benefit_finding import tables_of

    sets = list(standards)
    asks = [ask for one in sets for ask in one.asks]
    needed = _needed(sets, families)
    homes = needed.households.select(pl.col("id").alias("household"), "village")
    if homes.is_empty() or not asks:
        nothing = [pl.lit([], CODES).alias(name) for name in ("in_the_way", "open", "asks")]
        return homes.with_columns(pl.lit(UNDECIDED).alias("state"), *nothing)
    table = find(sets, tables_of(needed), needed.day, year=needed.year)
    rows = pl.DataFrame(pl.from_arrow(table.to_pyarrow())).rename({"id": "household"})
    rows = rows.join(_unknown(asks, needed), on="household", how="left")
    codes = [ask.code for ask in asks]
    told = homes.join(rows.select("household", _state(codes)), on="household", how="left", maintain_order="left")
    for name, marks in (
        ("in_the_way", [(code, ~pl.col(code)) for code in codes]),
        ("open", [(code, pl.col(code).is_null()) for code in codes]),
        ("asks", _asked(asks, rows.columns)),
    ):  # fmt: skip
        told = told.join(_listed(rows, name, marks), on="household", how="left", maintain_order="left")
    return told.with_columns(pl.col("in_the_way", "open", "asks").fill_null([]))


def _needed(sets: list[Standard], families: Families) -> Families:
    """The families with only the facts that are asked for: over a province the others fill the memory."""
    paths = facts_of(sets)

    def kept(record: str, frame: pl.DataFrame, *keys: str) -> pl.DataFrame:
        return frame.select(*keys, *(name for name in frame.columns if f"{record}.{name}" in paths))

    return Families(
        kept("person", families.people, "id", "household"), kept("household", families.households, "id", "village"),
        kept("village", families.villages, "id"), families.year, families.day, families.conflicts,
    )  # fmt: skip


def _state(codes: list[str]) -> pl.Expr:
    fine = [pl.col(code) for code in codes]
    blocked = pl.any_horizontal([(~one).fill_null(False) for one in fine])
    unsure = pl.any_horizontal([one.is_null() for one in fine])
    state = pl.when(blocked).then(pl.lit(NOT_READY)).when(unsure).then(pl.lit(UNDECIDED)).otherwise(pl.lit(READY))
    return state.alias("state")


def _listed(rows: pl.DataFrame, name: str, marked: list[tuple[str, pl.Expr]]) -> pl.DataFrame:
    """household and the codes whose mark holds, in their order; households without any are left out.

    Gathered from the few that are marked: lists out of many columns would cost several times the query itself.
    """
    nothing = pl.DataFrame(schema={"household": rows.schema["household"], name: pl.String()})
    parts = [
        rows.filter(mark.fill_null(False)).select("household", pl.lit(code).alias(name)) for code, mark in marked
    ]  # fmt: skip
    return pl.concat([nothing, *parts]).group_by("household", maintain_order=True).agg(name)


def _unknown(asks: list[Ask], families: Families) -> pl.DataFrame:
    """household and, per fact that any condition speaks of, whether it is not known ("?path"); of members any one's."""
    paths = frozenset().union(*(ask.expression.facts for ask in asks))

    def holes(record: str, frame: pl.DataFrame) -> list[pl.Expr]:
        return [pl.col(name).is_null().alias(f"?{record}.{name}")
                for name in frame.columns if f"{record}.{name}" in paths]  # fmt: skip

    homes = families.households.select(
        pl.col("id").alias("household"), "village", *holes("household", families.households)
    )
    villages = families.villages.select(pl.col("id").alias("village"), *holes("village", families.villages))
    members = families.people.group_by("household").agg(one.any() for one in holes("person", families.people))
    return homes.join(villages, on="village", how="left").join(members, on="household", how="left").drop("village")


def _asked(asks: list[Ask], known: list[str]) -> list[tuple[str, pl.Expr]]:
    """The facts not known of the conditions that are open."""
    marked: dict[str, pl.Expr] = {}
    for ask in asks:
        for path in sorted(ask.expression.facts):
            if f"?{path}" in known:
                mark = pl.col(ask.code).is_null() & pl.col(f"?{path}").fill_null(False)
                marked[path] = marked[path] | mark if path in marked else mark
    return list(marked.items())
