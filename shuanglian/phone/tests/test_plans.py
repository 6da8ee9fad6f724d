"""Plans on the phone: the family signs there, progress is logged there, and both come back with the state."""

import base64
from uuid import uuid4

import pytest

from shuanglian.phone.actions import devices
from shuanglian.plans.models import Agreement, Progress
from shuanglian.plans.tests.factories import Village, signature, written

from .factories import Phone, now, visit_body

pytestmark = pytest.mark.django_db


@pytest.fixture
def village():
    return Village.made()


@pytest.fixture
def phone(village):
    return Phone(devices.enrol(install=uuid4(), name="", about={}, by=village.cadre, at=now()), village.cadre)


def plan_on(phone, home):
    return next(one for one in phone.state()["households"] if one["id"] == home.pk)["plan"]


def test_PLAN_5_the_family_signs_on_the_phone_and_it_is_kept_once(village, phone):
    plan = written(village.one, by=village.cadre)
    assert plan_on(phone, village.one)["state"] == "draft" and plan_on(phone, village.other) is None
    image = base64.b64encode(signature()).decode()
    op = phone.op("plan.agree", {"plan": plan.pk, "how": "signature", "image": image}, at=now())
    assert [one["status"] for one in phone.send(op, op)] == ["done", "kept"]
    assert str(Agreement.objects.get().key) == op["id"] and plan_on(phone, village.one)["state"] == "agreed"
    bad = phone.op("plan.agree", {"plan": plan.pk, "how": "signature", "image": "%%%"}, at=now())
    assert phone.send(bad)[0]["code"] == "bad_image"


def test_PLAN_3_progress_seen_at_a_visit_waits_for_it_and_comes_back_with_the_plan(village, phone):
    plan, at = written(village.one, by=village.cadre), now()
    measure = plan.measures.get()
    visit = phone.op("visit.record", visit_body(village.one, at), at=at)
    body = {
        "measure": measure.pk,
        "on": at.date().isoformat(),
        "quantity": "2",
        "note": "买了两只羊",
        "visit": visit["id"],
    }
    op = phone.op("plan.progress", body, at=at)
    assert phone.send(op)[0]["code"] == "visit_missing"
    assert [one["status"] for one in phone.send(op, visit)] == ["done", "done"]
    assert str(Progress.objects.get().visit_key) == visit["id"]
    told = plan_on(phone, village.one)["measures"][0]
    assert (told["id"], told["need"], told["done"], told["label"]["en"] != "") == (measure.pk, 3, "2", True)


def test_a_plan_of_a_household_elsewhere_is_not_there(village, phone):
    answers = phone.send(
        phone.op("plan.progress", {"measure": 10**6, "on": "2015-10-09", "quantity": "1"}, at=now()),
        phone.op("plan.agree", {"plan": 10**6, "how": "scan", "image": "AAAA"}, at=now()),
    )
    assert [one["code"] for one in answers] == ["no_measure", "no_plan"]
