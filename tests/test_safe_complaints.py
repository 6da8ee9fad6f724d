"""The proof (VOICE-6): who is complained of looks at everything that he can open, before and after, and finds no trace.

Everybody who may be complained of or could infer it (the helper, his unit, the village, the township, leaders, the
county's office, auditors, inspectors, administrators, the officer who is named in the letter) opens every address of the
product, orders every export, and asks the database itself under his own role; then letters come, are handled, climb and
have their identity opened; then he looks again. Byte for byte the same, but for form tokens and the clock.
"""

import re
import zipfile
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from shuanglian.accounts.middleware import as_person
from shuanglian.accounts.models import User
from shuanglian.benefits.actions import cards
from shuanglian.benefits.models import Card
from shuanglian.complaints import access
from shuanglian.complaints.actions import handling, officers, openings, rounds
from shuanglian.complaints.models import Attempt, Complaint
from shuanglian.core.clock import now
from shuanglian.jobs.actions import jobs
from shuanglian.notices.models import Knock
from shuanglian.notifications.models import Message
from shuanglian.organisation.models import Cadre
from shuanglian.trail.models import Entry

from .addresses import fillings
from .county import everybody, place, tree, user
from .telling import told as told_of
from .test_walls import ADDRESSES, BACKEND

pytestmark = pytest.mark.django_db
WORDS = "干部1拿走了两只鸡，补助也扣了一半"
PUBLIC = "letters:"
# what names a moment or is new at every load
TOKENS = re.compile(rb'"[A-Za-z0-9]{64}"|csrfmiddlewaretoken[^>]*|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
                    rb"|\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})?|(?:\b|T)\d{2}:\d{2}(:\d{2})?\b|nonce-[^'\"]+")  # fmt: skip


@pytest.fixture(scope="module")
def land(kept):
    """Our county, everybody of it, four named officers; one of the county's is named in the letters."""
    with kept():
        areas = tree()
        staff = user("staff_here", "programme_office", areas["621121000000"])
        here = place(areas, "621121", "", staff)
        here.rows |= told_of(here.county, here.rows["cadre"], "", staff)
        people = everybody(here, areas)
        people["village"] = user("own_village", "village_committee", here.village)
        people["township"] = user("own_township", "programme_office", here.township)
        people["named"] = user("named", "programme_office", here.county)
        User.objects.filter(pk=people["named"].pk).update(full_name="马守正")
        admin = user("admin_top", "administrator", areas["620000000000"])
        for name, area in (("first", here.county), ("second", here.county), ("city", areas["621100000000"]), ("city2", areas["621100000000"])):  # fmt: skip
            officers.name(user=user(name, "programme_office", area), since=date(2015, 1, 1), by=admin, at=now())
        officers.name(user=people["named"], since=date(2015, 1, 1), by=admin, at=now())
        Cadre.objects.filter(user=people["cadre"]).update(user=None)
        Cadre.objects.filter(pk=here.rows["cadre"].pk).update(user=people["cadre"])  # the helper of the first household
        people["unit"].unit_account.unit = here.rows["cadre"].unit
        people["unit"].unit_account.save()
        cards.issue(households=[here.rows["household"]], by=staff, at=now())
        return here, people


def logged_in(person):
    client = Client(raise_request_exception=False)  # some made-up rows are too bare for their own pages
    client.force_login(person, backend=BACKEND)
    return client


def opened(place_, people, only=None):
    """(who, address) → (status, headers that say something, bytes): every page that can be asked for, or some of them.

    What the looking itself writes (lines of the trail, moments of log-ins) is taken back, so that two walks see the same.
    """
    with transaction.atomic():
        found = walked(place_, people, only)
        transaction.set_rollback(True)
    return found


def walked(place_, people, only):
    cache.clear()
    found = {}
    for who, client in people.items():
        for name, parameters, route in ADDRESSES:
            if name.startswith(PUBLIC) or "jobs:file" in name:
                continue
            for filled in fillings(parameters, route, place_) if parameters else [{}]:
                try:
                    url = reverse(name, kwargs=filled)
                except NoReverseMatch:
                    continue
                if only is not None and (who, url) not in only:
                    continue
                answer = client.get(url)
                raw = answer.getvalue() if answer.streaming else answer.content
                told = {one: answer.headers.get(one, "") for one in ("Location", "Content-Type", "Content-Disposition")}
                found[who, url] = answer.status_code, told, spoken(raw)
    return found


