"""Pages about phones: the office locks and unlocks, a person chooses between two values."""

import pytest
from django.test import Client

from shuanglian.phone.models import Conflict, Device
from shuanglian.registry.models import Household

from .factories import BACKEND, field_county, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def land():
    return field_county()


def page(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def collided(land):
    """One household's telephone, changed on two phones without a line."""
    home = land.homes(land.one)[0]
    first, second = land.phone(land.one), land.phone(land.other)
    base = {"phone": next(h for h in first.state()["households"] if h["id"] == home.pk)["versions"]["phone"]}
    for phone, number in ((first, "13900000001"), (second, "13900000002")):
        answer = phone.send(
            phone.op("household.edit", {"household": home.pk, "fields": {"phone": number}}, base=base, at=now())
        )
    assert answer[0]["status"] == "conflict"
    return home, Conflict.objects.get(), second


def test_the_office_sees_phones_of_its_area_and_locks_one_with_a_reason(land):
    phone = land.phone(land.one)
    office = page(land.office)
    assert str(land.one) in office.get("/phone/devices/").content.decode()
    url = f"/phone/devices/{phone.device.pk}/"
    office.post(f"{url}lock/", {"why": " "})
    assert Device.objects.get(pk=phone.device.pk).locked_at is None
    office.post(f"{url}lock/", {"why": "丢在班车上"})
    assert Device.objects.get(pk=phone.device.pk).locked_why == "丢在班车上"
    assert "丢在班车上" in office.get(url).content.decode()
    assert [
        len(office.get("/phone/devices/", {"state": state}).context["page"].rows)
        for state in ("locked", "silent", "left", "")
    ] == [1, 0, 0, 1]
    office.post(f"{url}unlock/", {"why": "司机送回"})
    assert Device.objects.get(pk=phone.device.pk).locked_at is None


def test_a_cadre_does_not_manage_phones(land):
    phone = land.phone(land.other)
    cadre = page(land.one)
    assert cadre.get("/phone/devices/").status_code == 403
    assert cadre.post(f"/phone/devices/{phone.device.pk}/lock/", {"why": "x"}).status_code == 403


def test_what_a_phone_sent_is_shown_with_why_it_was_refused(land):
    phone = land.phone(land.one)
    phone.send(phone.op("house.burn", {}, at=now()))
    shown = page(land.office).get(f"/phone/devices/{phone.device.pk}/").content.decode()
    assert "服务器不认识这种操作" in shown


@pytest.mark.parametrize(("choice", "other", "number"), [
    ("mine", "", "13900000002"), ("theirs", "", "13900000001"), ("other", "13900000003", "13900000003"),
])  # fmt: skip
def test_REG_10_both_values_are_shown_and_the_one_chosen_is_written(land, choice, other, number):
    home, conflict, _second = collided(land)
    office = page(land.office)
    shown = office.get("/phone/conflicts/").content.decode()
    assert "13900000001" in shown and "13900000002" in shown and str(land.other) in shown and str(land.one) in shown
    seen = office.get("/phone/conflicts/").context["lines"][0]["seen"]
    office.post(f"/phone/conflicts/{conflict.pk}/settle/", {"choice": choice, "other": other, "seen": seen})
    conflict.refresh_from_db()
    assert (conflict.state, conflict.chosen, Household.objects.get(pk=home.pk).phone) == ("settled", number, number)
    assert office.get("/phone/conflicts/").context["lines"] == []
    assert number in office.get("/phone/conflicts/", {"state": "settled"}).content.decode()


def test_a_choice_made_over_a_value_that_changed_meanwhile_is_refused(land):
    home, conflict, _second = collided(land)
    office = page(land.office)
    seen = office.get("/phone/conflicts/").context["lines"][0]["seen"]
    Household.objects.filter(pk=home.pk).update(phone="13900000009")
    office.post(f"/phone/conflicts/{conflict.pk}/settle/", {"choice": "mine", "other": "", "seen": seen})
    conflict.refresh_from_db()
    assert conflict.state == "open" and Household.objects.get(pk=home.pk).phone == "13900000009"


def test_a_conflict_is_shown_on_the_phone_that_brought_it_and_can_be_settled_there(land):
    home, conflict, second = collided(land)
    shown = second.state()["conflicts"]
    assert [(one["id"], one["mine"], one["theirs"], one["own"]) for one in shown] == [
        (conflict.pk, "13900000002", "13900000001", True)
    ]
    op = second.op(
        "conflict.settle",
        {"conflict": conflict.pk, "value": "13900000002"},
        base={"phone": shown[0]["version"]},
        at=now(),
    )
    assert [one["status"] for one in second.send(op, op)] == ["done", "kept"]
    assert Household.objects.get(pk=home.pk).phone == "13900000002" and second.state()["conflicts"] == []
    other = second.op("conflict.settle", {"conflict": conflict.pk, "value": "13900000008"}, at=now())
    assert second.send(other)[0]["code"] == "settled_already"


def test_a_conflict_ends_with_a_file_that_is_merged_away_and_stands_again_when_that_is_undone(land):
    from shuanglian.phone import following
    from shuanglian.registry.hooks import Act

    home, conflict, _second = collided(land)
    act = Act("merge", home, land.place.households[-1], (), {}, True, now().date(), "重复", land.office, now())
    assert following.preview(act)
    kept = following.follow(act)
    conflict.refresh_from_db()
    assert conflict.state == "overtaken" and following.preview(act) == []
    following.undo(act, kept)
    conflict.refresh_from_db()
    assert conflict.state == "open"
