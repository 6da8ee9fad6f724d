"""Ledgers and a demand's page as people use them: who sees what, three outcomes, nobody beyond his own (VOICE-1 … 3)."""

import io
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.core import clock
from shuanglian.fieldwork.months import month_of
from shuanglian.fieldwork.tests.factories import Land, land, photo
from shuanglian.grievances import access, queries, workbooks
from shuanglian.grievances.actions import answers, climbing, moving, reminding
from shuanglian.grievances.models import Demand, Desk
from shuanglian.notifications.models import Message
from shuanglian.trail.models import Entry

from .factories import AT, TEXT, answered, clerk, raised

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Land:
    return land(households=6)


def page(actor: Any, path: str, **given: Any) -> Any:
    client = Client()
    client.force_login(actor)
    return client.get(path, given)


def post(actor: Any, path: str, **given: Any) -> Any:
    client = Client()
    client.force_login(actor)
    return client.post(path, given)


def test_a_cadre_sees_his_own_households_demands_and_no_others(place: Land) -> None:
    mine, other = raised(place), raised(place, household=place.homes[1], text="想修一段田间的路")
    shown = page(place.cadre, "/grievances/").content.decode()
    assert mine.text in shown and other.text not in shown
    assert page(place.cadre, f"/grievances/{mine.pk}/").status_code == 200
    assert page(place.cadre, f"/grievances/{other.pk}/").status_code == 404


def test_a_village_of_elsewhere_and_a_unit_see_nothing_of_it(place: Land) -> None:
    demand = raised(place, household=place.homes[1])
    stranger = UserFactory(username="far", role="village_committee",
                           area=next(h.village for h in place.homes if h.village_id != demand.village_id))  # fmt: skip
    assert page(stranger, f"/grievances/{demand.pk}/").status_code == 404
    assert page(place.unit, f"/grievances/{demand.pk}/").status_code == 404


def test_a_clerk_sees_only_what_came_to_his_department(place: Land) -> None:
    water, road = raised(place), raised(place, category="road", text="进村的路断了，车过不去")
    for one in (water, road):
        for _rung in range(3):
            moving.pass_up(demand=one, tried="已到现场看过", by=place.office, at=AT)
    user = clerk(place)
    assert page(user, f"/grievances/{water.pk}/").status_code == 200
    assert page(user, f"/grievances/{road.pk}/").status_code == 404
    held = set(Demand.objects.filter(access.held_by(place.office)).values_list("pk", flat=True))
    assert held == {road.pk}  # nobody sits at the transport desk: the office sees to it


@pytest.mark.parametrize("way", ["solved", "explained", "up", "note", "sort", "back"])
def test_whoever_does_not_hold_it_cannot_act_on_it(place: Land, way: str) -> None:
    demand = raised(place)
    sent = post(
        place.office, f"/grievances/{demand.pk}/{way}/", **{f"{way}-text": "写点什么", f"{way}-why": "写点什么"}
    )
    demand.refresh_from_db()
    assert (sent.status_code in (403, 422), demand.rung, demand.state) == (True, "cadre", "open")


def test_VOICE_3_solved_from_the_page_with_a_photo_told_and_confirmed(place: Land) -> None:
    demand = raised(place)
    client = Client()
    client.force_login(place.cadre)
    upload = io.BytesIO(photo())
    upload.name = "pump.jpg"
    sent = client.post(f"/grievances/{demand.pk}/solved/", {"solved-text": "阀门换了，水通了", "solved-files": upload})
    assert sent.status_code == 302
    shown = client.get(f"/grievances/{demand.pk}/").content.decode()
    assert "阀门换了，水通了" in shown and "还没有告知" in shown
    found = re.search(rf"/grievances/{demand.pk}/file/(\d+)/", shown)
    assert found is not None and client.get(found[0])["Content-Type"] == "image/jpeg"
    client.post(f"/grievances/{demand.pk}/tell/", {"tell-how": "visit"})
    client.post(f"/grievances/{demand.pk}/word/", {"word-yes": "yes", "word-score": "5"})
    demand.refresh_from_db()
    assert demand.state == Demand.State.CLOSED
    assert answers.latest(demand).score == 5  # type: ignore[union-attr]


