"""Units to villages (PAIR-1, PAIR-4 … PAIR-7): against an independent integer programme, and what must always hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, milp

from shuanglian.matching.units import UnitProblem, UnitWeights, solve_units


@st.composite
def problems(draw):
    units, villages = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    pairs = st.lists(st.tuples(st.integers(0, units - 1), st.integers(0, villages - 1)), max_size=4).map(
        lambda p: np.array(p, int).reshape(-1, 2)
    )

    def numbers(count, most):
        return np.array(draw(st.lists(st.integers(0, most), min_size=count, max_size=count)))

    return UnitProblem(
        unit_key=[f"u{i}" for i in draw(st.permutations(range(units)))], weakness=numbers(units, 4), most=numbers(units, 3),
        village_key=[f"v{i}" for i in draw(st.permutations(range(villages)))], need=numbers(villages, 4), exit=numbers(villages, 1),
        km=numbers(units * villages, 60).reshape(units, villages), last=draw(pairs), forbidden=draw(pairs), pinned=draw(pairs),
        weights=UnitWeights(*numbers(6, 300)),
    )  # fmt: skip


def value(problem, chosen):
    """(pins kept, villages covered, units covered, points) of a set of links, worked out from the words of the rule."""
    w, cost = problem.weights, 0
    last = {tuple(row) for row in problem.last}
    for u, v in zip(*np.nonzero(chosen), strict=True):
        cost += (
            w.distance * problem.km[u, v]
            + w.need * problem.weakness[u] * problem.need[v]
            + w.exit * problem.weakness[u] * problem.exit[v]
        )
        cost -= w.keep * ((u, v) in last)
    cost += (
        w.unit_load * np.maximum(chosen.sum(1) - 1, 0).sum() + w.village_load * np.maximum(chosen.sum(0) - 1, 0).sum()
    )
    return int(chosen.any(0).sum()), int(chosen.any(1).sum()), int(cost)


def best_by_integer_programme(problem):
    """The same by HiGHS: x (links), a (unit has one), b (village has one)."""
    units, villages = problem.km.shape
    forbidden = {tuple(row) for row in problem.forbidden}
    pinned = {tuple(row) for row in problem.pinned} - forbidden
    most = problem.most.copy()
    for u in range(units):
        most[u] = max(most[u], sum(1 for pu, _ in pinned if pu == u))
    w, n = problem.weights, units * villages
    cost = np.zeros(n + units + villages)
    last = {tuple(row) for row in problem.last}
    for u in range(units):
        for v in range(villages):
            cost[u * villages + v] = (
                w.distance * problem.km[u, v] + w.need * problem.weakness[u] * problem.need[v] + w.exit * problem.weakness[u] * problem.exit[v]
                - w.keep * ((u, v) in last) + w.unit_load + w.village_load
            )  # fmt: skip
    big = 1e5
    cost[n : n + units] = -w.unit_load - big
    cost[n + units :] = -w.village_load - big * (units + 1)
    rows, high = [], []
    for u in range(units):
        row = np.zeros(len(cost))
        row[u * villages : (u + 1) * villages] = 1
        rows.append(row), high.append(most[u])
        rows.append(-row + np.eye(len(cost))[n + u]), high.append(0)
    for v in range(villages):
        row = np.zeros(len(cost))
        row[v:n:villages] = 1
        rows.append(-row + np.eye(len(cost))[n + units + v]), high.append(0)
    lower, upper = np.zeros(len(cost)), np.ones(len(cost))
    for u, v in forbidden:
        upper[u * villages + v] = 0
    for u, v in pinned:
        lower[u * villages + v] = 1
    found = milp(
        cost,
        constraints=LinearConstraint(np.array(rows), -np.inf, high),
        bounds=(lower, upper),
        integrality=np.ones(len(cost)),
    )
    chosen = np.rint(found.x[:n]).astype(bool).reshape(units, villages)
    return value(problem, chosen)


@given(problems())
@settings(max_examples=150, deadline=None)
def test_PAIR_1_the_answer_is_the_optimum_of_an_independent_solver(problem):
    solution = solve_units(problem)
    chosen = np.zeros(problem.km.shape, bool)
    chosen[solution.links[:, 0], solution.links[:, 1]] = True
    assert value(problem, chosen) == best_by_integer_programme(problem)
    assert solution.total == value(problem, chosen)[2]


@given(problems())
@settings(max_examples=80, deadline=None)
def test_forbidden_never_pinned_always_and_never_too_many(problem):
    solution = solve_units(problem)
    links, forbidden = {tuple(row) for row in solution.links}, {tuple(row) for row in problem.forbidden}
    pinned = {tuple(row) for row in problem.pinned} - forbidden
    assert not links & forbidden
    assert pinned <= links
    for u, most in enumerate(problem.most):
        assert sum(1 for unit, _ in links if unit == u) <= max(most, sum(1 for unit, _ in pinned if unit == u))
    missing = {one.row for one in solution.missing if one.what == "village"}
    assert missing == set(range(len(problem.village_key))) - {v for _, v in links}


@given(problems())
@settings(max_examples=60, deadline=None)
def test_forbidding_a_link_costs_what_was_said(problem):
    """The price of "why this one" is the true difference of two optima."""
    solution = solve_units(problem)
    if not len(solution.links):
        return
    pinned = {tuple(row) for row in problem.pinned}
    for u, v in solution.links:
        if (u, v) in pinned:
            continue
        other = solve_units(UnitProblem(**{**vars(problem), "forbidden": np.vstack([problem.forbidden, [[u, v]]])}))
        told = solution.without(int(u), int(v)).dearer
        same_cover = len(other.missing) == len(solution.missing)
        assert told == (other.total - solution.total if same_cover else None)


@given(problems(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_rows_does_not_matter(problem, random):
    units, villages = list(range(len(problem.unit_key))), list(range(len(problem.village_key)))
    random.shuffle(units)
    random.shuffle(villages)
    at_u, at_v = np.argsort(units), np.argsort(villages)

    def moved(rows):
        return np.array([(at_u[u], at_v[v]) for u, v in rows], int).reshape(-1, 2)

    other = UnitProblem(
        [problem.unit_key[u] for u in units], problem.weakness[units], problem.most[units], [problem.village_key[v] for v in villages],
        problem.need[villages], problem.exit[villages], problem.km[np.ix_(units, villages)], moved(problem.last), moved(problem.forbidden),
        moved(problem.pinned), problem.weights,
    )  # fmt: skip

    def named(p):
        return sorted((p.unit_key[u], p.village_key[v]) for u, v in solve_units(p).links)

    assert named(problem) == named(other)


def test_PAIR_5_the_stronger_unit_goes_to_the_harder_village():
    solution = solve_units(UnitProblem(["a", "b"], [0, 3], [1, 1], ["x", "y"], [0, 4], [0, 0], [[5, 5], [5, 5]]))
    assert solution.links.tolist() == [[0, 1], [1, 0]]


def test_PAIR_6_a_long_link_stays_though_another_is_nearer():
    solution = solve_units(
        UnitProblem(["a", "b"], [1, 1], [1, 1], ["x", "y"], [0, 0], [0, 0], [[90, 1], [1, 90]], last=[[0, 0]])
    )
    assert solution.links.tolist() == [[0, 0], [1, 1]]


def test_villages_that_nobody_may_take_are_told_with_the_reason():
    solution = solve_units(UnitProblem(["a"], [0], [2], ["x", "y"], [0, 0], [0, 0], [[1, 1]], forbidden=[[0, 1]]))
    assert [(one.what, one.row, one.code) for one in solution.missing] == [("village", 1, "all_forbidden")]
    assert solution.status == "partial"


@pytest.mark.parametrize(("units", "villages"), [(0, 0), (0, 2), (2, 0)])
def test_empty_sides_are_no_crash(units, villages):
    solution = solve_units(
        UnitProblem(
            [f"u{i}" for i in range(units)],
            [0] * units,
            [1] * units,
            [f"v{i}" for i in range(villages)],
            [0] * villages,
            [0] * villages,
            np.zeros((units, villages), int),
        )
    )
    assert len(solution.links) == 0 and len(solution.missing) == units + villages
