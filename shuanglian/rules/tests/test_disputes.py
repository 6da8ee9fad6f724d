"""Where disputes begin, how they go up, until when they name anybody (VOICE-5)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuanglian.rules.disputes import UPWARD, above, begins, limits, named_until, shown
from shuanglian.rules.profile import load
from shuanglian.rules.working_days import WorkingDays

PROFILE = load("tongwei_2015")
DISPUTES, CHINA = PROFILE.disputes, WorkingDays("CN")
DAYS = st.dates(date(2012, 2, 20), date(2025, 12, 31))
RUNGS = st.sets(st.sampled_from(UPWARD), min_size=1).map(lambda some: {one: DISPUTES.rungs[one] for one in some})


@given(st.sampled_from([one for one in DISPUTES.kinds.values() if one.begins == "village"]))
def test_VOICE_5_small_matters_begin_in_the_village(kind):
    assert begins(kind, DISPUTES.rungs) == "village"


@pytest.mark.parametrize("code", ["ethnic", "religious"])
def test_M_VOICE_10_ethnic_and_religious_matters_go_straight_to_the_county(code):
    assert begins(DISPUTES.kinds[code], DISPUTES.rungs) == "county"
    assert above("county", DISPUTES.rungs) is None


def test_M_VOICE_13_the_five_kinds_are_there():
    assert {"reconstruction", "poverty_work", "project", "hydropower", "election"} <= set(DISPUTES.kinds)


@given(st.sampled_from(list(DISPUTES.kinds.values())), RUNGS)
def test_VOICE_5_every_dispute_reaches_the_top_and_never_goes_down(kind, rungs):
    level, seen = begins(kind, rungs), []
    while level is not None:
        seen.append(UPWARD.index(level))
        level = above(level, rungs)
    assert seen == sorted(set(seen))
    assert UPWARD.index(kind.begins) <= seen[0]


@given(st.sampled_from(UPWARD), DAYS)
def test_VOICE_5_time_runs_in_working_days_and_the_reminder_comes_before_it_is_over(level, since):
    due, remind = limits(level, DISPUTES.rungs, since=since, days=CHINA)
    assert since <= remind <= due and CHINA.is_working(due)
    assert CHINA.between(since, due) == DISPUTES.rungs[level].days


@given(DAYS, st.integers(1, 120))
def test_VOICE_5_names_are_kept_for_whole_months_and_not_a_day_of_the_next(closed, months):
    until = named_until(closed, months)
    assert (until.year - closed.year) * 12 + until.month - closed.month == months
    assert until.day == closed.day or (until + timedelta(days=1)).day == 1  # or the last of a shorter month


@given(st.integers(0, 100), st.integers(2, 10))
def test_VOICE_5_small_figures_are_not_shown(count, fewest):
    assert shown(count, fewest) == (count if count == 0 or count >= fewest else None)