def test_an_answer_without_evidence_comes_back_with_the_cure_and_keeps_its_words(place: Land) -> None:
    demand = raised(place)
    sent = post(place.cadre, f"/grievances/{demand.pk}/solved/", **{"solved-text": "已经办好了"})
    shown = sent.content.decode()
    assert sent.status_code == 422 and "有什么为证" in shown and "已经办好了" in shown
    demand.refresh_from_db()
    assert demand.state == Demand.State.OPEN


def test_sent_twice_says_so_and_changes_nothing(place: Land) -> None:
    demand = raised(place)
    answered(demand, place.cadre)
    sent = post(place.cadre, f"/grievances/{demand.pk}/explained/", **{"explained-text": "办不了", "explained-rule": "x",
                                                                      "explained-appeal": "y"})  # fmt: skip
    assert sent.status_code == 302 and demand.replies.count() == 1


def test_pages_ask_the_database_the_same_number_of_times(place: Land, django_assert_max_num_queries: Any) -> None:
    client = Client()
    client.force_login(place.office)
    raised(place)
    client.get("/grievances/?state=open")
    with django_assert_max_num_queries(40) as few:
        client.get("/grievances/?state=open")
    for number in range(12):
        raised(place, household=place.homes[number % 6], text=f"另外一件要办的事情{number}")
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get("/grievances/?state=open")


def test_alike_ones_of_the_village_are_offered_and_joined_from_the_page(place: Land) -> None:
    demand = raised(place)
    near = raised(place, household=None, by=None, door="page", text="水管坏了半个月，全组没有水吃了")
    far = raised(place, household=None, by=None, door="page", text="想问养老金什么时候发", category="old_age")
    shown = page(place.village, f"/grievances/{demand.pk}/").content.decode()
    assert f'value="{near.pk}"' in shown and f'value="{far.pk}"' not in shown
    found = queries.alike(village=demand.village, text=TEXT, on=AT.date(), but=[demand.pk])
    assert [one.pk for one, _share in found] == [near.pk]
    assert near.text not in page(place.cadre, f"/grievances/{demand.pk}/").content.decode()  # not his to see
    assert post(place.village, f"/grievances/{demand.pk}/join/", **{"with": [str(near.pk)]}).status_code == 302
    near.refresh_from_db()
    assert near.joined_to == demand
    assert near.text[:20] in page(place.cadre, f"/grievances/{demand.pk}/").content.decode()


def test_a_flood_is_looked_through_in_one_go(place: Land) -> None:
    rows = [
        raised(place, household=None, by=None, door="page", text=f"第{n}张表里的事情", held="太快") for n in range(3)
    ]
    assert "3" in page(place.office, "/grievances/").content.decode()
    post(place.office, "/grievances/held/", do="release", row=[str(rows[0].pk), str(rows[1].pk)])
    post(place.office, "/grievances/held/", do="refuse", row=[str(rows[2].pk)], why="推销广告")
    assert [Demand.objects.get(pk=one.pk).state for one in rows] == ["open", "open", "refused"]
    assert page(place.cadre, "/grievances/held/").status_code == 403


def test_desks_are_given_and_ended_by_the_office_of_that_area_alone(place: Land) -> None:
    user = UserFactory(username="water", role="department", area=place.office.area)
    assert post(place.office, "/grievances/desks/", user=str(user.pk), department="water").status_code == 302
    desk = Desk.objects.get()
    assert post(place.township, f"/grievances/desks/{desk.pk}/end/").status_code == 404
    assert post(place.office, f"/grievances/desks/{desk.pk}/end/").status_code == 302
    desk.refresh_from_db()
    assert desk.until == clock.today()


