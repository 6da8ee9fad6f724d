"""A family reports a broken prohibition and is safe (FIELD-6, VOICE-6): seen by one office, by nobody complained of."""

import re
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.benefits.actions import cards
from shuanglian.benefits.models import Card
from shuanglian.core.scoping import scoped
from shuanglian.fieldwork import access
from shuanglian.fieldwork.actions import breaches, posts
from shuanglian.fieldwork.models import Breach
from shuanglian.organisation.models import Cadre, UnitAccount
from shuanglian.trail.models import Entry

from .factories import AT, land

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WORDS = "收了我家两只鸡"
PAGES = (
    "/", "/fieldwork/", "/fieldwork/reports/", "/fieldwork/asks/", "/fieldwork/unentered/", "/fieldwork/posts/",
    "/trail/", "/registry/{home}/", "/registry/{home}/story/", "/fieldwork/households/{home}/",
    "/fieldwork/villages/{village}/", "/areas/{village}/", "/organisation/cadres/{cadre}/", "/fieldwork/cadres/{cadre}/",
    "/jobs/", "/notices/",
)  # fmt: skip


@pytest.fixture
def here():
    cache.clear()
    return land(households=6)


@pytest.fixture
def code(here):
    cards.issue(households=[here.homes[0]], by=here.office, at=AT)
    return Card.objects.get(household=here.homes[0]).code


def told(client, code, **more):
    page = client.get(f"/k/{code}/report/")
    key = re.search(r'name="key" value="([^"]+)"', page.content.decode())[1]
    return client.post(f"/k/{code}/report/", {"key": key, "prohibition": "gifts", "text": WORDS, **more})


def shown(client, here):
    """Every page that somebody logged in may open, without what changes from load to load."""
    places = {"home": here.homes[0].pk, "village": here.homes[0].village.code, "cadre": here.cadre.cadre.pk}
    pages = {}
    for address in PAGES:
        page = client.get(address.format(**places))
        text = page.content.decode()
        pages[address] = page.status_code, re.sub(r'"[A-Za-z0-9]{64}"', "", text)  # tokens of forms
    return pages


def everyone_complained_of(here):
    leader = UserFactory(username="county_leader", role="leader", area=here.place.area)
    auditor = UserFactory(username="auditor", role="auditor", area=here.place.area)
    return [here.cadre, here.other, here.member, here.unit, here.village, here.township, leader, auditor]


def test_FIELD_6_the_familys_page_shows_the_eight_and_leads_to_the_form(client, code):
    page = client.get(f"/k/{code}/").content.decode()
    assert page.count("不准") == 9  # eight, and the heading
    assert f"/k/{code}/report/" in page


def test_VOICE_6_what_a_family_says_is_sealed_and_read_by_the_countys_office_only(client, here, code):
    sent = told(client, code)
    assert (sent.status_code, sent.headers["Cache-Control"]) == (200, "no-store, private")
    kept = Breach.objects.get()
    assert kept.area_code == here.place.area.code
    raw = Breach.objects.filter(pk=kept.pk).extra(select={"raw": "sealed::text"}).values_list("raw", flat=True)[0]
    assert WORDS not in raw and here.homes[0].number not in raw
    client.force_login(here.office, backend=BACKEND)
    page = client.get("/fieldwork/reports/").content.decode()
    assert WORDS in page and here.homes[0].number in page
    assert "/fieldwork/reports/" in client.get("/").content.decode()


def test_VOICE_6_nobody_complained_of_sees_it_or_can_tell_from_any_page_that_there_is_one(client, here, code):
    people = {}
    for person in everyone_complained_of(here):
        people[person.username] = Client()
        people[person.username].force_login(person, backend=BACKEND)
    before = {name: shown(browser, here) for name, browser in people.items()}
    told(client, code)
    told(client, code, prohibition="meals")
    assert Breach.objects.count() == 2
    for name, browser in people.items():
        for address, page in shown(browser, here).items():
            assert page == before[name][address], (name, address)
            assert WORDS not in page[1]
    city = UserFactory(username="city", role="programme_office", area=here.place.area.parent)
    assert access.breaches_read_by(city) == []


