"""The pairing of a county is the optimum, whatever is asked of it (PAIR-1 … PAIR-6)."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuanglian.kernel.refusal import Refusal
from shuanglian.matching import search
from shuanglian.matching.pairing import solve
from shuanglian.matching.problem import Base, PairingProblem, PairingWeights
from shuanglian.matching.roads import from_roads
from shuanglian.matching.solution import BEYOND, FALLBACK, MINIMUM, QUOTA, UNCOVERED

from .counties import county, dense_optimum, honoured_pins, pair_points, shuffled, small_counties, value

SEEDS = st.integers(0, 2**32 - 1)


def figures(solution):
    return len(solution.uncovered), solution.below_minimum, solution.total


@settings(max_examples=400, deadline=None)
@given(SEEDS)
def test_PAIR_1_to_6_the_pairing_is_the_optimum_of_an_independent_exact_solver(seed):
    problem = small_counties(seed)
    solution = solve(problem)
    assert figures(solution) == value(problem, solution.who) == dense_optimum(problem)


@settings(max_examples=150, deadline=None)
@given(SEEDS)
def test_no_order_of_rows_changes_who_is_paired_with_whom(seed):
    problem = small_counties(seed)
    mixed, cadre_at, household_at = shuffled(problem, seed)
    one, other = solve(problem), solve(mixed)
    cadre_at = np.append(cadre_at, -1)
    assert (other.who[household_at] == cadre_at[one.who]).all()
    assert (other.slot[household_at] == one.slot).all()
    assert figures(one) == figures(other)


@settings(max_examples=150, deadline=None)
@given(SEEDS)
def test_every_pair_is_allowed_and_every_pin_that_can_be_is_kept(seed):
    problem = small_counties(seed)
    solution = solve(problem)
    forbidden = {tuple(pair) for pair in problem.forbidden.tolist()}
    assert not [(i, h) for h, i in enumerate(solution.who.tolist()) if (i, h) in forbidden]
    pins = honoured_pins(problem)
    assert {h: int(solution.who[h]) for h in pins} == pins
    kept = {(i, h) for h, i in pins.items()}
    asked = {tuple(pair) for pair in problem.pinned.tolist()}
    assert {(i, h) for i, h, _ in solution.unheeded} == asked - kept


@settings(max_examples=150, deadline=None)
@given(SEEDS)
def test_PAIR_2_no_one_gets_more_than_quota_and_fallback_and_slots_say_so(seed):
    problem = small_counties(seed)
    solution = solve(problem)
    load = np.bincount(solution.who[solution.who >= 0], minlength=len(problem.cadre_key))
    assert (solution.load == load).all()
    pinned = np.bincount(list(honoured_pins(problem).values()), minlength=len(load)).astype(int)
    assert (load <= np.maximum(problem.quota + problem.fallback, pinned)).all()
    kinds = np.zeros((len(load), 5), int)
    for h, i in enumerate(solution.who):
        if i >= 0:
            kinds[i, solution.slot[h]] += 1
    least, quota, top = problem.minimum, problem.quota, problem.quota + problem.fallback
    assert (kinds[:, MINIMUM] == np.minimum(load, least)).all()
    assert (kinds[:, QUOTA] == np.clip(load - least, 0, quota - least)).all()
    assert (kinds[:, FALLBACK] == np.clip(load - quota, 0, top - quota)).all()
    assert (kinds[:, BEYOND] == np.maximum(load - top, 0)).all()
    assert (solution.slot == UNCOVERED).sum() == len(solution.uncovered)


@settings(max_examples=150, deadline=None)
@given(SEEDS)
def test_prices_prove_the_optimum(seed):
    problem = small_counties(seed)
    solution = solve(problem)
    assert search.worst_step(solution.state.graph, solution.state.work) == 0
    points, prices = pair_points(problem), solution.prices
    slack = points + prices.cadre[:, None] - prices.household[None, :]
    allowed = np.ones(points.shape, bool)
    allowed[problem.forbidden[:, 0], problem.forbidden[:, 1]] = False
    pinned = honoured_pins(problem)
    held = np.bincount(list(pinned.values()), minlength=len(allowed)).astype(int)
    allowed[problem.quota + problem.fallback <= held] = False
    allowed[:, list(pinned)] = False
    assert (slack[allowed] >= 0).all()
    free = [h for h in range(len(solution.who)) if solution.who[h] >= 0 and h not in pinned]
    assert (slack[solution.who[free], free] == 0).all()


@settings(max_examples=100, deadline=None)
@given(SEEDS)
def test_terms_add_up_to_the_total_and_name_what_they_are(seed):
    problem = small_counties(seed)
    solution = solve(problem)
    assert sum(int(values.sum()) for values in solution.terms.values()) == solution.total
    covered = np.flatnonzero(solution.who >= 0)
    pair = sum(solution.terms[name][covered] for name in ("distance", "need", "trade", "keep", "outside"))
    assert (pair == pair_points(problem)[solution.who[covered], covered]).all()
    kept = solution.who == problem.last
    assert ((solution.terms["keep"] < 0) == (kept & (solution.who >= 0) & (problem.weights.keep > 0))).all()


def line(*, cadres=2, households=3, **changes) -> PairingProblem:
    """Villages on a road, 1 km apart; everyone alike."""
    roads = from_roads(["a", "b", "c"], [(0, 1, 10), (1, 2, 10)])
    fields = {
        "roads": roads, "bases": [Base((0,)), Base((1,)), Base((2,)), Base((), 0)], "mismatch": [[0, 2]],
        "cadre_key": [f"c{i}" for i in range(cadres)], "cadre_base": [0] * cadres, "weakness": [0] * cadres,
        "trade": [0] * cadres, "minimum": [0] * cadres, "quota": [2] * cadres, "fallback": [0] * cadres,
        "household_key": [f"h{i}" for i in range(households)], "place": [0] * households, "cause": [0] * households,
        "need": [0] * households, "last": [-1] * households,
    }  # fmt: skip
    return PairingProblem(**(fields | changes))


def test_PAIR_3_one_whose_quota_is_none_takes_no_household_even_pinned():
    solution = solve(line(minimum=[0, 0], quota=[0, 3], pinned=[(0, 1)]))
    assert solution.who.tolist() == [1, 1, 1]
    assert solution.unheeded == ((0, 1, "takes_none"),)


def test_PAIR_3_cadres_serve_the_villages_of_their_unit_first():
    # the cadre of village c lives nearer in points to the household of b than the overworked one linked to b
    problem = line(cadres=2, households=1, place=[1], cadre_base=[1, 2], weakness=[6, 0], need=[1],
                   weights=PairingWeights(outside=600))  # fmt: skip
    assert solve(problem).who.tolist() == [0]
    assert solve(dataclasses.replace(problem, weights=PairingWeights(outside=0))).who.tolist() == [1]


def test_PAIR_2_what_remains_falls_to_the_stationed_cadres_evenly():
    problem = line(cadres=3, households=7, quota=[1, 1, 1], fallback=[0, 6, 6])
    solution = solve(problem)
    assert sorted(solution.load.tolist()) == [1, 3, 3]
    assert (solution.slot == FALLBACK).sum() == 4


def test_PAIR_2_any_number_of_fallback_slots_is_as_good_as_none_too_many():
    problem = line(cadres=3, households=60, quota=[1, 1, 1], fallback=[0, 10**6, 10**6])
    assert sorted(solve(problem).load.tolist()) == [1, 29, 30]


def test_PAIR_5_the_strong_get_the_neediest():
    solution = solve(line(cadres=2, households=2, weakness=[6, 0], quota=[1, 1], need=[4, 0]))
    assert solution.who.tolist() == [1, 0]


def test_PAIR_6_last_years_pair_stays_unless_there_is_a_reason():
    same = line(cadres=2, households=2, quota=[1, 1], last=[1, 0])
    assert solve(same).who.tolist() == [1, 0]
    reason = dataclasses.replace(same, forbidden=np.array([(1, 0)]))
    assert solve(reason).who.tolist() == [0, 1]


def test_PAIR_1_too_few_slots_leave_the_least_needy_and_one_reason():
    solution = solve(line(cadres=1, households=4, need=[3, 0, 4, 1]))
    assert solution.status == "partial"
    assert solution.uncovered.tolist() == [1, 3]
    [reason] = solution.reasons
    assert (reason.code, reason.short, reason.households.tolist()) == ("too_few_slots", 2, [1, 3])


def test_PAIR_1_declared_relatives_are_named_as_the_reason():
    problem = line(cadres=2, households=3, quota=[1, 3], forbidden=[(1, 0), (1, 1)])
    solution = solve(problem)
    [reason] = solution.reasons
    assert reason.code == "all_forbidden"
    assert reason.cadres.tolist() == [1]
    assert len(reason.households) == reason.short == 1
    assert "近亲属" in str(reason.said)


def test_a_forbidden_pair_makes_room_through_others():
    # h0 is a relative of the only free cadre; c0 must hand h1 over to make room
    problem = line(cadres=2, households=2, quota=[1, 1], forbidden=[(1, 0)], last=[-1, 0])
    assert solve(problem).who.tolist() == [0, 1]


def test_households_of_one_kind_change_places_when_one_is_a_relative():
    problem = line(cadres=2, households=3, quota=[1, 2], forbidden=[(0, 0), (0, 1)])
    assert solve(problem).who.tolist() == [1, 1, 0]
    assert solve(dataclasses.replace(problem, last=np.array([1, -1, -1]))).total == -300  # what stood stays


def test_a_pin_beyond_the_quota_stands_and_is_told():
    solution = solve(line(cadres=1, households=3, pinned=[(0, 0), (0, 1), (0, 2)]))
    assert solution.who.tolist() == [0, 0, 0]
    assert solution.beyond.tolist() == [0]
    assert (solution.slot == BEYOND).sum() == 1


def test_no_cadres_no_households_nothing_breaks():
    assert solve(county(1, cadres=0, households=0)).status == "optimal"
    assert solve(county(1, cadres=0, households=3)).status == "partial"
    assert solve(county(1, cadres=4, households=0)).total == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"quota": [2]}, "quota must have 2 entries"),
        ({"place": [0, 1, 9]}, "place must lie in"),
        ({"minimum": [3, 0]}, "minimum is above the quota"),
        ({"need": [0.5, 1, 1]}, "need must be whole"),
        ({"bases": [Base()]}, "linked villages or a home"),
        ({"forbidden": [(5, 0)]}, "forbidden cadre"),
    ],
)
def test_a_misstated_problem_is_named(changes, message):
    with pytest.raises(ValueError, match=message):
        line(**changes)


def test_the_same_key_twice_is_named():
    with pytest.raises(ValueError, match="same cadre key c0"):
        solve(line(cadre_key=["c0", "c0"]))


def test_numbers_too_large_for_exact_arithmetic_are_refused():
    with pytest.raises(Refusal):
        solve(line(weights=PairingWeights(distance=2**30, need=2**30), weakness=[2**30, 2**30], need=[2**30] * 3))
