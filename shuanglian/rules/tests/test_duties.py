"""Duties: what is owed for the days that somebody was there, what counts, what is left (FIELD-2)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuanglian.rules.duties import Due, available, counted, counts, expected, owed, period_of, weigher
from shuanglian.rules.profile import load

FIRST, LAST = date(2015, 6, 1), date(2015, 6, 30)
STANDING = [(date(2015, 1, 1), None)]
DAYS = st.dates(date(2015, 5, 1), date(2015, 7, 31))
SPANS = st.lists(st.tuples(DAYS, st.none() | DAYS), max_size=4)


@pytest.fixture(scope="module")
def duties():
    return load("tongwei_2015").duties


@pytest.mark.parametrize(("per", "day", "first", "last"), [
    ("month", date(2016, 2, 14), date(2016, 2, 1), date(2016, 2, 29)),
    ("month", date(2015, 12, 31), date(2015, 12, 1), date(2015, 12, 31)),
    ("quarter", date(2015, 6, 30), date(2015, 4, 1), date(2015, 6, 30)),
    ("year", date(2015, 6, 30), date(2015, 1, 1), date(2015, 12, 31)),
])  # fmt: skip
def test_a_period_is_the_whole_month_quarter_or_year_of_a_day(per, day, first, last):
    assert period_of(per, day) == (first, last)


def test_FIELD_2_the_documents_numbers_stand_in_the_profile(duties):
    least = {code: (one.shape.least, one.shape.per) for code, one in duties.items()}
    assert least["team_days"] == (20, "month")
    assert (least["technician_services"], least["technician_days"]) == ((60, "year"), (90, "year"))
    assert least["leader_inspections"] == least["leader_studies"] == (1, "month")


def test_FIELD_2_another_countys_letter_runs_from_data_alone():
    other = load("gansu_province_2012").duties
    assert {code: other[code].shape.least for code in ("unit_visits", "unit_days", "cadre_visits", "cadre_days")} == {
        "unit_visits": 6, "unit_days": 40, "cadre_visits": 4, "cadre_days": 10,
    }  # fmt: skip


def test_FIELD_2_a_whole_month_owes_all_half_a_month_half_and_none_nothing(duties):
    team = duties["team_days"]
    assert owed(team, FIRST, LAST, held=STANDING) == 20
    assert owed(team, FIRST, LAST, held=[(date(2015, 6, 16), None)]) == 10
    assert owed(team, FIRST, LAST, held=STANDING, away=[(date(2015, 6, 11), date(2015, 6, 20))]) == 13  # 13⅓, down
    assert owed(team, FIRST, LAST, held=STANDING, away=[(date(2015, 5, 1), None)]) == 0
    assert owed(team, FIRST, LAST, held=[]) == 0


def test_FIELD_2_a_transfer_from_one_village_to_another_leaves_the_whole(duties):
    moved = [(date(2015, 1, 1), date(2015, 6, 12)), (date(2015, 6, 13), None)]
    assert owed(duties["team_days"], FIRST, LAST, held=moved) == 20


def test_FIELD_2_two_leaves_that_overlap_are_not_reckoned_twice(duties):
    away = [(date(2015, 6, 1), date(2015, 6, 15)), (date(2015, 6, 10), date(2015, 6, 15))]
    assert owed(duties["team_days"], FIRST, LAST, held=STANDING, away=away) == 10


@given(SPANS, SPANS, st.tuples(DAYS, DAYS).map(lambda both: (min(both), max(both))))
def test_FIELD_2_nobody_owes_more_for_being_away_or_less_for_having_been_there(held, away, more):
    duties = load("tongwei_2015").duties
    before = owed(duties["team_days"], FIRST, LAST, held=held, away=away)
    assert 0 <= before <= 20
    assert owed(duties["team_days"], FIRST, LAST, held=held, away=[*away, more]) <= before
    assert owed(duties["team_days"], FIRST, LAST, held=[*held, more], away=away) >= before
    days = {FIRST + timedelta(days=number) for number in range(30)}

    def inside(spans):
        return {day for day in days if any(since <= day <= (until or LAST) for since, until in spans)}

    assert available(FIRST, LAST, held, away) == len(inside(held) - inside(away))


def test_FIELD_2_one_day_counts_once_however_often_it_was_marked(duties):
    day = {"key": FIRST, "entered": True}
    assert counted(duties["cadre_days"], [day, day, {**day, "key": LAST}]) == 2
    halves = [{"key": 1, "worth": Decimal("0.5")}, {"key": 2, "worth": Decimal("1.5")}]
    assert counted(duties["technician_days"], halves) == 2


@pytest.mark.parametrize(
    ("worth", "came"), [(["0.5", "0.5"], 1), (["1", "1"], 1), (["0.5"], Decimal("0.5")), (["2.5", "1"], Decimal("2.5"))]
)
def test_FIELD_2_services_of_one_day_come_to_no_more_than_the_day(duties, worth, came):
    services = [{"key": number, "on": FIRST, "worth": Decimal(one)} for number, one in enumerate(worth)]
    assert counted(duties["technician_days"], services) == came


def test_FIELD_2_what_is_expected_so_far_follows_the_days_that_somebody_was_there():
    assert expected(Decimal(20), 8, 30) == 5  # 5⅓
    assert expected(Decimal(10), 0, 15) == 0
    assert expected(Decimal(0), 0, 0) == 0


def test_entries_alike_in_what_decides_are_weighed_alike(duties):
    weigh = weigher(duties["cadre_visits"])
    told = [
        (entered, refuted, minutes)
        for entered in (True, False, None)
        for refuted in (True, False, None)
        for minutes in (1, 2)
    ]
    for entered, refuted, minutes in told:
        entry = {"entered": entered, "refuted": refuted, "minutes": minutes}
        known = {name: value for name, value in entry.items() if value is not None}
        assert weigh(entry) == counts(duties["cadre_visits"], known)


def test_FIELD_6_a_visit_that_was_found_untrue_does_not_count_and_a_doubt_does(duties):
    visits = duties["cadre_visits"]
    assert not counts(visits, {"entered": True, "refuted": True})
    assert counts(visits, {"entered": True, "refuted": False, "flagged": True})
    assert counts(visits, {"entered": True})  # nobody has looked at it
    assert not counts(visits, {"entered": False})


def test_FIELD_2_who_is_behind_is_seen_before_the_period_ends():
    due = Due(Decimal(5), Decimal(20))
    assert not due.behind(date(2015, 6, 8), FIRST, LAST)  # 5 of 5⅓
    assert due.behind(date(2015, 6, 20), FIRST, LAST)
    assert (due.left, due.met) == (15, False)
    assert Due(Decimal(25), Decimal(20)).left == 0
    assert Due(Decimal(0), Decimal(0)).met
