"""Inequality measures: second computations, replication, scale, transfer, parts, edges."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shuanglian.kernel.refusal import Refusal
from shuanglian.measures import decompose, inequality

from . import samples
from .samples import any_sign, apart, incomes, people, positive, repeated, weighted

EPSILONS = (0, 0.25, 0.5, 1, 1.5, 2)
RELATIVE = (
    inequality.gini, inequality.theil, inequality.mld, inequality.quantile_share_ratio,
    lambda xs, **more: inequality.atkinson(xs, epsilon=1, **more),
    lambda xs, **more: inequality.atkinson(xs, epsilon=0.5, **more),
)  # fmt: skip


def near(figure):
    return pytest.approx(figure, rel=1e-8, abs=1e-10)


@given(people(positive))
def test_each_measure_equals_its_definition(xs):
    assert inequality.gini(xs) == near(samples.gini(xs))
    assert inequality.theil(xs) == near(samples.theil(xs))
    assert inequality.mld(xs) == near(samples.mld(xs))
    for epsilon in EPSILONS:
        assert inequality.atkinson(xs, epsilon=epsilon) == near(samples.atkinson(xs, epsilon))


@given(people(any_sign))
def test_gini_stands_for_negative_incomes_while_the_mean_is_positive(xs):
    assume(sum(xs) / len(xs) > 0.01)
    assert inequality.gini(xs) == near(samples.gini(xs))


@given(weighted(positive))
def test_whole_weights_equal_repeated_rows(rows):
    xs, weights = apart(rows)
    for measure in RELATIVE:
        assert measure(xs, weights=weights) == near(measure(repeated(rows)))
    shares = inequality.quantile_shares(xs, quantiles=7, weights=weights)
    assert shares == near(inequality.quantile_shares(repeated(rows), quantiles=7))


@given(people(positive), st.integers(2, 4), st.floats(0.01, 1000), st.randoms())
def test_repetition_units_and_order_do_not_matter(xs, times, unit, random):
    other = [x * unit for x in xs] * times
    random.shuffle(other)
    for measure in RELATIVE:
        assert measure(other) == near(measure(xs))


@given(people(positive, least=2), st.floats(0.01, 0.5))
def test_a_transfer_from_richer_to_poorer_lowers_inequality(xs, part):
    xs = sorted(xs)
    assume(xs[-1] - xs[0] > 0.01)
    gift = part * (xs[-1] - xs[0])
    after = [xs[0] + gift, *xs[1:-1], xs[-1] - gift]
    for measure in RELATIVE:
        assert measure(after) <= measure(xs) + 1e-9
    assert inequality.theil(after) < inequality.theil(xs)
    assert inequality.mld(after) < inequality.mld(xs)
    assert inequality.gini(after) < inequality.gini(xs)


@given(people(incomes))
def test_bounds(xs):
    assume(sum(xs) > 0)
    n = len(xs)
    assert -1e-12 <= inequality.gini(xs) <= 1 - 1 / n + 1e-12
    assert -1e-12 <= inequality.theil(xs) <= np.log(n) + 1e-12
    for epsilon in EPSILONS:
        assert -1e-12 <= inequality.atkinson(xs, epsilon=epsilon) <= 1
    shares = inequality.quantile_shares(xs, quantiles=4)
    assert shares.sum() == near(1)
    assert (np.diff(shares) >= -1e-12).all()


@given(people(positive, least=2), st.lists(st.sampled_from("abc"), min_size=25, max_size=25))
def test_theil_and_mld_are_within_plus_between(xs, labels):
    for split, measure in ((decompose.theil_by, inequality.theil), (decompose.mld_by, inequality.mld)):
        parts = split(xs, labels[: len(xs)])
        assert parts.whole == near(measure(xs))
        assert parts.within + parts.between == near(parts.whole)
        assert parts.within >= -1e-12
        assert parts.between >= -1e-12


@given(weighted(positive, least=5), st.floats(0, 1))
def test_lorenz_cuts_the_row_at_the_edge_in_proportion(rows, share):
    """Against walking up the sorted rows with a bucket that takes `share` of all people."""
    left, held = share * sum(w for _, w in rows), 0.0
    for x, w in sorted(rows):
        taken = min(w, left)
        held, left = held + taken * x, left - taken
    xs, weights = apart(rows)
    whole = sum(x * w for x, w in rows)
    assert inequality.lorenz(xs, [share], weights=weights)[0] == near(held / whole)


def test_quantile_shares_of_seven_people_by_hand():
    # A fifth of 7 people is 1.4: the poorest fifth has 1 + 0.4 * 2 of 28, the richest 7 + 0.4 * 6.
    assert inequality.quantile_shares([7, 1, 3, 2, 6, 5, 4])[[0, 4]] == near([1.8 / 28, 9.4 / 28])
    assert inequality.quantile_share_ratio([7, 1, 3, 2, 6, 5, 4]) == near(9.4 / 1.8)
    assert inequality.quantile_share_ratio(range(1, 11), top=0.1, bottom=0.4) == near(10 / 10)  # Palma


def test_perfect_equality_is_0_and_one_who_has_all_is_the_greatest():
    for measure in RELATIVE[:3]:
        assert measure([10] * 100) == pytest.approx(0, abs=1e-12)
    assert inequality.quantile_share_ratio([10] * 100) == near(1)
    assert inequality.gini([0] * 9 + [5]) == near(0.9)
    assert inequality.theil([0] * 9 + [5]) == near(np.log(10))


def test_zero_incomes_theil_stands_mld_is_refused_atkinson_from_1_is_1():
    assert inequality.theil([0, 1, 2]) == near(samples.theil([0, 1, 2]))
    assert inequality.atkinson([0, 1, 2], epsilon=0.5) == near(1 - ((1 + 2**0.5) / 3) ** 2)
    assert inequality.atkinson([0, 1, 2], epsilon=1) == 1
    assert inequality.atkinson([0, 1, 2], epsilon=2) == 1
    with pytest.raises(Refusal) as refused:
        inequality.mld([1, 2, 0, 0])
    assert (refused.value.code, refused.value.said.params["row"]) == ("mld_nonpositive", 3)


def test_atkinson_of_a_large_aversion_does_not_overflow():
    # The income that is as good goes to the least: 1e-6 over a mean near 500.
    assert inequality.atkinson([1e-6, 1000.0], epsilon=80) == pytest.approx(1 - 1e-6 * 2 ** (1 / 79) / 500.0000005)


def test_negative_incomes_are_refused_where_they_have_no_meaning():
    for measure in (inequality.theil, inequality.mld, RELATIVE[4]):
        with pytest.raises(Refusal) as refused:
            measure([3, -1, 5])
        assert refused.value.said.params["row"] == 2


def test_no_income_at_all_is_refused_and_in_the_summary_none():
    with pytest.raises(Refusal, match="no_income"):
        inequality.gini([0, 0])
    found = inequality.inequality([0, 0])
    assert (found.gini, found.theil, found.mld, found.atkinson, found.quantile_share_ratio) == (None,) * 5
    assert inequality.inequality([0, 0, 0, 1]).quantile_share_ratio is None


def test_rows_of_weight_0_count_for_nothing():
    assert inequality.mld([0, 2, 4], weights=[0, 1, 3]) == near(inequality.mld([2, 4], weights=[1, 3]))
    assert inequality.theil([-5, 2, 4], weights=[0, 1, 3]) == near(inequality.theil([2, 4], weights=[1, 3]))


@pytest.mark.parametrize(
    "ask",
    [
        lambda: inequality.atkinson([1, 2], epsilon=-1),
        lambda: inequality.quantile_shares([1, 2], quantiles=0),
        lambda: inequality.quantile_share_ratio([1, 2], top=0),
        lambda: inequality.quantile_share_ratio([1, 2], bottom=1.5),
    ],
)
def test_parameters_out_of_range_are_refused(ask):
    with pytest.raises(Refusal):
        ask()
