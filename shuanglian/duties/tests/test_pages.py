"""Pages of duties: one's own, an office's, a unit's five checks and six tasks, how a figure is known (FIELD-1, FIELD-4)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from shuanglian.accounts.models import User
from shuanglian.duties import balance
from shuanglian.duties.actions import tallies
from shuanglian.duties.book import Asked
from shuanglian.duties.models import Settled
from shuanglian.duties.reckoning import reckon
from shuanglian.fieldwork.models import Post
from shuanglian.fieldwork.tests.factories import AT, ON, inspection, land, mark, service, visit
from shuanglian.organisation.models import Cadre
from shuanglian.pairing.models import Pairing
from shuanglian.pairing.tests.factories import VillageLinkFactory
from shuanglian.scrutiny.models import Flag

pytestmark = pytest.mark.django_db
LONG_AGO = date(2014, 1, 1)
DAY = {"on": "2015-07-20"}


@pytest.fixture
def county():
    made = land()
    Pairing.objects.update(since=LONG_AGO)
    Post.objects.update(since=LONG_AGO)
    User.objects.update(date_joined=datetime(2014, 1, 1, tzinfo=UTC))
    return made


def page(user, name, *args, **asked):
    client = Client()
    client.force_login(user)
    return client.get(reverse(f"duties:{name}", args=args), {**DAY, **asked}, follow=True)


def text(*given, **asked):
    answer = page(*given, **asked)
    assert answer.status_code == 200
    return answer.content.decode()


def number(user):
    return Cadre.objects.get(user=user).pk


def test_everybody_sees_what_is_done_and_due_of_themselves(county):
    visit(county.homes[0], county.cadre)
    assert "联户干部每年入户次数" in text(county.cadre, "mine")
    assert "驻村工作队每月驻村天数" in text(county.member, "mine")
    assert "联系领导每月督查" in text(county.leader, "mine")
    assert "没有给您定的任务" in text(county.office, "mine")
    assert "五个落实到位" in text(county.unit, "mine")


def test_an_office_sees_its_area_by_duty_region_and_unit_down_to_the_entry(county):
    visit(county.homes[0], county.cadre)
    whole = text(county.office, "overview")
    assert county.place.units[0].name in whole and county.first_village.parent.name in whole
    listed = text(county.office, "people", duty="cadre_visits", state="behind")
    assert Cadre.objects.get(user=county.cadre).name in listed
    known = text(county.office, "known_cadre", number(county.cadre), "cadre_visits")
    assert county.homes[0].head_name in known and "算数" in known and "核定这个时段" in known
    assert "哪些算数" in known and "符合“进了家门”" in known and "entry." not in known, "the condition stands in words"


def test_an_entry_that_does_not_count_says_which_fact_decides(county):
    found = visit(county.homes[0], county.cadre)
    visit(county.homes[3], county.cadre, days=1, entered=False)
    Flag.objects.create(visit=found, cadre=found.cadre, area_code=found.area_code, points=80, opened_at=AT, answer_until=ON,
                        verdict="untrue", decided_by=county.office, decided_at=AT, state="decided")  # fmt: skip
    known = text(county.cadre, "known_cadre", number(county.cadre), "cadre_visits")
    assert known.count("不算数") == 2 and "经核实没有到户：是" in known and "进了家门：否" in known


def test_an_office_settles_and_the_person_reads_why(county):
    client = Client()
    client.force_login(county.office)
    address = reverse("duties:known_cadre", args=[number(county.member), "team_days"])
    assert client.post(f"{address}?on=2015-07-20", {"need": "12", "why": "抽调防汛"}).status_code == 302
    assert Settled.objects.get().need == 12
    assert "抽调防汛" in text(county.member, "known_cadre", number(county.member), "team_days")
    client.force_login(county.leader)
    assert client.post(f"{address}?on=2015-07-20", {"need": "0", "why": "说情"}).status_code == 403


def test_nobody_sees_others_duties_without_reason(county):
    assert page(county.cadre, "cadre", number(county.other)).status_code == 404
    assert page(county.cadre, "known_cadre", number(county.other), "cadre_visits").status_code == 404
    assert page(county.cadre, "unit", county.place.units[0].pk).status_code == 404
    assert page(county.unit, "unit", county.place.units[1].pk).status_code == 404
    assert page(county.unit, "cadre", number(county.cadre)).status_code == 200


def test_of_an_entry_outside_the_readers_area_only_the_day_is_told(county):
    own = Pairing.objects.filter(cadre__user=county.cadre)
    away = own.exclude(area_code__startswith=county.township.area.prefix).first().household
    visit(away, county.cadre)
    known = text(county.township, "known_cadre", number(county.cadre), "cadre_visits")
    assert away.head_name not in known and "辖区以外或他人的记录" in known and "核定这个时段" not in known


def test_FIELD_1_a_unit_that_never_reports_opinion_is_seen(county):
    for days, tasks in enumerate((["publicise", "develop"], ["publicise"], ["strengthen", "examples", "ease"])):
        visit(county.homes[0], county.cadre, days=days, tasks=tasks)
    unit = county.place.units[0]
    found = balance.balances([unit.pk, county.place.units[1].pk], date(2015, 1, 1), date(2015, 7, 20))
    assert found[unit.pk].visits == 3 and found[unit.pk].never == ["reflect"]
    assert found[unit.pk].counts["publicise"] == 2 and found[county.place.units[1].pk].never == []
    assert "从未" in text(county.office, "units") and "从未做过：反映民意" in text(county.office, "unit", unit.pk)


def test_FIELD_4_five_checks_each_with_figure_and_source(county):
    unit = county.place.units[0]
    VillageLinkFactory(unit=unit, village=county.first_village, since=LONG_AGO)
    inspection(county.first_village, county.leader, decided=[
        {"what": "月初前通水", "who": "水务局", "due": "2015-07-10"}, {"what": "修路", "who": "", "due": "2015-12-31"},
    ])  # fmt: skip
    lines = reckon(Asked(unit=unit.pk), date(2015, 7, 20))
    told = {one.code: one for one in balance.landed(unit, lines, date(2015, 7, 20))}
    assert list(told) == ["goals", "decisions", "plans", "visits", "tasks"]
    assert (told["goals"].ok, told["goals"].part, told["goals"].whole) == (False, 0, 4)
    assert (told["decisions"].ok, told["decisions"].part, told["decisions"].whole) == (None, 1, 2)
    assert any("月初前通水" in line for line in told["decisions"].more)
    assert told["visits"].ok is False and told["tasks"].ok is None
    shown = text(county.office, "unit", unit.pk)
    assert all(one.source in shown and one.label in shown for one in told.values())


def test_above_counties_pages_stand_on_what_was_kept_at_night(county):
    city = User.objects.create(username="city", role="programme_office", area=county.place.area.parent)
    assert "还没有汇总过" in text(city, "overview")
    tallies.keep(area=county.place.area, on=date(2015, 7, 20), at=AT)
    shown = text(city, "overview")
    assert "驻村工作队每月驻村天数" in shown and county.place.area.name in shown


@pytest.mark.parametrize("name", ["overview", "mine", "people", "units"])
def test_pages_stand_in_english_too(county, name):
    county.office.language = "en"
    county.office.save()
    shown = text(county.office, name)
    assert "任务" not in shown.split("<main")[1].split("<footer")[0]


@pytest.mark.parametrize("many", [1, 9])
def test_an_offices_page_asks_the_database_the_same_number_of_times(county, many, django_assert_max_num_queries):
    for days in range(many):
        visit(county.homes[0], county.cadre, days=days)
        mark(county.first_village, county.member, days=days)
        service(county.first_village, county.tech, on=ON + timedelta(days=days), at=AT + timedelta(days=days))
    client = Client()
    client.force_login(county.office)
    with django_assert_max_num_queries(60):
        assert client.get(reverse("duties:overview"), DAY).status_code == 200
    with django_assert_max_num_queries(60):
        assert (
            client.get(reverse("duties:known_cadre", args=[number(county.cadre), "cadre_visits"]), DAY).status_code
            == 200
        )
