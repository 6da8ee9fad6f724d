"""Working days around Spring Festival and at other times (VOICE-2: time limits of the ladder)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuanglian.kernel.refusal import Refusal
from shuanglian.rules.working_days import WorkingDays

CN = WorkingDays("CN")
DAYS = st.dates(date(2012, 1, 1), date(2026, 12, 1))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2015-02-15", True),  # a Sunday that makes up for the festival (State Council, 2014-12-16)
        ("2015-02-17", True), ("2015-02-18", False), ("2015-02-24", False), ("2015-02-25", True),
        ("2015-02-28", True),  # a Saturday that makes up
        ("2015-02-22", False), ("2015-03-01", False), ("2015-10-10", True), ("2015-10-07", False),
        ("2015-09-03", False),  # the day of the victory, once only
    ],
)  # fmt: skip
def test_spring_festival_2015_with_its_make_up_days(day: str, works: bool) -> None:
    assert CN.is_working(date.fromisoformat(day)) is works


def test_VOICE_2_a_limit_of_three_days_set_before_the_festival_ends_after_it() -> None:
    assert CN.add(date(2015, 2, 17), 3) == date(2015, 2, 27)
    assert CN.between(date(2015, 2, 17), date(2015, 2, 27)) == 3
    assert CN.before(date(2015, 2, 27), 3) == date(2015, 2, 17)


def test_a_county_has_days_of_its_own_and_a_country_without_calendar_counts_weekends_off() -> None:
    flood = WorkingDays("CN", extra_off=[date(2015, 6, 1)], extra_on=[date(2015, 6, 6)])
    assert (flood.is_working(date(2015, 6, 1)), flood.is_working(date(2015, 6, 6))) == (False, True)
    plain = WorkingDays("")
    assert [plain.is_working(date(2015, 2, 16) + timedelta(days=n)) for n in range(7)] == [True] * 5 + [False] * 2


def test_a_country_that_nobody_keeps_is_refused_with_its_name() -> None:
    with pytest.raises(Refusal) as told:
        WorkingDays("QQ")
    assert told.value.code == "no_calendar"


def test_a_year_whose_arrangement_is_not_out_says_so() -> None:
    assert CN.known(2015)
    assert not CN.known(2090)


@given(DAYS, st.integers(0, 40))
def test_adding_and_counting_agree(day: date, n: int) -> None:
    end = CN.add(day, n)
    assert CN.is_working(end)
    assert CN.between(day, end) == n or (n == 0 and CN.between(day, end) <= 1)


@given(DAYS, st.integers(1, 20), st.integers(1, 20))
def test_adding_twice_is_adding_once(day: date, n: int, m: int) -> None:
    assert CN.add(CN.add(day, n), m) == CN.add(day, n + m)
