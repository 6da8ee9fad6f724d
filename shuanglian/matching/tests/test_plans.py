"""The family's measures: equal to CP-SAT, whatever the family; every constraint kept; explanations that are true."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuanglian.matching.plan_problem import Option, PlanProblem, choice, hand_out, people_rows
from shuanglian.matching.plan_solver import solve, solve_with
from shuanglian.matching.plan_telling import tell

from .families import by_cp_sat, family

seeds = st.integers(0, 2**32 - 1)


def kept(problem, units):
    """Whether a choice keeps every constraint, asked plainly."""
    on = [unit > 0 for unit in units]
    fits = all(sum(one.uses[row] * unit for one, unit in zip(problem.options, units, strict=True)) <= room
               for row, room in enumerate(problem.room))  # fmt: skip
    bounds = all(unit == 0 or one.least <= unit <= one.most for one, unit in zip(problem.options, units, strict=True))
    pairs = not any(on[one] and on[other] for one, other in problem.excludes)
    needs = all(on[other] for one, other in problem.needs if on[one])
    return fits and bounds and pairs and needs and sum(on) <= problem.kinds


@settings(max_examples=250)
@given(seeds)
def test_PLAN_3_the_choice_is_as_good_as_the_one_of_cp_sat(seed):
    problem = family(random.Random(seed))
    best = solve(problem)
    assert kept(problem, best.units)
    assert best.rank == by_cp_sat(problem).rank


@settings(max_examples=100)
@given(seeds)
def test_people_are_handed_out_once_and_only_to_what_they_fit(seed):
    problem = family(random.Random(seed))
    best = solve(problem)
    handed = hand_out(problem, best.units)
    everybody = [person for some in handed for person in some]
    assert len(everybody) == len(set(everybody))
    for one, unit, some in zip(problem.options, best.units, handed, strict=True):
        assert one.people is None or (len(some) == unit and set(some) <= one.people)


@settings(max_examples=60)
@given(seeds)
def test_an_explanation_says_what_doing_without_or_with_would_really_cost(seed):
    problem = family(random.Random(seed), most_options=7)
    told = tell(problem)
    for one in told.taken:
        options = tuple(replace(o, most=0) if n == one.option else o for n, o in enumerate(problem.options))
        without = by_cp_sat(replace(problem, options=options))
        assert (without.cost - told.choice.cost, without.short - told.choice.short) == (one.dearer, one.shorter)
    for left in told.left:
        with_it = solve_with(problem, left.option)
        if left.why == "together":
            assert with_it is None
        elif left.why == "row":
            one = problem.options[left.option]
            assert one.uses[left.row] * one.least > problem.room[left.row]
        elif left.why == "dearer":
            assert with_it.rank == (told.choice.short, told.choice.cost + left.by, with_it.own, with_it.kinds)
        elif left.why == "shorter":
            assert with_it.short == told.choice.short + left.by
    assert len(told.taken) + len(told.left) == len(problem.options)
    for row, room in enumerate(problem.room):
        more = (*problem.room[:row], room + 10**6, *problem.room[row + 1 :])
        better = by_cp_sat(replace(problem, room=more)).rank < told.choice.rank
        assert better == (row in told.binds)


def ewes(**more):
    return Option("ewes", **{"gain": 1100, "cost": 1800, "own": 800, "most": 5, "uses": (10, 800), **more})


def worker(**more):
    given = {"gain": 9000, "cost": 500, "own": 500, "most": 2, "uses": (60, 500), "people": frozenset({1, 2})}
    return Option("worker", **{**given, **more})


def family_of(*options, gap=4000, room=(150, 10_000), kinds=5, **more):
    return PlanProblem(gap, options, ("spring", "money"), room, kinds, **more)


def test_PLAN_3_a_gap_that_is_closed_is_closed_at_the_least_cost():
    best = solve(family_of(ewes(), worker()))
    assert (best.units, best.cost, best.short) == ((0, 1), 500, 0)


def test_a_family_without_a_worker_takes_the_dearer_way():
    best = solve(family_of(ewes(), worker(people=frozenset())))
    assert (best.units, best.cost) == ((4, 0), 7200)


def test_a_gap_that_nothing_closes_is_closed_as_far_as_it_goes():
    best = solve(family_of(ewes(), worker(), gap=100_000, room=(150, 10_000)))
    assert best.units == (3, 2)  # spring: 2 x 60 + 3 x 10 of 150 days
    assert best.short == 100_000 - 18_000 - 3_300


def test_nothing_is_chosen_where_there_is_no_gap():
    assert solve(family_of(ewes(), gap=0)).units == (0,)
    assert solve(family_of(gap=500)).short == 500


def test_at_most_so_many_different_measures():
    best = solve(family_of(ewes(most=1), worker(most=1, people=frozenset({1})), gap=10_000, kinds=1))
    assert best.units == (0, 1)


def test_two_measures_that_exclude_each_other_are_never_chosen_together():
    open_gap = family_of(ewes(), worker(most=1), gap=12_000)
    assert solve(open_gap).units == (3, 1)
    assert 0 in solve(replace(open_gap, excludes=((0, 1),))).units


def test_what_a_measure_needs_is_chosen_with_it():
    course = Option("course", 0, 1500, 0, 1, (0, 0))
    told = solve(family_of(worker(), course, needs=((0, 1),)))
    assert told.units == (1, 1)


def test_people_rows_ask_each_union_once():
    rows = people_rows((worker(), worker(people=frozenset({2, 3})), ewes()))
    assert rows == [(frozenset({1, 2}), (0,)), (frozenset({2, 3}), (1,)), (frozenset({1, 2, 3}), (0, 1))]


@pytest.mark.parametrize("wrong", [{"cost": -1}, {"own": 2000}, {"least": 0}, {"cost": 1 << 22, "own": 0}])
def test_a_problem_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"negative|range"):
        family_of(ewes(**wrong))


def test_a_choice_is_its_units_summed_up():
    assert choice(family_of(ewes(), worker()), (2, 1)).rank == (0, 4100, 2100, 2)
