"""From a solved problem to what people read: pairs with reasons, totals, and what changed since."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl

from shuanglian.kernel.words import N_, Said
from shuanglian.matching.problem import PairingProblem
from shuanglian.matching.solution import FALLBACK, PairingSolution

from .linking import Linked
from .stating import Stated

if TYPE_CHECKING:
    from .facts import Rows
    from .models import Round, Solution

Ints = npt.NDArray[np.int64]
NOBODY_WHY = {"too_few_slots": "no_room", "all_forbidden": "nobody_allowed"}
COLUMNS = {
    "household_id": pl.Int64, "cadre_id": pl.Int64, "last_cadre_id": pl.Int64, "village": pl.String,
    "slot": pl.String, "change": pl.String, "why": pl.String, "km": pl.Float64, "cost": pl.Int64, "terms": pl.String,
}  # fmt: skip


def standing(rows: Rows, stated: Stated) -> Ints:
    """Household → cadre (rows of the problem) where the pair holds now and nothing but the optimum could move it."""
    row = {number: k for k, number in enumerate(stated.cadres["number"])}
    now = stated.households.select("last", "open", "paired_at", "village").iter_rows()
    held = (row.get(last, -1) if pairing >= 0 and place == village else -1 for last, pairing, place, village in now)
    return np.fromiter(held, np.int64, len(stated.households))


def pairs(rows: Rows, stated: Stated, solution: PairingSolution) -> pl.DataFrame:
    """One row per household of the county, and one per pair that ends because the household is gone."""
    km = kilometres(solution)
    costs = np.sum(list(solution.terms.values()), axis=0)
    names = list(solution.terms)
    points = np.stack([solution.terms[name] for name in names], axis=1) if names else np.zeros((len(km), 0), np.int64)
    ids = stated.cadres["id"].to_list()
    whys = _Whys(rows, stated, solution)
    table = []
    households = stated.households.select("id", "village", "last_id").iter_rows()
    for h, (household, village, last_id) in enumerate(households):
        cadre = int(solution.who[h])
        change, why = whys.of(h)
        terms = {name: int(value) for name, value in zip(names, points[h], strict=True) if value}
        table.append((
            household, ids[cadre] if cadre >= 0 else None, last_id if last_id >= 0 else None, village,
            "fallback" if cadre >= 0 and solution.slot[h] >= FALLBACK else "regular", change, why,
            float(km[h]) if cadre >= 0 else None, int(costs[h]), json.dumps(terms),
        ))  # fmt: skip
    lost = rows.households.filter(~pl.col("id").is_in(stated.households["id"].to_list()))
    table += [
        (household, None, last if last >= 0 else None, village, "regular", "none", "no_place", None, 0, "{}")
        for household, village, last in lost.select("id", "village", "last_id").iter_rows()
    ]
    table += [
        (household, None, cadre, village, "regular", "ended", why, None, 0, "{}")
        for _pairing, household, cadre, village, why in rows.ending.iter_rows()
    ]
    return pl.DataFrame(table, schema=COLUMNS, orient="row").sort("village", "household_id")


def kilometres(solution: PairingSolution) -> npt.NDArray[np.float64]:
    """The way of every pair in km, NaN for households without anyone."""
    case = solution.case
    cadre_at, household_at = np.empty(case.cadres, np.int64), np.empty(case.households, np.int64)
    cadre_at[case.cadre_row] = np.arange(case.cadres)
    household_at[case.household_row] = np.arange(case.households)
    km = np.full(case.households, np.nan)
    some = np.flatnonzero(solution.who >= 0)
    if len(some):
        base, place = case.base[cadre_at[solution.who[some]]], case.place[household_at[some]]
        km[some] = case.base_distance[base, place] / 10
    return km


class _Whys:
    """The change of each household and the plainest true reason for it (PAIR-6)."""

    def __init__(self, rows: Rows, stated: Stated, solution: PairingSolution) -> None:
        self.who, self.solution = solution.who, solution
        self.numbers = stated.cadres["number"].to_list()
        self.households = stated.households.select("number", "village", "last", "last_id", "paired_at").rows()
        self.row = {number: k for k, number in enumerate(self.numbers)}
        self.away = set(stated.cadres.filter("away")["number"])
        self.pinned = set(rows.pinned.select("household", "cadre").iter_rows())
        self.forbidden = {(h, c): why for c, h, why in rows.forbidden.select("cadre", "household", "why").iter_rows()}
        self.top = np.asarray(solution.problem.quota) + np.asarray(solution.problem.fallback)
        last = np.asarray(solution.problem.last)
        self.had = np.bincount(last[last >= 0], minlength=len(self.numbers))
        self.nobody = {
            int(h): NOBODY_WHY.get(reason.code, "no_room") for reason in solution.reasons for h in reason.households
        }

    def of(self, h: int) -> tuple[str, str]:
        household, village, last, last_id, paired_at = self.households[h]
        cadre = int(self.who[h])
        if cadre < 0:
            return "none", self.nobody.get(h, "no_room")
        number = self.numbers[cadre]
        pinned = (household, number) in self.pinned
        if last == number:
            return "kept", "pinned" if pinned else ""
        if last_id < 0:
            return "new", "pinned" if pinned else "first"
        return "moved", "pinned" if pinned else self._moved(household, village, last, paired_at)

    def _moved(self, household: str, village: str, last: str, paired_at: str) -> str:
        if why := self.forbidden.get((household, last)):
            return why
        if last not in self.row:
            return "cadre_left"
        if last in self.away:
            return "cadre_away"
        top = self.top[self.row[last]]
        if top == 0:
            return "cadre_takes_none"
        if paired_at and paired_at != village:
            return "household_moved"
        return "over_quota" if self.had[self.row[last]] > top else "better"


def totals(
    rows: Rows, linked: Linked, stated: Stated, solution: PairingSolution, table: pl.DataFrame, seconds: float
) -> dict[str, Any]:
    """The figures of a solving, as plain JSON."""
    counts = dict(table.group_by("change").len().iter_rows())
    whys: dict[str, dict[str, int]] = {}
    for change, why, count in table.group_by("change", "why").len().sort("change", "why").iter_rows():
        whys.setdefault(change, {})[why] = count
    km = kilometres(solution)
    way = km[~np.isnan(km)]
    households = len(rows.households)
    none = int((solution.who < 0).sum()) + households - len(stated.households)
    notes = (*stated.notes, *_unheeded(stated, solution))
    return {
        "households": households, "paired": households - none, "none": none,
        "kept": int(households - none - counts.get("moved", 0) - counts.get("new", 0)),
        "moved": counts.get("moved", 0), "new": counts.get("new", 0), "ended": counts.get("ended", 0),
        "fallback": int(((solution.slot >= FALLBACK) & (solution.who >= 0)).sum()),
        "below_minimum": solution.below_minimum, "why": whys,
        "km": {"mean": _one(way.mean()), "p90": _one(np.quantile(way, 0.9))} if len(way) else {},
        "objective": solution.total, "units_objective": linked.total,
        "terms": {name: int(points.sum()) for name, points in solution.terms.items()},
        "ranks": _ranks(stated, solution), "bands": _bands(stated, solution),
        "townships": _townships(rows, linked, stated, solution, km), "villages": _villages(rows, linked),
        "uncovered": [
            {**_plain(reason.said), "code": reason.code, "households": len(reason.households)}
            for reason in solution.reasons
        ],
        "notes": [_plain(note) for note in notes],
        "optimiser": f"ortools {version('ortools')}", "seconds": seconds,
    }  # fmt: skip


def _one(value: Any) -> float:
    return round(float(value), 1)


def _plain(said: Said) -> dict[str, Any]:
    """A sentence and its gaps as JSON, to be translated where it is read."""
    params = {key: value if isinstance(value, int | float | str) else str(value) for key, value in said.params.items()}
    return {"sentence": said.sentence, "params": params}


def _unheeded(stated: Stated, solution: PairingSolution) -> Iterator[Said]:
    """Pins that could not be kept are said aloud."""
    names, numbers = stated.cadres["number"], stated.households["number"]
    for cadre, household, _why in solution.unheeded[:20]:
        yield Said(
            N_("指定的 {cadre} 与 {household} 未能成立：已被排除、不能联户或重复指定"),
            {"cadre": names[cadre], "household": numbers[household]},
        )


def _ranks(stated: Stated, solution: PairingSolution) -> list[dict[str, Any]]:
    """Load against quota by rank, strongest first; fallback households beside it (PAIR-2)."""
    extra = np.bincount(
        solution.who[(solution.slot >= FALLBACK) & (solution.who >= 0)], minlength=len(stated.cadres)
    )  # fmt: skip
    frame = stated.cadres.select("rank", "weakness", "quota").with_columns(
        load=pl.Series(solution.load - extra), fallback=pl.Series(extra), serving=pl.Series(solution.load > 0)
    )
    return (
        frame.group_by("rank", "weakness")
        .agg(cadres=pl.len(), serving=pl.col("serving").sum(), quota=pl.col("quota").sum(), load=pl.col("load").sum(),
             fallback=pl.col("fallback").sum())
        .sort("weakness", "rank").drop("weakness").to_dicts()
    )  # fmt: skip


def _bands(stated: Stated, solution: PairingSolution) -> list[dict[str, Any]]:
    """Households by need, and how many of them are with cadres above the lowest rank (PAIR-5)."""
    weakness = stated.cadres["weakness"].to_numpy()
    lowest = int(weakness.max(initial=0))
    strong = np.append(weakness < lowest, False)[solution.who]
    frame = stated.households.select("band").with_columns(strong=pl.Series(strong))
    return (
        frame.group_by("band")
        .agg(households=pl.len(), strong=pl.col("strong").sum())
        .sort("band", descending=True)
        .to_dicts()
    )


def _townships(
    rows: Rows, linked: Linked, stated: Stated, solution: PairingSolution, km: npt.NDArray[np.float64]
) -> list[dict[str, Any]]:
    """Households, paired, fallback, none, km and linked poor villages per township."""
    town = pl.col("village").str.slice(0, 9) + "000"
    frame = stated.households.select("village").with_columns(
        town=town,
        paired=pl.Series(solution.who >= 0),
        km=pl.Series(km).fill_nan(None),
        fallback=pl.Series((solution.slot >= FALLBACK) & (solution.who >= 0)),
    )
    people = frame.group_by("town").agg(
        households=pl.len(), paired=pl.col("paired").sum(), fallback=pl.col("fallback").sum(),
        mean=pl.col("km").mean().round(1), p90=pl.col("km").quantile(0.9).round(1),
    ).with_columns(none=pl.col("households") - pl.col("paired"))  # fmt: skip
    has = linked.standing["village"].unique().to_list()
    places = (
        rows.villages_to_link.filter("poor").select(village="code")
        .with_columns(town=town, has=pl.col("village").is_in(has))
        .group_by("town").agg(poor=pl.len(), linked=pl.col("has").sum())
    )  # fmt: skip
    joined = people.join(places, on="town", how="full", coalesce=True).sort("town")
    counted = pl.col("households", "paired", "fallback", "none", "poor", "linked").fill_null(0)
    return joined.with_columns(counted).rename({"town": "code"}).to_dicts()


def _villages(rows: Rows, linked: Linked) -> dict[str, Any]:
    """The first of the two coverages: poor villages with a unit, and those without, with the reason (PAIR-1)."""
    poor = rows.villages_to_link.filter("poor")["code"].to_list()
    has = set(linked.standing["village"])
    changes = dict(linked.links.group_by("change").len().iter_rows())
    return {
        "poor": len(poor), "linked": sum(code in has for code in poor), "poor_codes": poor,
        "exit_codes": rows.villages.filter("exit")["code"].to_list(), "missing": linked.missing,
        "links": {name: changes.get(name, 0) for name in ("kept", "new", "ended")},
    }  # fmt: skip


def differences(then: PairingProblem, now: PairingProblem, solution: Solution, round: Round) -> Iterator[Said]:
    """In words: what is not as it was when a version was solved."""
    found = list(_differences(then, now))
    if solution.weights != round.weights:
        found.append(Said(N_("权重有改动")))
    if not found:
        found.append(Said(N_("单位、村、联村关系或上年结对有变动")))
    yield from found


def _differences(then: PairingProblem, now: PairingProblem) -> Iterator[Said]:
    for said, old, new in (
        ((N_("户：新增 {come}，减少 {gone}，变化 {changed}")), _households(then), _households(now)),
        ((N_("干部：新增 {come}，减少 {gone}，变化 {changed}")), _cadres(then), _cadres(now)),
    ):
        come, gone = len(new.keys() - old.keys()), len(old.keys() - new.keys())
        changed = sum(old[key] != new[key] for key in old.keys() & new.keys())
        if come or gone or changed:
            yield Said(said, {"come": come, "gone": gone, "changed": changed})
    if _wishes(then) != _wishes(now):
        yield Said(N_("指定、排除或亲属回避有改动"))


def _households(problem: PairingProblem) -> dict[str, tuple[Any, ...]]:
    places, cadres = problem.roads.place_key, [*problem.cadre_key, ""]
    rows = zip(problem.household_key, problem.place, problem.cause, problem.need, problem.last, strict=True)  # type: ignore[arg-type]
    return {key: (places[place], cause, need, cadres[last]) for key, place, cause, need, last in rows}


def _cadres(problem: PairingProblem) -> dict[str, tuple[Any, ...]]:
    places = problem.roads.place_key
    linked = [tuple(sorted(places[place] for place in base.linked)) for base in problem.bases]
    rows = zip(problem.cadre_key, problem.cadre_base, problem.weakness, problem.trade, problem.quota, problem.fallback,
               strict=True)  # type: ignore[arg-type]  # fmt: skip
    return {key: (linked[base], *rest) for key, base, *rest in rows}


def _wishes(problem: PairingProblem) -> tuple[set[tuple[str, str]], ...]:
    return tuple(
        {(problem.cadre_key[cadre], problem.household_key[household]) for cadre, household in np.asarray(rows).tolist()}
        for rows in (problem.forbidden, problem.pinned)
    )
