"""During the year only those move who must (PAIR-6)."""

from dataclasses import replace
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from shuanglian.matching.explain import explain
from shuanglian.matching.pairing import solve
from shuanglian.matching.repair import repair

from .counties import county, honoured_pins, small_counties, value


def changed(problem, seed):
    """The same county a few months on: cadres go, quotas change, relatives are declared."""
    g = np.random.default_rng(seed)
    cadres = len(problem.cadre_key)
    stays = g.random(cadres) < 0.8
    quota = np.where(stays, np.maximum(problem.quota - (g.random(cadres) < 0.2), 0), 0)
    fallback = np.where(stays, problem.fallback, 0)
    more = np.argwhere(g.random((cadres, len(problem.household_key))) < 0.05)
    return replace(
        problem, quota=quota, fallback=fallback, minimum=np.minimum(problem.minimum, quota),
        forbidden=np.vstack([problem.forbidden, more]),
    )  # fmt: skip


def may_stay(problem, standing):
    """Standing pairs that the changed problem still allows, cadre by household."""
    forbidden = {tuple(pair) for pair in problem.forbidden.tolist()}
    top, pins = problem.quota + problem.fallback, honoured_pins(problem)
    return {
        h: i for h, i in enumerate(standing.tolist())
        if i >= 0 and top[i] > 0 and (i, h) not in forbidden and h not in pins
    }  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_PAIR_6_who_need_not_move_stays(seed):
    first = small_counties(seed)
    standing = solve(first).who
    problem = changed(first, seed)
    found = repair(problem, standing)
    who, could_stay = found.solution.who, may_stay(problem, standing)
    left = {h for h, i in could_stay.items() if who[h] != i}
    load = np.bincount([*could_stay.values(), *honoured_pins(problem).values()], minlength=len(problem.cadre_key))
    crowded = set(np.flatnonzero(load > problem.quota + problem.fallback).tolist())
    from_crowded = {h for h in left if could_stay[h] in crowded}
    assert set(found.moved.tolist()) == left - from_crowded
    assert from_crowded <= set(found.needed.tolist())
    assert len(found.solution.uncovered) == len(solve(problem).uncovered)
    assert value(problem, who)[:2] == (len(found.solution.uncovered), found.solution.below_minimum)
    if not len(found.moved):
        pins = [(i, h) for h, i in could_stay.items() if who[h] == i]
        again = solve(replace(problem, pinned=np.array([*problem.pinned.tolist(), *pins]).reshape(-1, 2)))
        if not crowded:
            assert (again.below_minimum, again.total) == (found.solution.below_minimum, found.solution.total)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_PAIR_6_no_other_pairing_covers_as_many_with_fewer_moves_or_points(seed):
    first = county(seed, cadres=3, households=5, places=3)
    standing = solve(first).who
    problem = changed(first, seed + 1)
    found, could_stay = repair(problem, standing), may_stay(problem, standing)
    forbidden = {tuple(pair) for pair in problem.forbidden.tolist()}
    pins = honoured_pins(problem)
    held = np.bincount(list(pins.values()), minlength=3)
    top = np.maximum(problem.quota + problem.fallback, held)

    def rank(who):
        uncovered, missing, points = value(problem, np.array(who))
        return uncovered, sum(who[h] != i for h, i in could_stay.items()), missing, points

    def allowed(who):
        load = np.bincount([i for i in who if i >= 0], minlength=3)
        return (load <= top).all() and not any((i, h) in forbidden for h, i in enumerate(who))

    choices = [[pins[h]] if h in pins else [-1, *np.flatnonzero(problem.quota + problem.fallback)] for h in range(5)]
    best = min(rank(who) for who in product(*choices) if allowed(who))
    assert rank(found.solution.who.tolist()) == best


def test_a_repaired_pairing_explains_itself():
    first = county(5, cadres=6, households=9)
    problem = changed(first, 5)
    found = repair(problem, solve(first).who)
    told = [explain(found.solution, h) for h in range(9)]
    assert [one.cadre for one in told] == found.solution.who.tolist()
    assert all(one.next_best.moved >= 0 for one in told if one.next_best)
