"""The first step of a round: units to villages (PAIR-1, PAIR-4 … PAIR-7), from plain tables to links with reasons."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from shuanglian.matching.roads import Roads
from shuanglian.matching.units import UnitProblem, UnitSolution, UnitWeights, solve_units
from shuanglian.rules import quotas
from shuanglian.rules.profile import Profile

from .stating import significant

WEIGHTS = {
    "unit_distance": "distance", "unit_need": "need", "unit_keep": "keep", "unit_exit": "exit",
    "unit_load": "unit_load", "village_load": "village_load",
}  # fmt: skip
NOWHERE = "-"  # begins no code
PROPOSED = {
    "unit": pl.String, "village": pl.String, "change": pl.String, "why": pl.String, "km": pl.Float64, "cost": pl.Int64,
    "terms": pl.String,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Linked:
    """links: unit, village, change (kept, new, ended), why, km, cost, terms. missing: village code → reason code."""

    links: pl.DataFrame
    missing: dict[str, str]
    total: int
    solution: UnitSolution | None = None

    @property
    def standing(self) -> pl.DataFrame:
        """Links that hold in this round: unit, village."""
        return self.links.filter(pl.col("change") != "ended").select("unit", "village")


def link_units(
    *,
    units: pl.DataFrame,
    cadres: pl.DataFrame,
    villages: pl.DataFrame,
    links: pl.DataFrame,
    wished: pl.DataFrame,
    roads: Roads,
    profile: Profile,
    on: date,
    weights: Mapping[str, int],
) -> Linked:
    """Every poor village a unit, stronger ones to harder villages; long-term links stay unless there is a reason.

    units: code, kind, tier, home, size. villages: code, poor, exit, households, people. links: unit, village (as they
    stand). wished: kind (pin, forbid), unit, village. A unit that helps in one township, or is a
    township's own office (known by where its `cadres` are stationed), is linked there only.
    """
    wanted = set(links["village"]) | set(wished.filter(pl.col("kind") == "pin")["village"])
    places = {code: k for k, code in enumerate(roads.place_key)}
    villages = villages.filter(
        (pl.col("poor") | pl.col("code").is_in(list(wanted))) & pl.col("code").is_in(list(places))
    )
    standing = set(links.select("unit", "village").iter_rows())
    banned = set(wished.filter(pl.col("kind") == "forbid").select("unit", "village").iter_rows())
    if not len(units) or not len(villages):
        missing = dict.fromkeys(villages.filter("poor")["code"], "left_out")
        return Linked(_ended(standing, set(units["code"]), banned), missing, 0)
    problem = _problem(
        _at_home(units, cadres, profile), villages, standing, banned, wished, roads, places, profile, on, weights
    )
    solution = solve_units(problem)
    rows = []
    for k, (u, v) in enumerate(solution.links.tolist()):
        pair = (problem.unit_key[u], problem.village_key[v])
        terms = {name: int(points[k]) for name, points in solution.terms.items() if points[k]}
        pinned = len(
            wished.filter((pl.col("kind") == "pin") & (pl.col("unit") == pair[0]) & (pl.col("village") == pair[1]))
        )
        rows.append((*pair, "kept" if pair in standing else "new", "pinned" if pinned else "",
                     float(np.asarray(problem.km)[u, v]), sum(terms.values()), json.dumps(terms)))  # fmt: skip
    chosen = {(row[0], row[1]) for row in rows}
    gone = _ended(standing - chosen, set(units["code"]), banned)
    found = pl.DataFrame(rows, schema=PROPOSED, orient="row")
    poor = set(villages.filter("poor")["code"])
    missing = {
        problem.village_key[one.row]: "nobody_allowed" if one.code == "all_forbidden" else "left_out"
        for one in solution.missing
        if one.what == "village" and problem.village_key[one.row] in poor
    }
    return Linked(pl.concat([found, gone]), missing, solution.total, solution)


def _problem(
    units: pl.DataFrame,
    villages: pl.DataFrame,
    standing: set[tuple[str, str]],
    banned: set[tuple[str, str]],
    wished: pl.DataFrame,
    roads: Roads,
    places: Mapping[str, int],
    profile: Profile,
    on: date,
    weights: Mapping[str, int],
) -> UnitProblem:
    unit_row = {code: k for k, code in enumerate(units["code"])}
    village_row = {code: k for k, code in enumerate(villages["code"])}
    strongest = quotas.strongest_unit(profile, on)
    weakness, most = [], []
    for code, kind, tier, size in units.select("code", "kind", "tier", "size").iter_rows():
        weakness.append(strongest - quotas.unit_strength(profile, tier=tier, kind=kind, cadres=size, on=on))
        has = sum(1 for unit, village in standing if unit == code and village in village_row)
        most.append(max(quotas.villages_for(profile, cadres=size, on=on), has))  # a long-term link is not cut by size
    need = [
        quotas.village_need(
            profile, {"poor_households": row["households"], "poor_people": row["people"],
                      "poor_village": row["poor"], "exit_this_year": row["exit"]}, on,
        )
        for row in villages.iter_rows(named=True)
    ]  # fmt: skip
    homes = [places.get(home or "", -1) for home in units["home"]]
    seats = [home if home >= 0 else 0 for home in homes]
    km = np.rint(roads.distances[np.ix_(seats, [places[code] for code in villages["code"]])] / 10).astype(np.int64)
    elsewhere = {
        (unit, village)
        for unit, home in units.select("code", "reach").iter_rows()
        for village in villages["code"]
        if not village.startswith(significant(home)) and (unit, village) not in standing
    }
    pins = set(wished.filter(pl.col("kind") == "pin").select("unit", "village").iter_rows())
    return UnitProblem(
        unit_key=units["code"].to_list(), weakness=weakness, most=most,
        village_key=villages["code"].to_list(), need=need, exit=villages["exit"].cast(pl.Int64).to_numpy(), km=km,
        last=_rows(standing, unit_row, village_row),
        forbidden=_rows((banned | elsewhere) - pins, unit_row, village_row),
        pinned=_rows(pins, unit_row, village_row),
        weights=UnitWeights(**{name: int(weights[code]) for code, name in WEIGHTS.items() if code in weights}),
    )  # fmt: skip


def _at_home(units: pl.DataFrame, cadres: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """`reach`: the region in which each unit may be linked; an office of a township only where its people are."""
    local = [code for code, tier in profile.tiers.items() if tier.level in ("township", "village")]
    stationed = cadres.filter(pl.col("stationed") != "").group_by("unit", "stationed").len()
    stationed = stationed.sort("unit", "len", "stationed", descending=[False, True, False]).unique("unit", keep="first")
    found = units.join(stationed.select(code="unit", at="stationed"), on="code", how="left", maintain_order="left")
    wide = pl.col("home").fill_null("").str.slice(6).str.strip_chars("0") == ""
    reach = pl.when(pl.col("tier").is_in(local) & wide).then(pl.col("at").fill_null(NOWHERE)).otherwise("home")
    return found.with_columns(reach=reach.fill_null(""))


def _rows(pairs: set[tuple[str, str]], units: Mapping[str, int], villages: Mapping[str, int]) -> np.ndarray:
    found = sorted((units[unit], villages[village]) for unit, village in pairs if unit in units and village in villages)
    return np.array(found, np.int64).reshape(-1, 2)


def _ended(gone: set[tuple[str, str]], serving: set[str], banned: set[tuple[str, str]]) -> pl.DataFrame:
    """Links that stop, and why."""
    rows = []
    for pair in sorted(gone):
        why = "unit_left" if pair[0] not in serving else "forbidden" if pair in banned else "better"
        rows.append((*pair, "ended", why, None, 0, "{}"))
    return pl.DataFrame(rows, schema=PROPOSED, orient="row")
