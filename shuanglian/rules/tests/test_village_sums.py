"""Village plans add up, or say where they do not (PLAN-2, PLAN-6): examples of every check, properties of the sums."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuanglian.rules.profile import built_in, load
from shuanglian.rules.village_shapes import CHECKS
from shuanglian.rules.village_sums import (
    CHANNELS,
    NAMES,
    HomeMeasure,
    Homes,
    Line,
    Plan,
    Promise,
    degree,
    reckon,
    step_degree,
    value_at,
    whole_degree,
)

RULES = load("tongwei_2015").villages
FULL = Decimal(100)
HOMES = Homes(
    10, 40, Decimal(2500), 10, 10, 4, 0,
    {"ewes": HomeMeasure("operating", 8, 20, Decimal(40_000)), "export_worker": HomeMeasure("wage", 3, 3, Decimal(33_000))},
    {"own": Decimal(9_000), "unit": Decimal(20_000)},
)  # fmt: skip
PENS = Line(1, "pens", "养殖小区", date(2016, 10, 1), Decimal(50_000), "special", "operating", Decimal(8_000))
GOOD = Plan(
    2017, 40, Decimal(2500), Decimal(4500), "livestock", (PENS,),
    (Promise("income", Decimal(30), Decimal(40), Decimal(35)),),
    {"unit": Decimal(20_000), "special": Decimal(50_000)}, Decimal(4000),
)  # fmt: skip


def codes(plan, homes=HOMES):
    return [fault.code for fault in reckon(RULES, plan, homes).faults]


def test_PLAN_2_a_plan_that_adds_up_says_nothing():
    found = reckon(RULES, GOOD, HOMES)
    assert (found.need, found.carried, found.short, found.faults) == (80_000, 81_000, 0, ())
    assert found.channels["operating"] == (40_000, 8_000) and found.channels["wage"] == (33_000, 0)
    assert (GOOD.growth, GOOD.rate) == (2000, Decimal("0.8"))


@pytest.mark.parametrize(("plan", "homes", "code", "place", "told"), [
    ({"target": Decimal(3900)}, {}, "target_low", "income", {"target": 3900, "least": 4000}),
    ({"target": Decimal(5000)}, {}, "income_short", "income", {"need": 100_000, "carried": 81_000, "short": 19_000,
                                                              "a_head": 475}),
    ({}, {"planned": 9, "agreed": 9}, "homes_missing", "homes", {"n": 1, "of": 10}),
    ({}, {"agreed": 7}, "homes_not_agreed", "homes", {"n": 3, "of": 10}),
    ({}, {"leaving_unplanned": 2}, "leaving_unplanned", "leaving", {"n": 2, "of": 4, "year": 2017}),
    ({"funds": {"unit": Decimal(15_000), "special": Decimal(50_000)}}, {}, "cost_over", "fund-unit",
     {"fund": "unit", "over": 5_000, "homes": 20_000, "village": 0}),
    ({"lines": (replace(PENS, work="storage"),)}, {"measures": {**HOMES.measures, "ewes": HomeMeasure(
        "operating", 12, 20, Decimal(40_000))}}, "work_missing", "lines", {"work": "pens", "measure": "ewes", "n": 12}),
    ({"industry": "fruit"}, {}, "industry_smaller", "industry", {"industry": "fruit", "other": "livestock",
                                                                 "mine": 8_000, "theirs": 40_000}),
    ({"promises": (Promise("income", Decimal(30), Decimal(29)),)}, {}, "below_present", "indicator-income",
     {"promised": 29, "present": 30}),
    ({"promises": (Promise("income", Decimal(30), Decimal(34), Decimal(35)),)}, {}, "below_step", "indicator-income",
     {"promised": 34, "step": 35}),
    ({"lines": (PENS, Line(2, "road", "砂路", date(2018, 3, 1)))}, {}, "after_end", "line-2",
     {"number": 2, "due": date(2018, 3, 1), "year": 2017}),
])  # fmt: skip
def test_PLAN_2_each_discrepancy_is_named_with_its_place_and_figures(plan, homes, code, place, told):
    faults = reckon(RULES, replace(GOOD, **plan), replace(HOMES, **homes)).faults
    assert [(fault.code, fault.place) for fault in faults] == [(code, place)]
    assert {name: faults[0].told[name] for name in told} == told


def test_a_work_is_asked_for_only_when_enough_households_need_it():
    few = replace(HOMES, measures={"ewes": HomeMeasure("operating", 9, 20, Decimal(80_000))})
    assert codes(replace(GOOD, lines=()), few) == []


def test_what_is_due_after_the_end_brings_nothing_to_the_account():
    late = replace(GOOD, lines=(replace(PENS, due_on=date(2018, 1, 1)),))
    assert codes(late) == ["income_short", "after_end"]


def test_a_years_plan_may_hold_work_that_runs_on_in_the_longer_plan():
    late = replace(GOOD, yearly=True, lines=(replace(PENS, due_on=date(2018, 1, 1)),))
    assert codes(late) == ["income_short"]


def test_a_fund_that_no_sum_is_set_for_is_never_exceeded():
    plan = replace(GOOD, lines=(replace(PENS, fund="credit", cost=Decimal(999_999)),))
    assert codes(plan) == []


def test_a_profile_may_bear_some_households_that_have_not_agreed():
    province = load("gansu_province_2012").villages
    waiting = replace(HOMES, agreed=9)
    assert "homes_not_agreed" in codes(GOOD, waiting)
    assert "homes_not_agreed" not in [fault.code for fault in reckon(province, GOOD, waiting).faults]


@pytest.mark.parametrize(("code", "value", "comes"), [
    ("income", "7500", 50), ("income", "30000", 100), ("engel", "50", 80), ("engel", "30", 100), ("engel", "0", 100),
    ("girls", "90", 90), ("girls", "125", 80), ("girls", "100", 100), ("income", None, None),
])  # fmt: skip
def test_the_degree_of_an_indicator(code, value, comes):
    assert degree(RULES.indicators[code], None if value is None else Decimal(value)) == comes


def test_degrees_together_go_by_weight_and_leave_out_what_is_not_known():
    assert whole_degree(RULES, {"income": Decimal(50), "schooling": Decimal(100), "gdp": None}) == 75
    assert whole_degree(RULES, {"gdp": None}) is None


def test_the_yearly_step_of_the_longer_plan():
    assert step_degree(Decimal(40), Decimal(100), 2014, 2017, 2015) == 60
    assert step_degree(Decimal(40), Decimal(100), 2014, 2017, 2017) == 100
    assert step_degree(Decimal(40), Decimal(100), 2014, 2017, 2013) == 40


@pytest.mark.parametrize("name", built_in())
def test_sentences_of_checks_name_only_what_they_are_given(name):
    rules = load(name).villages
    assert set(rules.checks) == set(CHECKS) == set(NAMES)
    for code, check in rules.checks.items():
        for text in (check.says.zh, check.says.en, check.cure.zh, check.cure.en):
            assert {part for _before, part, *_rest in Formatter().parse(text) if part} <= set(NAMES[code])


# --- properties ---------------------------------------------------------------------------------------------------------
yuan = st.integers(0, 200_000).map(Decimal)
measures = st.dictionaries(
    st.sampled_from(["ewes", "cow", "export_worker", "orchard", "vegetables", "dibao_1", "no_such"]),
    st.builds(HomeMeasure, st.sampled_from(CHANNELS), st.integers(1, 60), st.integers(1, 90), yuan, yuan), max_size=6,
)  # fmt: skip
funds = st.dictionaries(st.sampled_from(["own", "unit", "special", "sector", "credit"]), yuan, max_size=4)
lines = st.lists(
    st.builds(
        Line, st.integers(1, 60), st.sampled_from(list(RULES.works)), st.just("项目"),
        st.dates(date(2015, 1, 1), date(2019, 12, 31)), yuan, st.sampled_from(["unit", "special", "own"]),
        st.sampled_from(CHANNELS), yuan,
    ), max_size=6,
).map(tuple)  # fmt: skip
degrees = st.one_of(st.none(), st.integers(0, 100).map(Decimal))
promises = st.lists(
    st.builds(Promise, st.sampled_from(list(RULES.indicators)), degrees, degrees, degrees), max_size=4
).map(tuple)
plans = st.builds(
    Plan, st.integers(2015, 2020), st.integers(0, 900), yuan, yuan, st.sampled_from(list(RULES.industries)), lines, promises,
    funds, yuan,
)  # fmt: skip
homes = st.builds(
    Homes, st.integers(0, 300), st.integers(0, 900), st.one_of(st.none(), yuan), st.integers(0, 300), st.integers(0, 300),
    st.integers(0, 300), st.integers(0, 300), measures, funds,
)  # fmt: skip


@given(plans, homes)
def test_PLAN_2_sums_are_whole_and_every_fault_can_be_said(plan, told):
    found = reckon(RULES, plan, told)
    assert found.carried == sum(one.gain for one in told.measures.values()) + sum(
        one.gain for one in plan.lines if one.due_on.year <= plan.until)  # fmt: skip
    assert found.short == max(0, plan.need - found.carried)
    whole = sum(one.whole for one in found.funds.values())
    assert whole == sum(told.funds.values()) + sum(one.cost for one in plan.lines)
    assert found.adds_up == (not found.faults)
    for fault in found.faults:
        check = RULES.checks[fault.code]
        assert set(fault.told) == set(NAMES[fault.code])
        assert check.says.zh.format(**fault.told) and check.cure.en.format(**fault.told)


@given(plans, homes, lines)
def test_more_that_brings_never_widens_the_gap_and_order_does_not_matter(plan, told, more):
    before, after = reckon(RULES, plan, told), reckon(RULES, replace(plan, lines=(*plan.lines, *more)), told)
    assert after.short <= before.short
    turned = reckon(RULES, replace(plan, lines=plan.lines[::-1]), told)
    assert (turned.channels, turned.short, turned.industries) == (before.channels, before.short, before.industries)
    assert {(one.code, one.place) for one in turned.faults} == {(one.code, one.place) for one in before.faults}


@given(plans, homes)
def test_the_money_that_is_there_heals_the_money_account(plan, told):
    found = reckon(RULES, plan, told)
    enough = {code: one.whole for code, one in found.funds.items()}
    assert "cost_over" not in [fault.code for fault in reckon(RULES, replace(plan, funds=enough), told).faults]


@given(st.sampled_from(list(RULES.indicators)), st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_degree_lies_between_nothing_and_all_and_grows_with_what_is_better(code, one, other):
    shape = RULES.indicators[code]
    low, high = sorted((Decimal(one), Decimal(other)))
    first, second = degree(shape, low), degree(shape, high)
    assert min(first, second) >= 0 and max(first, second) <= FULL
    if shape.better == "more":
        assert first <= second
    elif shape.better == "less":
        assert first >= second


@given(st.sampled_from(list(RULES.indicators)), st.integers(1, 1000), st.integers(0, 10**5))
def test_a_value_for_a_degree_is_that_far_or_further(code, tenths, now):
    shape, wanted = RULES.indicators[code], Decimal(tenths) / 10
    found = degree(shape, value_at(shape, wanted, Decimal(now)))
    assert found >= wanted
    assert found <= wanted + 1 or shape.target < 10  # no further than two places of the value make it
