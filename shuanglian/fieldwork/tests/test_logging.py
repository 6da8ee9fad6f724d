"""Days in the village, services, inspections, matters, asks, posts: kept once, in any order, whose, when (FIELD-2, 3)."""

from datetime import timedelta
from itertools import permutations
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from shuanglian.fieldwork import queries
from shuanglian.fieldwork.actions import attendance, inspections, matters, posts, services
from shuanglian.fieldwork.models import Ask, Attendance, AttendanceMark, Inspection, Matter, Post, Service
from shuanglian.fieldwork.months import Month, asked, month_of
from shuanglian.kernel.refusal import Refusal

from .factories import AT, CAME, ON, SINCE, ask, inspection, land, mark, service, visit

pytestmark = pytest.mark.django_db
LATER = CAME + timedelta(hours=6)


@pytest.fixture
def here():
    return land()


def state(day):
    day.refresh_from_db()
    return day.in_at, day.out_at, day.night, day.lon, day.note


def test_FIELD_2_marks_in_any_order_make_the_same_day(here):
    marks = [
        {"in_at": CAME, "note": "开会"}, {"in_at": CAME + timedelta(hours=1), "position": None},
        {"in_at": None, "out_at": LATER, "position": (105.9, 35.9)}, {"in_at": None, "night": True, "position": None},
    ]  # fmt: skip
    keys, states = [uuid4() for _mark in marks], set()
    for order in permutations(range(len(marks))):
        with transaction.atomic():
            point = transaction.savepoint()
            for number in (*order, order[0]):  # the first is sent twice
                day = mark(here.first_village, here.member, key=keys[number], **marks[number])
            states.add(state(day))
            assert (Attendance.objects.count(), AttendanceMark.objects.count()) == (1, 4)
            transaction.savepoint_rollback(point)
    assert states == {(CAME, LATER, True, 105.25, "开会")}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"in_at": None}, "nothing_marked"), ({"on": ON + timedelta(days=1)}, "ahead_of_time"), ({"on": ON - timedelta(days=1)}, "wrong_day"),
        ({"out_at": CAME - timedelta(hours=1)}, "wrong_times"), ({"out_at": CAME + timedelta(days=3), "at": AT + timedelta(days=5)}, "wrong_day"),
        ({"position": (float("inf"), 0)}, "no_such_place"), ({"note": "长" * 101}, "too_long"),
        ({"in_at": CAME + timedelta(hours=13)}, "ahead_of_time"),
    ],
)  # fmt: skip
def test_FIELD_2_a_day_that_cannot_be_is_refused(here, given, code):
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        mark(here.first_village, here.member, **given)
    assert refusal.value.code == code
    assert not Attendance.objects.exists()


def test_PAIR_8_days_count_only_where_the_cadre_has_work(here):
    elsewhere = next(home.village for home in here.homes if home.village_id != here.first_village.pk)
    for verb in (mark, service):
        with pytest.raises(Refusal, match="not_your_village"):
            verb(elsewhere, here.tech)


def test_FIELD_3_a_day_without_an_entered_home_is_seen_and_one_entered_home_ends_it(here):
    mark(here.first_village, here.member)
    found = queries.log(here.place.area, month_of(ON), seen_by=here.office)
    assert queries.without_homes(found.days).count() == 1
    visit(here.homes[0], here.member, entered=False)
    assert (queries.without_homes(found.days).count(), queries.figures(found).empty_days) == (1, 1)
    visit(here.homes[0], here.cadre)  # somebody else's visit says nothing of the member's day
    assert queries.without_homes(found.days).count() == 1
    visit(here.homes[0], here.member)
    assert queries.without_homes(found.days).count() == 0
    assert list(queries.homes_entered(found.days).values()) == [1]


def test_REG_10_a_withdrawn_day_does_not_count_until_it_is_marked_again(here):
    day = mark(here.first_village, here.member)
    attendance.withdraw(day=day, why="记错村", by=here.member, at=AT)
    assert Attendance.objects.standing().count() == 0
    again = mark(here.first_village, here.member, in_at=CAME + timedelta(minutes=5))
    assert again.pk == day.pk
    assert state(again)[0] == CAME + timedelta(minutes=5)
    with pytest.raises(DatabaseError), transaction.atomic():
        AttendanceMark.objects.all().delete()