def spoken(raw):
    """A page's bytes without what changes at every load; a workbook's or archive's parts unpacked."""
    if raw[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(raw)) as book:
            raw = b"".join(book.read(one) for one in sorted(book.namelist()) if "docProps" not in one)
    return b"a printed paper" if raw[:5] == b"%PDF-" else TOKENS.sub(b"", raw)  # it holds the moment it was made


def asked_of_the_database(people):
    """(who, table) → rows, under the person's own role: what a page with a forgotten filter would show."""
    found = {}
    for who, person in people.items():
        with as_person(person):
            for model in apps.get_models():
                if model._meta.managed and model.__module__.startswith("shuanglian.") and not model._meta.proxy:
                    if model in (Attempt,):
                        continue
                    with transaction.atomic():
                        found[who, model._meta.db_table] = model._base_manager.count()
    return found


def sequences():
    with connection.cursor() as cursor:
        cursor.execute("select sequencename, last_value from pg_sequences where schemaname = 'public' order by 1")
        return {name: value for name, value in cursor.fetchall() if name not in LOOKED}


# what the looking itself moves: log-ins, the trail's own lines of looks, exports ordered by the test
LOOKED = {"django_session_id_seq", "trail_entry_id_seq", "jobs_job_id_seq", "procrastinate_jobs_id_seq",
          "procrastinate_events_id_seq", "axes_accesslog_id_seq"}  # fmt: skip


