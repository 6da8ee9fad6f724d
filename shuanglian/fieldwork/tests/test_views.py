"""The pages: a visit logged at a desk, whose pages, the diary, the workbook, panels, story, merges (FIELD-1, FIELD-3)."""

import io
import re
from datetime import timedelta
from uuid import uuid4

import openpyxl
import pytest
from django.utils import timezone

from shuanglian.core import clock
from shuanglian.fieldwork import queries, workbooks
from shuanglian.fieldwork.actions import visits
from shuanglian.fieldwork.models import Ask, Attendance, Inspection, Matter, Post, Service, Visit
from shuanglian.fieldwork.months import month_of
from shuanglian.organisation.models import Absence
from shuanglian.registry.actions import merges
from shuanglian.registry.hooks import Seen
from shuanglian.registry.models import Household
from shuanglian.trail.models import Entry

from .factories import ON, ask, head_of, inspection, land, mark, photo, service, visit

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MONTH = "?month=2015-07"


@pytest.fixture
def here():
    return land()


def login(client, user):
    client.force_login(user, backend=BACKEND)
    return client


def plain(**more):
    at = timezone.localtime(clock.now() - timedelta(minutes=30))
    return {"key": uuid4(), "tasks": ["publicise"], "met": ["neighbour"], "entered": "on",
            "started_at": at.strftime("%Y-%m-%dT%H:%M"), **more}  # fmt: skip


def test_FIELD_1_a_visit_is_logged_at_a_desk_with_what_it_brought(client, here):
    home, member = here.homes[0], head_of(here.homes[0])
    login(client, here.cadre)
    sent = client.post(f"/fieldwork/households/{home.pk}/visit/", plain(
        met=[member], done="讲政策", **{
            "given-0-kind": "film", "given-0-quantity": "2", "given-0-yuan": "80", "asks-0-text": "修路",
            "asks-0-category": "road", "incomes-1-channel": "wage", "incomes-1-yuan": "-500", "matters-0-what": "送药",
        }, photos=[io.BytesIO(photo(1)), io.BytesIO(photo(2))],
    ))  # fmt: skip
    kept = Visit.objects.get()
    assert (sent.status_code, sent.url) == (302, f"/fieldwork/entries/{kept.pk}/")
    assert (kept.met, kept.channel, kept.photos.count()) == ([member], "page", 2)
    page = client.get(sent.url).content.decode()
    for word in ("地膜", "修路", "送药", "-500", "讲政策"):
        assert word in page
    picture = re.search(r'src="(/fieldwork/entries/[^"]+/photo/[^"]+)"', page)[1]
    assert client.get(picture).headers["Content-Type"] == "image/jpeg"
    login(client, here.other)
    assert client.get(picture).status_code == 404


@pytest.mark.parametrize(
    "bad",
    [
        {"tasks": []}, {"met": []}, {"started_at": "2999-01-01T10:00"}, {"started_at": "x"}, {"done": "a" + chr(0)}, {"key": "x"},
        {"given-0-kind": "film", "given-0-quantity": "-1"}, {"given-0-quantity": "1e400"}, {"given-1-yuan": "5"}, {"lon": "nan", "lat": "35"},
        {"asks-0-text": "路"}, {"photos": io.BytesIO(b"no photo")}, {"met": ["nobody"]}, {"started_at": "1999-01-01T10:00"},
    ],
)  # fmt: skip
def test_FIELD_6_what_cannot_be_is_said_on_the_form_and_nothing_is_kept(client, here, bad):
    login(client, here.cadre)
    sent = client.post(f"/fieldwork/households/{here.homes[0].pk}/visit/", plain(**bad))
    assert sent.status_code == 422
    assert "alert-danger" in sent.content.decode() or "field-errors" in sent.content.decode()
    assert (Visit.objects.count(), Ask.objects.count()) == (0, 0)


def test_FIELD_6_a_form_sent_twice_keeps_one_visit(client, here):
    login(client, here.cadre)
    given = plain()
    for _time in range(2):
        assert client.post(f"/fieldwork/households/{here.homes[0].pk}/visit/", given).status_code == 302
    assert Visit.objects.count() == 1


