"""The standard tables counted over columns read out once (REP-2; domain 2.8). Pure: frames and a profile in, cells out.

A cell is one row of one table in one place: `n` persons, households or villages, in how many `homes` they live, and
the `amount` that sums add up. Places are the smallest ones; what stands above them is added up (`rolled`), so every
level is the sum of the one below it. The cell with the row WHOLE counts everybody whom the table is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from .profile import Profile
from .profile_shapes import Label
from .statistics_shapes import Statistic, Where

WHOLE, UNTOLD = "", "_untold"
CELLS: dict[str, Any] = {
    "place": pl.String, "statistic": pl.String, "row": pl.String, "n": pl.Int64, "homes": pl.Int64,
    "amount": pl.Decimal(18, 2),
}  # fmt: skip
NOT_STATED = Label(zh="未登记", en="Not stated")
KEY = ["place", "statistic", "row"]


@dataclass(frozen=True)
class Line:
    """One row of a table as it is shown: code, label, what it counts, and whether the others make it up."""

    code: str
    label: Label
    unit: str
    whole: bool = False


def lines(table: Statistic, profile: Profile) -> tuple[Line, ...]:
    """The rows of a table in order; those of a code list with what is not stated at the end."""
    if table.codes:
        named = profile.codes[table.as_groups or table.codes]
        wanted = _groups(table.codes, profile).values() if table.as_groups else named.by_code
        told = [Line(code, one.label, table.unit) for code, one in named.by_code.items() if code in set(wanted)]
        return (*told, Line(UNTOLD, NOT_STATED, table.unit))
    if table.bands:
        told = [Line(band.row, band.label, table.unit) for band in table.bands]
        return (*told, Line(UNTOLD, NOT_STATED, table.unit))
    if table.rows:
        return tuple(Line(one.row, one.label, one.unit or table.unit) for one in table.rows)
    return tuple(Line(one.row, one.label, table.unit, one.whole) for one in table.sums)


def wants(table: Statistic) -> frozenset[str]:
    """The columns that a table reads."""
    conditions = [*table.only, *(where for row in table.rows for where in row.where)]
    named = {where.column for where in conditions} | {one.column for one in table.sums}
    return frozenset(named | ({table.column} if table.column else set()))


def count(tables: Iterable[Statistic], frames: Mapping[str, pl.DataFrame], profile: Profile) -> pl.DataFrame:
    """The cells of many tables in every place; frames by what they hold (`frame_of`). Places are numbers meanwhile."""
    known = pl.concat([frame["place"] for frame in frames.values()]).unique().drop_nulls().sort()
    numbers = pl.DataFrame({"place": known, "number": pl.int_range(known.len(), dtype=pl.UInt32, eager=True)})
    numbered = {name: frame.join(numbers, on="place").drop("place").rename({"number": "place"})
                for name, frame in frames.items()}  # fmt: skip
    found = [_cells(one, numbered[frame_of(one)], profile) for one in tables]
    if not found:
        return pl.DataFrame(schema=CELLS)
    named = pl.concat(found).join(numbers.rename({"place": "name", "number": "place"}), on="place")
    return named.drop("place").rename({"name": "place"}).select(*CELLS)


def frame_of(table: Statistic) -> str:
    """The frame that a table reads: persons, households (latest account), households:year, villages."""
    return "households:year" if table.unit == "households" and table.account == "year" else table.unit


def cells(table: Statistic, frame: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """What one table counts in every place of a frame with the columns place, home and those that the table reads."""
    return count([table], {frame_of(table): frame}, profile)


def _cells(table: Statistic, frame: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    about = frame
    for where in table.only:
        about = about.filter(_holds(where, profile))
    whole = about.group_by("place").agg(_counted(table)).with_columns(row=pl.lit(WHOLE))
    parts = list(_parts(table, about, profile))
    told = [part.with_columns(amount=_amount(part)).select("place", "row", "n", "homes", "amount")
            for part in (whole, *parts)]  # fmt: skip
    return (
        pl.concat(told)
        .with_columns(statistic=pl.lit(table.code))
        .select("place", *(pl.col(name).cast(kind) for name, kind in CELLS.items() if name != "place"))
    )


def _parts(table: Statistic, about: pl.DataFrame, profile: Profile) -> Iterator[pl.DataFrame]:
    if table.codes:
        yield _by_key(table, about, _coded(table, about, profile))
    elif table.bands:
        yield _by_key(table, about, _banded(table))
    for one in table.rows:
        fitting = about
        for where in one.where:
            fitting = fitting.filter(_holds(where, profile))
        found = fitting.group_by("place").agg(_counted(table)).with_columns(row=pl.lit(one.row))
        yield found.with_columns(n="homes") if one.unit == "households" and table.unit == "persons" else found
    for summed in table.sums:
        any_ = about.filter(pl.col(summed.column).fill_null(0) != 0)
        total = pl.col(summed.column).sum().alias("amount")
        yield any_.group_by("place").agg(*_counted(table), total).with_columns(row=pl.lit(summed.row))


def _counted(table: Statistic) -> list[pl.Expr]:
    """How many rows, and of how many households: only several persons can be of one."""
    homes = pl.col("home").n_unique() if table.unit == "persons" else pl.len()
    return [pl.len().cast(pl.Int64).alias("n"), homes.cast(pl.Int64).alias("homes")]


def _amount(part: pl.DataFrame) -> pl.Expr:
    given = pl.col("amount") if "amount" in part.columns else pl.lit(None)
    return given.cast(pl.Decimal(18, 2)).alias("amount")


def _by_key(table: Statistic, about: pl.DataFrame, key: pl.Expr) -> pl.DataFrame:
    keyed = about.select("place", "home", key.alias("row"))
    if keyed.schema["row"] == pl.List(pl.String):
        keyed = keyed.explode("row", empty_as_null=True, keep_nulls=True)
    return keyed.group_by("place", pl.col("row").fill_null(UNTOLD)).agg(_counted(table))


def _coded(table: Statistic, about: pl.DataFrame, profile: Profile) -> pl.Expr:
    column = pl.col(table.column or "")
    several = about.schema[table.column or ""] == pl.List(pl.String)
    mapping = _groups(table.codes or "", profile)
    known = mapping if table.as_groups else dict.fromkeys(profile.codes[table.codes or ""].by_code)
    known = mapping if table.as_groups else {code: code for code in known}
    each = pl.element() if several else column
    told = each.replace_strict(known, default=None, return_dtype=pl.String)
    return column.list.eval(told.drop_nulls()).list.unique() if several else told


def _groups(list_name: str, profile: Profile) -> dict[str, str]:
    return {item.code: item.group for item in profile.codes[list_name] if item.group}


def _banded(table: Statistic) -> pl.Expr:
    column = pl.col(table.column or "")
    key: Any = pl.lit(None, pl.String)
    for band in reversed(table.bands):
        key = pl.when(_within(column, band.low, band.below)).then(pl.lit(band.row)).otherwise(key)
    return key


def _within(column: pl.Expr, low: Any, below: Any) -> pl.Expr:
    held = column.is_not_null()
    if low is not None:
        held &= column >= low
    return held & (column < below) if below is not None else held


def _holds(where: Where, profile: Profile) -> pl.Expr:
    """A condition as a column of yes and no; what is not known does not fulfil it."""
    column = pl.col(where.column)
    if where.codes:
        return column.is_in(where.codes).fill_null(False)
    if where.groups:
        codes = [code for code, group in _groups(where.of or "", profile).items() if group in where.groups]
        return column.is_in(codes).fill_null(False)
    if where.is_ is not None:
        return (column == where.is_).fill_null(False)
    if where.told:
        return column.is_not_null()
    return _within(column, where.low, where.below).fill_null(False)


def rolled(found: pl.DataFrame, above: Mapping[str, str]) -> pl.DataFrame:
    """Cells of larger places: above says of each place in which it lies; what lies in none is left out."""
    placed = found.with_columns(pl.col("place").replace_strict(above, default=None, return_dtype=pl.String))
    added = pl.col("n", "homes", "amount").sum()
    told = placed.filter(pl.col("place").is_not_null()).group_by(KEY).agg(added)
    without = pl.col("statistic").is_in(found.filter(pl.col("amount").is_not_null())["statistic"].unique().implode())
    return told.with_columns(pl.when(without).then("amount").otherwise(None).alias("amount"))


__all__ = ["CELLS", "UNTOLD", "WHOLE", "Line", "cells", "count", "frame_of", "lines", "rolled", "wants"]