def test_a_telephone_number_is_masked_and_each_look_is_told(place: Land) -> None:
    demand = raised(place, household=None, name="张三", phone="13812345678")
    moving.pass_up(demand=demand, tried="已到现场看过", by=place.office, at=AT)
    demand.refresh_from_db()
    holder = place.office if demand.department or demand.rung == "county_office" else place.township
    shown = page(holder, f"/grievances/{demand.pk}/").content.decode()
    assert "13812345678" not in shown
    assert "13812345678" in post(holder, f"/grievances/{demand.pk}/phone/").content.decode()
    assert Entry.objects.filter(verb="look", by_id=holder.pk).exists()


def test_heat_and_causes_count_villages_and_what_recurs(place: Land) -> None:
    for number in range(3):
        raised(place, household=None, by=None, door="page", text=f"第{number}次说水的事情", on=clock.today(),
               at=clock.now())  # fmt: skip
    area, today = place.office.area, clock.today()
    assert area is not None
    since = today - timedelta(days=180)
    rows = queries.heat(seen_by=place.office, area=area, since=since, until=today, on=today)
    assert [(one.area, one.came) for one in rows] == [(place.first_village.parent, {"water": 3})]
    causes = queries.causes(seen_by=place.office, area=area, since=since, until=today)
    assert [(one.category, one.came) for one in causes] == [("water", 3)]
    for path in ("/grievances/heat/", "/grievances/month/", "/grievances/ladder/", "/"):
        assert page(place.office, path).status_code == 200


def test_a_months_extract_counts_what_came_and_what_people_said(place: Land) -> None:
    first, second = raised(place), raised(place, text="第二件说水的事情")
    for one, yes in ((first, True), (second, False)):
        answered(one, place.cadre)
        answers.tell(demand=one, how="visit", by=place.cadre, at=AT)
        answers.word(demand=one, yes=yes, score=4 if yes else 2, at=AT, said="" if yes else "不行")
    assert place.office.area is not None
    (line,) = queries.month(seen_by=place.office, area=place.office.area, since=date(2015, 7, 1),
                            until=date(2015, 7, 31), on=date(2015, 7, 20))  # fmt: skip
    assert (line.came, line.solved, line.late, line.reopened, line.yes, line.no, line.silent) == (2, 2, 1, 1, 1, 1, 0)
    assert line.score == 3.0


def test_the_workbook_has_no_telephone_and_no_formula(place: Land) -> None:
    raised(place, household=None, name="李四", phone="13812345678", text="=1+1 这样写的诉求")
    book, area = io.BytesIO(), place.office.area
    assert area is not None
    assert workbooks.ledger_book(book, area=area, month=month_of(AT.date()), seen_by=place.office, on=AT.date()) == 2
    cells = [str(cell.value) for sheet in load_workbook(book) for row in sheet.iter_rows() for cell in row]
    assert not any("13812345678" in one or "李四" in one for one in cells)
    assert any("=1+1" in one for one in cells)


def test_VOICE_2_holders_are_reminded_once_a_day_with_numbers_and_never_with_words(place: Land) -> None:
    demand = raised(place)
    assert demand.remind_on is not None
    at = datetime(2015, 7, 10, 1, tzinfo=AT.tzinfo)
    assert reminding.remind(on=demand.remind_on, at=at) == 1
    assert reminding.remind(on=demand.remind_on, at=at) == 1  # the same message again
    (message,) = Message.objects.filter(to=place.cadre)
    assert message.params == {"soon": 1, "late": 0} and TEXT not in str(message.params)
    assert demand.steps.filter(kind="reminded").count() == 1


def test_an_offices_late_ones_at_the_top_are_told_as_late(place: Land) -> None:
    raised(place, household=None)
    climbing.night(on=date(2015, 7, 20), at=datetime(2015, 7, 19, 17, tzinfo=AT.tzinfo))
    reminding.remind(on=date(2015, 9, 1), at=datetime(2015, 9, 1, 1, tzinfo=AT.tzinfo))
    assert Message.objects.filter(template="grievances.late").exists()


def test_a_households_page_and_story_tell_what_it_asked(place: Land) -> None:
    raised(place)
    shown = page(place.office, f"/registry/{place.homes[0].pk}/").content.decode()
    assert TEXT in shown
    assert TEXT in page(place.office, f"/registry/{place.homes[0].pk}/story/").content.decode()