def test_PAIR_1_other_peoples_households_are_not_there(client, here):
    kept = visit(here.homes[1], here.other)
    login(client, here.cadre)
    for address in (
        f"households/{here.homes[1].pk}/visit/", f"households/{here.homes[1].pk}/ask/", f"entries/{kept.pk}/",
        f"entries/{kept.pk}/correct/", f"entries/{kept.pk}/withdraw/", f"households/{here.homes[1].pk}/",
        f"households/{10**12}/visit/",
    ):  # fmt: skip
        assert client.get(f"/fieldwork/{address}").status_code == 404, address
    assert client.post(f"/fieldwork/households/{here.homes[1].pk}/visit/", plain()).status_code == 404
    assert Visit.objects.count() == 1


@pytest.mark.parametrize("who", ["office", "township", "village", "unit", "leader"])
def test_FIELD_1_only_cadres_log_visits(client, here, who):
    login(client, getattr(here, who))
    assert client.get(f"/fieldwork/households/{here.homes[0].pk}/visit/").status_code == 403
    assert client.get("/fieldwork/mine/").status_code == 403


def test_REG_10_a_visit_is_corrected_and_withdrawn_by_who_made_it(client, here):
    kept = visit(here.homes[0], here.cadre, given=[{"kind": "film", "quantity": 2}])
    login(client, here.cadre)
    form = client.get(f"/fieldwork/entries/{kept.pk}/correct/").content.decode()
    assert "讲了低保和合作医疗政策" in form
    day = clock.today() - timedelta(days=1)
    sent = client.post(f"/fieldwork/entries/{kept.pk}/correct/", plain(done="更正以后", started_at=f"{day}T09:00"))
    later = Visit.objects.standing().get()
    assert (sent.url, later.done, later.replaces_id) == (f"/fieldwork/entries/{later.pk}/", "更正以后", kept.pk)
    assert client.get(f"/fieldwork/entries/{kept.pk}/").status_code == 200
    assert client.post(f"/fieldwork/entries/{later.pk}/withdraw/", {"why": ""}).status_code == 422
    assert client.post(f"/fieldwork/entries/{later.pk}/withdraw/", {"why": "登记错户"}).status_code == 302
    assert not Visit.objects.standing().exists()
    login(client, here.member)
    teams = visit(here.homes[0], here.member)
    login(client, here.cadre)  # sees the team's visit to his household, and may not touch it
    assert client.get(f"/fieldwork/entries/{teams.pk}/").status_code == 200
    assert client.get(f"/fieldwork/entries/{teams.pk}/withdraw/").status_code == 403


def test_FIELD_6_the_page_notes_leave_late_entry_and_an_unentered_home_without_judging(client, here):
    Absence.objects.create(cadre=here.cadre.cadre, kind="leave", since=ON, until=ON)
    kept = visit(here.homes[0], here.cadre, entered=False, position=None, at=clock.now().replace(year=2015, month=8))
    login(client, here.office)
    page = client.get(f"/fieldwork/entries/{kept.pk}/").content.decode()
    for word in ("当天在休假", "天后补登", "没有定位", "未进家门"):
        assert word in page


def test_FIELD_3_the_log_and_the_diary_show_the_month_and_days_without_homes(client, here):
    visit(here.homes[0], here.cadre, given=[{"kind": "coal", "quantity": 50, "yuan": 60}])
    mark(here.first_village, here.member, note="在村委会开会")
    service(here.first_village, here.tech)
    inspection(here.first_village, here.leader)
    login(client, here.office)
    page = client.get(f"/fieldwork/{MONTH}").content.decode()
    assert here.homes[0].head_name in page
    assert "其中 1 天没进一户" in page
    village = client.get(f"/fieldwork/villages/{here.first_village.code}/{MONTH}").content.decode()
    for word in (
        "取暖煤",
        "没进一户",
        "全膜玉米田间管理",
        "饮水工程进度慢",
        "月底前通水",
        "驻村工作队队长（第一书记）",
    ):
        assert word in village
    empty = client.get(f"/fieldwork/unentered/{MONTH}").content.decode()
    assert here.member.cadre.name in empty
    assert "在村委会开会" in empty
    assert client.get(f"/fieldwork/cadres/{here.member.cadre.pk}/{MONTH}").status_code == 200
    other = next(home.village for home in here.homes if home.village.parent_id != here.township.area_id)
    login(client, here.township)
    assert client.get(f"/fieldwork/villages/{other.code}/").status_code == 404
    assert client.get(f"/fieldwork/?area={other.code}").status_code == 404


