"""A county of useful size against the plain formulation: every cadre group to every household group (PAIR-11)."""

import numpy as np

from shuanglian.matching import search
from shuanglian.matching.explain import explain
from shuanglian.matching.flow import cheapest
from shuanglian.matching.live import Live, NewHousehold
from shuanglian.matching.pairing import solve
from shuanglian.matching.problem import Base, PairingProblem
from shuanglian.matching.roads import from_points


def county() -> PairingProblem:
    """1,200 cadres of 40 units, 2,000 households in 60 villages; every fifth cadre is stationed in a village."""
    g = np.random.default_rng(2015)
    cadres, households, villages = 1_200, 2_000, 60
    rank = g.choice(4, cadres, p=[0.01, 0.05, 0.14, 0.8])
    stationed = (rank == 3) & (g.random(cadres) < 0.2)
    units = [Base(tuple(g.choice(villages, int(size), replace=False).tolist())) for size in g.integers(1, 5, 40)]
    posts = [Base((village,)) for village in range(villages)]
    base = np.where(stationed, 40 + g.integers(0, villages, cadres), g.integers(0, 40, cadres))
    last = np.where(g.random(households) < 0.8, g.integers(0, cadres, households), -1)
    return PairingProblem(
        roads=from_points([f"v{k:03}" for k in range(villages)], 105 + g.random(villages) / 2, 35 + g.random(villages) / 3),
        bases=[*units, *posts], mismatch=g.integers(0, 4, (8, 11)), cadre_key=[f"c{k:05}" for k in range(cadres)],
        cadre_base=base, weakness=np.array([0, 1, 3, 6])[rank], trade=g.integers(0, 8, cadres),
        minimum=np.array([5, 4, 2, 1])[rank], quota=np.array([8, 7, 4, 1])[rank], fallback=np.where(stationed, 6, 0),
        household_key=[f"h{k:05}" for k in range(households)], place=g.integers(0, villages, households),
        cause=g.integers(0, 11, households), need=g.integers(0, 5, households), last=last,
    )  # fmt: skip


def plain_optimum(problem: PairingProblem) -> int:
    """All 1,200 x 2,000 pairs as arcs of one flow; minima by their worth."""
    cadres, households, w = len(problem.cadre_key), len(problem.household_key), problem.weights
    ways = problem.roads.distances
    km = np.array([ways[list(base.linked)].min(axis=0) for base in problem.bases])[problem.cadre_base][:, problem.place]
    linked = np.zeros((len(problem.bases), len(ways)), bool)
    for row, base in enumerate(problem.bases):
        linked[row, list(base.linked)] = True
    points = (
        w.distance * km + w.need * problem.weakness[:, None] * problem.need
        + w.trade * problem.mismatch[problem.trade][:, problem.cause]
        - w.keep * (problem.last == np.arange(cadres)[:, None])
        + w.outside * ~linked[problem.cadre_base][:, problem.place]
    )  # fmt: skip
    worth = 10**6
    i, h = (axis.ravel() for axis in np.meshgrid(np.arange(cadres), np.arange(households), indexing="ij"))
    slots = [(problem.minimum, -worth), (problem.quota - problem.minimum, 0)]
    slots += [((problem.fallback > step).astype(int), w.fallback + step * w.even) for step in range(6)]
    tails = np.concatenate([np.zeros(cadres * len(slots), int), 1 + i])
    heads = np.concatenate([*[1 + np.arange(cadres)] * len(slots), 1 + cadres + h])
    room = np.concatenate([*[some for some, _ in slots], np.ones(len(i), int)])
    cost = np.concatenate([*[np.full(cadres, points) for _, points in slots], points.ravel()])
    supplies = np.concatenate([[households], np.zeros(cadres, int), np.full(households, -1)])
    flow = cheapest(*(part.astype(np.int64) for part in (tails, heads, room, cost, supplies)))
    assert flow is not None
    return flow.total + worth * int(problem.minimum.sum())


def test_PAIR_11_a_county_of_1200_cadres_reaches_the_optimum_of_all_pairs():
    problem = county()
    solution = solve(problem)
    assert (solution.status, solution.below_minimum) == ("optimal", 0)
    assert solution.total == plain_optimum(problem)
    assert solution.load.max() <= 8


def test_PAIR_6_a_year_in_that_county_ends_at_the_optimum():
    live, g = Live(county()), np.random.default_rng(0)
    for n in range(40):
        live.cadre_leaves(f"c{n * 29:05}")
        live.household_removed(f"h{n * 47:05}")
        live.household_added(NewHousehold(f"n{n}", int(g.integers(60)), int(g.integers(11)), int(g.integers(5))))
        household, who = [pair for pair in live.pairs().items() if pair[1]][n * 31]
        live.forbid(who, household)
    fresh, standing = solve(live.problem()), live.objective()
    assert (standing.uncovered, standing.below_minimum, standing.total) == (0, fresh.below_minimum, fresh.total)
    assert search.worst_step(live.state.graph, live.state.work) == 0


def test_every_pair_of_that_county_explains_itself():
    solution = solve(county())
    for h in range(0, 2_000, 97):
        told = explain(solution, h)
        assert told.next_best.points >= 0
        assert [step.household for step in told.steps][-1] == h
