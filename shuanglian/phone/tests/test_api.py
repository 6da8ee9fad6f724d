"""The programming interface: enrolment, keys, locks, operations once each, photos after the text (docs/phone.md)."""

import base64
import gzip
import hashlib
import io
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from shuanglian.fieldwork.models import Ask, Given, Photo, Visit
from shuanglian.pairing.models import Pairing, VillageLink
from shuanglian.phone.actions import devices
from shuanglian.phone.models import Conflict, Device, Known, Operation, Piece, Upload
from shuanglian.registry.models import Household
from shuanglian.trail.models import Entry

from .factories import BACKEND, JSON, field_county, now, photo_meta, visit_body

pytestmark = pytest.mark.django_db


@pytest.fixture
def land():
    return field_county()


@pytest.fixture
def phone(land):
    return land.phone(land.one)


def enrol(client, install, **more):
    return client.post("/phone/api/enrol/", json.dumps({"install": install, **more}), content_type="application/json")


def signed_in(user, **headers):
    client = Client(headers={**JSON, **headers})
    client.force_login(user, backend=BACKEND)
    return client


def jpeg(shade=7):
    made = io.BytesIO()
    Image.effect_noise((160, 120), 30 + shade).convert("RGB").save(made, "JPEG")
    return made.getvalue()


def test_the_same_person_on_the_same_phone_gets_the_same_key_another_person_another(land):
    install = str(uuid4())
    first, again = (enrol(signed_in(land.one), install, name="Redmi").json() for _ in range(2))
    other = enrol(signed_in(land.other), install).json()
    assert (first["device"], first["key"]) == (again["device"], again["key"])
    assert len(base64.b64decode(first["key"])) == 32
    assert first["device"] != other["device"] and first["key"] != other["key"]
    assert "visit" in first["user"]["may"] and "inspect" not in first["user"]["may"] and first["days"] == 14


def test_a_key_is_never_in_clear_in_the_database(land, phone):
    with connection.cursor() as cursor:
        cursor.execute("select key from phone_device")
        kept = [row[0] for row in cursor.fetchall()]
    assert kept and all(phone.device.key not in text for text in kept)


@pytest.mark.parametrize("path", ["enrol/", "state/", "ops/", "leave/"])
def test_without_a_log_in_a_program_is_told_so_in_json(land, path):
    client = Client(headers=JSON)
    answer = (
        client.get("/phone/api/state/")
        if path == "state/"
        else client.post(f"/phone/api/{path}", "{}", content_type="application/json")
    )
    assert answer.status_code == 401 and answer.json()["code"] == "login"


def test_whose_role_may_not_use_the_phone_is_kept_out(land):
    from shuanglian.accounts.tests.factories import UserFactory

    answer = enrol(signed_in(UserFactory(role="unit", area=land.place.area)), str(uuid4()))
    assert answer.status_code == 403 and answer.json()["code"] == "forbidden" and answer.json()["message"]


def test_a_phone_of_somebody_else_and_one_nobody_knows_are_refused(land, phone):
    stranger = signed_in(land.other, **{"X-Device": str(phone.device.pk)}).get("/phone/api/state/")
    unknown = signed_in(land.one, **{"X-Device": str(uuid4())}).get("/phone/api/state/")
    assert (stranger.status_code, stranger.json()["code"]) == (409, "other_user")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_device")


def test_a_locked_phone_is_told_to_wipe_itself_with_and_without_a_log_in(land, phone):
    devices.lock(device=phone.device, why="丢失", by=land.office, at=now())
    without = Client(headers={**JSON, "X-Device": str(phone.device.pk)}).get("/phone/api/hello/")
    with_ = phone.http().get("/phone/api/state/")
    sent = phone.http().post("/phone/api/ops/", "{}", content_type="application/json")
    again = enrol(signed_in(land.one), str(phone.device.install))
    for answer in (without, with_, sent, again):
        assert (answer.status_code, answer.json()["code"], answer.json()["wipe"]) == (410, "locked", True)
    phone.device.refresh_from_db()
    assert phone.device.told_at is not None and not Known.objects.exists()
    assert Entry.objects.filter(verb="phone.devices.lock", by_id=land.office.pk).count() == 1


