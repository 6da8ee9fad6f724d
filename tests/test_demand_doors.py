"""The server is killed while people send their forms: whoever saw a number has a record, nobody has two (VOICE-1)."""

from __future__ import annotations

import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import Client

from shuanglian.fieldwork.tests.factories import land
from shuanglian.grievances import numbers
from shuanglian.grievances.models import Demand, Step
from shuanglian.grievances.tests.public_land import WORDS, filled, number_in, village_page
from shuanglian.phone.tests.server import TOKEN, Server
from shuanglian.trail.chain import verify
from shuanglian.trail.tests.emptying import let_tests_empty_the_trail

let_tests_empty_the_trail()
pytestmark = pytest.mark.django_db(transaction=True)
FORMS, AT_ONCE = 60, 8


@pytest.fixture
def server(tmp_path, db):
    made = Server(tmp_path)
    yield made
    made.kill()


def send(server, address, form):
    """The number on the page that came; None when none came."""
    token = TOKEN
    body = urllib.parse.urlencode({**form, "csrfmiddlewaretoken": token}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port}{address}", body, {"Cookie": f"csrftoken={token}"}
    )  # fmt: skip
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return re.search(r'class="number"><strong>([^<]+)', answer.read().decode())[1]
    except (urllib.error.URLError, OSError):
        return None


def test_kill_9_while_forms_come_in_loses_no_number_and_doubles_no_demand(server):
    here = land(households=3)
    address, client = village_page(here), Client()
    forms = [filled(client.get(address), text=f"{WORDS}（{n}）") for n in range(FORMS)]
    server.start()
    seen: dict[str, str] = {}

    def one(form):
        if number := send(server, address, form):
            seen[form["form_key"]] = number

    with ThreadPoolExecutor(AT_ONCE) as people:
        sending = [people.submit(one, form) for form in forms]
        end = time.monotonic() + 120
        while Demand.objects.count() < 10 and time.monotonic() < end:
            time.sleep(0.01)
        killing = threading.Thread(target=server.kill)
        killing.start()
        killing.join()
        for each in sending:
            each.result()
    kept = {str(key) for key in Demand.objects.values_list("key", flat=True)}
    assert set(seen) <= kept and len(kept) < FORMS, "some were to be cut off"
    server.start()
    again = {form["form_key"]: send(server, address, form) for form in forms}
    assert {key: again[key] for key in seen} == seen
    assert {str(one.key): numbers.number_of(one.key) for one in Demand.objects.all()} == again
    assert (
        Demand.objects.count() == Step.objects.filter(kind__in=["received", "held"]).count() == FORMS and verify() == []
    )
    assert number_in(client.post(address, forms[0])) == again[forms[0]["form_key"]]
