"""Which families are in the same case, and when a report is over (VOICE-4)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuanglian.rules.policywatch import ENDS, STATES, Progress, alike
from shuanglian.rules.profile import load

WATCH = load("tongwei_2015").policywatch
CAUSES = list(WATCH.causes.values())
STAND = st.sampled_from(["undecided", "owed", "applied", "approved", "received", "refused", "appealed", "ended"])
YUAN = st.one_of(st.none(), st.decimals(min_value=0, max_value=9999, places=2))


@given(st.sampled_from(CAUSES), STAND, YUAN, st.decimals(min_value=0, max_value=9999, places=2))
def test_VOICE_4_who_is_not_entitled_is_never_in_the_same_case(cause, state, yuan, received):
    assert not alike(cause, state=state, yuan=yuan, received=received, entitled=False)


@given(st.sampled_from(CAUSES), STAND, YUAN, st.decimals(min_value=0, max_value=9999, places=2))
def test_VOICE_4_families_alike_stand_where_the_cause_says_and_lack_something(cause, state, yuan, received):
    found = alike(cause, state=state, yuan=yuan, received=received, entitled=True)
    assert found == (state in cause.states and (not cause.short or (yuan is not None and received < yuan)))


@pytest.mark.parametrize(("came", "met"), [("99", True), ("100", False), ("101", False)])
def test_VOICE_4_money_that_is_short_by_a_yuan_is_short_and_the_whole_is_not(came, met):
    short = WATCH.causes["short"]
    assert alike(short, state="received", yuan=Decimal(100), received=Decimal(came), entitled=None) is met


def test_VOICE_4_every_place_where_a_benefit_can_be_stuck_belongs_to_a_cause():
    assert {"owed", "undecided", "refused", "appealed", "applied", "approved"} <= {
        state for one in CAUSES for state in one.states
    }


@given(st.lists(st.sampled_from(STATES)))
def test_VOICE_4_a_report_is_over_when_and_only_when_every_family_alike_is_done(states):
    told = Progress.of(states)
    assert told.whole == len(states) and told.done + told.left == told.whole
    assert told.over == all(one in ENDS for one in states)
    assert (told.share == 1) == told.over


@given(st.lists(st.sampled_from(STATES), min_size=1))
def test_VOICE_4_finding_one_more_family_never_ends_a_report(states):
    assert not Progress.of([*states, "open"]).over


def test_VOICE_4_owners_name_benefits_of_the_profile_and_the_county_owns_the_rest():
    profile = load("tongwei_2015")
    named = {code for one in WATCH.owners.values() for code in one.benefits}
    assert named <= set(profile.benefits)
    assert WATCH.level_of("dibao_class_1") == "province" and WATCH.level_of("no_such") == "county"
