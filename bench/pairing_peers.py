"""The same county by other people's solvers and by an office's script: formulations without the road network.

Each returns the seconds it took and the objective, which counts minima that are not filled at UNFILLED each, so that
all of them, whatever they do about minima, are measured by the same rule.
"""

import time
from typing import NamedTuple

import numpy as np
from ortools.graph.python import min_cost_flow

from shuanglian.matching.case import Case, added, canonical
from shuanglian.matching.network import grouped
from shuanglian.matching.pairing import solve
from shuanglian.matching.problem import Ints, PairingProblem

UNFILLED = 100_000


class Measured(NamedTuple):
    """Wall clock seconds to build and to solve, processor seconds of both, the objective reached."""

    build: float
    solve: float
    processor: float
    objective: int


def mark() -> tuple[float, float]:
    """Wall clock and processor time now."""
    return time.perf_counter(), time.process_time()


def measured(
    start: tuple[float, float], built: tuple[float, float], objective: int, end: tuple[float, float] | None = None
) -> Measured:
    end = end or mark()
    return Measured(built[0] - start[0], end[0] - built[0], end[1] - start[1], objective)


def objective(problem: PairingProblem, who: Ints) -> int:
    """Points of a complete pairing, worked out pair by pair."""
    case = canonical(problem)
    load = np.bincount(who, minlength=case.cadres)
    assert (who >= 0).all()
    assert (load <= case.top).all()
    assert not case.is_banned(who, np.arange(case.households)).any()
    points = case.pair_cost(who, np.arange(case.households)).sum() + case.slot_cost(load).sum()
    return int(points) + UNFILLED * int(np.maximum(case.minimum - load, 0).sum())


def ours(problem: PairingProblem) -> Measured:
    """`solve`, the whole of it: from the caller's arrays to pairs, terms and slots; distances included."""
    start = mark()
    solution = solve(problem)
    end = mark()
    assert objective(problem, solution.who) == solution.total + UNFILLED * solution.below_minimum
    return measured(start, start, objective(problem, solution.who), end)


def slots(case: Case) -> list[tuple[Ints, int]]:
    """Slots of every cadre and what each costs: minimum, quota, then one fallback slot after the other."""
    w = case.weights
    steps = [(case.minimum, -UNFILLED), (case.quota - case.minimum, 0)]
    if not w.even:
        return [*steps, (case.top - case.quota, w.fallback)]
    most = int((case.top - case.quota).max())
    return [*steps, *(((case.top - case.quota > n).astype(np.int64), w.fallback + n * w.even) for n in range(most))]


def flow(tails: list, heads: list, room: list, cost: list, supplies: Ints) -> min_cost_flow.SimpleMinCostFlow:
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(*(np.concatenate(part) for part in (tails, heads, room, cost)))
    solver.set_nodes_supplies(np.arange(len(supplies), dtype=np.int32), supplies)
    return solver


def solved(solver: min_cost_flow.SimpleMinCostFlow) -> int:
    assert solver.solve() == solver.OPTIMAL
    return int(solver.optimal_cost())


