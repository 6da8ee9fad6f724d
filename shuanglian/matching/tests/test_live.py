"""After every change the optimum again, exactly as if everything had been solved afresh."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuanglian.matching import search
from shuanglian.matching.live import Live, NewCadre, NewHousehold
from shuanglian.matching.pairing import solve
from shuanglian.matching.problem import Base

from .counties import county, dense_optimum, small_counties


def happen(live: Live, g: np.random.Generator, places: int, n: int) -> list:
    """One thing that happens in a county during the year."""
    cadres, households = sorted(live.problem().cadre_key), sorted(live.problem().household_key)
    event = g.integers(6)
    if event == 0 and cadres:
        return live.cadre_leaves(str(g.choice(cadres)))
    if event == 1:
        linked = tuple(g.choice(places, g.integers(0, min(places, 3) + 1), replace=False).tolist())
        quota = int(g.integers(0, 4))
        # a quarter of those who come bring a kind of help the county did not have
        weakness = int(g.integers(0, 4))
        new = NewCadre(f"new{n}", Base(linked, int(g.integers(places))), weakness, int(g.integers(3)),
                       int(g.integers(0, quota + 1)), quota, int(g.integers(0, 3)))  # fmt: skip
        return live.cadre_arrives(new)
    if event == 2:
        last = str(g.choice(cadres)) if cadres and g.random() < 0.5 else None
        need = int(g.integers(0, 7))
        return live.household_added(NewHousehold(f"new{n}", int(g.integers(places)), int(g.integers(4)), need, last))
    if event == 3 and households:
        return live.household_removed(str(g.choice(households)))
    if event == 4 and households:
        return live.household_moved(str(g.choice(households)), int(g.integers(places)))
    if event == 5 and households and cadres:
        return live.forbid(str(g.choice(cadres)), str(g.choice(households)))
    return []


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_PAIR_6_after_any_changes_the_objective_is_that_of_a_fresh_solution(seed):
    problem = small_counties(seed)
    live, g = Live(problem), np.random.default_rng(seed)
    for n in range(8):
        before = live.pairs()
        passed = happen(live, g, len(problem.roads.place_key), n)
        now, standing = live.problem(), live.objective()
        assert (standing.uncovered, standing.below_minimum, standing.total) == dense_optimum(now)
        assert search.worst_step(live.state.graph, live.state.work) == 0
        pairs = live.pairs()
        changed = {key: pairs[key] for key in pairs if before.get(key) != pairs[key]}
        assert {one.household: one.after for one in passed} == changed
        assert all(one.before == before.get(one.household) for one in passed)
        cadre = {key: row for row, key in enumerate(now.cadre_key)}
        used = {(cadre[who], row) for row, key in enumerate(now.household_key) if (who := pairs[key]) is not None}
        assert not used & {tuple(pair) for pair in now.forbidden.tolist()}


def test_hundreds_of_newcomers_find_room():
    live = Live(small_counties(11))
    places = len(live.problem().roads.place_key)
    for n in range(700):
        live.household_added(NewHousehold(f"new{n}", n % places, n % 4, n % 5))
    fresh, standing = solve(live.problem()), live.objective()
    assert (standing.uncovered, standing.total) == (len(fresh.uncovered), fresh.total)


def test_one_who_is_already_here_cannot_come_again():
    live = Live(county(3))
    key = live.problem().household_key[0]
    with pytest.raises(ValueError, match="already here"):
        live.household_added(NewHousehold(key, 0, 0, 0))
    with pytest.raises(KeyError):
        live.household_removed("nobody")
