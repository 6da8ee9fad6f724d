"""What is owed follows the person, what was received stays where it was paid; all of it told (BEN-7, BEN-8, REG-10)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from shuanglian.benefits.actions import dues, rounds
from shuanglian.benefits.actions.following import follow
from shuanglian.benefits.models import Card, Due, Payment
from shuanglian.benefits.tests.owed import AT, GRANT, ON, decided, family, pupil
from shuanglian.organisation.changes import traced
from shuanglian.registry import story
from shuanglian.registry.actions import merges, moves, undo
from shuanglian.registry.models import HouseholdYear
from shuanglian.registry.tests.factories import relation

pytestmark = pytest.mark.django_db
LATER = datetime(2015, 11, 20, 2, 0, tzinfo=UTC)
DAY = date(2015, 11, 10)


def paid(due, yuan=1000):
    made = Payment.objects.create(
        household=due.household, person=due.person, area_code=due.area_code, benefit=due.benefit, year=2015,
        name="领取人", yuan=yuan, paid_on=date(2015, 10, 20), match="exact", fingerprint=f"f{due.pk}",
    )  # fmt: skip
    follow([due.household_id], why="名册", by=None, at=AT)
    return made


def accounts():
    return list(HouseholdYear.objects.order_by("pk").values_list("household", "transfer_paid", "net_income"))


def go(person, target, clerk):
    return moves.move(person=person, target=target, relation=relation("其他"), on=DAY, why="过继", by=clerk, at=LATER)


def test_BEN_7_an_open_due_goes_with_the_person_and_its_steps_go_on(place, clerk):
    source, target = family(place.village), family(place.villages[3])
    due = decided(source)[GRANT]
    dues.apply(due=due, on=ON, papers=[], by=clerk, at=AT)
    person = pupil(source)
    assert any("随人转到新户" in one for one in moves.foresee(person=person, target=target, on=DAY, by=clerk, at=LATER))
    go(person, target, clerk)
    due.refresh_from_db()
    assert (due.household, due.area_code, due.state) == (target, target.area_code, "applied")
    assert set(due.steps.values_list("area_code", flat=True)) == {target.area_code}
    assert due.steps.last().verb == "moved"
    dues.approve(due=due, on=date(2015, 11, 15), yuan=Decimal(1500), by=clerk, at=LATER)
    for one in (source, target):
        assert any("代为申请" in moment.what for moment in story.of(one, clerk, "benefits"))
    assert any("部门批准" in moment.what for moment in story.of(target, clerk, "benefits"))
    assert not any("部门批准" in moment.what for moment in story.of(source, clerk, "benefits"))


def test_BEN_8_what_was_received_stays_with_the_file_and_is_not_owed_again_in_the_new_one(place, clerk):
    source, target = family(place.village), family(place.villages[3])
    due = decided(source)[GRANT]
    paid(due)
    person = pupil(source)
    before = HouseholdYear.objects.get(household=source).transfer_paid
    go(person, target, clerk)
    due.refresh_from_db()
    assert (due.household, due.state, HouseholdYear.objects.get(household=source).transfer_paid) == (
        source, "received", before,
    )  # fmt: skip
    rounds.decide_household(household=target, on=date(2015, 11, 15), by=clerk, at=LATER)
    assert Due.objects.filter(person=person, benefit=GRANT).count() == 1


def test_FUND_6_the_card_of_a_closed_file_opens_nothing_until_the_merge_is_taken_back(place, clerk):
    kept, closed = family(place.village), family(place.village)
    due = decided(closed)[GRANT]
    card = Card.objects.create(household=closed, area_code=closed.area_code, code="ABCDEFGH2345", made_at=AT)
    others = dict.fromkeys(closed.people.values_list("pk", flat=True), relation("其他"))
    link = merges.merge(kept=kept, closed=closed, relations=others, on=DAY, why="合户", by=clerk, at=LATER)
    card.refresh_from_db()
    due.refresh_from_db()
    assert (card.closed_at, due.household) == (LATER, kept)
    undo.undo(link=link, why="认错了", by=clerk, at=LATER)
    card.refresh_from_db()
    due.refresh_from_db()
    assert (card.closed_at, due.household, due.state) == (None, closed, "owed")


def test_REG_10_the_money_of_an_entry_that_ends_is_the_kept_ones_and_goes_back_with_the_undo(place, clerk):
    kept, other = family(place.village), family(place.village)
    one, gone = pupil(kept), pupil(other)
    mine, theirs = decided(kept)[GRANT], decided(other)[GRANT]
    money = paid(theirs)
    before = accounts()
    link = merges.same_person(kept=one, gone=gone, on=DAY, why="一人两户", by=clerk, at=LATER)
    money.refresh_from_db()
    mine.refresh_from_db()
    assert (money.household, money.person, money.due, mine.state) == (kept, one, mine, "received")
    assert accounts() != before
    undo.undo(link=link, why="认错了", by=clerk, at=LATER)
    money.refresh_from_db()
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (money.household, money.person, money.due, theirs.state) == (other, gone, theirs, "received")
    assert mine.state == "owed" and accounts() == before


def test_the_past_day_shows_what_was_owed_then_and_payments_stand_in_the_story(client, place, clerk):
    with traced("households.enrol", by=clerk, at=AT):
        source, target = family(place.village), family(place.villages[3])
    due = decided(source)[GRANT]
    client.force_login(clerk)
    go(pupil(source), target, clerk)
    address = reverse("registry:as_of", args=[source.pk])
    then = client.get(address, {"on": "2015-11-01"}).content.decode()
    assert "普通高中" in then and "当天还没有核查过" not in then
    assert "普通高中" not in client.get(address, {"on": "2015-11-30"}).content.decode().split("后来补录")[0]
    due.refresh_from_db()
    paid(due)
    assert [one.on for one in story.of(target, clerk, "payments")] == [date(2015, 10, 20)]