def test_VOICE_6_the_trail_has_no_line_of_a_report_and_the_same_line_for_every_look(client, here, code):
    client.force_login(here.office, backend=BACKEND)
    client.get("/fieldwork/reports/")
    client.logout()
    told(client, code)
    client.force_login(here.office, backend=BACKEND)
    client.get("/fieldwork/reports/")
    first, second = Entry.objects.filter(verb__startswith="fieldwork.breaches").order_by("pk")
    assert {first.verb, second.verb} == {"fieldwork.breaches.read"}
    assert not Entry.objects.filter(by_id=None).exists()
    assert (first.details, first.about, first.area_code) == (second.details, second.about, second.area_code)


@pytest.mark.parametrize("who", ["township", "village", "cadre", "unit", "member"])
def test_VOICE_6_the_page_is_shut_for_everybody_else_whether_or_not_there_is_one(client, here, code, who):
    client.force_login(getattr(here, who), backend=BACKEND)
    before = client.get("/fieldwork/reports/").status_code
    told(client, code)
    client.force_login(getattr(here, who), backend=BACKEND)
    assert (before, client.get("/fieldwork/reports/").status_code) == (403, 403)


def test_VOICE_6_below_the_county_the_database_shows_no_row(here):
    breaches.report(household=here.homes[0], prohibition="gifts", text=WORDS, key=uuid4(), at=AT)
    for person in (here.township, here.village):
        with scoped(person.area.prefix, person.pk):
            assert not Breach.objects.exists()
    with scoped(here.place.area.prefix, here.office.pk):
        assert Breach.objects.exists()


def test_VOICE_6_an_office_clerk_who_answers_for_the_household_is_not_shown_it(here):
    breaches.report(household=here.homes[0], prohibition="gifts", key=uuid4(), at=AT)
    assert len(access.breaches_read_by(here.office)) == 1
    cadre = here.cadre.cadre
    Cadre.objects.filter(pk=cadre.pk).update(user=here.office)
    assert access.breaches_read_by(here.office) == []
    Cadre.objects.filter(pk=cadre.pk).update(user=here.cadre)
    account = UnitAccount.objects.create(user=here.office, unit=cadre.unit)
    assert access.breaches_read_by(here.office) == []
    account.delete()
    assert len(access.breaches_read_by(here.office)) == 1


def test_VOICE_6_about_the_countys_office_itself_the_city_reads_and_the_county_does_not(client, here, code):
    told(client, code, about_office="on")
    city = UserFactory(username="city", role="programme_office", area=here.place.area.parent)
    assert access.breaches_read_by(here.office) == []
    assert len(access.breaches_read_by(city)) == 1
    with scoped(here.place.area.prefix, here.office.pk):
        assert not Breach.objects.exists()


def test_VOICE_6_a_wrong_code_and_a_form_sent_twice_or_by_a_machine_keep_nothing_more(client, here, code):
    assert client.get("/k/WRONG/report/").status_code == 404
    assert client.post("/k/WRONG/report/", {"prohibition": "gifts", "key": uuid4()}).status_code == 404
    key = uuid4()
    for _time in range(2):
        client.post(f"/k/{code}/report/", {"key": key, "prohibition": "gifts", "text": WORDS})
    told(client, code, website="http://example.com")
    assert Breach.objects.count() == 1
    for bad in ({"prohibition": "?"}, {"prohibition": ""}, {"text": "a" + chr(0)}, {"text": "长" * 1001}, {"key": "x"}):
        assert told(client, code, **bad).status_code == 422
    for _time in range(20):
        last = told(client, code)
    assert last.status_code == 429
    assert Breach.objects.count() <= 13


def test_VOICE_6_who_was_stationed_or_paired_before_is_sealed_with_it(here):
    posts.end(post=here.member.cadre.posts.get(), on=AT.date(), why="轮换", by=here.office, at=AT)
    breaches.report(household=here.homes[0], prohibition="gifts", key=uuid4(), at=AT)
    _row, sealed = access.breaches_read_by(here.office)[0]
    assert {here.cadre.cadre.pk, here.member.cadre.pk} <= set(sealed["cadres"])