def test_an_account_that_was_closed_wipes_its_phone(land, phone):
    land.one.is_active = False
    land.one.save()
    answer = Client(headers={**JSON, "X-Device": str(phone.device.pk)}).get("/phone/api/hello/")
    assert (answer.status_code, answer.json()["code"]) == (410, "ended")


def test_an_unlocked_phone_gets_its_old_key_again(land, phone):
    devices.lock(device=phone.device, why="丢失", by=land.office, at=now())
    devices.unlock(device=phone.device, why="找到了", by=land.office, at=now())
    assert enrol(signed_in(land.one), str(phone.device.install)).json()["key"] == phone.device.key


def test_FIELD_1_a_visit_sent_twice_is_kept_once_with_all_that_belongs_to_it(land, phone):
    at, home = now(), land.homes(land.one)[0]
    body = visit_body(home, at, given=[{"kind": "fertiliser", "quantity": "2", "yuan": "200.00", "note": ""}],
                      asks=[{"text": "想贷款养羊", "category": "loan", "urgent": False}])  # fmt: skip
    op = phone.op("visit.record", body, at=at)
    first, second = phone.send(op), phone.send(op, op)
    assert [one["status"] for one in first + second] == ["done", "kept", "kept"], first
    visit = Visit.objects.get()
    assert (str(visit.key), visit.channel, visit.device, visit.household_id) == (
        op["id"],
        "phone",
        phone.device.short,
        home.pk,
    )
    assert (Given.objects.count(), Ask.objects.count(), Operation.objects.count()) == (1, 1, 1)


def test_the_same_number_with_another_content_is_refused_and_changes_nothing(land, phone):
    at, home = now(), land.homes(land.one)[0]
    op = phone.op("visit.record", visit_body(home, at), at=at)
    phone.send(op)
    answer = phone.send({**op, "body": {**op["body"], "done": "别的"}})[0]
    assert (answer["status"], answer["code"]) == ("refused", "key_taken")
    assert Visit.objects.get().done == op["body"]["done"]


def test_a_number_of_another_persons_operation_tells_nothing(land, phone):
    at = now()
    op = phone.op("visit.record", visit_body(land.homes(land.one)[0], at), at=at)
    phone.send(op)
    answer = land.phone(land.other).send(op)[0]
    assert (answer["status"], answer["code"]) == ("refused", "key_taken")


def test_a_refusal_is_kept_and_answered_the_same_every_time_in_the_persons_language(land, phone):
    at = now()
    op = phone.op("visit.record", visit_body(land.homes(land.one)[0], at, tasks=[]), at=at)
    first, second = phone.send(op)[0], phone.send(op)[0]
    assert first == second and (first["status"], first["code"]) == ("refused", "no_task")
    assert "任务" in first["message"] and not Visit.objects.exists()


def test_PAIR_1_a_household_of_another_unit_cannot_be_visited(land, phone):
    stranger = land.place.households[1]
    VillageLink.objects.all().delete()
    Pairing.objects.filter(household=stranger).update(cadre=land.place.cadres[-1])
    answer = phone.send(phone.op("visit.record", visit_body(stranger, now()), at=now()))[0]
    assert (answer["status"], answer["code"]) == ("refused", "not_your_household")


@pytest.mark.parametrize("spoil", [
    {"id": "x"}, {"kind": 7}, {"at": "gestern"}, {"body": []}, {"seq": -1}, {"at": "2015-06-01T10:00:00"},
])  # fmt: skip
def test_what_is_no_operation_is_refused_and_the_others_are_taken(land, phone, spoil):
    at, homes = now(), land.homes(land.one)
    good = phone.op("visit.record", visit_body(homes[0], at), at=at)
    bad = {**phone.op("visit.record", visit_body(homes[1], at), at=at), **spoil}
    answers = phone.send(bad, good)
    assert [(one["status"], one["code"]) for one in answers] == [("refused", "bad_op"), ("done", "")]


