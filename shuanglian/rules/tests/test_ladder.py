"""The ladder as data: rungs, urgency, limits in working days (VOICE-2, VOICE-3, BEN-7)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuanglian.rules.ladder import FACTS, limits
from shuanglian.rules.profile import load
from shuanglian.rules.working_days import WorkingDays

CN = WorkingDays("CN")
HERE, THERE = load("tongwei_2015").grievances, load("changshun_2017").grievances
WATER = {"category": "water", "never": "", "people": 1, "paired": True, "linked": True, "marked_urgent": False}


def codes(rungs: object) -> list[str]:
    return [one.code for one in rungs]  # type: ignore[attr-defined]


def test_VOICE_2_person_unit_township_department_office_city_province() -> None:
    assert codes(HERE.ladder.path(WATER)) == ["cadre", "unit", "township", "department", "county_office", "city",
                                              "province"]  # fmt: skip


def test_VOICE_2_what_has_no_cadre_and_no_department_passes_those_rungs_over() -> None:
    path = HERE.ladder.path({**WATER, "category": "dispute", "paired": False, "linked": False})
    assert codes(path) == ["township", "county_office", "city", "province"]


def test_VOICE_2_another_county_has_another_ladder_by_data_alone() -> None:
    assert codes(THERE.ladder.path(WATER)) == ["village", "township", "county_office", "city", "province"]
    assert codes(THERE.ladder.path({**WATER, "never": "doctor"}))[0] == "township"


def test_what_is_not_known_is_not_passed_over() -> None:
    assert codes(HERE.ladder.path({}))[0] == "cadre"


@pytest.mark.parametrize("never", ["living", "school", "doctor"])
def test_BEN_7_each_of_the_three_nevers_is_urgent_whatever_was_ticked(never: str) -> None:
    assert never in HERE.nevers
    found = HERE.ladder.urgency({**WATER, "never": never})
    assert found is not None and found.shape.code == "never"


def test_an_ordinary_demand_is_not_urgent_and_thirty_people_make_it_so() -> None:
    assert HERE.ladder.urgency(WATER) is None
    assert HERE.ladder.urgency({**WATER, "people": 30}) is not None


def test_VOICE_3_limits_run_over_spring_festival() -> None:
    rung = HERE.ladder.by_code["cadre"]
    assert limits(rung, urgent=False, since=date(2015, 2, 17), days=CN) == (date(2015, 2, 27), date(2015, 2, 26))
    assert limits(rung, urgent=True, since=date(2015, 2, 17), days=CN).due == date(2015, 2, 25)


def test_VOICE_6_money_conduct_and_falsification_take_the_sealed_road() -> None:
    assert {code for code, one in HERE.categories.items() if one.sealed} == {"fund", "conduct", "falsification"}
    assert not {"fund", "conduct", "falsification"} & set(HERE.open_categories)


def test_every_ask_of_field_work_has_one_category() -> None:
    asks = load("tongwei_2015").fieldwork.asks
    assert set(HERE.of_asks) == set(asks)


SOME = st.fixed_dictionaries({}, optional={
    "category": st.sampled_from(sorted(HERE.categories)), "never": st.sampled_from(["", *HERE.nevers]),
    "people": st.integers(1, 500), "paired": st.booleans(), "linked": st.booleans(), "denied": st.integers(0, 9),
    "marked_urgent": st.booleans(), "known": st.booleans(), "door": st.sampled_from(["card", "hotline"]),
})  # fmt: skip


@given(SOME)
def test_every_demand_has_a_path_that_climbs_to_the_top(facts: dict[str, object]) -> None:
    assert set(facts) <= FACTS
    for ladder in (HERE.ladder, THERE.ladder):
        path = ladder.path(facts)
        orders = [one.shape.order for one in path]
        assert path and orders == sorted(set(orders))
        assert path[-1] is ladder.rungs[-1]
        walked = [path[0].code]
        while (above := ladder.above(path, walked[-1])) is not None:
            walked.append(above.code)
        assert walked == codes(path)


@given(st.dates(date(2013, 1, 1), date(2026, 6, 1)), st.sampled_from(HERE.ladder.rungs), st.booleans())
def test_a_limit_ends_on_a_working_day_after_the_day_it_came(since: date, rung: object, urgent: bool) -> None:
    found = limits(rung, urgent=urgent, since=since, days=CN)  # type: ignore[arg-type]
    assert CN.is_working(found.due) and since < found.due and since <= found.remind <= found.due
