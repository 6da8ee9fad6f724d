"""Poverty measures: second computations, replication, focus, transfer, parts, edges (IDX-2)."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shuanglian.kernel.refusal import Refusal
from shuanglian.measures import decompose, poverty

from .samples import LINE, any_sign, apart, fgt, incomes, people, positive, repeated, sen_1976, sst, watts, weighted

MEASURES = (poverty.headcount, poverty.gap, poverty.severity, poverty.watts, poverty.sen, poverty.sst)


def near(figure):
    return pytest.approx(figure, rel=1e-9, abs=1e-12)


@given(people(positive), st.sampled_from([0, 0.5, 1, 2, 3]))
def test_each_measure_equals_the_sum_in_its_definition(xs, alpha):
    assert poverty.fgt(xs, LINE, alpha=alpha) == near(fgt(xs, LINE, alpha))
    assert poverty.watts(xs, LINE) == near(watts(xs, LINE))
    assert poverty.sen_1976(xs, LINE) == near(sen_1976(xs, LINE))
    assert poverty.sst(xs, LINE) == near(sst(xs, LINE))


@given(people(any_sign))
def test_sen_1976_equals_its_sum_with_zero_and_negative_incomes_too(xs):
    assert poverty.sen_1976(xs, LINE) == near(sen_1976(xs, LINE))


@given(people(positive))
def test_sen_is_the_limit_of_the_1976_form_when_everyone_is_repeated(xs):
    assert poverty.sen_1976(xs * 4000, LINE) == pytest.approx(poverty.sen(xs, LINE), abs=2e-3)


@given(weighted(positive))
def test_whole_weights_equal_repeated_rows(rows):
    xs, weights = apart(rows)
    for measure in (*MEASURES, poverty.sen_1976):
        assert measure(xs, LINE, weights=weights) == near(measure(repeated(rows), LINE))


@given(people(positive), st.integers(2, 4))
def test_repeating_everyone_changes_nothing_but_sen_1976(xs, times):
    for measure in MEASURES:
        assert measure(xs * times, LINE) == near(measure(xs, LINE))


@given(people(positive), st.floats(0.01, 1000))
def test_units_of_money_do_not_matter(xs, unit):
    assume(all(x == LINE or abs(x - LINE) > 1e-6 for x in xs))
    for measure in MEASURES:
        assert measure([x * unit for x in xs], LINE * unit) == pytest.approx(measure(xs, LINE), rel=1e-6, abs=1e-9)


@given(people(positive), st.floats(0, 1000))
def test_what_those_above_the_line_have_does_not_matter(xs, more):
    richer = [x + more if x >= LINE else x for x in xs]
    for measure in (*MEASURES, poverty.sen_1976):
        assert measure(richer, LINE) == measure(xs, LINE)


@given(people(positive, least=2), st.randoms())
def test_the_order_of_rows_does_not_matter(xs, random):
    mixed = random.sample(xs, len(xs))
    for measure in (*MEASURES, poverty.sen_1976):
        assert measure(mixed, LINE) == near(measure(xs, LINE))


@given(people(st.floats(1, 99), least=2), st.floats(0.05, 0.95))
def test_a_transfer_from_poorer_to_richer_poor_raises_what_heeds_distribution(xs, part):
    xs = sorted(xs)
    poorest, receiver = xs[0], xs[-1]
    gift = part * min(poorest, LINE - receiver) * 0.999
    after = [poorest - gift, *xs[1:-1], receiver + gift]
    for measure in (poverty.severity, poverty.watts, poverty.sen, poverty.sen_1976, poverty.sst):
        assert measure(after, LINE) >= measure(xs, LINE) - 1e-12
    assert poverty.severity(after, LINE) > poverty.severity(xs, LINE)
    assert poverty.gap(after, LINE) == pytest.approx(poverty.gap(xs, LINE))


@given(people(incomes))
def test_bounds(xs):
    found = poverty.poverty(xs, LINE)
    tiny = 1e-12
    assert 0 <= found.severity <= found.gap + tiny
    assert found.gap <= found.sen + tiny
    assert found.sen <= found.headcount + tiny
    assert found.headcount <= 1
    assert found.sen_1976 <= found.sen + tiny
    assert found.gap <= found.sst + tiny
    assert found.sst <= 2 * found.headcount


@given(
    weighted(positive, least=2), st.lists(st.sampled_from("abc"), min_size=20, max_size=20), st.sampled_from([0, 1, 2])
)
def test_fgt_comes_apart_by_groups(rows, labels, alpha):
    xs, weights = apart(rows)
    parts = decompose.fgt_by(xs, LINE, labels[: len(xs)], alpha=alpha, weights=weights)
    whole = poverty.fgt(xs, LINE, alpha=alpha, weights=weights)
    assert sum(part.share for part in parts.values()) == near(1)
    assert sum(part.share * part.figure for part in parts.values()) == near(whole)
    assert sum(part.contribution for part in parts.values()) == near(1 if whole else 0)


@given(people(positive), st.floats(0.5, 2))
def test_a_line_per_person_is_income_over_line_against_1(xs, factor):
    lines = [LINE * factor if at % 2 else LINE for at in range(len(xs))]
    for measure in MEASURES:
        assert measure(xs, lines) == near(measure([x / z for x, z in zip(xs, lines, strict=True)], 1.0))


def test_the_line_itself_counts_only_when_inclusive():
    assert poverty.poverty([100, 100, 200], 100).headcount == 0
    found = poverty.poverty([100, 100, 200], 100, inclusive=True)
    assert (found.headcount, found.gap, found.watts, found.sen) == (pytest.approx(2 / 3), 0, 0, 0)


def test_nobody_poor_and_everybody_poor():
    nobody = poverty.poverty([150, 200], 100)
    assert (nobody.headcount, nobody.gap, nobody.severity, nobody.watts) == (0, 0, 0, 0)
    assert (nobody.sen, nobody.sen_1976, nobody.sst) == (0, 0, 0)
    alike = poverty.poverty([50] * 7, 100)
    assert (alike.headcount, alike.gap, alike.severity, alike.watts) == near((1, 0.5, 0.25, math.log(2)))
    assert (alike.sen, alike.sst) == near((0.5, 0.5))


def test_everyone_without_any_income_gives_the_headcount_and_no_watts():
    found = poverty.poverty([0, 0, 0], 12)
    assert (found.gap, found.severity, found.sen, found.sst) == (1, 1, 1, 1)
    assert found.watts is None


def test_watts_refuses_zero_income_by_its_row_and_heeds_no_row_of_weight_0():
    with pytest.raises(Refusal) as refused:
        poverty.watts([50, 200, 0], 100)
    assert (refused.value.code, refused.value.said.params["row"]) == ("watts_nonpositive", 3)
    assert poverty.watts([50, 200, 0], 100, weights=[1, 1, 0]) == near(math.log(2) / 2)


def test_negative_incomes_have_gaps_above_1():
    assert poverty.gap([-100, 100], 100) == 1
    assert poverty.severity([-100, 100], 100) == 2


@pytest.mark.parametrize(
    ("values", "line", "weights", "code"),
    [
        ([], 100, None, "empty"),
        ([1, float("nan")], 100, None, "missing"),
        ([1, float("inf")], 100, None, "missing"),
        ([1, 2], 0, None, "line"),
        ([1, 2], float("nan"), None, "missing"),
        ([1, 2], [100], None, "lengths"),
        ([1, 2], 100, [1], "lengths"),
        ([1, 2], 100, [1, -1], "negative_weight"),
        ([1, 2], 100, [0, 0], "empty"),
        ([[1, 2]], 100, None, "shape"),
    ],
)
def test_what_cannot_be_measured_is_refused(values, line, weights, code):
    with pytest.raises(Refusal) as refused:
        poverty.poverty(values, line, weights=weights)
    assert refused.value.code == code


@pytest.mark.parametrize("unit", [1e-250, 1e250])
def test_the_unit_of_weights_does_not_matter(unit):
    xs, weights = [20.0, 50.0, 75.0, 150.0], [2.0, 1.0, 3.0, 1.0]
    one, other = (poverty.poverty(xs, 100, weights=[w * by for w in weights]) for by in (1, unit))
    assert (one.sen, one.sst, one.gap) == pytest.approx((other.sen, other.sst, other.gap))


def test_a_negative_alpha_is_refused():
    with pytest.raises(Refusal, match="alpha"):
        poverty.fgt([1], 2, alpha=-1)


def test_millions_of_rows_keep_their_digits():
    xs = np.tile([50.0, 150.0, 75.0, 20.0], 500_000)
    few = poverty.poverty([50.0, 150.0, 75.0, 20.0], 100)
    many = poverty.poverty(xs, 100)
    assert (many.gap, many.watts, many.sen, many.sst) == pytest.approx(
        (few.gap, few.watts, few.sen, few.sst), rel=1e-11
    )