def test_FIELD_2_a_service_is_kept_once_and_other_content_is_refused(here):
    key, home = uuid4(), here.homes[0].pk
    first = service(here.first_village, here.tech, key=key, households=[home], days="0.5")
    assert service(here.first_village, here.tech, key=key, households=[home], days=0.5).pk == first.pk
    with pytest.raises(Refusal, match="key_taken"):
        service(here.first_village, here.tech, key=key, people=99)
    assert Service.objects.standing().count() == 1
    services.withdraw(service=first, why="重复", by=here.tech, at=AT)
    assert Service.objects.standing().count() == 0


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"days": "0"}, "no_such_amount"), ({"days": "0.3"}, "no_such_amount"), ({"days": "x"}, "no_such_amount"), ({"topic": "?"}, "unknown_code"),
        ({"people": -1}, "no_such_amount"), ({"people": 10**9}, "no_such_amount"), ({"households": [10**30]}, "not_of_village"),
        ({"households": ["1"]}, "not_of_village"), ({"on": ON + timedelta(days=2)}, "ahead_of_time"),
    ],
)  # fmt: skip
def test_FIELD_2_a_service_that_cannot_be_is_refused(here, given, code):
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        service(here.first_village, here.tech, **given)
    assert refusal.value.code == code


def test_PAIR_7_a_leader_inspects_his_area_and_studies_villages(here):
    key = uuid4()
    first = inspection(here.first_village.parent, here.leader, key=key)
    assert inspection(here.first_village.parent, here.leader, key=key).pk == first.pk
    assert first.decided == [{"what": "月底前通水", "who": "水务局", "due": "2015-07-31"}]
    for more, code in (
        ({"kind": "study"}, "not_a_village"), ({"kind": "?"}, "unknown_code"), ({"found": " "}, "nothing_found"),
        ({"area": here.place.area}, "not_a_place"), ({"decided": [{"what": "修路", "due": "31/7"}]}, "no_such_day"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=code):
            inspection(more.pop("area", here.first_village.parent), here.leader, **more)
    other = here.township
    assert other.area is not None
    with pytest.raises(Refusal, match="not_your_area"):
        inspection(next(one.village for one in here.homes if one.village.parent_id != other.area_id), other)
    assert Inspection.objects.count() == 1
    inspections.withdraw(inspection=first, why="重复", by=here.leader, at=AT)
    assert not Inspection.objects.standing().exists()


def test_FIELD_5_a_matter_is_kept_once_and_goes_when_its_visit_goes(here):
    told = {"cadre": here.member.cadre, "village": here.first_village, "on": ON, "what": "修村道", "yuan": "5000",
            "beneficiaries": 120, "by": here.member, "at": AT}  # fmt: skip
    key = uuid4()
    assert matters.record(key=key, **told).pk == matters.record(key=key, **told).pk
    kept = visit(here.homes[0], here.cadre, matters=[{"what": "送药"}])
    found = queries.log(here.place.area, month_of(ON), seen_by=here.office)
    assert found.matters.count() == 2
    visit(here.homes[0], here.cadre, replaces=kept, done="更正")
    assert list(found.matters) == [Matter.objects.get(what="修村道")]


def test_VOICE_1_an_ask_is_kept_once_and_waits_with_its_household(here):
    key = uuid4()
    assert ask(here.homes[0], here.cadre, key=key).pk == ask(here.homes[0], here.cadre, key=key).pk
    with pytest.raises(Refusal, match="key_taken"):
        ask(here.homes[0], here.cadre, key=key, text="别的")
    with pytest.raises(Refusal, match="whose_ask"):
        ask(None, here.cadre)
    assert [one.text for one in queries.open_asks([here.homes[0].pk], seen_by=here.cadre)[here.homes[0].pk]] == [
        "想贷款养羊"
    ]
    assert queries.open_asks([here.homes[0].pk], seen_by=here.other) == {}
    assert Ask.objects.count() == 1


def test_PAIR_8_a_village_has_one_leader_and_nobody_the_same_post_twice(here):
    told = {"village": here.first_village, "since": ON, "by": here.office, "at": AT}
    with pytest.raises(Refusal, match="post_taken"):
        posts.station(cadre=here.tech.cadre, kind="team_leader", **told)
    with pytest.raises(Refusal, match="stationed_already"):
        posts.station(cadre=here.tech.cadre, kind="technician", **told)
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(cadre=here.tech.cadre, village=here.first_village, area_code=here.first_village.code,
                            kind="technician", since=ON)  # fmt: skip
    leading = Post.objects.get(kind="team_leader")
    with pytest.raises(Refusal, match="ends_before"):
        posts.end(post=leading, on=SINCE - timedelta(days=1), why="轮换", by=here.office, at=AT)
    posts.end(post=leading, on=ON - timedelta(days=1), why="轮换", by=here.office, at=AT)
    assert posts.station(cadre=here.tech.cadre, kind="team_leader", **told).stands_on(ON)


@given(st.dates())
def test_a_month_holds_its_days_and_no_other(day):
    month = month_of(day)
    assert month.first <= day
    if month.year < 9999:
        assert day <= month.last < month.next.first == month.last + timedelta(days=1)
        assert month.next.previous == month


@pytest.mark.parametrize("text", ["2015-13", "2015-7", "x", "", "９９９９-01", "2015-07-01", "0001-01"])
def test_an_address_that_names_no_month_gets_this_one(text):
    assert asked(text, ON) == Month(2015, 7)
