"""The file on a past day and the story: what was known then, nothing of what came later, back-dated marked (REG-10)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shuanglian.accounts.middleware import as_person
from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.core.clock import day_of
from shuanglian.registry import asof, story
from shuanglian.registry.actions import households, moves, people, statements, years
from shuanglian.registry.tests.factories import relation
from shuanglian.rules.facts.catalogue import entries

pytestmark = pytest.mark.django_db
JANUARY = datetime(2015, 1, 10, 2, 0, tzinfo=UTC)


def at(month, day=10):
    return datetime(2015, month, day, 2, 0, tzinfo=UTC)


@pytest.fixture
def household(place, clerk):
    """Enrolled in January with its head; a child in March; another cause in May; an account in June."""
    made = households.enrol(
        village=place.village, head={"name": "张三"}, values={"main_cause": "01", "phone": "13800000001"},
        on=date(2014, 12, 1), by=clerk, at=JANUARY,
    )  # fmt: skip
    people.add(household=made, values={"name": "张小", "relation": relation("之子")}, on=date(2015, 3, 1), by=clerk,
               at=at(3), why="出生")  # fmt: skip
    households.change(household=made, values={"main_cause": "02"}, why="入户核实", by=clerk, at=at(5))
    years.record_year(household=made, year=2014, values={"income_wage": Decimal(4000)}, by=clerk, at=at(6))
    made.refresh_from_db()
    return made


def on(household, month, day=30):
    return asof.file(household.pk, asof.end_of(date(2015, month, day)))


def test_REG_10_the_file_on_a_day_is_what_had_been_recorded_by_its_end(household):
    assert asof.file(household.pk, asof.end_of(date(2014, 12, 31))) is None
    january, april, june = on(household, 1), on(household, 4), on(household, 6)
    assert [one.name for one in january.people] == ["张三"]
    assert (january.household.main_cause, january.household.size, january.household.phone) == ("01", 1, "13800000001")
    assert [one.name for one in april.people] == ["张三", "张小"]
    assert (april.household.main_cause, april.years) == ("01", [])
    assert (june.household.main_cause, june.household.size) == ("02", 2)
    assert june.household.income_per_head == Decimal(2000)
    assert [(one.year, one.income_wage) for one in june.years] == [(2014, Decimal(4000))]


def test_REG_10_a_correction_does_not_change_what_a_past_day_shows(household, clerk):
    before = vars_of(on(household, 4))
    child = household.people.get(name="张小")
    people.change(person=child, values={"name": "张晓"}, why="笔误", by=clerk, at=at(8))
    people.leave(person=child, on=date(2015, 3, 15), why="补登记", by=clerk, at=at(9))
    households.remove(household=household, on=date(2015, 2, 1), why="补登记", by=clerk, at=at(10))
    assert vars_of(on(household, 4)) == before
    assert [(one.name, one.left_on) for one in on(household, 9).people][1] == ("张晓", date(2015, 3, 15))


def test_REG_10_what_is_entered_later_but_dated_earlier_is_told_beside(household, clerk):
    child = household.people.get(name="张小")
    people.leave(person=child, on=date(2015, 4, 15), why="补登记", by=clerk, at=at(9))
    told = story.of(household, clerk)
    day = date(2015, 4, 30)
    later = story.entered_later(told, asof.end_of(day), day)
    assert story.late(household, clerk, asof.end_of(day), day) == without_lines(later)
    assert [(one.what, one.on, story.back_dated(one)) for one in later] == [("成员减员", date(2015, 4, 15), True)]
    assert not story.entered_later(told, asof.end_of(date(2015, 4, 1)), date(2015, 4, 1))


def test_REG_10_late_entries_asked_for_directly_are_those_that_the_whole_story_tells(household, clerk, place):
    child = household.people.get(name="张小")
    other = households.enrol(village=place.village, head={"name": "李四"}, values={"main_cause": "01"},
                             on=date(2014, 6, 1), by=clerk, at=at(2))  # fmt: skip
    _state(household, clerk)
    people.add(household=household, values={"name": "张幼", "relation": relation("之子")}, on=date(2015, 1, 5), by=clerk,
               at=at(8), why="补登记")  # fmt: skip
    moves.move(
        person=child, target=other, relation=relation("其他"), on=date(2015, 3, 20), why="过继", by=clerk, at=at(9)
    )
    people.leave(person=child, on=date(2015, 4, 15), why="补登记", by=clerk, at=at(10))
    households.remove(household=household, on=date(2015, 2, 1), why="补登记", by=clerk, at=at(11))
    found = 0
    for home in (household, other):
        for day in (date(2014, 12, 31), *(date(2015, month, 12) for month in range(1, 13))):
            end = asof.end_of(day)
            told = story.entered_later(story.of(home, clerk), end, day)
            assert story.late(home, clerk, end, day) == without_lines(told)
            found += len(told)
    assert found > 20
    assert asked(lambda: story.late(household, clerk, asof.end_of(date(2015, 1, 12)), date(2015, 1, 12))) < asked(
        lambda: story.of(household, clerk)
    )


def without_lines(told):
    """The moments without the values that an act changed."""
    return [replace(one, lines=[]) for one in told]


def test_statements_are_those_not_withdrawn_by_that_day(household, clerk):
    said = _state(household, clerk)
    statements.withdraw(statement=said, why="看错", by=clerk, at=at(7))
    assert [one.fact for one in on(household, 6).statements] == [said.fact]
    assert (on(household, 1).statements, on(household, 8).statements) == ([], [])
    kinds = [one.what for one in story.of(household, clerk, "statements")]
    assert len(kinds) == 2 and kinds[0].startswith("撤回申明")


def _state(household, clerk):
    fact = next(one.word.name for path, one in sorted(entries().items())
                if path.startswith("household.") and one.word.stated and one.reads != "members"
                and str(one.word.type) == "bool")  # fmt: skip
    return statements.state(about=household, fact=fact, value=True, on=date(2015, 2, 1), source="visit", by=clerk,
                            at=at(2))  # fmt: skip


def test_the_story_tells_every_act_with_who_why_and_values(household, clerk):
    told = story.of(household, clerk)
    assert [one.what for one in told] == ["登记年度账", "修改档案", "增加成员", "建档"]
    change = told[1]
    assert (change.who, change.why, change.at) == (str(clerk), "入户核实", at(5))
    assert [(line.before, line.after) for line in change.lines if "主要致贫原因" in line.name] == [("因病", "因残")]
    assert [story.back_dated(one) for one in told] == [False, False, True, True]


def test_reading_a_file_asks_the_same_number_of_times_whatever_it_has_lived_through(household, clerk):
    few = asked(lambda: on(household, 12)), asked(lambda: story.of(household, clerk))
    for step in range(30):
        households.change(household=household, values={"group": f"{step}社"}, why="调整", by=clerk,
                          at=at(11) + timedelta(minutes=step))  # fmt: skip
    assert (asked(lambda: on(household, 12)), asked(lambda: story.of(household, clerk))) == few
    assert few[0] <= 12  # six reads within the binding of their role


def test_the_pages_show_a_day_and_the_story_masked_and_within_the_area(client, household, clerk, neighbour, committee):
    page, whole = (reverse(f"registry:{name}", args=[household.pk]) for name in ("as_of", "story"))
    client.force_login(neighbour)
    assert client.get(page).status_code == client.get(whole).status_code == 404
    client.force_login(clerk)
    april = client.get(page, {"on": "2015-04-30"}).content.decode()
    assert "张小" in april and "因病" in april and "因残" not in april and "13800000001" not in april
    early = client.get(page, {"on": "2014-06-30"}).content.decode()
    first = f"{day_of(asof.begun(household.pk)):%Y-%m-%d}"
    assert "还没有这份档案" in early and f"{first} 才录入本系统" in early and f"?on={first}" in early
    assert "还没有这份档案" not in client.get(page, {"on": first}).content.decode()
    assert client.get(page, {"on": "nonsense"}).status_code == 200
    assert client.get(page, {"on": "2015-02-31"}).status_code == 200
    text = client.get(whole).content.decode()
    assert "入户核实" in text and "补录" in text
    assert "入户核实" not in client.get(whole, {"kind": "statements"}).content.decode()


def test_who_looked_is_told_to_those_who_may_read_the_trail_only(client, household, clerk, committee):
    client.force_login(clerk)
    client.post(reverse("registry:reveal", args=[household.pk]), {"what": "household", "why": "电话核实"})
    assert [one.why for one in story.of(household, clerk, "looks")] == ["电话核实"]
    assert story.of(household, committee, "looks") == []


def test_a_file_that_came_from_elsewhere_keeps_its_history_for_whoever_has_it_now(place, household, clerk):
    """Row policies bind a reader to the area; what was recorded under another region goes with the file."""
    households.move(household=household, village=place.neighbour_village, why="搬迁", by=clerk, at=at(7))
    there = UserFactory(username="there", role="programme_office", area=place.neighbour_village)
    with as_person(there):
        assert on(household, 1).household.head_name == "张三"
        assert story.of(household, there)[-1].what == "建档"


def vars_of(file):
    rows = [file.household, *file.people, *file.years, *file.statements]
    return [{k: v for k, v in vars(row).items() if not k.startswith("_")} for row in rows]


def asked(work):
    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)
