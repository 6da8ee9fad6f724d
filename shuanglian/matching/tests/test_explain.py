"""Why this one: every figure shown is the one a fresh solution would give (PAIR-5, PAIR-6)."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from shuanglian.matching.explain import explain
from shuanglian.matching.pairing import solve

from .counties import dense_optimum, honoured_pins, pair_points, small_counties, value

SEEDS = st.integers(0, 2**32 - 1)


@settings(max_examples=150, deadline=None)
@given(SEEDS)
def test_the_next_best_is_what_forbidding_the_pair_would_cost_the_county(seed):
    problem = small_counties(seed)
    solution, pins = solve(problem), honoured_pins(problem)
    before = dense_optimum(problem)
    for h in range(min(4, len(solution.who))):
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
