"""Small random counties, and their optimum by other people's solvers."""

from dataclasses import replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from shuanglian.matching.problem import Base, Ints, PairingProblem, PairingWeights
from shuanglian.matching.roads import Roads, from_matrix, from_points, from_roads

WEIGHTS = PairingWeights(distance=3, need=4, trade=7, keep=25, outside=40, fallback=150, even=15, left=90)
UNFILLED, LEFT_OUT, NEVER = 10**6, 10**9, 10**13  # a minimum slot, a household, a forbidden pair in the dense peer


def county(seed: int, *, cadres: int = 8, households: int = 14, places: int = 5, full: bool = True) -> PairingProblem:
    """Every feature of the problem at random; `full` adds forbidden and pinned pairs."""
    g = np.random.default_rng(seed)
    keys = g.permutation(10_000)
    bases = [
        Base(tuple(g.choice(places, size, replace=False).tolist()), None if size else int(g.integers(places)))
        for size in g.integers(0, min(places, 3) + 1, 6)
    ]
    quota = g.integers(0, 4, cadres)
    density = g.choice([0.0, 0.05, 0.3, 0.7])
    forbidden = np.argwhere(g.random((cadres, households)) < (density if full else 0))
    pinned = np.argwhere(g.random((cadres, households)) < (g.choice([0.0, 0.03]) if full else 0))
    weights = WEIGHTS if g.random() < 0.6 else replace(WEIGHTS, **{g.choice(["outside", "even", "keep", "left"]): 0})
    return PairingProblem(
        roads=_roads(g, [f"v{k}" for k in keys[:places]]),
        bases=bases,
        mismatch=g.integers(0, 4, (3, 4)),
        cadre_key=[f"c{k}" for k in keys[places : places + cadres]],
        cadre_base=g.integers(0, len(bases), cadres),
        weakness=g.integers(0, 3, cadres),
        trade=g.integers(0, 3, cadres),
        minimum=np.minimum(quota, g.integers(0, 4, cadres)),
        quota=quota,
        fallback=g.choice([1, 2, 3, 40], cadres) * (g.random(cadres) < 0.3),
        household_key=[f"h{k}" for k in keys[100 : 100 + households]],
        place=g.integers(0, places, households),
        cause=g.integers(0, 4, households),
        need=g.integers(0, 5, households),
        last=g.integers(-1, cadres, households) if cadres else np.full(households, -1),
        forbidden=forbidden,
        pinned=pinned,
        weights=weights,
    )


def _roads(g: np.random.Generator, keys: list[str]) -> Roads:
    places = len(keys)
    kind = g.integers(3)
    if kind == 0:
        edges = g.integers(0, places, (places + 2, 2))
        return from_roads(keys, np.column_stack([edges, g.integers(0, 30, len(edges))]))
    if kind == 1:
        return from_matrix(keys, g.integers(-2, 40, (places, places)))
    return from_points(keys, 105 + g.integers(0, 5, places) / 50, 35 + g.integers(0, 3, places) / 50)


def small_counties(seed: int) -> PairingProblem:
    """A county whose size, too, is drawn: also with no one in it, and far too many or too few of either."""
    g = np.random.default_rng(seed)
    return county(
        seed, cadres=int(g.choice([0, 1, 3, 6, 10])), households=int(g.choice([0, 1, 4, 9, 15])),
        places=int(g.choice([1, 2, 4, 7])),
    )  # fmt: skip


def distances(roads: Roads) -> Ints:
    """Shortest ways, worked out plainly."""
    n = len(roads.place_key)
    ways = np.full((n, n), 10**9)
    np.fill_diagonal(ways, 0)
    for a, b, length in roads.arcs:
        ways[a, b] = min(ways[a, b], length)
    for k in range(n):
        for i in range(n):
            ways[i] = np.minimum(ways[i], ways[i, k] + ways[k])
    return ways


def pair_points(problem: PairingProblem) -> Ints:
    """Points of every pair, cadres x households, straight from the words of the objective."""
    w, ways = problem.weights, distances(problem.roads)
    points = np.zeros((len(problem.cadre_key), len(problem.household_key)), np.int64)
    for i in range(len(points)):
        base = problem.bases[problem.cadre_base[i]]
        for h in range(points.shape[1]):
            place = problem.place[h]
            km = min(ways[start, place] for start in base.linked or (base.home,))
            points[i, h] = (
                w.distance * km
                + w.need * problem.weakness[i] * problem.need[h]
                + w.trade * problem.mismatch[problem.trade[i], problem.cause[h]]
                - w.keep * (problem.last[h] == i)
                + w.outside * (place not in base.linked)
            )
    return points


