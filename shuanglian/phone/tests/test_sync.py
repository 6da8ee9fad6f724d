"""Histories of two phones delivered in any order, with repeats and cuts, through the real database (issue: sync).

What commutes ends the same as delivered once in order; what does not is shown with both values, none lost.
"""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuanglian.fieldwork.models import Ask, Attendance, AttendanceMark, Given, Visit
from shuanglian.phone.models import Conflict, Edit, Operation
from shuanglian.registry.models import Household
from shuanglian.trail.models import Entry

from .factories import field_county, now, visit_body

pytestmark = pytest.mark.django_db
FIELDS = ("address", "wish", "phone")
VALUES = {
    "address": ["河畔村一社", "河畔村二社", "沟口"], "wish": ["养羊", "种药材", ""],
    "phone": ["13900000001", "13900000002", "13900000003"],
}  # fmt: skip


class Undo(Exception):
    """Takes an example's rows back."""


@pytest.fixture
def land():
    return field_county(households=4)


def deeds(phone, home, at, kinds):
    """A phone's history: what was done in order, each an operation made before the line came back."""
    ops, visits = [], []
    for number, (kind, field, pick) in enumerate(kinds):
        moment = at - timedelta(minutes=10 * (len(kinds) - number))
        if kind == "visit":
            body = visit_body(home, moment, done=f"第{number}次", asks=[{"text": "修路", "category": "road", "urgent": False}],
                              given=[{"kind": "seed", "quantity": "1.5", "yuan": None, "note": ""}])  # fmt: skip
            ops.append(phone.op("visit.record", body, at=moment))
            visits.append(ops[-1]["id"])
        elif kind == "mark":
            local = moment + timedelta(hours=8)
            ops.append(phone.op("attendance.mark", {
                "village": home.area_code, "on": local.date().isoformat(), "in_at": moment.isoformat(), "night": pick == 1,
            }, at=moment))  # fmt: skip
        elif kind == "ask":
            ops.append(phone.op("ask.raise", {"household": home.pk, "visit": visits[-1] if visits else None, "text": f"要水{number}",
                                              "category": "water", "urgent": True}, at=moment))  # fmt: skip
        else:
            base = {field: phone.versions[home.pk][field]}
            value = VALUES[field][pick]
            ops.append(
                phone.op("household.edit", {"household": home.pk, "fields": {field: value}}, base=base, at=moment)
            )
    return ops


def end_state(home):
    """Everything that must not depend on how operations came."""
    row = Household.objects.get(pk=home.pk)
    visits = sorted(
        (str(v.key), v.done, str(v.started_at), v.on.isoformat(), v.given.count(), v.asks.count())
        for v in Visit.objects.filter(household=home)
    )
    days = [(str(a.on), str(a.in_at), a.night, a.cadre_id) for a in Attendance.objects.order_by("cadre", "on")]
    marks = sorted(str(key) for key in AttendanceMark.objects.values_list("key", flat=True))
    return {
        "visits": visits, "days": days, "marks": marks, "given": Given.objects.count(),
        "asks": sorted(Ask.objects.values_list("key", "text", "household", "visit__key")),
        "operations": sorted(Operation.objects.values_list("pk", "digest")),
        "fields": {field: getattr(row, field) for field in FIELDS},
        "open": sorted((c.field, c.mine) for c in Conflict.objects.filter(household=home, state="open")),
    }  # fmt: skip


def deliver(phones, batches):
    """Batches (phone's place, operations, lost): an answer that was lost makes the phone send them again later."""
    settled, again = {}, []
    for place, ops, lost in batches:
        answers = phones[place].send(*ops)
        for op, answer in zip(ops, answers, strict=True):
            if lost or answer["status"] == "later":
                again.append((place, op))
            else:
                settled.setdefault(op["id"], set()).add(answer["status"])
    for _try in range(3):
        waiting, again = again, []
        for place, op in waiting:
            answer = phones[place].send(op)[0]
            if answer["status"] == "later":
                again.append((place, op))
            else:
                settled.setdefault(op["id"], set()).add(answer["status"])
    assert not again
    return settled


KINDS = st.tuples(
    st.sampled_from(["visit", "mark", "ask", "edit", "edit"]), st.sampled_from(FIELDS), st.integers(0, 2)
)  # fmt: skip


@st.composite
def deliveries(draw, histories):
    """The operations of all phones in some order, some of them several times, cut into batches, answers lost."""
    flat = [(place, op) for place, ops in enumerate(histories) for op in ops]
    extra = draw(st.lists(st.sampled_from(flat), max_size=4))
    order = draw(st.permutations(flat + extra))
    batches, place = [], 0
    while place < len(order):
        size = draw(st.integers(1, 5))
        part = order[place : place + size]
        for phone in {owner for owner, _op in part}:
            batches.append((phone, [op for owner, op in part if owner == phone], draw(st.booleans())))
        place += size
    return batches


def fresh_phones(land):
    phones = [land.phone(land.one), land.phone(land.other)]
    for phone in phones:
        phone.versions = {home["id"]: home["versions"] for home in phone.state()["households"]}
    return phones


