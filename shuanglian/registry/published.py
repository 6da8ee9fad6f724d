"""The register's columns as the standard tables read them (REP-2): one frame of persons, of households, of villages.

Read out once by COPY for as many days as are asked. Who stands on a day is told by the dates of the file (since, left,
removed); what a household or person is like is what the file says now, and the account of that year or the latest
until then. Rooms above add columns of households (`register_columns`): who helps.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db import connection

from shuanglian.areas.models import Area
from shuanglian.rules.profile import Profile

T, B, W, D, M = pl.String, pl.Boolean, pl.Int64, pl.Date, pl.Decimal(14, 2)
PEOPLE: dict[str, Any] = {
    "home": W, "sex": T, "born_on": D, "ethnic": T, "education": T, "schooling": T, "health": T, "labour": T,
    "work_place": T, "work_months": W, "political": T, "medical_insurance": B, "serious_insurance": B,
    "pension_insurance": B, "dibao": B, "since": D, "left_on": D,
}  # fmt: skip
HOUSEHOLDS: dict[str, Any] = {
    "home": W, "place": T, "kind": T, "standard": T, "main_cause": T, "other_causes": T, "status": T, "size": W,
    "relocation": B, "since": D, "left_on": D, "removed_on": D,
}  # fmt: skip
MONEY = ("income_wage", "income_operating", "income_property", "income_transfer", "transfer_declared", "transfer_paid",
         "operating_cost", "net_income", "income_per_head")  # fmt: skip
LAND = ("land_cultivated", "land_forest", "land_returned", "land_orchard", "land_pasture", "land_water")
YEARS: dict[str, Any] = {
    "home": W, "year": W, **dict.fromkeys((*MONEY, *LAND, "house_area", "road_km"), M), "house_unsafe": B,
    "house_grade": T, "water_safe": B, "water_hard": B, "power": B, "toilet": B, "road_kind": T, "fuel": T,
    "cooperative": B,
}  # fmt: skip
VILLAGES: dict[str, Any] = {"place": T, "year": W, "people": W}
SEVERAL = {"health": "array_to_string(health, ',')", "other_causes": "array_to_string(other_causes, ',')"}
NAMES = {"place": "area_code", "home": "household_id", **SEVERAL}
Columns = Callable[[Area, date], pl.DataFrame]  # area, day → home and the columns that a room adds
_added: dict[str, tuple[tuple[str, ...], Columns]] = {}


def register_columns(name: str, columns: Sequence[str], read: Columns) -> None:
    """Called by a room above: its columns of households on a day, one row a household at most."""
    _added[name] = (tuple(columns), read)


@dataclass(frozen=True)
class Read:
    """What was read out of an area, for any of the days asked for."""

    area: Area
    people: pl.DataFrame
    households: pl.DataFrame
    years: pl.DataFrame
    villages: pl.DataFrame


def read(area: Area, days: Sequence[date]) -> Read:
    """Everybody of an area who stood on the register on one of some days."""
    given = {"low": area.prefix, "high": f"{area.prefix}:", "first": min(days), "last": max(days)}
    inside = "area_code >= %(low)s and area_code < %(high)s"
    there = f"{inside} and since <= %(last)s and (left_on is null or left_on > %(first)s)"
    homes = f"{there} and (removed_on is null or removed_on > %(first)s)"
    until = f"{inside} and year <= extract(year from %(last)s::date)"
    return Read(
        area, _copied("registry_person", PEOPLE, there, given),
        _copied("registry_household", HOUSEHOLDS, homes, given, home="id"),
        _copied("registry_householdyear", YEARS, until, given), _copied("registry_villageyear", VILLAGES, until, given),
    )  # fmt: skip


def frames(told: Read, on: date, profile: Profile) -> dict[str, pl.DataFrame]:
    """What tables of each unit read on a day: persons, households (latest account), households:year, villages."""
    homes = told.households.filter(_stands(on), pl.col("removed_on").is_null() | (pl.col("removed_on") > on))
    accounts = told.years.filter(pl.col("year") <= on.year).sort("year").unique("home", keep="last")
    homes = _with_added(homes, told.area, on)
    return {
        "persons": _persons(told, homes, on, profile),
        "households": _accounted(homes, accounts, on, profile),
        "households:year": _accounted(homes, accounts.filter(pl.col("year") == on.year), on, profile),
        "villages": _villages(told, homes, on),
    }


def _stands(on: date) -> pl.Expr:
    return (pl.col("since") <= on) & (pl.col("left_on").is_null() | (pl.col("left_on") > on))


def _persons(told: Read, homes: pl.DataFrame, on: date, profile: Profile) -> pl.DataFrame:
    people = told.people.filter(_stands(on)).join(homes.select("home", "place"), on="home")
    born = pl.col("born_on")
    early = (born.dt.month() * 100 + born.dt.day()) > on.month * 100 + on.day
    pupil = [item.code for item in profile.codes["schooling"] if item.group != "preschool"]
    han = profile.codes["ethnicity"].find("汉族")
    return people.with_columns(
        age=(on.year - born.dt.year() - early.cast(pl.Int32)).cast(pl.Int64), minority=pl.col("ethnic") != han,
        at_school=pl.col("schooling").is_in(pupil).fill_null(False),
        works=(pl.col("work_months").fill_null(0) > 0) | pl.col("work_place").is_not_null(),
    )  # fmt: skip


def _accounted(homes: pl.DataFrame, accounts: pl.DataFrame, on: date, profile: Profile) -> pl.DataFrame:
    known = any(one.year <= on.year for one in profile.history("lines"))  # the year before the first has none
    line = float(profile.lines(on.year).yuan) if known else None
    joined = homes.join(accounts.drop("year"), on="home", how="left")
    paid, counted = pl.col("transfer_paid"), pl.col("income_transfer")
    said = pl.when(paid.is_null()).then(counted).otherwise(pl.col("transfer_declared"))
    return joined.with_columns(
        of_line=pl.col("income_per_head").cast(pl.Float64) / line, transfer_said=said,
        area_per_head=pl.when(pl.col("size") > 0).then(pl.col("house_area").cast(pl.Float64) / pl.col("size")),
        transfer_beyond=_above(said, paid), transfer_unsaid=_above(paid, said),
    )  # fmt: skip


def _above(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    more = one.fill_null(0) - other.fill_null(0)
    return pl.when(more > 0).then(more).otherwise(None)


def _villages(told: Read, homes: pl.DataFrame, on: date) -> pl.DataFrame:
    """Villages with a form until the year, or with households: people on the register over all who live there."""
    forms = told.villages.filter(pl.col("year") <= on.year).sort("year").unique("place", keep="last")
    poor = homes.group_by("place").agg(pl.col("size").sum().alias("poor"))
    both = forms.drop("year").join(poor, on="place", how="full", coalesce=True)
    share = pl.col("poor").fill_null(0) / pl.col("people").cast(pl.Float64)
    return both.with_columns(home=pl.col("place"), incidence=pl.when(pl.col("people") > 0).then(share))


def _with_added(homes: pl.DataFrame, area: Area, on: date) -> pl.DataFrame:
    for _columns, read_them in _added.values():
        homes = homes.join(read_them(area, on), on="home", how="left")
    return homes


def _copied(table: str, schema: Mapping[str, Any], where: str, given: dict[str, Any], **names: str) -> pl.DataFrame:
    """Columns of a table by COPY. Words of the query are ours, values go in as parameters; an empty text is null."""
    columns = {**NAMES, **names}
    chosen = ", ".join(f"{columns.get(name, name)} as {name}" for name in schema)
    query = f"copy (select {chosen} from {table} where {where}) to stdout (format csv, header)"  # noqa: S608
    with connection.cursor() as cursor:
        inner: Any = cursor.cursor  # Django's wrapper has no copy
        with inner.copy(query, given) as copy:
            data = b"".join(bytes(part) for part in copy)
    frame = pl.read_csv(io.BytesIO(data), schema=dict.fromkeys(schema, T()))
    return frame.with_columns(_as(name, kind) for name, kind in schema.items())


def _as(name: str, kind: Any) -> pl.Expr:
    text = pl.when(pl.col(name) != "").then(pl.col(name))
    if name in SEVERAL:
        return text.str.split(",").alias(name)
    if kind is B:
        return (pl.col(name) == "t").alias(name)
    if kind is D:
        return pl.col(name).str.to_date("%Y-%m-%d")
    return text.cast(kind).alias(name)


def known_columns() -> dict[str, frozenset[str]]:
    """Columns that tables of a unit may name, with those that rooms above add."""
    added = {name for columns, _read in _added.values() for name in columns}
    persons = {*PEOPLE, "age", "minority", "at_school", "works"}
    households = {*HOUSEHOLDS, *YEARS, *added, "of_line", "area_per_head", "transfer_said", "transfer_beyond",
                  "transfer_unsaid"}  # fmt: skip
    return {"persons": frozenset(persons), "households": frozenset(households),
            "villages": frozenset({"place", "people", "poor", "incidence"})}  # fmt: skip
