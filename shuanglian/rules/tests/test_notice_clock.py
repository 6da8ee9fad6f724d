"""The clock of notices (REG-4): full calendar days, standing still while somebody's objection is open."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuanglian.rules.notice_clock import has_run, last_day, stood_still

DAY = timedelta(days=1)
POSTED = st.dates(date(2012, 1, 1), date(2030, 12, 31))
DAYS = st.integers(1, 40)
CLOSED = st.lists(st.tuples(st.integers(0, 80), st.integers(0, 30)), max_size=8)


def stretches(posted, drawn):
    return [(posted + since * DAY, posted + (since + length) * DAY) for since, length in drawn]


def counted_one_by_one(posted, days, stood):
    """The same by walking the calendar."""
    on, left = posted, days
    while left:
        on += DAY
        left -= not any(since <= on <= until for since, until in stood)
    return on


@given(POSTED, DAYS, CLOSED)
def test_REG_4_the_last_day_is_the_one_found_by_walking_the_calendar(posted, days, drawn):
    stood = stretches(posted, drawn)
    assert last_day(posted, days, stood) == counted_one_by_one(posted, days, stood)


@given(POSTED, DAYS, CLOSED)
def test_REG_4_exactly_so_many_days_count(posted, days, drawn):
    stood = stretches(posted, drawn)
    last = last_day(posted, days, stood)
    assert (last - posted).days == days + stood_still(posted, last, stood)
    assert not has_run(posted, days, stood, last) and has_run(posted, days, stood, last + DAY)


@given(POSTED, DAYS, CLOSED, st.integers(0, 80))
def test_REG_4_an_open_objection_keeps_the_clock_still_unless_it_came_too_late(posted, days, drawn, since):
    stood = stretches(posted, drawn)
    without, opened = last_day(posted, days, stood), posted + since * DAY
    found = last_day(posted, days, [*stood, (opened, None)])
    assert found == (None if opened <= without else without)


@given(POSTED, DAYS, CLOSED, st.integers(0, 80), st.integers(0, 30))
def test_REG_4_one_more_objection_never_shortens_a_notice(posted, days, drawn, since, length):
    stood = stretches(posted, drawn)
    more = [*stood, (posted + since * DAY, posted + (since + length) * DAY)]
    assert last_day(posted, days, more) >= last_day(posted, days, stood)


@pytest.mark.parametrize(
    ("posted", "last"),
    [
        (date(2015, 12, 28), date(2016, 1, 4)),  # across the end of a year
        (date(2016, 2, 25), date(2016, 3, 3)),  # a leap year: 29 February is one of the seven
        (date(2015, 2, 25), date(2015, 3, 4)),
        (date(2015, 3, 2), date(2015, 3, 9)),
    ],
)
def test_REG_4_seven_days(posted, last):
    assert last_day(posted, 7) == last


def test_the_day_of_posting_does_not_count_even_when_objected_to():
    posted = date(2015, 3, 2)
    assert last_day(posted, 7, [(posted, posted)]) == date(2015, 3, 9)


def test_nonsense_is_an_error():
    with pytest.raises(ValueError, match="at least one day"):
        last_day(date(2015, 3, 2), 0)
    with pytest.raises(ValueError, match="before it was made"):
        last_day(date(2015, 3, 2), 7, [(date(2015, 3, 4), date(2015, 3, 3))])