@pytest.mark.parametrize("count", [1, 4])
def test_the_log_asks_the_database_the_same_number_of_times(client, here, count, django_assert_max_num_queries):
    for number in range(count):
        visit(
            here.homes[0],
            here.cadre,
            days=-number,
            met=[head_of(here.homes[0])],
            asks=[{"text": "路", "category": "road"}],
        )
        mark(here.first_village, here.member, days=-number)
    login(client, here.office)
    with django_assert_max_num_queries(40):
        assert client.get(f"/fieldwork/{MONTH}").status_code == 200
    with django_assert_max_num_queries(36):
        assert client.get(f"/fieldwork/villages/{here.first_village.code}/{MONTH}").status_code == 200


def test_FIELD_2_days_services_matters_asks_inspections_and_posts_are_logged_by_their_forms(client, here):
    login(client, here.tech)
    village, today = here.first_village.pk, clock.today()
    assert client.get("/fieldwork/days/new/").content.decode().count("selected") >= 1  # the only village is chosen
    given = {"village": village, "on": today - timedelta(days=1)}
    assert (
        client.post("/fieldwork/days/new/", {"key": uuid4(), **given, "came": "08:30", "night": "on"}).status_code
        == 302
    )
    assert (
        client.post(
            "/fieldwork/services/new/", {"key": uuid4(), **given, "days": "1", "topic": "crops", "people": 9}
        ).status_code
        == 302
    )
    assert (
        client.post(
            "/fieldwork/matters/new/", {"key": uuid4(), **given, "kind": "training", "what": "种植培训"}
        ).status_code
        == 302
    )
    assert (Attendance.objects.get().night, Service.objects.get().people, Matter.objects.get().kind) == (
        True,
        9,
        "training",
    )
    elsewhere = next(home.village for home in here.homes if home.village_id != village)
    assert (
        client.post(
            "/fieldwork/days/new/", {"key": uuid4(), **given, "village": elsewhere.pk, "came": "08:00"}
        ).status_code
        == 422
    )
    login(client, here.cadre)
    told = {"key": uuid4(), "text": "想贷款", "category": "loan"}
    assert client.post(f"/fieldwork/households/{here.homes[0].pk}/ask/", told).status_code == 302
    login(client, here.leader)
    told = {"key": uuid4(), "kind": "study", "area": village, "on": today, "found": "水不够", "decided-0-what": "打井"}
    assert client.post("/fieldwork/inspections/new/", told).status_code == 302
    assert Inspection.objects.get().decided == [{"what": "打井", "who": "", "due": ""}]
    assert (
        client.post("/fieldwork/inspections/new/", {**told, "key": uuid4(), "area": here.place.area.pk}).status_code
        == 422
    )
    login(client, here.office)
    told = {"cadre": here.third.cadre.number, "village": village, "kind": "team_member", "since": today}
    assert client.post("/fieldwork/posts/new/", told).status_code == 302
    assert client.post("/fieldwork/posts/new/", told).status_code == 422
    made = Post.objects.get(cadre=here.third.cadre)
    assert client.post(f"/fieldwork/posts/{made.pk}/end/", {"on": today, "why": "轮换"}).status_code == 302
    assert here.third.cadre.name in client.get("/fieldwork/posts/").content.decode()
    assert "想贷款" in client.get("/fieldwork/asks/").content.decode()


