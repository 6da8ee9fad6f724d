"""The server is killed outright in the middle of a batch: nothing half-done, nothing doubled, nothing lost."""

import threading
import time

import pytest

from shuanglian.fieldwork.models import Ask, Given, Visit
from shuanglian.phone.models import Operation
from shuanglian.trail.chain import verify
from shuanglian.trail.models import Entry

from .factories import field_county, now, visit_body
from .server import Server, session_of

pytestmark = pytest.mark.django_db(transaction=True)
BATCH = 60


@pytest.fixture
def server(tmp_path, db):
    made = Server(tmp_path)
    yield made
    made.kill()


def whole(ids):
    """What stands is whole: an operation for every visit and a visit for every operation, each with its lines."""
    visits = {str(key): pk for key, pk in Visit.objects.values_list("key", "pk")}
    assert set(visits) == {str(pk) for pk in Operation.objects.values_list("pk", flat=True)} <= ids
    for pk in visits.values():
        assert (Given.objects.filter(visit=pk).count(), Ask.objects.filter(visit=pk).count()) == (2, 1)
    assert Entry.objects.filter(verb="fieldwork.visits.record").count() == len(visits) and verify() == []
    return len(visits)


def test_kill_9_in_the_middle_of_a_batch_leaves_whole_operations_and_the_rest_comes_with_the_next_try(server):
    land = field_county()
    phone, at, homes = land.phone(land.one), now(), land.homes(land.one)
    session, clock = session_of(phone), at.isoformat()
    lines = {
        "given": [{"kind": "seed", "quantity": "1", "yuan": None, "note": ""}, {"kind": "film", "quantity": "2", "yuan": None, "note": ""}],
        "asks": [{"text": "修路", "category": "road", "urgent": False}],
    }  # fmt: skip
    ops = [
        phone.op("visit.record", visit_body(homes[n % len(homes)], at, done=f"第{n}次", **lines), at=at)
        for n in range(BATCH)
    ]
    ids = {op["id"] for op in ops}
    server.start()
    answers = []
    sending = threading.Thread(target=lambda: answers.append(server.send(session, phone, ops, clock)))
    sending.start()
    end = time.monotonic() + 120
    while Operation.objects.count() < 5 and time.monotonic() < end:
        time.sleep(0.01)
    server.kill()
    sending.join()
    assert answers == [None], "the batch was to be cut"
    before = whole(ids)
    assert 5 <= before < BATCH
    server.start()
    results = server.send(session, phone, ops, clock)
    told = [one["status"] for one in results]
    assert (told.count("kept"), told.count("done")) == (before, BATCH - before)
    assert whole(ids) == BATCH
    assert {one["status"] for one in server.send(session, phone, ops, clock)} == {"kept"} and whole(ids) == BATCH
