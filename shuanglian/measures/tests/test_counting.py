"""Alkire-Foster: a second computation, the cut-off, parts, focus, groups, edges (IDX-2)."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuanglian.kernel.refusal import Refusal
from shuanglian.measures import counting, scales


@st.composite
def cases(draw):
    """Achievements 0–5, cut-offs 1–5, whole weights of dimensions and people, k a fraction."""
    rows, dimensions = draw(st.integers(1, 8)), draw(st.integers(1, 5))
    many = st.lists(st.integers(0, 5), min_size=dimensions, max_size=dimensions)
    x = draw(st.lists(many, min_size=rows, max_size=rows))
    z = draw(st.lists(st.integers(1, 5), min_size=dimensions, max_size=dimensions))
    share = draw(st.lists(st.integers(1, 4), min_size=dimensions, max_size=dimensions))
    persons = draw(st.lists(st.integers(1, 4), min_size=rows, max_size=rows))
    k = Fraction(draw(st.integers(1, sum(share))), sum(share))
    return x, z, share, persons, k


def by_hand(x, z, share, persons, k, power):
    """(H, M of `power`) in exact fractions, person by person."""
    whole, everybody = sum(share), sum(persons)
    h, m = Fraction(0), Fraction(0)
    for row, count in zip(x, persons, strict=True):
        deprived = [a < b for a, b in zip(row, z, strict=True)]
        if Fraction(sum(s for s, d in zip(share, deprived, strict=True) if d), whole) >= k:
            h += Fraction(count, everybody)
            m += Fraction(count, everybody) * sum(
                Fraction(s, whole) * Fraction(b - a, b) ** power
                for a, b, s, d in zip(row, z, share, deprived, strict=True)
                if d
            )
    return float(h), float(m)


def work_out(x, z, share, persons, k):
    gaps = counting.gaps(x, z)
    return counting.alkire_foster(gaps > 0, cutoff=k, dimensions=share, weights=persons, gaps=gaps)


@given(cases())
def test_figures_equal_exact_fractions_whatever_the_cutoff(case):
    """k is always a possible score here, so persons stand exactly at the cut-off again and again."""
    found = work_out(*case)
    for power, m in enumerate((found.m0, found.m1, found.m2)):
        assert (found.h, m) == pytest.approx(by_hand(*case, power))


@given(cases())
def test_M0_is_H_times_A_and_parts_add_up(case):
    found = work_out(*case)
    assert found.m0 == pytest.approx(found.h * found.a)
    assert 0 <= found.m2 <= found.m1 + 1e-12
    assert found.m1 <= found.m0 + 1e-12
    assert found.m0 <= found.h + 1e-12
    assert sum(w * c for w, c in zip(found.weights, found.censored_headcounts, strict=True)) == pytest.approx(found.m0)
    for whole, parts in ((found.m0, found.contributions), (found.m1, found.contributions_m1)):
        assert sum(parts) == pytest.approx(1 if whole else 0)
    assert all(c <= u + 1e-12 for c, u in zip(found.censored_headcounts, found.uncensored_headcounts, strict=True))
    assert found.h <= 1 + 1e-12


@given(cases())
def test_whole_weights_equal_repeated_rows(case):
    x, z, share, persons, k = case
    often = [row for row, count in zip(x, persons, strict=True) for _ in range(count)]
    one, other = work_out(*case), work_out(often, z, share, [1] * len(often), k)
    assert (one.h, one.m0, one.m1) == pytest.approx((other.h, other.m0, other.m1))
    assert one.censored_headcounts == pytest.approx(other.censored_headcounts)


@given(cases(), st.integers(0, 100))
def test_what_the_non_poor_have_does_not_matter(case, more):
    x, z, share, persons, k = case
    poor = counting.is_poor(counting.gaps(x, z) > 0, cutoff=k, dimensions=share)
    richer = [row if is_poor else [a + more for a in row] for row, is_poor in zip(x, poor, strict=True)]
    one, other = work_out(*case), work_out(richer, z, share, persons, k)
    assert (one.h, one.m0, one.m1, one.m2) == (other.h, other.m0, other.m1, other.m2)


@given(cases(), st.data())
def test_the_whole_is_the_sum_of_groups_by_their_share(case, data):
    x, z, share, persons, k = case
    group = np.array(data.draw(st.lists(st.booleans(), min_size=len(x), max_size=len(x))))
    whole, total = work_out(*case), 0.0
    for members in (group, ~group):
        if members.any():
            rows = [row for row, is_in in zip(x, members, strict=True) if is_in]
            counts = [count for count, is_in in zip(persons, members, strict=True) if is_in]
            total += sum(counts) / sum(persons) * work_out(rows, z, share, counts, k).m0
    assert total == pytest.approx(whole.m0)


@pytest.mark.parametrize(
    ("weights", "k"),
    [
        ([1 / 3] * 3, 2 / 3),
        ([1 / 3] * 3, Fraction(2, 3)),
        ([0.333333] * 3, 0.666667),
        ([0.1] * 10, 0.3),
        ([0.1] * 10, 0.7),
        ([1 / 6] * 4 + [1 / 18] * 6, 1 / 3),
        ([1, 1, 1], 2 / 3),
        ([0.7, 0.1, 0.1, 0.1], 0.3),
    ],
)
def test_a_score_exactly_at_the_cutoff_is_poor_and_one_below_is_not(weights, k):
    """Deprived in as few of the last dimensions as reach k; then in one less."""
    exact = [Fraction(w).limit_denominator(1000) for w in weights]
    exact = [w / sum(exact) for w in exact]
    reached = next(n for n in range(1, len(exact) + 1) if sum(exact[-n:]) >= Fraction(k).limit_denominator(1000))
    assert sum(exact[-reached:]) == Fraction(k).limit_denominator(1000)
    rows = [[int(at >= len(exact) - n) for at in range(len(exact))] for n in (reached, reached - 1)]
    assert counting.is_poor(rows, cutoff=k, dimensions=weights).tolist() == [True, False]


def test_union_and_intersection_are_the_ends_of_the_cutoff():
    g0 = [[1, 0, 0], [1, 1, 1], [0, 0, 0]]
    assert counting.alkire_foster(g0, cutoff=0.001).h == pytest.approx(2 / 3)
    assert counting.alkire_foster(g0, cutoff=1).h == pytest.approx(1 / 3)


def test_nobody_poor_is_0_everywhere():
    found = counting.alkire_foster([[0, 1], [0, 0]], cutoff=1)
    assert (found.h, found.a, found.m0, found.contributions) == (0, 0, 0, (0, 0))
    assert found.uncensored_headcounts == (0, 0.5)
    assert found.censored_headcounts == (0, 0)


def test_weights_of_any_sum_are_shares():
    g0 = [[1, 0], [0, 1], [1, 1]]
    one, other = (counting.alkire_foster(g0, cutoff=0.7, dimensions=w) for w in ([3, 1], [0.75, 0.25]))
    assert one == other
    assert one.weights == (0.75, 0.25)


@pytest.mark.parametrize("cutoff", [0, -0.1, 1.5, 2, float("nan")])
def test_a_cutoff_that_is_no_share_is_refused_with_the_cure(cutoff):
    with pytest.raises(Refusal) as refused:
        counting.alkire_foster([[1, 0]], cutoff=cutoff)
    assert "2/4" in str(refused.value.said)


@pytest.mark.parametrize(
    ("g0", "more", "code"),
    [
        ([[1, 2]], {}, "deprivation"),
        ([[1, float("nan")]], {}, "deprivation"),
        ([1, 0], {}, "shape"),
        ([], {}, "shape"),
        ([[1, 0]], {"dimensions": [1]}, "lengths"),
        ([[1, 0]], {"dimensions": [0, 0]}, "dimension_weights"),
        ([[1, 0]], {"dimensions": [2, -1]}, "dimension_weights"),
        ([[1, 0]], {"weights": [1, 1]}, "lengths"),
        ([[1, 0]], {"weights": [-1]}, "negative_weight"),
        ([[1, 0]], {"weights": [0]}, "empty"),
        ([[1, 0]], {"gaps": [[1]]}, "shape"),
    ],
)
def test_what_cannot_be_counted_is_refused(g0, more, code):
    with pytest.raises(Refusal) as refused:
        counting.alkire_foster(g0, cutoff=0.5, **more)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("x", "z", "code"),
    [([[1, 2]], [1], "shape"), ([[1, 2]], [1, 0], "cutoffs"), ([[1, float("nan")]], [1, 1], "missing")],
)
def test_gaps_need_amounts_and_positive_cutoffs(x, z, code):
    with pytest.raises(Refusal) as refused:
        counting.gaps(x, z)
    assert refused.value.code == code


def test_scales_refuse_impossible_households_by_their_number():
    for ask in (
        lambda: scales.per_head([2, 0]),
        lambda: scales.oecd([2, 2], [1, 3]),
        lambda: scales.oecd([2, 2], [1, -1]),
    ):
        with pytest.raises(Refusal) as refused:
            ask()
        assert refused.value.said.params["row"] == 2
    assert scales.oecd([3], [0])[0] == pytest.approx(2)  # children only: the first stands for the first adult
    with pytest.raises(Refusal, match="adults"):
        scales.equivalents("oecd", [1])
    assert scales.equivalents("square_root", [9])[0] == 3