@pytest.mark.parametrize("body", [
    {}, {"household": "1"}, {"household": 1, "more": 2}, {"household": 2**70}, {"household": None},
])  # fmt: skip
def test_a_body_that_is_not_as_agreed_is_refused_for_good(land, phone, body):
    answer = phone.send(phone.op("visit.record", body, at=now()))[0]
    assert (answer["status"], answer["code"]) == ("refused", "bad_body") and answer["message"]


@pytest.mark.parametrize(
    "sent", ["", "[]", "{", '{"clock": "x", "ops": []}', '{"clock": "2015-06-01T10:00:00Z"}', "[" * 5000]
)
def test_a_batch_that_cannot_be_read_is_a_bad_request(phone, sent):
    answer = phone.http().post("/phone/api/ops/", sent, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad")


def test_a_batch_over_its_limit_is_too_large(land, phone):
    ops = [phone.op("visit.record", {}, at=now()) for _ in range(101)]
    answer = phone.http().post(
        "/phone/api/ops/", json.dumps({"clock": now().isoformat(), "ops": ops}), content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large") and not Operation.objects.exists()


def test_what_hangs_on_a_visit_waits_for_it_also_when_it_stands_before_it_in_the_batch(land, phone):
    at, home = now(), land.homes(land.one)[0]
    visit = phone.op("visit.record", visit_body(home, at), at=at)
    ask = phone.op("ask.raise", {"visit": visit["id"], "text": "要水泥", "category": "loan", "urgent": True}, at=at)
    assert (phone.send(ask)[0]["status"], phone.send(ask)[0]["code"]) == ("later", "visit_missing")
    ask_first = {**ask, "seq": 0}
    assert [one["status"] for one in phone.send(ask_first, visit)] == ["done", "done"]
    assert Ask.objects.get().household_id == home.pk


def test_what_hangs_on_a_refused_visit_is_refused_too(land, phone):
    at, home = now(), land.homes(land.one)[0]
    visit = phone.op("visit.record", visit_body(home, at, tasks=[]), at=at)
    photo = phone.op("visit.photo", photo_meta(b"x" * 10, visit["id"]), at=at)
    assert [one["code"] for one in phone.send(visit, photo)] == ["no_task", "visit_refused"]


def test_a_photo_comes_piece_by_piece_goes_on_after_a_cut_and_stands_beside_its_visit(land, phone):
    at, home, data = now(), land.homes(land.one)[0], jpeg()
    visit = phone.op("visit.record", visit_body(home, at), at=at)
    meta = phone.op("visit.photo", photo_meta(data, visit["id"]), at=at)
    assert [one["status"] for one in phone.send(meta, visit)] == ["done", "done"]
    url, half = f"/phone/api/photos/{meta['id']}/", len(data) // 2

    def post(offset, piece):
        return phone.http().post(url, piece, content_type="application/octet-stream", headers={"X-Offset": str(offset)})

    assert phone.http().get(url).json()["have"] == 0
    assert post(0, data[:half]).json() == {"have": half, "status": "more", "code": "", "message": ""}
    assert post(0, data[:half]).json()["have"] == half  # sent twice
    gap = post(half + 5, data[half + 5 :])
    assert (gap.status_code, gap.json()["code"], gap.json()["have"]) == (409, "offset", half)
    assert post(half - 3, data[half - 3 :]).json()["status"] == "done"  # overlapping
    assert post(0, data).json()["status"] == phone.http().get(url).json()["status"] == "done"
    photo = Photo.objects.get()
    assert (str(photo.key), str(photo.visit.key)) == (meta["id"], visit["id"])
    assert not Piece.objects.exists() and Upload.objects.get().done_at


def test_a_photo_that_is_not_what_was_announced_begins_anew_and_one_that_is_no_photo_is_refused(land, phone):
    at, home, data = now(), land.homes(land.one)[0], jpeg()
    visit = phone.op("visit.record", visit_body(home, at), at=at)
    meta = phone.op("visit.photo", photo_meta(data, visit["id"]), at=at)
    junk = b"no photo at all"
    bad = phone.op("visit.photo", photo_meta(junk, visit["id"]), at=at)
    phone.send(visit, meta, bad)
    client = phone.http()
    spoilt = client.post(
        f"/phone/api/photos/{meta['id']}/",
        bytes(len(data)),
        content_type="application/octet-stream",
        headers={"X-Offset": "0"},
    )
    assert (spoilt.json()["have"], spoilt.json()["code"]) == (0, "digest") and not Piece.objects.exists()
    refused = client.post(
        f"/phone/api/photos/{bad['id']}/", junk, content_type="application/octet-stream", headers={"X-Offset": "0"}
    )
    assert refused.json()["status"] == "refused" and refused.json()["message"] and not Photo.objects.exists()
    missing = client.get(f"/phone/api/photos/{uuid4()}/")
    assert (missing.status_code, missing.json()["code"]) == (404, "unknown_photo")


def test_pieces_are_sealed_in_the_database(land, phone):
    at, home = now(), land.homes(land.one)[0]
    data = b"\xff\xd8" + b"PLAIN" * 50
    visit = phone.op("visit.record", visit_body(home, at), at=at)
    meta = phone.op("visit.photo", photo_meta(data + b"!", visit["id"]), at=at)
    phone.send(visit, meta)
    phone.http().post(
        f"/phone/api/photos/{meta['id']}/", data, content_type="application/octet-stream", headers={"X-Offset": "0"}
    )
    assert b"PLAIN" not in bytes(Piece.objects.get().data)


def test_state_holds_ones_own_households_only_and_leaves_one_line_in_the_trail(land, phone):
    sent = phone.state()
    own = {home.pk for home in land.homes(land.one)}
    assert sent["full"] is True and {home["id"] for home in sent["households"]} == own
    lines = Entry.objects.filter(verb="phone.states.send")
    assert lines.count() == 1 and set(lines.get().details["households"]) == own
    assert {"lists", "villages", "posts", "attendance", "duties", "conflicts", "places"} <= set(sent)
    assert [task["code"] for task in sent["lists"]["tasks"]] and all(task["en"] for task in sent["lists"]["tasks"])


def test_the_second_state_sends_only_what_changed_and_says_what_is_gone(land, phone):
    first = phone.state()
    again = phone.state(first["cursor"])
    assert again == {
        "cursor": first["cursor"],
        "now": again["now"],
        "full": False,
        "days": 14,
        "households": [],
        "gone": [],
    }
    homes = land.homes(land.one)
    Household.objects.filter(pk=homes[0].pk).update(address="新住址")
    homes[1].pairings.update(until="2015-06-01")
    second = phone.state(first["cursor"])
    assert [home["id"] for home in second["households"]] == [homes[0].pk] and second["gone"] == [homes[1].pk]
    assert "lists" not in second and "places" not in second
    lost = phone.state(first["cursor"])  # the answer never came: the phone shows the old cursor again
    assert [home["id"] for home in lost["households"]] == [homes[0].pk] and lost["gone"] == [homes[1].pk]
    assert phone.state(lost["cursor"])["households"] == []
    assert phone.state("0" * 32)["full"] is True and Known.objects.count() == 1


def test_the_first_answer_lists_every_household_and_the_rest_comes_whole_in_parts():
    land = field_county(households=24)
    phone, own = land.phone(land.one), {home.pk for home in land.homes(land.one)}
    first = phone.state(most=2)
    whole, brief = ([one["id"] for one in first[name]] for name in ("households", "brief"))
    assert (len(whole), first["full"], first["more"]) == (2, True, len(own) - 2) and {*whole, *brief} == own
    assert set(first["brief"][0]) == {"id", "head", "village", "village_name", "group", "size", "due"}
    assert set(Entry.objects.filter(verb="phone.states.send").last().details["households"]) == own
    cut = phone.state(first["cursor"], most=5)  # an answer that is lost is asked for again
    again = phone.state(first["cursor"], most=5)
    assert again["households"] == cut["households"] and (again["full"], again["brief"]) == (False, [])
    came, answer = set(whole), again
    while True:
        fresh = {one["id"] for one in answer["households"]}
        assert not fresh & came and "lists" not in answer
        came |= fresh
        if not answer["more"]:
            break
        answer = phone.state(answer["cursor"], most=5)
    assert came == own and phone.state(answer["cursor"], most=5) | {"now": ""} == {
        "cursor": answer["cursor"], "now": "", "full": False, "days": answer["days"], "households": [], "gone": [], "brief": [],
        "more": 0,
    }  # fmt: skip


def test_a_household_that_came_briefly_may_go_or_change_before_it_comes_whole(land, phone):
    first = phone.state(most=1)
    gone, changed = (one["id"] for one in first["brief"][:2])
    Pairing.objects.filter(household=gone).update(until="2015-06-01")
    Household.objects.filter(pk=changed).update(address="新住址")
    second = phone.state(first["cursor"], most=100)
    assert second["gone"] == [gone]
    assert [one["address"] for one in second["households"] if one["id"] == changed] == ["新住址"]


@pytest.mark.parametrize("most", ["0", "-3", "x", "99999", "²"])
def test_an_odd_number_of_households_is_one_or_no_limit(land, phone, most):
    sent = phone.state(most=most)
    assert len(sent["households"]) == (1 if most == "0" else len(land.homes(land.one)))


def test_state_is_packed_for_slow_lines(land, phone):
    answer = phone.http().get("/phone/api/state/", headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(answer.content))["full"] is True


def test_state_asks_the_database_the_same_number_of_times_however_many_households():
    land = field_county(households=24)
    phone = land.phone(land.one)
    phone.state()
    few = [home.pk for home in land.homes(land.one)][:2]
    Pairing.objects.filter(cadre__user=land.one).exclude(household__in=few).update(until="2015-06-01")
    counts = []
    for households in (2, 12):
        with CaptureQueriesContext(connection) as counted:
            assert len(phone.state()["households"]) == households
        counts.append(len(counted))
        Pairing.objects.filter(cadre__user=land.one).update(until=None)
    assert counts[0] == counts[1], counts


def test_leaving_makes_the_phone_ask_for_everything_anew(land, phone):
    cursor = phone.state()["cursor"]
    answer = phone.http().post("/phone/api/leave/", json.dumps({"waiting": 3}), content_type="application/json")
    assert answer.json() == {"ok": True}
    device = Device.objects.get(pk=phone.device.pk)
    assert device.left_at and device.waiting == 3 and phone.state(cursor)["full"] is True


def test_the_clock_of_the_phone_is_measured_and_kept_with_the_visit(land, phone):
    at = now() - timedelta(hours=2)
    op = phone.op("visit.record", visit_body(land.homes(land.one)[0], at), at=at)
    assert phone.send(op, told=now() + timedelta(seconds=90))[0]["status"] == "done"
    assert 60 <= Visit.objects.get().clock_off <= 91


def test_a_kind_that_the_server_does_not_know_is_refused(phone):
    answer = phone.send(phone.op("house.burn", {}, at=now()))[0]
    assert (answer["status"], answer["code"]) == ("refused", "unknown_kind")


def test_conflict_values_are_sealed_in_the_database(land, phone):
    other, home = land.phone(land.other), land.homes(land.one)[0]
    base = {"phone": phone.state()["households"][0]["versions"]["phone"]}
    assert phone.state()["households"][0]["id"] == home.pk
    phone.send(
        phone.op("household.edit", {"household": home.pk, "fields": {"phone": "13900000001"}}, base=base, at=now())
    )
    answer = other.send(
        other.op("household.edit", {"household": home.pk, "fields": {"phone": "13900000002"}}, base=base, at=now())
    )[0]
    assert answer["status"] == "conflict", answer
    assert (answer["conflict"]["phone"]["mine"], answer["conflict"]["phone"]["theirs"]) == (
        "13900000002",
        "13900000001",
    )
    assert answer["conflict"]["phone"]["by"] == str(land.one)
    with connection.cursor() as cursor:
        cursor.execute("select mine, theirs from phone_conflict")
        assert all("139" not in text[:4] and "13900000002" not in text for row in cursor.fetchall() for text in row)
    assert Conflict.objects.get().mine == "13900000002"


def test_digest_of_a_photo_is_that_of_its_bytes():
    data = jpeg()
    assert photo_meta(data, "v")["digest"] == hashlib.sha256(data).hexdigest()
