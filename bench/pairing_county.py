"""Synthetic counties for the pairing benchmark: deterministic, at the sizes of real ones (PAIR-11).

`plain` is the objective of the trials (one starting village a cadre, no term for foreign villages, fallback slots all
alike); `product` is everything at its defaults: several linked villages a unit, stationed cadres in their own village,
fallback slots dearer one by one, declared relatives forbidden.
"""

from typing import Literal

import numpy as np
from scipy.spatial import cKDTree

from shuanglian.matching.problem import Base, Ints, PairingProblem, PairingWeights
from shuanglian.matching.roads import Roads, from_roads

Kind = Literal["plain", "product"]
Size = tuple[int, int, int, int]  # cadres, villages, households, townships

REAL: Size = (12_035, 115, 20_000, 18)
WIDE: Size = (12_035, 215, 20_000, 20)
AVERAGE: Size = (4_650, 186, 7_790, 17)
QUOTA, MINIMUM, WEAKNESS = np.array([8, 7, 4, 1]), np.array([5, 4, 2, 1]), np.array([0, 1, 3, 6])
TRADES, CAUSES = 8, 11
STATIONED, FALLBACK = 5, 6  # cadres a village, fallback slots each
PLAIN = PairingWeights(outside=0, even=0)


def county(size: Size, kind: Kind, seed: int = 1) -> PairingProblem:
    """Cadres of units of very different size; most of last year's pairs made by hand, village by village."""
    cadres, villages, households, towns = size
    g = np.random.default_rng(seed)
    roads = _roads(g, villages, towns)
    units = max(10, cadres // 45)
    weight = g.pareto(1.2, units) + 0.2
    unit = g.choice(units, cadres, p=weight / weight.sum())
    count = np.bincount(unit, minlength=units)
    linked = [g.choice(villages, min(villages, 6, max(1, int(n // 40))), replace=False) for n in count]
    one = np.array([g.choice(linked[u]) for u in unit])
    trade = np.where(g.random(cadres) < 0.9, g.integers(0, TRADES, units)[unit], g.integers(0, TRADES, cadres))
    rank = np.full(cadres, 3)
    order = g.permutation(cadres)
    high = np.cumsum([int(cadres * share) for share in (0.0037, 0.04, 0.079)])
    for level, some in enumerate(np.split(order, high)[:3]):
        rank[some] = level
    posted = g.permutation(np.flatnonzero(rank == 3))[: STATIONED * villages]
    post = np.full(cadres, -1)
    post[posted] = np.arange(len(posted)) % villages
    one = np.where(post >= 0, post, one)
    crowd = g.lognormal(0, 0.6, villages)
    place = np.sort(g.choice(villages, households, p=crowd / crowd.sum()))
    last = _last_year(g, roads, one, QUOTA[rank], place)
    if kind == "plain":
        bases, base = [Base((village,)) for village in range(villages)], one
    else:
        bases = [Base(tuple(some.tolist())) for some in linked] + [Base((village,)) for village in range(villages)]
        base = np.where(post >= 0, units + post, unit)
    return PairingProblem(
        roads=roads, bases=bases, mismatch=g.choice(4, (TRADES, CAUSES), p=[0.15, 0.25, 0.35, 0.25]),
        cadre_key=[f"c{i:06}" for i in range(cadres)], cadre_base=base, weakness=WEAKNESS[rank], trade=trade,
        minimum=MINIMUM[rank], quota=QUOTA[rank], fallback=np.where(post >= 0, FALLBACK, 0),
        household_key=[f"h{h:06}" for h in range(households)], place=place,
        cause=g.choice(CAUSES, households, p=[0.3, 0.14, 0.12, 0.03, 0.06, 0.03, 0.1, 0.1, 0.07, 0.03, 0.02]),
        need=g.choice(5, households, p=[0.35, 0.28, 0.2, 0.12, 0.05]), last=last,
        forbidden=_relatives(g, one, place) if kind == "product" else np.zeros((0, 2), np.int64),
        weights=PairingWeights() if kind == "product" else PLAIN,
    )  # fmt: skip


def province() -> list[Size]:
    """86 counties, the real one among them: 400,000 cadres, 670,000 households, 16,000 villages."""
    share = np.random.default_rng(0).lognormal(0, 0.45, 85)
    share /= share.sum()
    others = [
        (max(400, int(387_965 * x)), max(30, int(15_785 * x)), max(700, int(650_000 * x)), max(4, int(1_440 * x)))
        for x in share
    ]
    return [WIDE, *others]


def _roads(g: np.random.Generator, villages: int, towns: int) -> Roads:
    """Villages scattered round township seats; neighbours, seats and a chain of seats are joined."""
    seats = g.random((towns, 2)) * (600, 450)  # 0.1 km
    town = np.sort(np.append(np.arange(towns), g.integers(0, towns, villages - towns)))
    point = seats[town] + g.normal(0, 45, (villages, 2))
    seat = np.searchsorted(town, np.arange(towns))
    point[seat] = seats
    near = cKDTree(point).query(point, min(5, villages))[1][:, 1:]
    pairs = [np.column_stack([np.repeat(np.arange(villages), near.shape[1]), near.ravel()])]
    pairs.append(np.column_stack([np.arange(villages), seat[town]]))
    between = cKDTree(seats).query(seats, min(5, towns))[1][:, 1:]
    pairs.append(np.column_stack([np.repeat(seat, between.shape[1]), seat[between].ravel()]))
    chain = seat[np.argsort(seats[:, 0])]
    pairs.append(np.column_stack([chain[:-1], chain[1:]]))
    bend = [
        1.3 + 0.5 * g.random(len(pairs[0])),
        *(np.full(len(some), factor) for some, factor in zip(pairs[1:], (1.3, 1.15, 1.25), strict=True)),
    ]
    ends = np.concatenate(pairs)
    length = np.maximum(1, np.hypot(*(point[ends[:, 0]] - point[ends[:, 1]]).T) * np.concatenate(bend)).astype(np.int64)
    return from_roads([f"v{v:05}" for v in range(villages)], np.column_stack([ends, length]))


def _last_year(g: np.random.Generator, roads: Roads, village: Ints, quota: Ints, place: Ints) -> Ints:
    """85 % of the households had someone from the nearest village with room, within the quota."""
    last, room = np.full(len(place), -1), quota.copy()
    near = np.argsort(roads.distances, axis=1, kind="stable")
    there = [g.permutation(np.flatnonzero(village == v)).tolist() for v in range(len(near))]
    for h in g.permutation(len(place))[: int(len(place) * 0.85)]:
        for v in near[place[h]]:
            while there[v] and room[there[v][-1]] == 0:
                there[v].pop()
            if there[v]:
                cadre = there[v][int(g.integers(len(there[v])))]
                cadre = cadre if room[cadre] else there[v][-1]
                last[h] = cadre
                room[cadre] -= 1
                break
    return last


def _relatives(g: np.random.Generator, village: Ints, place: Ints) -> Ints:
    """One cadre in fifty has two relatives among the households of the village the unit is linked to."""
    rows = []
    for cadre in g.choice(len(village), len(village) // 50, replace=False):
        there = np.flatnonzero(place == village[cadre])
        rows += [(int(cadre), int(h)) for h in g.choice(there, min(2, len(there)), replace=False)]
    return np.array(rows, np.int64).reshape(-1, 2)
