"""Intervals of shares against printed values (Newcombe 1998), scipy, and coverage counted out."""

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, hypergeom

from shuanglian.measures.shares import (
    Stratum,
    clopper_pearson,
    finite,
    sample_size,
    sample_to_clear,
    stratified,
    wilson,
)

# R. G. Newcombe, Statistics in Medicine 17 (1998) 857, table I: methods 3 (score) and 5 (Clopper–Pearson)
PRINTED = [
    (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
    (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
    (0, 20, (0.0, 0.1611), (0.0, 0.1684)),
    (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
]
counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(("hits", "drawn", "score", "exact"), PRINTED)
def test_the_printed_intervals_come_out(hits, drawn, score, exact):
    for found, told in ((wilson(hits, drawn), score), (clopper_pearson(hits, drawn), exact)):
        assert (round(found.low, 4), round(found.high, 4)) == told


@given(counts, st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_scipy_says_the_same(pair, confidence):
    hits, drawn = pair
    for ours, method in ((wilson, "wilson"), (clopper_pearson, "exact")):
        found, theirs = (
            ours(hits, drawn, confidence=confidence),
            binomtest(hits, drawn).proportion_ci(confidence, method),
        )
        assert found.low == pytest.approx(theirs.low, abs=1e-9)
        assert found.high == pytest.approx(theirs.high, abs=1e-9)
        assert found.low <= found.share <= found.high


@pytest.mark.parametrize(("population", "drawn"), [(12, 5), (30, 6), (50, 20), (40, 39)])
def test_a_finite_draws_interval_holds_the_truth_as_often_as_it_says(population, drawn):
    told = [finite(hits, drawn, population) for hits in range(drawn + 1)]
    for wrong in range(population + 1):
        held = sum(
            hypergeom.pmf(hits, population, wrong, drawn)
            for hits in range(drawn + 1)
            if wrong / population in told[hits]
        )
        assert held >= 0.95 - 1e-9


@given(st.integers(1, 200), st.data())
def test_when_everybody_was_drawn_nothing_is_open(population, data):
    hits = data.draw(st.integers(0, population))
    found = finite(hits, population, population)
    assert (found.low, found.high) == (found.share, found.share)
    whole = stratified([Stratum(hits, population, population)])
    assert (whole.low, whole.high) == (found.share, found.share)


@given(st.integers(20, 300), st.data())
def test_a_finite_population_is_known_no_worse_than_an_endless_one(population, data):
    drawn = data.draw(st.integers(1, population))
    hits = data.draw(st.integers(0, drawn))
    inside, outside = finite(hits, drawn, population), clopper_pearson(hits, drawn)
    step = 1 / population  # shares of a finite population are whole numbers of it
    assert inside.low >= outside.low - step
    assert inside.high <= outside.high + step


def test_the_stratified_variance_is_cochrans():
    """Two strata counted by hand: p = .75 × .1 + .25 × .4, v = Σ W² (1 − f) p q / (n − 1)."""
    found = stratified([Stratum(5, 50, 300), Stratum(20, 50, 100)])
    share = 0.75 * 0.1 + 0.25 * 0.4
    variance = 0.75**2 * (1 - 50 / 300) * 0.1 * 0.9 / 49 + 0.25**2 * (1 - 50 / 100) * 0.4 * 0.6 / 49
    size = share * (1 - share) / variance
    same = wilson(share * size, size)
    assert found.share == pytest.approx(share)
    assert (found.low, found.high) == (pytest.approx(same.low), pytest.approx(same.high))


def test_one_stratum_is_the_simple_draw():
    found = stratified([Stratum(7, 60, 240)])
    size = 59 / (1 - 60 / 240)  # (n − 1) / (1 − f): p q / v
    assert found.high == pytest.approx(wilson(7 / 60 * size, size).high)
    none = stratified([Stratum(0, 60, 240)])
    assert 0 < none.high < clopper_pearson(0, 60).high


def test_the_stratified_interval_holds_the_truth_nearly_as_often_as_it_says():
    """Three villages, every outcome counted with its chance; the score interval is approximate: 93 % is asked."""
    truth, strata = (6, 4, 2), ((40, 10), (30, 8), (20, 6))
    share = sum(truth) / sum(population for population, _ in strata)
    held = 0.0
    for hits in product(*(range(drawn + 1) for _, drawn in strata)):
        chance = math.prod(
            hypergeom.pmf(x, population, wrong, drawn)
            for x, wrong, (population, drawn) in zip(hits, truth, strata, strict=True)
        )
        if chance > 0:
            found = stratified(
                [Stratum(x, drawn, population) for x, (population, drawn) in zip(hits, strata, strict=True)]
            )
            held += chance * (share in found)
    assert held >= 0.93


def test_a_stratum_nobody_was_drawn_from_leaves_the_whole_untold():
    with pytest.raises(ValueError, match="every stratum"):
        stratified([Stratum(0, 10, 20), Stratum(0, 0, 5)])


@pytest.mark.parametrize(
    ("population", "margin", "size"), [(10**9, 0.05, 385), (1000, 0.05, 278), (500, 0.05, 218), (100, 0.05, 80)]
)
def test_the_sample_sizes_of_the_tables(population, margin, size):
    """Krejcie and Morgan's table (1970): 278 of 1,000, 217 to 218 of 500, 80 of 100."""
    assert sample_size(population, margin) == size


@given(st.integers(1, 5000), st.sampled_from([0.01, 0.02, 0.05, 0.1]))
def test_the_draw_that_clears_a_limit_is_the_smallest_that_does(population, limit):
    drawn = sample_to_clear(population, limit)
    wrong = math.floor(limit * population) + 1
    assert hypergeom.pmf(0, population, wrong, drawn) <= 0.05 + 1e-12
    assert drawn == 1 or hypergeom.pmf(0, population, wrong, drawn - 1) > 0.05 - 1e-12


@pytest.mark.parametrize("wrong", [(-1, 5), (6, 5), (0, 0)])
def test_what_cannot_be_counted_is_refused(wrong):
    with pytest.raises(ValueError, match="hits"):
        wilson(*wrong)
    with pytest.raises(ValueError, match="confidence"):
        wilson(1, 2, confidence=1.0)
