"""Figures that others have printed (IDX-2): each with its source."""

import pytest

from shuanglian.measures import counting, inequality, poverty, scales

# x and y of the examples of the R package ineq (help pages `pov` and `ineq`).
INEQ_X = [541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261]


def test_ineq_prints_these_for_its_own_example():
    # R 'ineq' on INEQ_X: Gini 0.4620911, Atkinson 0.1796591 (0.5) and 0.3518251 (1).
    assert inequality.gini(INEQ_X) == pytest.approx(0.4620911, abs=5e-8)
    assert inequality.atkinson(INEQ_X, epsilon=0.5) == pytest.approx(0.1796591, abs=5e-8)
    assert inequality.atkinson(INEQ_X, epsilon=1) == pytest.approx(0.3518251, abs=5e-8)


def test_handbook_on_poverty_and_inequality_table_of_country_C():
    # Haughton and Khandker (World Bank 2009), chapter 4: 100, 110, 150, 160 against 125.
    found = poverty.poverty([100, 110, 150, 160], 125)
    assert (found.headcount, found.gap, found.severity) == pytest.approx((0.5, 0.08, 0.0136))
    # Countries A and B of the same chapter: equally many poor, not equally deep.
    a, b = ([100, 100, 150, 150], [124, 124, 150, 150])
    assert poverty.headcount(a, 125) == poverty.headcount(b, 125) == 0.5
    assert (poverty.gap(a, 125), poverty.gap(b, 125)) == pytest.approx((0.1, 0.004))


def test_wbpip_all_poor_nobody_poor_and_no_income():
    # World Bank, R package wbpip, tests of md_compute_poverty_stats.
    assert poverty.headcount(range(10, 101), 9, weights=range(10, 101)) == 0
    assert poverty.headcount(range(1, 101), 101) == 1
    assert poverty.gap([0] * 10, 12) == 1
    assert poverty.gap(range(21, 31), 15) == 0
    assert inequality.mld([2] * 1000) == pytest.approx(0, abs=1e-12)


def test_stoermann_regional_incomes():
    # Stoermann (2009), printed by the R package REAT for its `theil`, which is the mean log deviation.
    assert inequality.mld([10, 10, 10, 20, 50]) == pytest.approx(0.2326302, abs=5e-8)


def test_wbpip_weights_belong_to_their_rows_whatever_their_order():
    # wbpip, tests of md_compute_gini.
    assert inequality.gini([5, 4, 3, 2, 1], weights=[10, 11, 12, 13, 14]) == pytest.approx(
        inequality.gini([1, 2, 3, 4, 5], weights=[14, 13, 12, 11, 10])
    )


def test_five_incomes_by_hand():
    found = poverty.poverty([1, 2, 3, 4, 5], 3)
    assert (found.headcount, found.gap, found.severity) == pytest.approx((0.4, 0.2, 1 / 9))
    assert poverty.headcount([1, 2, 3, 4, 5], 3, inclusive=True) == 0.6
    assert inequality.gini([1, 2, 3, 4, 5]) == pytest.approx(4 / 15)


ALKIRE_FOSTER = [[13.1, 14, 4, 1], [15.2, 7, 5, 0], [12.5, 10, 1, 0], [20, 11, 3, 1]]
ALKIRE_FOSTER_CUTOFFS = [13, 12, 3, 1]


def test_alkire_and_foster_2011_illustration():
    # Alkire and Foster (2011), Journal of Public Economics 95: four persons, k = 2 of 4; the matrix of gaps is
    # printed as 0.42, 1 / 0.04, 0.17, 0.67, 1 / 0.08.
    gaps = counting.gaps(ALKIRE_FOSTER, ALKIRE_FOSTER_CUTOFFS)
    assert gaps.round(2).tolist() == [[0, 0, 0, 0], [0, 0.42, 0, 1], [0.04, 0.17, 0.67, 1], [0, 0.08, 0, 0]]
    found = counting.alkire_foster(gaps > 0, cutoff=2 / 4, gaps=gaps)
    assert (found.h, found.a, found.m0) == (0.5, 0.75, 0.375)
    assert found.m1 == pytest.approx((5 / 12 + 1 + 0.5 / 13 + 2 / 12 + 2 / 3 + 1) / 16)
    assert found.m2 == pytest.approx(((5 / 12) ** 2 + 1 + (0.5 / 13) ** 2 + (2 / 12) ** 2 + (2 / 3) ** 2 + 1) / 16)
    assert found.censored_headcounts == (0.25, 0.5, 0.25, 0.5)
    assert found.uncensored_headcounts == (0.25, 0.75, 0.25, 0.5)
    assert found.contributions == pytest.approx((1 / 6, 1 / 3, 1 / 6, 1 / 3))


def test_mpindex_simple_example():
    # R package mpindex 0.2.1, tests of compute_mpi.
    found = counting.alkire_foster([[0, 0, 0, 0], [1, 0, 0, 1], [1, 1, 1, 1], [0, 1, 0, 0]], cutoff=0.5)
    assert (found.h, found.a, found.m0) == (0.5, 0.75, 0.375)
    assert sum(found.contributions) == pytest.approx(1)


# UNDP, Human Development Report 2015, technical note 5: four households; rows are the ten indicators.
UNDP_SIZES = [4, 7, 5, 4]
UNDP_INDICATORS = [
    [0, 1, 0, 1], [0, 1, 0, 0],  # education: years of schooling, attendance
    [0, 0, 1, 0], [1, 1, 0, 1],  # health: nutrition, child mortality
    [0, 1, 1, 1], [0, 0, 1, 0], [0, 1, 1, 0], [0, 0, 0, 0], [1, 1, 1, 1], [0, 1, 0, 1],  # living standards
]  # fmt: skip
UNDP_WEIGHTS = [1 / 6] * 4 + [1 / 18] * 6


def test_undp_technical_note_five_households_by_size():
    matrix = list(zip(*UNDP_INDICATORS, strict=True))
    found = counting.alkire_foster(matrix, cutoff=1 / 3, dimensions=UNDP_WEIGHTS, weights=UNDP_SIZES)
    assert (found.h, found.a, found.m0) == pytest.approx((0.80, 0.5625, 0.450))
    education, health = sum(found.contributions[:2]), sum(found.contributions[2:4])
    assert (education, health, 1 - education - health) == pytest.approx((0.333, 0.296, 0.370), abs=6e-4)


def test_two_households_by_size():
    found = counting.alkire_foster([[1, 0], [0, 0]], cutoff=0.5, weights=[3, 1])
    assert (found.h, found.a, found.m0) == (0.75, 0.5, 0.375)


def test_scales_of_a_couple_with_two_children():
    # OECD, What are equivalence scales?: per head 4, Oxford 2.7, modified 2.1, square root 2.
    assert (scales.per_head([4])[0], scales.square_root([4])[0]) == (4, 2)
    assert (scales.oecd([4], [2])[0], scales.modified_oecd([4], [2])[0]) == pytest.approx((2.7, 2.1))