def lives(here, accused=""):
    """Letters about them by every door, all naming `accused`; handled, opened, sent up; a night passes."""
    home, code = here.rows["household"], Card.objects.get(household=here.rows["household"]).code
    doors = {
        f"/k/{code}/report/": {"keep_household": "on", "kind": "gifts"},
        f"/s/v/{home.area_code}/": {"kind": "money"},
        "/s/": {"kind": "falsification", "offices": ["county"], "county": here.county.code, "name": "王进财"},
    }
    numbers = []
    for address, told in doors.items():
        browser = Client()
        key = re.search(r'name="key" value="([^"]+)"', browser.get(address).content.decode())[1]
        sent = browser.post(address, {"text": WORDS, "accused": accused, **told, "key": key})
        assert sent.status_code == 200
        numbers.append(re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", sent.content.decode())[0])
    at = now()
    for officer in User.objects.filter(username__in=["first", "city"]):
        other = User.objects.get(username={"first": "second", "city": "city2"}[officer.username])
        for letter, _told in access.letters_read_by(officer, at.date()):
            if letter.state != "received" or letter.pk == here.rows["letter"].pk:
                continue
            handling.open_(
                complaint=letter, by=officer, at=at
            )  # as its page does; a log-in would have a line of its own
            if letter.identity:
                asked = openings.ask(complaint=letter, why="需要当面核对数量", by=officer, at=at)
                openings.look(opening=openings.answer(opening=asked, agree=True, by=other, at=at), by=officer, at=at)
            handling.take_up(complaint=letter, by=officer, at=at)
            handling.answer(
                complaint=letter, outcome="unfounded", text="查了账目和签字，没有查到这件事。" * 2, by=officer, at=at
            )
            handling.deny(complaint=letter, at=at)
    assert Client().post("/s/f/", {"number": numbers[0]}).status_code == 200
    rounds.night(at=at + timedelta(days=1))
    return numbers


# Everybody but the officer who is named, who may read letters that do not name him: he has a test of his own.
@pytest.mark.parametrize("who", [
    ("cadre", "unit"), ("village", "township"), ("office_county", "administrator"), ("leader_county", "auditor"),
    ("inspector", "leader_township", "office_township"),
], ids=" ".join)  # fmt: skip
def test_VOICE_6_nobody_complained_of_finds_a_trace_on_any_page_in_any_table_or_counter(land, who):
    here, everyone = land
    find_no_trace(here, {one: everyone[one] for one in who})


def test_VOICE_6_the_officer_who_is_named_finds_no_trace_either(land):
    here, everyone = land
    find_no_trace(here, {"named": everyone["named"]}, accused="马守正")
    letters = Complaint.objects.exclude(pk=here.rows["letter"].pk)
    assert {one.office_code for one in letters} <= {"621100000000", "620000000000"}  # it went round his whole office


def find_no_trace(here, people, **told):
    browsers = {who: logged_in(person) for who, person in people.items()}  # each log-in has its line: one for all walks
    before, rows, numbers = opened(here, browsers), asked_of_the_database(people), sequences()
    letters_before = Complaint.objects.count()
    knocks = Knock.objects.count()
    lines = Entry.objects.count()
    lives(here, **told)
    assert Entry.objects.count() == lines
    assert Complaint.objects.count() == letters_before + 3, "the letters must be there, or the proof proves nothing"
    assert sequences() == numbers
    assert Knock.objects.count() == knocks, "the common count of knocks tells nobody that a letter came"
    assert asked_of_the_database(people) == rows
    after = opened(here, browsers)
    assert sum(status == 200 for status, _told, _raw in after.values()) > 40 * len(people)
    differ = {key for key in before if before[key] != after[key]}
    again = opened(here, browsers, only=differ)
    restless = {key for key in differ if again[key] != after[key]}  # new at every load, with letters and without
    assert len(restless) < 12 * len(people), restless
    assert differ - restless == set()
    for key, (_status, _told, raw) in after.items():
        assert WORDS.encode() not in raw, key


def test_VOICE_6_no_export_that_they_can_order_differs(land):
    here, everyone = land
    people = {who: everyone[who] for who in ("office_county", "named", "township", "auditor", "leader_county")}
    orders = [
        ("registry.ledger", {"area": here.county.code, "format": "xlsx", "paper": "A3", "landscape": True, "break_pages": False,
                             "contacts": "", "why": "", "language": "zh-hans"}),
        ("fieldwork.export", {"area": here.county.code, "month": "2015-03", "language": "zh-hans"}),
        ("lookback.export", {"area": here.county.code, "campaign": here.rows["campaign"].pk, "rows": 1, "language": "zh-hans"}),
    ]  # fmt: skip

    def made():
        found = {}
        for who, person in people.items():
            for kind, params in orders:
                job = jobs.run_now(jobs.start(kind=kind, title="x", params=params, by=person, at=now()))
                found[who, kind] = job.state, job.result, spoken(jobs.content(job)) if job.file else b""
        return found

    before = made()
    assert any(state == "done" for state, _result, _raw in before.values())
    lives(here)
    assert made() == before


def test_VOICE_6_every_message_in_the_product_is_the_same_with_letters_and_without(land):
    here, _people = land
    before = Message.objects.count()
    lives(here)
    assert Message.objects.count() == before


@pytest.mark.parametrize(
    "who", ["cadre", "unit", "village", "township", "leader_county", "auditor", "administrator", "office_county"]
)
def test_VOICE_6_a_try_is_answered_as_if_nothing_were_there_and_is_written_down_for_the_level_above(land, who):
    here, people = land
    lives(here)
    real = Complaint.objects.exclude(pk=here.rows["letter"].pk).first()
    client = logged_in(people[who])
    seen = len(Attempt.objects.all())
    answers = [client.get(f"/complaints/letters/{pk}/") for pk in (real.pk, "00000000-0000-4000-8000-000000000000")]
    assert [one.status_code for one in answers] == [404, 404]
    assert spoken(answers[0].content) == spoken(answers[1].content)
    assert len(Attempt.objects.all()) == seen + 2
    office = {"village": here.county.code, "township": here.county.code}.get(who, "621100000000")
    assert set(Attempt.objects.filter(user=people[who], what="letter").values_list("area_code", flat=True)) == {office}
    reader = logged_in(User.objects.get(username="city" if office == "621100000000" else "first"))
    assert str(people[who]) in reader.get("/complaints/attempts/").content.decode()
    assert logged_in(people[who]).get("/complaints/attempts/").status_code == 404


def test_VOICE_6_the_public_form_answers_a_letter_and_the_same_letter_again_alike(land):
    here, _people = land
    browser = Client()
    key = re.search(r'name="key" value="([^"]+)"', browser.get("/s/").content.decode())[1]
    told = {"text": WORDS, "kind": "money", "key": key, "county": here.county.code}
    first, again = browser.post("/s/", told), browser.post("/s/", told)
    assert (
        (first.status_code, len(first.content)) == (again.status_code, len(again.content)) == (200, len(first.content))
    )
    assert spoken(first.content) == spoken(again.content)
    assert first.headers.items() == again.headers.items()