def run(land, home, phones, batches):
    """Deliver within a savepoint that is taken back; the end state and the answers."""
    found = {}
    try:
        with transaction.atomic():
            found["answers"] = deliver(phones, batches)
            found["end"] = end_state(home)
            found["trail"] = Entry.objects.filter(verb="fieldwork.visits.record").count()
            raise Undo
    except Undo:
        return found


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(st.lists(KINDS, min_size=1, max_size=5), st.lists(KINDS, min_size=1, max_size=5), st.data())
def test_any_order_repeats_and_cuts_end_like_once_in_order(land, first, second, data):
    home = land.homes(land.one)[0]
    try:
        with transaction.atomic():
            phones, at = fresh_phones(land), now()
            phones[1].versions[home.pk] = phones[0].versions[home.pk]
            histories = [deeds(phone, home, at, kinds) for phone, kinds in zip(phones, (first, second), strict=True)]
            plain = run(land, home, phones, [(place, [op], False) for place, ops in enumerate(histories) for op in ops])
            mixed = run(land, home, phones, data.draw(deliveries(histories)))
            check(plain, mixed, histories)
            raise Undo
    except Undo:
        pass


def check(plain, mixed, histories):
    sent = {op["id"] for ops in histories for op in ops}
    assert set(mixed["answers"]) == sent, "nothing lost"
    for told in (*plain["answers"].values(), *mixed["answers"].values()):
        assert told <= {"done", "kept", "conflict"}
    once = {key: value for key, value in plain["end"].items() if key not in {"fields", "open"}}
    assert {key: mixed["end"][key] for key in once} == once
    assert mixed["trail"] == plain["trail"] == len(plain["end"]["visits"]), "nothing doubled"
    assert {UUID(key) for key in sent} == {key for key, _digest in mixed["end"]["operations"]}
    for field in FIELDS:
        last = {
            place: edits[-1]["body"]["fields"][field]
            for place, ops in enumerate(histories)
            if (edits := [op for op in ops if op["kind"] == "household.edit" and field in op["body"]["fields"]])
        }
        for end in (plain["end"], mixed["end"]):
            shown = {value for name, value in end["open"] if name == field}
            told = {value for place, value in last.items() if not seen_again(histories[place], field, value)}
            if told == set(last.values()):
                assert not told or {end["fields"][field]} | shown == told
            else:  # a phone came back to what it had seen: it wants nothing, the others' values are there all the same
                assert told <= {end["fields"][field]} | shown


def seen_again(ops, field, value):
    return value == "" and field == "wish"  # what stood there when both lost the line


def test_the_second_of_two_phones_that_saw_the_same_is_shown_both_values(land):
    home = land.homes(land.one)[0]
    first, second = fresh_phones(land)
    base = {"address": first.versions[home.pk]["address"], "wish": first.versions[home.pk]["wish"]}
    one = first.op("household.edit", {"household": home.pk, "fields": {"address": "一社"}}, base=base, at=now())
    two = second.op(
        "household.edit", {"household": home.pk, "fields": {"address": "二社", "wish": "养羊"}}, base=base, at=now()
    )
    assert first.send(one)[0]["status"] == "done"
    answer = second.send(two)[0]
    assert (answer["status"], list(answer["conflict"])) == ("conflict", ["address"])
    row = Household.objects.get(pk=home.pk)
    assert (row.address, row.wish) == ("一社", "养羊"), "what did not collide is written"
    assert second.send(two)[0] == answer, "sent again, the same answer"
    assert Edit.objects.count() == 3


def test_what_the_office_changed_meanwhile_collides_too_and_is_shown_with_its_name(land):
    from shuanglian.registry.actions import households

    home = land.homes(land.one)[0]
    phone = fresh_phones(land)[0]
    households.change(household=home, values={"address": "办公室改的"}, why="来电更正", by=land.office, at=now())
    op = phone.op(
        "household.edit",
        {"household": home.pk, "fields": {"address": "手机改的"}},
        base={"address": phone.versions[home.pk]["address"]},
        at=now(),
    )
    met = phone.send(op)[0]["conflict"]["address"]
    assert (met["mine"], met["theirs"], met["by"]) == ("手机改的", "办公室改的", str(land.office))


def test_a_field_that_cannot_be_is_refused_and_nothing_of_the_edit_is_written(land):
    home = land.homes(land.one)[0]
    phone = fresh_phones(land)[0]
    op = phone.op(
        "household.edit",
        {"household": home.pk, "fields": {"address": "新", "phone": "12"}},
        base=phone.versions[home.pk],
        at=now(),
    )
    before = Household.objects.get(pk=home.pk).address
    answer = phone.send(op)[0]
    assert (answer["status"], answer["code"]) == ("refused", "phone")
    assert Household.objects.get(pk=home.pk).address == before and not Edit.objects.exists()


def test_a_position_is_corrected_as_one_field(land):
    home = land.homes(land.one)[0]
    phone = fresh_phones(land)[0]
    op = phone.op("household.edit", {"household": home.pk, "fields": {"position": {"lon": 105.1234567, "lat": 35.2, "acc": 5}}},
                  base={"position": phone.versions[home.pk]["position"]}, at=now())  # fmt: skip
    assert phone.send(op)[0]["status"] == "done"
    row = Household.objects.get(pk=home.pk)
    assert (row.lon, row.lat) == (105.123457, 35.2)
    assert json.dumps(phone.state()["households"][0]["lon"])
