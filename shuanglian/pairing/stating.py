"""From plain tables to the problem that the optimiser solves: the same for a database and for files (PAIR-1 … PAIR-6).

Every person is known by a number, every place by its 12-digit code, so that the same people give the same problem
wherever they come from and in whatever order. What the programme says (quotas, exemptions, mismatch) is asked of the
profile; nothing is decided here that a profile could say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from shuanglian.kernel.words import N_, Said
from shuanglian.matching.problem import Base, PairingProblem, PairingWeights
from shuanglian.matching.roads import Roads
from shuanglian.rules import quotas
from shuanglian.rules.profile import Profile

TEXT = pl.String
CADRES = {
    "number": TEXT, "unit": TEXT, "rank": TEXT, "occupation": TEXT, "status": TEXT, "post": TEXT, "trade": TEXT,
    "stationed": TEXT,
}  # fmt: skip
UNITS = {"code": TEXT, "name": TEXT, "kind": TEXT, "tier": TEXT, "trade": TEXT, "home": TEXT}
LINKS = {"unit": TEXT, "village": TEXT}
HOUSEHOLDS = {"number": TEXT, "village": TEXT, "cause": TEXT, "band": pl.Int64, "last": TEXT}
PAIRS = {"cadre": TEXT, "household": TEXT}

# the profile's weights of step "households" → what the optimiser calls them
WEIGHTS = {
    "distance": "distance", "need": "need", "skill": "trade", "keep": "keep", "outside": "outside",
    "fallback": "fallback", "even_load": "even", "uncovered": "left",
}  # fmt: skip


def empty(schema: Mapping[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(schema=dict(schema))


@dataclass(frozen=True, eq=False)
class County:
    """What a county brings to a round; columns as in the schemas above. `last` is last year's cadre or ""."""

    cadres: pl.DataFrame
    units: pl.DataFrame
    links: pl.DataFrame
    households: pl.DataFrame
    roads: Roads
    forbidden: pl.DataFrame = field(default_factory=lambda: empty(PAIRS))
    pinned: pl.DataFrame = field(default_factory=lambda: empty(PAIRS))
    resting: frozenset[str] = frozenset()  # cadres on leave who keep whom they have but take no one new


@dataclass(frozen=True, eq=False)
class Stated:
    """The problem and, row by row as in the problem, what stands behind it.

    `cadres` adds minimum, quota, slots (fallback), `idle` (why somebody takes no one, Chinese, or "") and `away`.
    """

    problem: PairingProblem
    cadres: pl.DataFrame
    households: pl.DataFrame
    notes: tuple[Said, ...]


def weights_from(points: Mapping[str, int]) -> PairingWeights:
    """The optimiser's weights from a round's (code → points); what a profile does not know keeps the default."""
    return PairingWeights(**{name: int(points[code]) for code, name in WEIGHTS.items() if code in points})


def state(county: County, *, profile: Profile, on: date, weights: Mapping[str, int]) -> Stated:
    """The pairing problem of a county on a day."""
    places = {code: k for k, code in enumerate(county.roads.place_key)}
    households, lost = _located(county.households, places)
    cadres = _resting(_with_capacity(county, profile, on), county, households)
    cadres, raised = _enough(cadres, len(households))
    bases, base_of = _bases(cadres, county, households, places)
    trades, causes = [*profile.trades, ""], [*profile.causes, ""]
    cadre_row = {number: row for row, number in enumerate(cadres["number"])}
    household_row = {number: row for row, number in enumerate(households["number"])}
    last = [cadre_row.get(number, -1) for number in households["last"]]
    problem = PairingProblem(
        roads=county.roads,
        bases=bases,
        mismatch=np.array([[profile.trade_cause_mismatch(t or None, c or None) for c in causes] for t in trades]),
        cadre_key=cadres["number"].to_list(),
        cadre_base=base_of,
        weakness=cadres["weakness"].to_numpy(),
        trade=_coded(cadres["trade"], trades),
        minimum=cadres["minimum"].to_numpy(),
        quota=cadres["quota"].to_numpy(),
        fallback=cadres["slots"].to_numpy(),
        household_key=households["number"].to_list(),
        place=np.array([places[code] for code in households["village"]], np.int64),
        cause=_coded(households["cause"], causes),
        need=households["band"].to_numpy(),
        last=np.array(last, np.int64),
        forbidden=_rows(county.forbidden, cadre_row, household_row),
        pinned=_rows(county.pinned, cadre_row, household_row),
        weights=weights_from(weights),
    )
    return Stated(problem, cadres, households, tuple(_notes(cadres, lost, raised, county.roads)))


