"""Facts out of the register's columns and out of statements; who said what, and nothing erased (BEN-8, REG-10)."""

from datetime import date
from decimal import Decimal

import pytest

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.core import clock
from shuanglian.core.profile import active
from shuanglian.kernel.refusal import Refusal
from shuanglian.organisation.tests.factories import id_number
from shuanglian.registry import raw
from shuanglian.registry.actions import statements
from shuanglian.registry.models import Statement
from shuanglian.rules.facts.build import build
from shuanglian.trail.models import Entry

from .factories import HouseholdFactory, HouseholdYearFactory, PersonFactory, relation

pytestmark = pytest.mark.django_db
ON = date(2015, 10, 1)
SAID = {"source": "visit", "on": date(2015, 9, 1), "by": None}


def facts_of(household, on=ON):
    return build(raw.of_household(household.pk, on), on, active())


def test_REG_1_the_facts_of_a_family_come_from_its_file_members_and_account():
    household = HouseholdFactory(kind="04", other_causes=["03"])
    PersonFactory(household=household, health=["02"], labour="01", dibao=True)
    PersonFactory(household=household, relation=relation("之子"), born_on=date(2005, 5, 5), schooling="03")
    HouseholdYearFactory(household=household, house_grade="C", house_unsafe=None)
    told = facts_of(household)
    home = told.households.row(0, named=True)
    assert (home["registered"], home["dibao_household"], home["causes"]) == (True, True, ["01", "03"])
    assert (home["income_transfer"], home["house_unsafe"]) == (Decimal("500.00"), True)
    head, child = told.people.sort("id").rows(named=True)
    assert (head["ill_chronic"], head["able_to_work"], head["dibao"], head["boards"]) == (True, True, True, None)
    assert (child["school_stage"], child["age"]) == ("primary", 10)
    assert told.villages["id"].to_list() == [household.village.code]


@pytest.mark.parametrize(("tail", "kind", "grade"), [("41", 4, 1), ("42B1", 4, 2), ("13", 1, 3)])
def test_of_a_disability_card_only_kind_and_grade_are_told(tail, kind, grade):
    person = PersonFactory(disability_card=id_number(7) + tail)
    rows = raw.of_household(person.household_id, ON).people
    assert "card" not in rows.columns
    assert rows.select("disability_card", "disability_kind", "disability_grade").row(0) == (True, kind, grade)


def test_an_area_gives_its_families_of_the_day_and_nobody_elses():
    household = HouseholdFactory(with_people=2)
    gone = HouseholdFactory(left_on=date(2015, 1, 1))
    later = HouseholdFactory(since=date(2015, 11, 1))
    read = raw.of_area(household.village, ON)
    assert read.households["id"].to_list() == [household.pk]
    assert set(read.people["household"]) == {household.pk}
    assert {gone.pk, later.pk}.isdisjoint(read.households["id"])
    assert raw.of_area(household.village, date(2014, 12, 1)).households["id"].sort().to_list() == [
        household.pk,
        gone.pk,
    ]


def test_a_member_who_left_counts_until_the_day():
    household = HouseholdFactory(with_people=1)
    gone = PersonFactory(household=household, relation=relation("之子"), left_on=date(2015, 10, 1))
    assert gone.pk not in raw.of_household(household.pk, ON).people["id"]
    assert gone.pk in raw.of_household(household.pk, date(2015, 9, 30)).people["id"]


def test_one_family_is_told_alike_alone_and_among_its_village():
    household = HouseholdFactory(with_people=3)
    HouseholdFactory(with_people=2)
    HouseholdYearFactory(household=household)
    statements.state(about=household, fact="credit_ok", value=True, at=clock.now(), **SAID)
    alone = facts_of(household)
    among = build(raw.of_area(household.village, ON), ON, active())
    assert [one for one in among.each() if one[0] == household.pk] == list(alone.each())


@pytest.mark.parametrize(
    ("fact", "value", "text"),
    [
        ("boards", True, "true"),
        ("dibao_class", "2", "2"),
        ("hospital_cost", "12000.50", '"12000.50"'),
        ("college_place", "outside", '"outside"'),
        ("training_finished_on", "2015-08-31", '"2015-08-31"'),
    ],
)
def test_a_fact_is_stated_with_day_and_source_and_stands_in_the_trail(fact, value, text):
    user = UserFactory()
    person = PersonFactory()
    said = statements.state(about=person, fact=fact, value=value, at=clock.now(), **{**SAID, "by": user})
    assert (said.value, said.area_code, said.record) == (text, person.area_code, "person")
    line = Entry.objects.get(verb="statements.state")
    assert (line.by_id, line.details["fact"], line.details["value"]) == (user.pk, f"person.{fact}", text)
    told = facts_of(person.household).people.row(0, named=True)
    assert told[fact] is not None


@pytest.mark.parametrize(
    ("fact", "value"),
    [("boards", "yes"), ("dibao_class", "first"), ("hospital_cost", "1e99"), ("hospital_cost", "0.001"),
     ("college_place", "abroad"), ("training_finished_on", "2015-02-30"), ("hospital_cost", "NaN")],
)  # fmt: skip
def test_a_value_of_another_kind_is_refused_in_words(fact, value):
    with pytest.raises(Refusal) as refusal:
        statements.state(about=PersonFactory(), fact=fact, value=value, at=clock.now(), **SAID)
    assert refusal.value.code == "wrong_value" and not Statement.objects.exists()


@pytest.mark.parametrize("fact", ["no_such", "registered_", ""])
def test_only_facts_of_the_vocabulary_can_be_stated(fact):
    with pytest.raises(Refusal, match="可以申明"):
        statements.state(about=HouseholdFactory(), fact=fact, value=True, at=clock.now(), **SAID)


def test_what_is_said_again_of_the_same_day_replaces_and_both_stay_readable():
    person = PersonFactory()
    for value in (1, 2, 2):
        statements.state(about=person, fact="dibao_class", value=value, at=clock.now(), **SAID)
    assert [(one.value, one.withdrawn_at is None) for one in Statement.objects.order_by("id")] == [
        ("1", False), ("2", True),
    ]  # fmt: skip
    assert facts_of(person.household).people["dibao_class"].item() == 2


def test_a_statement_taken_back_no_longer_counts_and_stays():
    person = PersonFactory()
    said = statements.state(about=person, fact="boards", value=True, at=clock.now(), **SAID)
    statements.withdraw(statement=said, why="问错了人", by=None, at=clock.now())
    assert facts_of(person.household).people["boards"].item() is None
    assert Statement.objects.get().withdrawn_at is not None
    with pytest.raises(Refusal, match="已经撤回"):
        statements.withdraw(statement=said, why="再来", by=None, at=clock.now())


def test_statements_move_with_their_household():
    household = HouseholdFactory(with_people=1)
    person = household.people.get()
    statements.state(about=household, fact="credit_ok", value=True, at=clock.now(), **SAID)
    statements.state(about=person, fact="boards", value=False, at=clock.now(), **SAID)
    household.area_code = "621121100999"
    household.save(update_fields=["area_code"])
    assert set(Statement.objects.values_list("area_code", flat=True)) == {"621121100999"}


def test_a_village_fact_is_stated_about_the_village():
    household = HouseholdFactory(with_people=1)
    statements.state(about=household.village, fact="mutual_aid_fund", value="200000", at=clock.now(), **SAID)
    assert facts_of(household).villages["mutual_aid_fund"].item() == Decimal(200000)
