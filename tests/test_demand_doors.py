"""The public doors from outside: the server killed while forms come in, hostile files, no scripts and no mouse (VOICE-1).

Whoever saw a number has a record, nobody has two.
"""

from __future__ import annotations

import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuanglian.attachments.models import Attachment
from shuanglian.complaints.models import Complaint
from shuanglian.fieldwork.tests.factories import land
from shuanglian.grievances import numbers
from shuanglian.grievances.models import Demand, Step
from shuanglian.grievances.tests.public_land import WORDS, ask, card_of, filled, number_in, village_page
from shuanglian.phone.tests.server import TOKEN, Server
from shuanglian.trail.chain import verify
from shuanglian.trail.tests.emptying import let_tests_empty_the_trail

from .hostile import hostile

let_tests_empty_the_trail()
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


@pytest.mark.django_db(transaction=True)
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


# --- hostile files ----------------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("category", ["water", "conduct"])
@pytest.mark.parametrize("file", hostile(photos_only=True), ids=lambda file: file.name[:20])
def test_a_hostile_file_is_told_and_nothing_is_kept_on_either_road(client, settings, tmp_path, file, category):
    settings.MEDIA_ROOT = tmp_path
    here = land(households=1)
    for address in (village_page(here), card_of(here)):
        for language in ("zh-hans", "en"):
            client.cookies["language"] = language
            sent = SimpleUploadedFile("x", file.data)
            sent._name = file.name
            page = ask(client, address, photos=sent, category=category)
            text = page.content.decode()
            assert page.status_code == 422 and WORDS in text and "\u202e" not in text
            assert (file.english if language == "en" else file.told) in text
    assert not Demand.objects.exists() and not Complaint.objects.exists() and not Attachment.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


# --- without scripts, without a mouse ---------------------------------------------------------------------------------
def to(page, name):
    """Go on by Tab until a field or button has the focus, as somebody without a mouse does."""
    for _press in range(60):
        page.keyboard.press("Tab")
        if page.locator(f"{name}:focus").count():
            return
    raise AssertionError(f"{name} is not reached by keyboard")


@pytest.mark.browser
def test_somebody_without_scripts_and_mouse_asks_follows_and_adds_words(product, browser):
    village = product.query("select min(area_code) from registry_household where removed_on is null")[0][0]
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{product.url}/d/v/{village}/", timeout=120_000)
    to(page, "[name=category]")
    page.keyboard.press("ArrowDown")
    assert page.locator("[name=category]").input_value() == "water"
    to(page, "[name=text]")
    page.keyboard.type("水管坏了半个月")
    page.wait_for_timeout(3_500)  # a machine would be faster: what it sends is kept aside
    to(page, "main form button")
    page.keyboard.press("Enter")
    number = page.locator(".number").inner_text()
    to(page, "a[href='/d/f/']")
    page.keyboard.press("Enter")
    to(page, "[name=number]")
    page.keyboard.type(number.lower())
    page.keyboard.press("Enter")
    assert "最迟" in page.locator(".now").inner_text()
    to(page, "summary")
    page.keyboard.press("Enter")
    to(page, "details [name=text]")
    page.keyboard.type("昨天又有两户没水")
    to(page, "details button")
    page.keyboard.press("Enter")
    assert page.locator(".ok").inner_text() == "记下了，谢谢。"
    context.close()