def _located(households: pl.DataFrame, places: Mapping[str, int]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Households whose village is a place, and those that nobody could find on the map."""
    known = households["village"].is_in(list(places))
    return households.filter(known), households.filter(~known)


def _with_capacity(county: County, profile: Profile, on: date) -> pl.DataFrame:
    """Cadres with minimum, quota, slots, weakness, trade and the reason of those who take no one (PAIR-2, PAIR-3)."""
    then = profile.on(on)
    cadres = county.cadres.join(
        county.units.select("code", unit_trade="trade", unit_name="name"),
        left_on="unit", right_on="code", how="left",
    )  # fmt: skip
    kinds = cadres.select("rank", "occupation", "status", "post").unique()
    rows = []
    for kind in kinds.iter_rows(named=True):
        facts = quotas.CadreFacts(*(kind[name] or None for name in ("rank", "occupation", "status", "post")))
        takes, why = quotas.takes_households(profile, facts, on)
        minimum, quota, slots = quotas.capacity_for(profile, facts, on)
        rank = then.ranks.get(kind["rank"] or "")
        weakness = rank.weakness if rank else 0
        status = then.statuses.get(kind["status"] or "")
        rows.append({**kind, "minimum": minimum, "quota": quota, "slots": slots, "weakness": weakness,
                     "idle": "" if takes else str(why), "away": status is not None and not status.takes})  # fmt: skip
    schema = {
        "rank": TEXT, "occupation": TEXT, "status": TEXT, "post": TEXT, "minimum": pl.Int64,
        "quota": pl.Int64, "slots": pl.Int64, "weakness": pl.Int64, "idle": TEXT,
        "away": pl.Boolean,
    }  # fmt: skip
    capacity = pl.DataFrame(rows, schema=schema)
    found = cadres.join(
        capacity, on=["rank", "occupation", "status", "post"], how="left", nulls_equal=True,
        maintain_order="left",
    )  # fmt: skip
    guessed = {name: profile.guess_trade(name) or "" for name in found["unit_name"].drop_nulls().unique()}
    return found.with_columns(
        trade=pl.when(pl.col("trade") != "")
        .then("trade")
        .when(pl.col("unit_trade").fill_null("") != "")
        .then("unit_trade")
        .otherwise(pl.col("unit_name").replace_strict(guessed, default="", return_dtype=TEXT))
    )


def _resting(cadres: pl.DataFrame, county: County, households: pl.DataFrame) -> pl.DataFrame:
    """Room for exactly the households that somebody on leave has already."""
    if not county.resting:
        return cadres
    has = households.group_by("last").agg(has=pl.len().cast(pl.Int64)).rename({"last": "number"})
    rests = pl.col("number").is_in(list(county.resting))
    joined = cadres.join(has, on="number", how="left", maintain_order="left")
    return joined.with_columns(
        quota=pl.when(rests).then(pl.col("has").fill_null(0)).otherwise("quota"),
        minimum=pl.when(rests).then(0).otherwise("minimum"),
        slots=pl.when(rests).then(0).otherwise("slots"),
    ).drop("has")


def _enough(cadres: pl.DataFrame, households: int) -> tuple[pl.DataFrame, tuple[int, int] | None]:
    """Fallback slots for everybody who needs one: when the profile's do not suffice, all stationed get the same more.

    What remains falls to the stationed cadres (PAIR-2); a figure of the profile must not leave a household alone.
    """
    stationed = int((cadres["slots"] > 0).sum())
    missing = households - int(cadres["quota"].sum()) - int(cadres["slots"].sum())
    if missing <= 0 or stationed == 0:
        return cadres, None
    before = int(cadres["slots"].max())  # type: ignore[arg-type]
    more = -(-missing // stationed)
    raised = cadres.with_columns(slots=pl.when(pl.col("slots") > 0).then(pl.col("slots") + more).otherwise(0))
    return raised, (before, before + more)


def _bases(
    cadres: pl.DataFrame, county: County, households: pl.DataFrame, places: Mapping[str, int]
) -> tuple[list[Base], np.ndarray]:
    """Where each cadre starts: the unit's linked villages; a stationed one the villages of the place of his post."""
    villages_of: dict[str, list[int]] = {}
    for unit, village in county.links.select("unit", "village").iter_rows():
        if village in places:
            villages_of.setdefault(unit, []).append(places[village])
    homes = dict(county.units.select("code", "home").iter_rows())
    lived_in = sorted(set(households["village"].to_list()))
    anywhere = min(places.values(), default=0)
    bases: list[Base] = []
    row: dict[tuple[str, str], int] = {}
    base_of = np.empty(len(cadres), np.int64)
    for k, (unit, stationed) in enumerate(cadres.select("unit", "stationed").iter_rows()):
        key = ("", stationed) if stationed else (unit, "")
        if key not in row:
            row[key] = len(bases)
            if stationed:
                below = significant(stationed)
                linked = [places[code] for code in lived_in if code.startswith(below)]
                home = places.get(stationed)
            else:
                linked, home = villages_of.get(unit, []), places.get(homes.get(unit) or "")
            bases.append(Base(tuple(linked), anywhere if home is None else home))
        base_of[k] = row[key]
    return bases, base_of


def significant(code: str) -> str:
    """What all codes at or below a region begin with: its own without the zeros of the levels below."""
    return next((code[:digits] for digits in (2, 4, 6, 9) if not code[digits:].strip("0")), code)


def _coded(values: pl.Series, codes: list[str]) -> np.ndarray:
    """Position of each value among the codes; what is not among them counts as unknown, the last."""
    at = {code: k for k, code in enumerate(codes)}
    return np.array([at.get(value, len(codes) - 1) for value in values], np.int64)


def _rows(pairs: pl.DataFrame, cadre_row: Mapping[str, int], household_row: Mapping[str, int]) -> np.ndarray:
    found = {
        (cadre_row[cadre], household_row[household])
        for cadre, household in pairs.select("cadre", "household").iter_rows()
        if cadre in cadre_row and household in household_row
    }
    return np.array(sorted(found), np.int64).reshape(-1, 2)


def _notes(cadres: pl.DataFrame, lost: pl.DataFrame, raised: tuple[int, int] | None, roads: Roads) -> list[Said]:
    notes = []
    if len(lost):
        notes.append(Said(N_("{count} 户的行政村在区划表中找不到，没有参加结对"), {"count": len(lost)}))
    unknown = int(((cadres["rank"].fill_null("") == "") & (cadres["idle"] != "")).sum())
    if unknown:
        notes.append(Said(N_("{count} 名干部没有职级，未安排结对"), {"count": unknown}))
    if raised:
        notes.append(
            Said(
                N_("兜底名额由每人 {before} 户放宽到 {after} 户，才能户户有人"),
                {"before": raised[0], "after": raised[1]},
            )
        )
    if roads.joined:
        notes.append(Said(N_("{count} 处地点之间没有已知道路，按 200 公里计"), {"count": len(roads.joined)}))
    return notes
