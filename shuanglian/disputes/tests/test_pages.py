"""Pages of mediation: names only for who mediates, nothing about parties anywhere else, the monthly look-round (VOICE-5)."""

import re
from html import unescape
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuanglian.attachments.models import Attachment
from shuanglian.core import clock
from shuanglian.disputes.actions import forgetting, mediating
from shuanglian.disputes.models import Dispute, Screening
from shuanglian.fieldwork.tests.factories import photo
from shuanglian.grievances.tests.factories import raised
from shuanglian.registry import raw
from shuanglian.rules.facts.build import build
from shuanglian.rules.profile import load

from .factories import AGREED, AT, ON, WORDS, agreed, closed, noticed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh():
    cache.clear()


def browser(user):
    client = Client()
    client.force_login(user)
    return client


def text(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:2000]
    return unescape(answer.content.decode())


@pytest.fixture
def made(land):
    found = noticed(land)
    mediating.add_party(dispute=found, name="赵大牛", home=land.homes[0].number, by=land.village, at=AT)
    return found


def test_VOICE_5_names_and_words_are_read_by_the_office_that_has_it_and_the_mediator_only(land, made):
    address = f"/disputes/mediated/{made.pk}/"
    page = text(browser(land.village).get(address))
    assert "赵大牛" in page and "动了手" in page
    for user in (land.office, land.township, land.cadre):  # above it, and who gave notice
        page = text(browser(user).get(address))
        assert "赵大牛" not in page and "动了手" not in page
    assert browser(land.other).get(address).status_code == 404
    mediating.assign(dispute=made, mediator=land.other, by=land.village, at=AT)
    assert "赵大牛" in text(browser(land.other).get(address))
    mediating.pass_up(dispute=made, why="调了三次没有结果", by=land.village, at=AT)
    assert "赵大牛" not in text(browser(land.village).get(address))
    assert "赵大牛" in text(browser(land.township).get(address))
    assert browser(land.other).get(address).status_code == 404  # the township names its own mediator


def test_VOICE_5_the_list_shows_kind_village_and_time_and_nobodys_name(land, made):
    page = text(browser(land.office).get("/disputes/"))
    assert "土地、地界" in page and land.first_village.name in page
    assert "赵大牛" not in page and land.homes[0].head_name not in page


def test_VOICE_5_the_database_itself_keeps_names_from_an_office_that_does_not_have_it(land, made):
    from shuanglian.accounts.middleware import as_person
    from shuanglian.disputes.models import Party, Record

    for user, seen in ((land.village, 1), (land.office, 0), (land.township, 0), (land.other, 0)):
        with as_person(user):
            assert (Party.objects.count(), Record.objects.count()) == (seen, seen), user
    mediating.assign(dispute=made, mediator=land.other, by=land.village, at=AT)
    with as_person(land.other):
        assert Party.objects.count() == 1


def looks(land, user):
    """A household's pages and lists as somebody sees them, without what changes by itself."""
    client, home = browser(user), land.homes[0]
    pages = (f"/registry/{home.pk}/", f"/benefits/households/{home.pk}/", f"/registry/{home.pk}/story/",
             "/registry/households/", "/registry/", "/benefits/dues/")  # fmt: skip
    found = [client.get(page) for page in pages]
    shed = [
        re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+|nonce="[^"]+"', "", one.content.decode())
        for one in found
    ]
    assert any(one.status_code == 200 for one in found)
    return [(one.status_code, page) for one, page in zip(found, shed, strict=True)]


def test_VOICE_5_a_households_pages_lists_and_facts_do_not_tell_that_it_is_a_party(land):
    profile = load("tongwei_2015")

    def facts():
        return build(raw.of_households([land.homes[0].pk], ON), ON, profile).households.to_dicts()

    users = (land.office, land.township, land.village, land.cadre)
    before, known = {user.pk: looks(land, user) for user in users}, facts()
    found = noticed(land)
    mediating.add_party(dispute=found, name=land.homes[0].head_name, home=land.homes[0].number, by=land.village, at=AT)
    agreed(land, found)
    assert {user.pk: looks(land, user) for user in users} == before
    assert facts() == known


def test_VOICE_5_a_demand_becomes_a_dispute_in_one_go(land):
    demand = raised(land, category="dispute", text=WORDS, by=land.cadre)
    client = browser(land.cadre)
    page = text(client.get(f"/disputes/new/?demand={demand.pk}"))
    assert WORDS in page
    told = {"key": str(uuid4()), "kind": "land", "village": demand.village_id, "words": WORDS, "people": 2, "on": ON}
    assert "村调解" in text(client.post(f"/disputes/new/?demand={demand.pk}", told, follow=True))
    assert Dispute.objects.get().demand == demand


