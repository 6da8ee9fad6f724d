"""The demo's policy reports and disputes: every state once, the same when run again (VOICE-4, VOICE-5)."""

import pytest

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.core import clock
from shuanglian.demo import disputes, policywatch
from shuanglian.disputes.models import Dispute, Party
from shuanglian.fieldwork.tests.factories import land as make
from shuanglian.policywatch.models import Proposal, Report
from shuanglian.trail.tests.emptying import let_tests_empty_the_trail

let_tests_empty_the_trail()


@pytest.fixture
def land(db):
    return make()


def test_VOICE_5_the_demo_has_a_dispute_of_every_state_and_one_that_is_forgotten(land):
    told = {"village": land.first_village, "committee": land.village, "cadre": land.cadre, "township": land.township}
    made = disputes.show(**told, at=clock.now())
    assert {one.state for one in Dispute.objects.all()} == {"open", "agreed", "closed"}
    assert Dispute.objects.get(gone_why="rule").parties.count() == 0 and Party.objects.exists()
    assert disputes.show(**told, at=clock.now()) == made == Dispute.objects.count()


def test_VOICE_4_the_demo_has_proposals_weighed_and_waiting_and_runs_twice_without_change(land):
    top = land.place.area
    told = {
        "village": land.first_village, "cadre": land.cadre, "committee": land.village, "office": land.office,
        "office2": UserFactory(role="programme_office", area=top), "clerk": UserFactory(role="department", area=top),
        "year": 2015,
    }  # fmt: skip
    made = policywatch.show(**told, at=clock.now())
    assert {one.state for one in Proposal.objects.all()} == {"open", "decided"}
    assert Proposal.objects.get(state="open").people == 2
    assert policywatch.show(**told, at=clock.now()) == made == Report.objects.count()
