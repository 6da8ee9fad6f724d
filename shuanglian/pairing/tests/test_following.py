"""Pairing when households are split or merged, and on a past day (PAIR-1, PAIR-6, REG-9, REG-10)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.areas.tests.factories import gansu
from shuanglian.kernel.refusal import Refusal
from shuanglian.pairing.models import Pairing, Relative
from shuanglian.pairing.tests.factories import PairingFactory, RelativeFactory
from shuanglian.registry import story
from shuanglian.registry.actions import merges, splits, undo
from shuanglian.registry.models import Household
from shuanglian.registry.tests.factories import HouseholdFactory, relation

pytestmark = pytest.mark.django_db
AT = datetime(2016, 3, 1, 2, 0, tzinfo=UTC)
ON = date(2016, 2, 20)


@pytest.fixture
def clerk(db):
    return UserFactory(username="clerk", role="programme_office", area=gansu().county)


def merged(kept, closed, clerk):
    others = dict.fromkeys(closed.people.values_list("pk", flat=True), relation("其他"))
    return merges.merge(kept=kept, closed=closed, relations=others, on=ON, why="合户", by=clerk, at=AT)


def test_PAIR_6_a_merge_ends_the_pairing_of_the_closed_file_and_its_undo_restores_it(clerk):
    kept, closed = HouseholdFactory(with_people=2), HouseholdFactory(with_people=2)
    ours, theirs = PairingFactory(household=kept), PairingFactory(household=closed)
    sentences = merges.foresee(kept=kept, closed=closed, same={}, on=ON, by=clerk, at=AT)
    assert any(theirs.cadre.name in one and "2016-02-20" in one for one in sentences)
    link = merged(kept, closed, clerk)
    theirs.refresh_from_db()
    ours.refresh_from_db()
    assert (theirs.until, ours.until) == (ON, None)
    told = [one for one in story.of(closed, clerk, "pairing") if one.on == ON]
    assert [one.why for one in told] == ["户已并入他户"]
    undo.undo(link=link, why="认错了", by=clerk, at=AT)
    theirs.refresh_from_db()
    assert (theirs.until, theirs.ended_why) == (None, "")


def test_PAIR_6_who_was_paired_anew_since_hinders_the_undo(clerk):
    kept, closed = HouseholdFactory(with_people=1), HouseholdFactory(with_people=1)
    PairingFactory(household=closed)
    link = merged(kept, closed, clerk)
    PairingFactory(household=closed, since=ON + timedelta(days=1))
    with pytest.raises(Refusal, match="又结了对"):
        undo.undo(link=link, why="认错了", by=clerk, at=AT)
    assert Household.objects.get(pk=closed.pk).removed_on == ON


def test_REG_9_kinship_follows_into_the_file_that_is_split_off_and_into_the_one_that_takes_in(clerk):
    source, kept = HouseholdFactory(with_people=2), HouseholdFactory(with_people=1)
    pairing = PairingFactory(household=source)
    declared = RelativeFactory(household=source)
    child = source.people.order_by("pk").last()
    new = splits.split(household=source, people=[child], head=child, relations={}, on=ON, why="成家", by=clerk,
                       at=AT).target  # fmt: skip
    assert Relative.objects.get(household=new).cadre == declared.cadre
    assert list(Pairing.objects.filter(until=None)) == [pairing]
    link = merged(kept, source, clerk)
    assert Relative.objects.get(household=kept).cadre == declared.cadre
    undo.undo(link=link, why="认错了", by=clerk, at=AT)
    assert not Relative.objects.filter(household=kept).exists()


def test_the_past_day_names_who_answered_then(client, clerk):
    household = HouseholdFactory(with_people=1)
    pairing = PairingFactory(household=household)
    client.force_login(clerk)
    address = reverse("registry:as_of", args=[household.pk])
    assert pairing.cadre.name in client.get(address).content.decode()
    Pairing.objects.filter(pk=pairing.pk).update(until=date(2015, 1, 1))
    assert "当天没有帮扶责任人" in client.get(address).content.decode()