def honoured_pins(problem: PairingProblem) -> dict[int, int]:
    """Household → cadre: not forbidden, not on someone who takes no one, the first cadre by key."""
    forbidden = {tuple(pair) for pair in problem.forbidden.tolist()}
    pins: dict[int, int] = {}
    for cadre, household in sorted(problem.pinned.tolist(), key=lambda pin: problem.cadre_key[pin[0]]):
        takes = problem.quota[cadre] + problem.fallback[cadre] > 0
        if (cadre, household) not in forbidden and takes:
            pins.setdefault(household, cadre)
    return pins


def slot_points(problem: PairingProblem, cadre: int, nth: int) -> int:
    """What the nth household (from 0) of a cadre costs for its slot."""
    beyond = nth - int(problem.quota[cadre])
    return problem.weights.fallback + problem.weights.even * beyond if beyond >= 0 else 0


def value(problem: PairingProblem, who: Ints) -> tuple[int, int, int]:
    """Uncovered households, households missing to minima, points of a pairing."""
    points, total = pair_points(problem), 0
    load = [0] * len(problem.cadre_key)
    for h, i in enumerate(who.tolist()):
        if i < 0:
            total += problem.weights.left * int(problem.need[h])
        else:
            total += int(points[i, h]) + slot_points(problem, i, load[i])
            load[i] += 1
    missing = sum(max(0, int(least) - n) for least, n in zip(problem.minimum, load, strict=True))
    return int((who < 0).sum()), missing, total


def dense_optimum(problem: PairingProblem) -> tuple[int, int, int]:
    """The same three numbers of the optimum by SciPy on single slots and households: the independent witness."""
    points, pins = pair_points(problem), honoured_pins(problem)
    households = [h for h in range(len(problem.household_key)) if h not in pins]
    who = np.full(len(problem.household_key), -1)
    load = [0] * len(problem.cadre_key)
    for household, cadre in pins.items():
        who[household] = cadre
        load[cadre] += 1
    slots = [
        (i, n)
        for i in range(len(load))
        for n in range(load[i], int(problem.quota[i] + problem.fallback[i]))
    ]  # fmt: skip
    forbidden = {tuple(pair) for pair in problem.forbidden.tolist()}
    table = np.full((len(households), len(slots) + len(households)), float(NEVER))
    for row, h in enumerate(households):
        for column, (i, n) in enumerate(slots):
            if (i, h) not in forbidden:
                first = UNFILLED if n < problem.minimum[i] else 0
                table[row, column] = int(points[i, h]) + slot_points(problem, i, n) - first
        table[row, len(slots) + row] = LEFT_OUT + problem.weights.left * int(problem.need[h])
    for row, column in zip(*linear_sum_assignment(table), strict=True):
        if column < len(slots):
            who[households[row]] = slots[column][0]
    return value(problem, who)


def shuffled(problem: PairingProblem, seed: int) -> tuple[PairingProblem, Ints, Ints]:
    """The same county with cadres, households and places in another order; new position of each cadre, household."""
    g = np.random.default_rng(seed)
    cadre, household = g.permutation(len(problem.cadre_key)), g.permutation(len(problem.household_key))
    place = g.permutation(len(problem.roads.place_key))
    cadre_at, household_at, place_at = np.argsort(cadre), np.argsort(household), np.argsort(place)

    def pairs(rows: Ints) -> Ints:
        return np.column_stack([cadre_at[rows[:, 0]], household_at[rows[:, 1]]])[g.permutation(len(rows))]

    bases = [
        Base(tuple(int(place_at[v]) for v in g.permutation(list(base.linked)).astype(int)),
             None if base.home is None else int(place_at[base.home]))
        for base in problem.bases
    ]  # fmt: skip
    last = problem.last[household]
    mixed = replace(
        problem, roads=problem.roads.reordered(place), bases=bases, place=place_at[problem.place[household]],
        forbidden=pairs(problem.forbidden), pinned=pairs(problem.pinned),
        last=np.where(last >= 0, np.append(cadre_at, -1)[last], -1),
        cadre_key=[problem.cadre_key[i] for i in cadre], household_key=[problem.household_key[h] for h in household],
        **{name: getattr(problem, name)[cadre]
           for name in ("cadre_base", "weakness", "trade", "minimum", "quota", "fallback")},
        **{name: getattr(problem, name)[household] for name in ("cause", "need")},
    )  # fmt: skip
    return mixed, cadre_at, household_at