def test_FIELD_6_the_eight_prohibitions_stand_on_the_visit_form(client, here):
    login(client, here.cadre)
    page = client.get(f"/fieldwork/households/{here.homes[0].pk}/visit/").content.decode()
    assert page.count("<li>不准") == 8


def test_FIELD_1_households_not_visited_come_first_on_ones_own_list(client, here):
    visit(here.homes[0], here.cadre)
    login(client, here.cadre)
    page = client.get("/fieldwork/mine/").content.decode()
    never, seen = here.homes[3], here.homes[0]
    assert page.index(f"/fieldwork/households/{never.pk}/visit/") < page.index(
        f"/fieldwork/households/{seen.pk}/visit/"
    )
    assert f"/fieldwork/households/{here.homes[1].pk}/visit/" not in page


def test_panels_and_story_tell_of_visits_as_far_as_the_reader_sees(client, here):
    kept = visit(here.homes[0], here.member, done="核对收入")
    ask(here.homes[0], here.cadre)
    address = f"/fieldwork/entries/{kept.pk}/"
    for user in (here.office, here.cadre):
        login(client, user)
        assert address in client.get(f"/registry/{here.homes[0].pk}/").content.decode()
        story = client.get(f"/registry/{here.homes[0].pk}/story/").content.decode()
        assert address in story
        assert "想贷款养羊" in story
    login(client, here.office)
    for page in ("/", f"/areas/{here.first_village.code}/", f"/organisation/cadres/{here.member.cadre.pk}/"):
        assert "/fieldwork/" in client.get(page).content.decode()


def test_REG_10_a_merged_files_visits_are_told_with_the_kept_file_and_its_asks_go_along(client, here):
    gone, stays = here.homes[0], here.homes[3]
    kept, waiting = visit(gone, here.cadre), ask(gone, here.cadre)
    link = merges.merge(kept=stays, closed=gone, relations={}, on=ON, why="重复建档", by=here.office, at=clock.now())
    stays = Household.objects.get(pk=stays.pk)
    assert queries.files_of(stays) == [stays.pk, gone.pk]
    login(client, here.office)
    assert f"/fieldwork/entries/{kept.pk}/" in client.get(f"/fieldwork/households/{stays.pk}/").content.decode()
    waiting.refresh_from_db()
    assert waiting.household_id == stays.pk
    assert link is not None


def test_FIELD_5_the_workbook_has_every_line_and_no_formula(here):
    visit(here.homes[0], here.cadre, done="=1+1", given=[{"kind": "seed", "quantity": "2.5"}])
    visit(here.homes[1], here.other)
    mark(here.first_village, here.member)
    service(here.first_village, here.tech)
    book = io.BytesIO()
    lines = workbooks.log_book(book, queries.log(here.place.area, month_of(ON), seen_by=here.office))
    assert lines == 4
    read = openpyxl.load_workbook(book)
    assert read.sheetnames == ["走访", "驻村", "农技服务", "办实事"]
    cells = [cell for row in read["走访"].iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
    assert "种子 2.5 公斤" in {str(cell.value) for cell in cells}


def test_the_workbook_is_ordered_and_told_in_the_trail(client, here):
    visit(here.homes[0], here.cadre)
    login(client, here.office)
    assert client.post("/fieldwork/export/", {"area": here.place.area.code, "month": "2015-07"}).status_code == 302
    assert Entry.objects.filter(verb="jobs.start").exists()
    login(client, here.unit)
    assert client.post("/fieldwork/export/", {}).status_code == 403


def test_FIELD_1_a_story_that_asks_for_late_entries_only_gets_those(here):
    from shuanglian.fieldwork import chapters

    kept = visit(here.homes[0], here.cadre)
    seen = Seen(here.homes[0], {}, here.office, late=(kept.at + timedelta(days=1), ON))
    assert list(chapters.story(seen)) == []
    visits.withdraw(visit=kept, why="错", by=here.cadre, at=kept.at)
    assert len(list(chapters.story(Seen(here.homes[0], {}, here.office)))) == 2
