"""Why this one: every figure shown is the one a fresh solution would give (PAIR-5, PAIR-6)."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shuanglian.matching.explain import explain
from shuanglian.matching.pairing import solve

from .counties import county, dense_optimum, honoured_pins, pair_points, small_counties, value

SEEDS = st.integers(0, 2**32 - 1)


@settings(max_examples=300, deadline=None)
@given(SEEDS)
@example(1943375388)  # each of these was once told too high: see below
@example(2599433401)
@example(2984376786)
@example(3734845193)
def test_the_next_best_is_what_forbidding_the_pair_would_cost_the_county(seed):
    every_next_best_is_exact(small_counties(seed), first=4)


@pytest.mark.parametrize(
    ("cadres", "households", "places", "seed"),
    [(3, 2, 2, 68), (3, 2, 2, 901), (3, 3, 2, 284), (3, 3, 3, 724), (4, 3, 2, 49), (4, 4, 3, 505)],
)
def test_the_next_best_is_found_though_its_cadre_is_not_among_the_nearest(cadres, households, places, seed):
    """The side of the goal first looks at the nearest cadres only; the other side must know the steps left out.

    Counties so small that the side of the start has seen everyone before the second ring begins.
    """
    every_next_best_is_exact(
        county(seed, cadres=cadres, households=households, places=places, full=False), first=households
    )


def every_next_best_is_exact(problem, *, first):
    """Of the first households: what is told is the difference to the witness's optimum without that pair."""
    solution, pins = solve(problem), honoured_pins(problem)
    before = dense_optimum(problem)
    for h in range(min(first, len(solution.who))):
        told = explain(solution, h)
        assert told.cadre == solution.who[h]
        if told.cadre < 0 or h in pins:
            assert told.next_best is None
            continue
        without = replace(problem, forbidden=np.vstack([problem.forbidden, [(told.cadre, h)]]))
        after = dense_optimum(without)
        difference = told.next_best
        assert (difference.uncovered, difference.below_minimum, difference.points) == tuple(
            b - a for a, b in zip(before, after, strict=True)
        )
        who = solution.who.copy()
        for step in told.steps:
            assert who[step.household] == step.before
            who[step.household] = step.after
        assert value(without, who) == after


@settings(max_examples=50, deadline=None)
@given(SEEDS)
def test_explaining_changes_nothing(seed):
    """Asked again, the same answer at the same price; of chains that cost the same, another one may be named."""
    problem = small_counties(seed)
    solution = solve(problem)
    who = solution.who.copy()
    first, again = ([replace(explain(solution, h), steps=()) for h in range(len(who))] for _ in range(2))
    assert first == again
    assert (solution.who == who).all()


@settings(max_examples=50, deadline=None)
@given(SEEDS)
def test_alternatives_are_the_cheapest_others_who_are_allowed(seed):
    problem = small_counties(seed)
    solution, points = solve(problem), pair_points(problem)
    forbidden = {tuple(pair) for pair in problem.forbidden.tolist()}
    takes = problem.quota + problem.fallback > 0
    for h in range(min(4, len(solution.who))):
        told = explain(solution, h, alternatives=3)
        allowed = [i for i in np.flatnonzero(takes) if (i, h) not in forbidden and i != solution.who[h]]
        assert [one.points for one in told.alternatives] == sorted(points[allowed, h])[:3]
        for one in told.alternatives:
            assert one.points == sum(one.terms.values()) == points[one.cadre, h]
            assert one.has_room == (solution.load[one.cadre] < problem.quota[one.cadre] + problem.fallback[one.cadre])
        assert told.points == sum(told.terms.values())