def test_VOICE_5_a_village_mediates_from_parties_to_the_follow_up_visit(land):
    today = clock.today()
    found = noticed(land, at=clock.now())
    client, address = browser(land.village), f"/disputes/mediated/{found.pk}/"
    steps = [
        ("parties/", {"name": "钱二虎"}, "已登记当事人"), ("assign/", {"mediator": land.cadre.pk}, "已指定调解人"),
        ("meet/", {"on": today, "present": 3, "notes": "请了老人来说"}, "已登记调解"),
        ("agree/", {"on": today, "text": AGREED, "scan": SimpleUploadedFile("a.jpg", photo(3), "image/jpeg")}, "已登记协议"),
        ("visit/", {"on": today, "holds": "yes", "notes": "都履行了"}, "已登记回访"),
    ]  # fmt: skip
    for where, told, said in steps:
        assert said in text(client.post(address + where, told, follow=True)), where
    scan = Attachment.objects.get(purpose="dispute_agreement")
    assert client.get(f"{address}scans/{scan.pk}/").headers["Content-Type"] == "image/jpeg"
    assert browser(land.office).get(f"{address}scans/{scan.pk}/").status_code == 403
    assert "已删除" in text(client.post(f"{address}forget/", follow=True)) or Dispute.objects.get().gone_at
    assert client.get(f"{address}scans/{scan.pk}/").status_code == 404


def test_VOICE_5_a_form_with_faults_says_so_and_stays(land, made):
    client = browser(land.village)
    page = text(client.post(f"/disputes/mediated/{made.pk}/meet/", {"on": ON, "present": 0, "notes": ""}), 422)
    assert "is-invalid" in page
    page = text(
        client.post(f"/disputes/mediated/{made.pk}/meet/", {"on": "2015-01-01", "present": 2, "notes": "谈了"}), 422
    )
    assert "不能早于发现的日期" in page or "请写明" in page


def test_VOICE_5_an_office_above_takes_it_up_and_others_cannot(land, made):
    told = {"why": "事情闹大了，乡里接手"}
    address = f"/disputes/mediated/{made.pk}/pass-up/"
    assert browser(land.cadre).post(address, told).status_code == 403
    assert "已转上一级" in text(browser(land.township).post(address, told, follow=True))
    assert Dispute.objects.get().level == "township"


def test_VOICE_5_forgetting_before_the_end_is_refused_in_words(land, made):
    answer = browser(land.village).post(f"/disputes/mediated/{made.pk}/forget/", follow=True)
    assert "办结以后才能删除" in text(answer)
    closed(land, made)
    forgetting.night(on=Dispute.objects.get().keep_until, at=AT)
    assert "已经删除" in text(browser(land.village).get(f"/disputes/mediated/{made.pk}/"))


def test_M_VOICE_09_a_village_says_that_it_looked_and_the_county_sees_who_has_not(land):
    village, office = browser(land.village), browser(land.office)
    assert "还没有登记" in text(village.get("/"))
    town = f"/disputes/screening/?area={land.first_village.parent.code}"
    assert land.first_village.parent.name in text(office.get("/disputes/screening/"))
    assert land.first_village.name in text(office.get(town))
    month = f"{clock.today():%Y-%m}"
    assert "已记下" in text(village.post("/disputes/screening/looked/", {"month": month}, follow=True))
    assert Screening.objects.get().village == land.first_village
    assert "没有发现" in text(office.get(town))
    page = text(browser(land.leader).get(town))
    assert "已排查" in page and browser(land.leader).get("/disputes/").status_code == 403


def test_VOICE_5_a_leader_sees_figures_and_no_small_ones(land):
    for n in range(3):
        noticed(land, words=f"{WORDS}第{n}次")
    noticed(land, kind="family")
    page = text(browser(land.leader).get("/disputes/figures/?year=2015"))
    assert re.search(r'土地、地界</th><td class="num">3<', page)
    assert re.search(r'家庭、赡养</th><td class="num">·<', page)


def test_the_list_asks_the_database_the_same_number_of_times(land):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, asked = browser(land.office), []
    for n in range(3):
        noticed(land, words=f"{WORDS}第{n}次")
        with CaptureQueriesContext(connection) as told:
            text(client.get("/disputes/"))
        asked.append(len(told))
    assert asked[1] == asked[2]
