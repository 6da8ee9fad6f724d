"""Possible duplicates: files that share a number, the queue, the merge behind "same", its undo (REG-1, REG-10)."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from shuanglian.core.secrets import digest
from shuanglian.kernel.refusal import Refusal
from shuanglian.registry.actions import merges, suspicions, undo
from shuanglian.registry.models import Household, HouseholdLink, HouseholdSuspicion, Person, Suspicion
from shuanglian.registry.tests.factories import HouseholdFactory, PersonFactory, relation

pytestmark = pytest.mark.django_db
AT = datetime(2016, 3, 1, 2, 0, tzinfo=UTC)
ON = date(2016, 2, 20)
PHONE, ACCOUNT = "13912345678", "6217000000000001"


def sharing(village, many=2, *, phone="", account="", people=1):
    return [
        HouseholdFactory(village=village, with_people=people, phone=phone, phone_digest=digest(phone),
                         bank_account=account, bank_digest=digest(account))
        for _n in range(many)
    ]  # fmt: skip


def queued():
    return [(row.one_id, row.other_id, row.why, row.state) for row in HouseholdSuspicion.objects.order_by("pk")]


@pytest.mark.parametrize(("given", "why"), [({"phone": PHONE}, "same_phone"), ({"account": ACCOUNT}, "same_account"),
                                            ({"phone": PHONE, "account": ACCOUNT}, "same_account")])  # fmt: skip
def test_REG_1_two_files_with_one_telephone_or_account_are_queued_once_for_the_surer_reason(place, given, why):
    one, other = sharing(place.village, **given)
    HouseholdFactory(village=place.village, phone="", phone_digest="")
    suspicions.look_for(place.county, at=AT)
    suspicions.look_for(place.county, at=AT)
    assert queued() == [(one.pk, other.pk, why, "open")]
    assert not Suspicion.objects.exists()  # it speaks of the files, not of two people in them


def test_a_number_that_many_files_have_is_the_village_offices_and_says_nothing(place):
    sharing(place.village, 6, phone=PHONE)
    suspicions.look_for(place.county, at=AT)
    assert queued() == []


def test_files_of_different_villages_of_the_county_are_found_and_those_of_another_county_are_not(place):
    sharing(place.village, 1, phone=PHONE)
    sharing(place.villages[3], 1, phone=PHONE)
    sharing(place.neighbour_village, 1, phone=PHONE)
    suspicions.look_for(place.county, at=AT)
    assert len(queued()) == 1


def test_what_was_decided_stays_and_what_no_longer_shares_leaves_the_queue(place, clerk):
    one, _other = sharing(place.village, phone=PHONE)
    suspicions.look_for(place.county, at=AT)
    found = HouseholdSuspicion.objects.get()
    third, fourth = sharing(place.village, account=ACCOUNT)
    suspicions.look_for(place.county, at=AT)
    suspicions.decide(suspicion=found, state="different", note="父子两户", on=ON, by=clerk, at=AT)
    Household.objects.filter(pk=fourth.pk).update(bank_digest="")
    suspicions.look_for(place.county, at=AT)
    assert [(row[0], row[3]) for row in queued()] == [(one.pk, "different")]
    with pytest.raises(Refusal, match="已经核实"):
        suspicions.decide(suspicion=found, state="different", note="x", on=ON, by=clerk, at=AT)
    assert third.pk not in [row[0] for row in queued()]


def test_REG_10_same_merges_the_files_and_the_undo_opens_the_pair_again(place, clerk):
    kept, closed = sharing(place.village, phone=PHONE, people=2)
    suspicions.look_for(place.county, at=AT)
    found = HouseholdSuspicion.objects.get()
    how = {"kept": kept, "closed": closed, "on": ON,
           "relations": dict.fromkeys(closed.people.values_list("pk", flat=True), relation("其他"))}  # fmt: skip
    with pytest.raises(Refusal, match="依据"):
        suspicions.same_files(suspicion=found, note=" ", by=clerk, at=AT, **how)
    link = suspicions.same_files(suspicion=found, note="户口簿核对", by=clerk, at=AT, **how)
    found.refresh_from_db()
    assert (found.state, found.decided_by, link.why) == ("same", clerk, "户口簿核对")
    suspicions.look_for(place.county, at=AT)
    assert [row[3] for row in queued()] == ["same"]
    undo.undo(link=link, why="认错了", by=clerk, at=AT)
    found.refresh_from_db()
    assert (found.state, found.decided_by) == ("open", None)


def test_the_queue_leads_from_a_pair_of_people_over_the_choice_to_the_merge_and_back(client, place, clerk, committee):
    one = PersonFactory(household=HouseholdFactory(village=place.village, with_people=1), name="李强",
                        relation=relation("之子"), born_on=date(1960, 1, 1))  # fmt: skip
    other = PersonFactory(household=HouseholdFactory(village=place.village, with_people=1), name="李墙",
                          relation=relation("之父"), born_on=date(1960, 1, 1), id_number="", id_digest="",
                          health=["02"])  # fmt: skip
    suspicions.look_for(place.county, at=AT)
    found = Suspicion.objects.get()
    address = reverse("registry:merge_people", args=[found.pk])
    client.force_login(committee)
    assert client.get(address).status_code == 403
    client.force_login(clerk)
    assert address in client.get(reverse("registry:suspicions")).content.decode()
    text = client.get(address).content.decode()
    assert "李强" in text and "李墙" in text and one.id_number not in text and "take_health" in text
    given = {"take_name": "kept", "take_health": "gone", "on": "2016-02-20", "why": "户口簿核对"}
    assert "预览" in client.post(address, given).content.decode() and not HouseholdLink.objects.exists()
    client.post(address, {**given, "confirm": "1"})
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.name, one.health, one.left_on, other.left_on) == ("李强", ["02"], None, ON)
    link = HouseholdLink.objects.get()
    client.post(reverse("registry:undo_merge", args=[link.pk]), {"why": "认错了"})
    one.refresh_from_db()
    assert (one.health, Person.objects.get(pk=other.pk).left_on) == ([], None)
    found.refresh_from_db()
    assert found.state == "open"


def test_the_queue_of_files_shows_both_masked_and_a_difference_is_said_on_the_page(client, place, clerk, neighbour):
    one, other = sharing(place.village, phone=PHONE)
    suspicions.look_for(place.county, at=AT)
    found = HouseholdSuspicion.objects.get()
    address = reverse("registry:decide_files", args=[found.pk])
    client.force_login(neighbour)
    assert client.post(address, {"note": "x"}).status_code == 404
    assert client.get(reverse("registry:merge_files", args=[found.pk])).status_code == 404
    client.force_login(clerk)
    text = client.get(reverse("registry:suspicions"), {"of": "files"}).content.decode()
    assert one.head_name in text and other.number in text and PHONE not in text
    client.post(address, {"note": "父子两户"})
    found.refresh_from_db()
    assert (found.state, found.note) == ("different", "父子两户")


def test_a_merge_needs_both_files_in_ones_own_area(client, place, clerk, neighbour):
    kept, closed = (
        HouseholdFactory(village=place.village, with_people=1),
        HouseholdFactory(village=place.village, with_people=1),
    )
    link = merges.merge(kept=kept, closed=closed, relations={closed.people.get().pk: relation("其他")}, on=ON, why="x",
                        by=clerk, at=AT)  # fmt: skip
    client.force_login(neighbour)
    assert client.post(reverse("registry:undo_merge", args=[link.pk]), {"why": "x"}).status_code == 404