def ortools_grouped(problem: PairingProblem) -> Measured:
    """OR-tools flow, every group of like cadres to every group of like households; relatives stand alone."""
    case = canonical(problem)
    case.base_distance, case.base_linked  # noqa: B018 - distances are given to the peers for nothing
    start = mark()
    barred_household, barred_cadre = case.banned // case.cadres, case.banned % case.cadres
    keeps = np.bincount(case.last[case.last >= 0], minlength=case.cadres)
    alone = np.where(keeps > case.minimum, np.arange(case.cadres), -1)
    alone[barred_cadre] = barred_cadre
    single = np.full(case.households, -1)
    single[barred_household] = barred_household
    first_cadre, of_cadre = grouped(case.base, case.weakness, case.trade, alone)
    first_household, of_household = grouped(case.place, case.cause, case.need, single)
    n, m = len(first_cadre), len(first_household)
    terms = case.terms(first_cadre[:, None], first_household[None, :])
    points = added({name: terms[name] for name in ("distance", "need", "trade", "outside")})
    count = np.bincount(of_household)
    tails, heads, room, cost = [], [], [], []
    for some, worth in slots(case):
        pooled = np.bincount(of_cadre, some, minlength=n).astype(np.int64)
        tails.append(np.zeros(n, np.int32))
        heads.append(1 + np.arange(n, dtype=np.int32))
        room.append(pooled)
        cost.append(np.full(n, worth))
    allowed = np.ones((n, m), bool)
    allowed[of_cadre[barred_cadre], of_household[barred_household]] = False
    a, b = np.nonzero(allowed)
    kept = np.flatnonzero(case.last >= 0)
    pair, times = np.unique(of_cadre[case.last[kept]] * m + of_household[kept], return_counts=True)
    for i, h, most, price in (
        (a, b, count[b], points[a, b]),
        (pair // m, pair % m, times, points[pair // m, pair % m] - case.weights.keep),
    ):
        tails.append((1 + i).astype(np.int32))
        heads.append((1 + n + h).astype(np.int32))
        room.append(most)
        cost.append(price)
    supplies = np.concatenate([[case.households], np.zeros(n, np.int64), -count])
    solver = flow(tails, heads, room, cost, supplies)
    built = mark()
    found = solved(solver) + UNFILLED * int(case.minimum.sum())
    return measured(start, built, found)


def ortools_all_pairs(problem: PairingProblem) -> Measured:
    """OR-tools flow with an arc for every cadre and household: what the manual suggests."""
    case = canonical(problem)
    case.base_distance, case.base_linked  # noqa: B018
    start = mark()
    n, m = case.cadres, case.households
    tails, heads, room, cost = [], [], [], []
    for some, worth in slots(case):
        tails.append(np.zeros(n, np.int32))
        heads.append(1 + np.arange(n, dtype=np.int32))
        room.append(some)
        cost.append(np.full(n, worth))
    for begin in range(0, m, 2_000):
        h = np.arange(begin, min(begin + 2_000, m))
        i, h = (axis.ravel() for axis in np.meshgrid(np.arange(n), h, indexing="ij"))
        ok = ~case.is_banned(i, h)
        tails.append((1 + i[ok]).astype(np.int32))
        heads.append((1 + n + h[ok]).astype(np.int32))
        room.append(np.ones(int(ok.sum()), np.int64))
        cost.append(case.pair_cost(i[ok], h[ok]))
    supplies = np.concatenate([[m], np.zeros(n, np.int64), np.full(m, -1)])
    solver = flow(tails, heads, room, cost, supplies)
    built = mark()
    found = solved(solver) + UNFILLED * int(case.minimum.sum())
    return measured(start, built, found)


def scipy_assignment(problem: PairingProblem) -> Measured:
    """SciPy linear_sum_assignment on a dense table of slots and households."""
    from scipy.optimize import linear_sum_assignment

    case = canonical(problem)
    case.base_distance, case.base_linked  # noqa: B018
    start = mark()
    cadre = np.concatenate([np.repeat(np.arange(case.cadres), some) for some, _ in slots(case)])
    worth = np.concatenate([np.full(int(some.sum()), points) for some, points in slots(case)])
    table = np.empty((len(cadre), case.households))
    h = np.arange(case.households)[None, :]
    for begin in range(0, len(cadre), 500):
        i = cadre[begin : begin + 500, None]
        table[begin : begin + 500] = case.pair_cost(i, h) + worth[begin : begin + 500, None]
        table[begin : begin + 500][case.is_banned(i, h)] = 1e12
    built = mark()
    row, column = linear_sum_assignment(table)
    return measured(start, built, int(table[row, column].sum()) + UNFILLED * int(case.minimum.sum()))


def greedy(problem: PairingProblem) -> Measured:
    """What an office would script: last year's cadre if there is room, else the cheapest with room, neediest first."""
    case = canonical(problem)
    case.base_distance, case.base_linked  # noqa: B018
    start = mark()
    who, load = np.full(case.households, -1), np.zeros(case.cadres, np.int64)
    for limit in (case.minimum, case.quota, case.top):
        for h in np.argsort(-case.need, kind="stable"):
            if who[h] >= 0:
                continue
            cadre = case.last[h]
            if cadre < 0 or load[cadre] >= limit[cadre]:
                room = np.flatnonzero(load < limit)
                room = room[~case.is_banned(room, h)]
                if not len(room):
                    continue
                cadre = room[np.argmin(case.pair_cost(room, h))]
            who[h] = cadre
            load[cadre] += 1
    end = mark()
    return measured(start, start, objective(problem, who), end)


PEERS = {peer.__name__: peer for peer in (ours, ortools_grouped, ortools_all_pairs, scipy_assignment, greedy)}
