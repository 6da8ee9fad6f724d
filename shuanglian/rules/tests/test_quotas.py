"""Quotas, exemptions, need and strength on both profiles."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.speech import speak
from shuanglian.rules.profile import load
from shuanglian.rules.quotas import (
    CadreFacts,
    capacity_for,
    need_band,
    need_of,
    quota_for,
    strongest_unit,
    takes_households,
    unit_strength,
    village_need,
    village_need_of,
    villages_for,
)

ON = date(2015, 7, 1)
COUNTY, PROVINCE = load("tongwei_2015"), load("gansu_province_2012")


def test_PAIR_2_quota_is_the_profiles_on_the_day():
    assert quota_for(COUNTY, "county_deputy", ON) == 7
    assert quota_for(COUNTY, "county_deputy", date(2014, 6, 1)) == 5
    assert quota_for(PROVINCE, "prefecture", date(2012, 6, 1)) == 6


def test_PAIR_2_a_rank_that_the_profile_does_not_know_is_refused():
    with pytest.raises(Refusal) as caught:
        quota_for(PROVINCE, "section", ON)
    assert caught.value.code == "unknown_rank"


def test_PAIR_2_minimum_quota_and_fallback_slots():
    assert capacity_for(COUNTY, CadreFacts(rank="section"), ON) == (2, 4, 0)
    assert capacity_for(COUNTY, CadreFacts(rank="ordinary", post="township_stationed"), ON) == (1, 1, 6)
    assert capacity_for(PROVINCE, CadreFacts(rank="other", post="township_stationed"), ON) == (1, 3, 4)


@pytest.mark.parametrize("profile", [COUNTY, PROVINCE], ids=["county", "province"])
@pytest.mark.parametrize("occupation", ["teacher", "medical", "enterprise_worker"])
def test_PAIR_3_teachers_medical_staff_and_workers_take_none(profile, occupation):
    rank = list(profile.ranks)[-1]
    takes, why = takes_households(profile, CadreFacts(rank=rank, occupation=occupation), ON)
    assert not takes
    assert str(why).endswith("不联户")
    assert capacity_for(profile, CadreFacts(rank=rank, occupation=occupation), ON) == (0, 0, 0)


@pytest.mark.parametrize("status", ["leave", "retired", "transferred", "deceased"])
def test_PAIR_3_who_is_not_at_work_takes_none(status):
    assert not takes_households(COUNTY, CadreFacts(rank="section", status=status), ON)[0]


def test_PAIR_3_everybody_else_takes_some():
    takes, why = takes_households(COUNTY, CadreFacts(rank="section", occupation="official", status="active"), ON)
    assert (takes, str(why)) == (True, "科级，至多联 4 户")
    assert takes_households(COUNTY, CadreFacts(rank="section"), ON)[0]


def test_a_cadre_without_a_known_rank_takes_none_and_it_says_why():
    takes, why = takes_households(COUNTY, CadreFacts(rank=None), ON)
    assert (takes, speak(why, "zh")) == (False, "职级不明，无法定联户数")


LIGHT = {"income_per_head": 2800, "members": 4, "labour": 3, "ill": 0, "disabled": 0, "pupils": 0}
HARD = {
    "income_per_head": 900, "members": 5, "labour": 0, "ill": 2, "disabled": 1, "pupils": 2, "unsafe_house": True,
    "unsafe_water": True, "main_cause": "01", "household_class": "04", "other_causes": 2,
}  # fmt: skip


def test_PAIR_5_need_adds_up_and_says_why():
    need = need_of(COUNTY, HARD, ON)
    assert (need.points, need.band) == (14, 4)
    assert "人均收入不到贫困线一半" in need.said()
    assert "nobody can work" in need.said("en")


def test_PAIR_5_of_one_group_only_the_highest_counts():
    reasons = [rule.group for rule in need_of(COUNTY, HARD, ON).reasons]
    assert len(reasons) == len(set(reasons))


def test_PAIR_5_a_light_household_and_one_of_which_nothing_is_known():
    assert need_of(COUNTY, LIGHT, ON).said() == ("人均收入在贫困线以下",)
    assert need_band(COUNTY, LIGHT, ON) == 0
    assert need_band(COUNTY, {}, ON) == 0


def test_PAIR_5_income_is_measured_against_the_line_of_the_year():
    household = {"income_per_head": 2400}
    assert [need_of(COUNTY, household, date(year, 6, 1)).points for year in (2013, 2015, 2020)] == [1, 1, 2]


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "income_per_head": st.integers(-500, 30_000),
            "members": st.integers(0, 12),
            "labour": st.integers(0, 12),
            "ill": st.integers(0, 5),
            "disabled": st.integers(0, 5),
            "pupils": st.integers(0, 5),
            "unsafe_house": st.booleans(),
            "unsafe_water": st.booleans(),
            "main_cause": st.sampled_from([*COUNTY.causes]),
            "household_class": st.sampled_from([*COUNTY.codes["household_class"].by_code]),
            "other_causes": st.integers(0, 4),
        },
    ),
    st.sampled_from([COUNTY, PROVINCE]),
)
def test_PAIR_5_more_hardship_never_means_less_need(household, profile):
    worse = {**household, "unsafe_house": True, "ill": household.get("ill", 0) + 1}
    assert 0 <= need_band(profile, household, ON) <= need_band(profile, worse, ON) <= 4


def test_PAIR_7_a_village_due_to_exit_needs_more():
    village = {"poor_households": 170, "poverty_rate": "0.31", "poor_village": True}
    assert village_need(COUNTY, {**village, "exit_this_year": True}, ON) > village_need(COUNTY, village, ON)
    assert village_need(PROVINCE, {**village, "exit_this_year": True}, ON) == village_need(PROVINCE, village, ON)
    assert "当年拟脱贫" in village_need_of(COUNTY, {"exit_this_year": True}, ON).said()


def test_PAIR_5_strength_of_units_by_tier_kind_and_size():
    strong = unit_strength(COUNTY, tier="province", kind="enterprise", cadres=200, on=ON)
    weak = unit_strength(COUNTY, tier="township", kind="institution", cadres=5, on=ON)
    assert strong == strongest_unit(COUNTY, ON)
    assert weak == 1
    assert unit_strength(COUNTY, tier=None, kind=None, cadres=0, on=ON) == 0


def test_PAIR_4_larger_units_take_more_villages():
    taken = [villages_for(COUNTY, cadres=cadres, on=ON) for cadres in (0, 10, 11, 31, 61, 121, 5000)]
    assert taken == [1, 1, 1, 2, 3, 5, 5]
