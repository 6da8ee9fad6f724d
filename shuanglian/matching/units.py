"""Units to villages: every village a unit, every unit a village, strong units to hard villages (PAIR-1, 4 … 7).

In order of weight: pins are kept; as many villages as possible have a unit; as many units as possible have a village;
then the least sum of points. A link beyond that is made only where it saves points (a long-term link that is worth more
than the load it brings). One minimum cost flow of units x villages arcs; exact, deterministic, whatever the row order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from shuanglian.kernel.words import N_, Said

from .flow import ArcFlow, cheapest, cheapest_detour
from .problem import MOST, Ints, whole


@dataclass(frozen=True)
class UnitWeights:
    """Points, whole numbers >= 0; the least total is sought."""

    distance: int = 2  # per km between the unit's seat and the village
    need: int = 20  # need of the village x weakness of the unit (PAIR-5)
    exit: int = 60  # per step of weakness where the village is due to exit this year (PAIR-7)
    keep: int = 600  # taken off for a link that stood last year (PAIR-6)
    unit_load: int = 200  # for each village of a unit after the first
    village_load: int = 150  # for each unit of a village after the first


def _pairs() -> Ints:
    return np.zeros((0, 2), np.int64)


@dataclass(frozen=True, eq=False)
class UnitProblem:
    """U units (key, weakness 0 = strongest, most villages >= 0) and V villages (key, need 0 = least, exit this year).

    km: U x V whole kilometres. last, forbidden, pinned: rows (unit, village); forbidden wins over pinned.
    """

    unit_key: Sequence[str]
    weakness: npt.ArrayLike
    most: npt.ArrayLike
    village_key: Sequence[str]
    need: npt.ArrayLike
    exit: npt.ArrayLike
    km: npt.ArrayLike
    last: npt.ArrayLike = field(default_factory=_pairs)
    forbidden: npt.ArrayLike = field(default_factory=_pairs)
    pinned: npt.ArrayLike = field(default_factory=_pairs)
    weights: UnitWeights = UnitWeights()

    def __post_init__(self) -> None:
        units, villages = len(self.unit_key), len(self.village_key)
        shapes = {"weakness": units, "most": units, "need": villages, "exit": villages}
        for name, length in shapes.items():
            object.__setattr__(self, name, whole(name, getattr(self, name), length, MOST))
        km = whole("km", np.asarray(self.km).reshape(units, villages), None, 1 << 20)
        object.__setattr__(self, "km", km)
        for name in ("last", "forbidden", "pinned"):
            rows = np.asarray(getattr(self, name), np.int64).reshape(-1, 2)
            whole(f"{name} unit", rows[:, 0], len(rows), max(units, 1))
            whole(f"{name} village", rows[:, 1], len(rows), max(villages, 1))
            object.__setattr__(self, name, rows)


@dataclass(frozen=True)
class Missing:
    """A village without a unit, or a unit without a village (caller's number), and why."""

    what: Literal["village", "unit"]
    row: int
    code: Literal["all_forbidden", "too_few_slots", "no_village_left", "takes_none"]
    said: Said


@dataclass(frozen=True, eq=False)
class UnitSolution:
    """links: rows (unit, village) in the caller's numbers, by unit then village. terms: points by term and link."""

    problem: UnitProblem
    links: Ints
    terms: dict[str, Ints]
    total: int
    missing: tuple[Missing, ...]
    flow: ArcFlow
    _arc_of: dict[tuple[int, int], int]
    _pair_of: dict[int, tuple[int, int]]
    _worth: int

    @property
    def status(self) -> Literal["optimal", "partial"]:
        return "partial" if any(one.what == "village" for one in self.missing) else "optimal"

    def without(self, unit: int, village: int) -> "Otherwise":
        """What the whole would cost more if this link were forbidden, and which links would go and come. Exact."""
        dearer, changes = cheapest_detour(self.flow, self._arc_of[unit, village])
        if dearer is None or dearer >= self._worth // 2:
            return Otherwise(None, (), ())
        gone = [self._pair_of[arc] for arc, way in changes if way < 0 and arc in self._pair_of]
        come = [self._pair_of[arc] for arc, way in changes if way > 0 and arc in self._pair_of]
        return Otherwise(dearer, tuple(gone), tuple(come))


@dataclass(frozen=True)
class Otherwise:
    """dearer: points the total would rise by, None if something would be left without anyone; the links that change."""

    dearer: int | None
    gone: tuple[tuple[int, int], ...]
    come: tuple[tuple[int, int], ...]


def solve_units(problem: UnitProblem) -> UnitSolution:
    """Link units and villages at least total cost; never fails. What cannot be linked is in `missing`, with reasons."""
    unit_row = np.array(sorted(range(len(problem.unit_key)), key=lambda i: problem.unit_key[i]), np.int64)
    village_row = np.array(sorted(range(len(problem.village_key)), key=lambda i: problem.village_key[i]), np.int64)
    points = {name: table[np.ix_(unit_row, village_row)] for name, table in _tables(problem).items()}
    barred, pinned = _marks(problem, problem.forbidden), _marks(problem, problem.pinned)
    barred, pinned = barred[np.ix_(unit_row, village_row)], pinned[np.ix_(unit_row, village_row)]
    pinned &= ~barred
    cost = np.sum(list(points.values()), axis=0) if points else np.zeros(barred.shape, np.int64)
    most = np.maximum(np.asarray(problem.most)[unit_row], pinned.sum(axis=1))
    flow, arc_at, worth = _solve(cost, barred, pinned, most, problem.weights)
    chosen = np.zeros(cost.shape, bool)
    chosen[arc_at[0], arc_at[1]] = flow.flows[: len(arc_at[0])] > 0
    links, terms = _read(problem, chosen, points, unit_row, village_row)
    pairs = {k: (int(unit_row[u]), int(village_row[v])) for k, (u, v) in enumerate(zip(*arc_at, strict=True))}
    return UnitSolution(
        problem, links, terms, int(sum(values.sum() for values in terms.values())),
        _missing(chosen, barred, most, unit_row, village_row), flow, {pair: k for k, pair in pairs.items()}, pairs,
        worth,
    )  # fmt: skip


def _tables(problem: UnitProblem) -> dict[str, Ints]:
    """Points of every pair by term, U x V."""
    weak, w = np.asarray(problem.weakness)[:, None], problem.weights
    return {
        "distance": w.distance * np.asarray(problem.km),
        "need": w.need * weak * np.asarray(problem.need),
        "exit": w.exit * weak * np.asarray(problem.exit),
        "keep": -w.keep * _marks(problem, problem.last).astype(np.int64),
    }


def _marks(problem: UnitProblem, rows: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    marks = np.zeros((len(problem.unit_key), len(problem.village_key)), bool)
    given = np.asarray(rows)
    marks[given[:, 0], given[:, 1]] = True
    return marks


def _solve(
    cost: Ints, barred: npt.NDArray[np.bool_], pinned: npt.NDArray[np.bool_], most: Ints, weights: UnitWeights
) -> tuple[ArcFlow, tuple[Ints, Ints], int]:
    """Source → unit slots → village slots → sink, and past all at no cost; coverage is worth more than any points.

    Returns the flow (arcs of the pairs first), unit and village of those arcs, and what covering a unit is worth.
    """
    units, villages = cost.shape
    u, v = np.nonzero(~barred)
    per_unit = int(np.abs(cost).max(initial=0)) + weights.unit_load + weights.village_load + 1
    unit_worth = 2 * per_unit * (units + villages + 1)
    village_worth = 2 * unit_worth * (units + villages + 1)
    pin_worth = 2 * village_worth if pinned.any() else 0
    source, sink = units + villages, units + villages + 1
    supply = int(most.sum())
    rows = [
        (u, units + v, np.ones(len(u)), cost[u, v] - pin_worth * pinned[u, v]),
        (np.full(units, source), np.arange(units), np.minimum(most, 1), np.full(units, -unit_worth)),
        (np.full(units, source), np.arange(units), np.maximum(most - 1, 0), np.full(units, weights.unit_load)),
        (units + np.arange(villages), np.full(villages, sink), np.ones(villages), np.full(villages, -village_worth)),
        (units + np.arange(villages), np.full(villages, sink), np.full(villages, units),
         np.full(villages, weights.village_load)),
        (np.array([source]), np.array([sink]), np.array([supply]), np.zeros(1)),
    ]  # fmt: skip
    tails, heads, room, price = (np.concatenate([row[i] for row in rows]).astype(np.int64) for i in range(4))
    supplies = np.zeros(units + villages + 2, np.int64)
    supplies[source], supplies[sink] = supply, -supply
    flow = cheapest(tails, heads, room, price, supplies)
    assert flow is not None, "everything can flow past"
    return flow, (u, v), unit_worth


def _read(
    problem: UnitProblem, chosen: npt.NDArray[np.bool_], points: dict[str, Ints], unit_row: Ints, village_row: Ints
) -> tuple[Ints, dict[str, Ints]]:
    """Links and their points in the caller's numbers; the load counts a link's place among its unit's or village's.

    The first of a unit (of a village) is last year's, then the cheapest, then by key.
    """
    u, v = np.nonzero(chosen)
    cheap = np.sum([table[u, v] for table in points.values()], axis=0) if len(u) else np.zeros(0, np.int64)
    terms = {name: table[u, v] for name, table in points.items()}
    terms["unit_load"] = problem.weights.unit_load * (_nth(u, cheap, v) > 0)
    terms["village_load"] = problem.weights.village_load * (_nth(v, cheap, u) > 0)
    links = np.stack([unit_row[u], village_row[v]], axis=1)
    order = np.lexsort((links[:, 1], links[:, 0]))
    return links[order], {name: values[order].astype(np.int64) for name, values in terms.items()}


def _nth(group: Ints, cheap: Ints, tie: Ints) -> Ints:
    order = np.lexsort((tie, cheap, group))
    nth = np.empty(len(group), np.int64)
    nth[order] = np.arange(len(group)) - np.searchsorted(group[order], group[order])
    return nth


def _missing(
    chosen: npt.NDArray[np.bool_], barred: npt.NDArray[np.bool_], most: Ints, unit_row: Ints, village_row: Ints
) -> tuple[Missing, ...]:
    found = []
    slots, villages = int(most.sum()), chosen.shape[1]
    for v in np.flatnonzero(~chosen.any(axis=0)):
        if barred[most > 0, v].all():
            found.append(
                Missing(
                    "village", int(village_row[v]), "all_forbidden", Said(N_("没有可联的单位：能联村的单位都已被排除"))
                )
            )
        else:
            said = Said(
                N_("单位可联村名额共 {slots} 个，贫困村 {villages} 个，名额不足或被排除"),
                {"slots": slots, "villages": villages},
            )
            found.append(Missing("village", int(village_row[v]), "too_few_slots", said))
    for u in np.flatnonzero(~chosen.any(axis=1)):
        if most[u] == 0:
            found.append(Missing("unit", int(unit_row[u]), "takes_none", Said(N_("该单位不安排联村"))))
        elif barred[u].all():
            found.append(
                Missing("unit", int(unit_row[u]), "all_forbidden", Said(N_("该单位与所有贫困村的联系都已被排除")))
            )
        else:
            found.append(Missing("unit", int(unit_row[u]), "no_village_left", Said(N_("没有贫困村可联"))))
    return tuple(found)
