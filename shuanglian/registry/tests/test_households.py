"""Files are enrolled, changed, moved and closed with their history (REG-1, REG-2, REG-3, REG-10)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection

from shuanglian.accounts.models import User
from shuanglian.areas.tests.factories import gansu
from shuanglian.core import scoping
from shuanglian.core.secrets import digest
from shuanglian.kernel.refusal import Refusal
from shuanglian.organisation.tests.factories import id_number
from shuanglian.registry import tasks
from shuanglian.registry.actions import counts, households, people
from shuanglian.registry.models import AreaCount, Household, HouseholdYear, Person
from shuanglian.registry.tests.factories import HouseholdFactory, HouseholdYearFactory, PersonFactory, relation
from shuanglian.trail.models import Entry

pytestmark = pytest.mark.django_db
AT = datetime(2015, 6, 20, 8, 0, tzinfo=UTC)
ON = date(2015, 6, 20)


@pytest.fixture
def place():
    return gansu()


@pytest.fixture
def clerk(place):
    return User.objects.create(username="clerk", full_name="王文书", role="programme_office", area=place.county)


def enrolled(place, clerk, **head):
    told = {"name": "单小红", "id_number": id_number(900_001, sex="female"), **head}
    return households.enrol(village=place.village, head=told, values={"main_cause": "01"}, on=ON, by=clerk, at=AT)


def test_REG_1_a_household_is_enrolled_with_its_head_and_numbers(place, clerk):
    household = enrolled(place, clerk)
    head = household.people.get()
    assert (household.number, household.size, household.status) == (f"{place.village.code}0001", 1, "0")
    assert (household.head_name, household.head_pinyin, head.pinyin) == ("单小红", "sxh", "shanxiaohong")
    assert (head.relation, head.sex, head.area_code) == (relation("户主"), "2", place.village.code)
    assert head.id_digest == digest(head.id_number)
    assert enrolled(place, clerk, id_number=id_number(900_003)).number.endswith("0002")


def test_REG_1_numbers_are_never_in_clear_in_the_database(place, clerk):
    household = households.enrol(
        village=place.village, head={"name": "李四", "id_number": id_number(900_005)},
        values={"phone": "139 0000 1111", "bank_account": "6217000010001000000"[:16]}, on=ON, by=clerk, at=AT,
    )  # fmt: skip
    clear = [id_number(900_005), "13900001111", household.bank_account]
    with connection.cursor() as cursor:
        for table in ("registry_household", "registry_householdevent", "registry_person", "registry_personevent",
                      "trail_entry", "pghistory_context"):  # fmt: skip
            cursor.execute(f"SELECT t::text FROM {table} t")
            text = "".join(row[0] for row in cursor.fetchall())
            assert not [number for number in clear if number in text], table
    assert household.phone == "13900001111"
    assert Person.objects.get(household=household).id_number == id_number(900_005)


@pytest.mark.parametrize("with_blanks", [id_number(900_011), f" {id_number(900_011)[:6]} {id_number(900_011)[6:]} "])
def test_REG_1_the_same_id_number_in_two_standing_households_is_refused(place, clerk, with_blanks):
    first = enrolled(place, clerk, id_number=id_number(900_011))
    with pytest.raises(Refusal, match=first.number) as refusal:
        enrolled(place, clerk, id_number=with_blanks)
    assert refusal.value.code == "id_twice"
    assert Household.objects.count() == 1


def test_REG_1_a_twin_in_another_county_is_refused_without_telling_the_household(place, clerk):
    HouseholdFactory(village=place.neighbour_village, with_people=1)
    stranger = Person.objects.get()
    with pytest.raises(Refusal) as refusal:
        enrolled(place, clerk, id_number=stranger.id_number)
    assert refusal.value.code == "id_twice_elsewhere"
    assert "陇西县" in str(refusal.value) and stranger.household.number not in str(refusal.value)


def test_REG_3_the_number_is_free_again_once_its_household_was_removed(place, clerk):
    first = enrolled(place, clerk)
    households.remove(household=first, on=ON, why="不符合标准", by=clerk, at=AT)
    second = enrolled(place, clerk)
    with pytest.raises(Refusal) as refusal:
        households.reinstate(household=first, why="误剔", by=clerk, at=AT)
    assert refusal.value.code == "id_twice"
    assert AreaCount.objects.get(area=place.village).households == 1
    assert second.removed_on is None


def test_REG_10_every_change_keeps_who_when_why_before_and_after(place, clerk):
    household = enrolled(place, clerk)
    households.change(household=household, values={"main_cause": "02", "phone": "13912345678"}, why="入户核实",
                      by=clerk, at=AT)  # fmt: skip
    entry = Entry.objects.filter(verb="households.change").get()
    assert (entry.by_id, entry.at, entry.details["why"]) == (clerk.pk, AT, "入户核实")
    assert entry.details["before"] == {"main_cause": "01", "phone": ""}
    assert entry.details["after"] == {"main_cause": "02", "phone": "139****5678"}
    event = household.events.order_by("-pgh_id").select_related("pgh_context").first()
    assert event.main_cause == "02" and event.phone == "13912345678"
    assert event.pgh_context.metadata["why"] == "入户核实" and event.pgh_context.metadata["by"] == clerk.pk


def test_REG_10_a_change_without_reason_or_difference_writes_nothing(place, clerk):
    household = enrolled(place, clerk)
    entries, events = Entry.objects.count(), household.events.count()
    with pytest.raises(Refusal, match="请写明变更原因"):
        households.change(household=household, values={"main_cause": "02"}, why="  ", by=clerk, at=AT)
    households.change(household=household, values={"main_cause": "01"}, why="重录", by=clerk, at=AT)
    assert (Entry.objects.count(), household.events.count()) == (entries, events)


def test_REG_10_a_form_filled_over_an_older_state_is_refused(place, clerk):
    from shuanglian.registry.actions.versions import version

    household = enrolled(place, clerk)
    seen = version(household)
    households.change(household=household, values={"wish": "养牛"}, why="甲改", by=clerk, at=AT, seen=seen)
    with pytest.raises(Refusal) as refusal:
        households.change(household=household, values={"wish": "种药材"}, why="乙改", by=clerk, at=AT, seen=seen)
    assert refusal.value.code == "changed_meanwhile"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"main_cause": "12"}, "not_a_main_cause"),
        ({"main_cause": "01", "other_causes": ["01"]}, "cause_twice"),
        ({"main_cause": "77"}, "unknown_code"),
        ({"phone": "1234"}, "phone"),
        ({"bank_account": "12ab"}, "bank_account"),
        ({"exit_year": "明年"}, "invalid_value"),
    ],
)
def test_REG_2_values_outside_the_profile_are_refused(place, clerk, values, code):
    household = enrolled(place, clerk)
    with pytest.raises(Refusal) as refusal:
        households.change(household=household, values=values, why="改", by=clerk, at=AT)
    assert refusal.value.code == code
    household.refresh_from_db()
    assert household.main_cause == "01"


def test_REG_10_moving_a_household_carries_members_years_and_figures(place, clerk):
    household = enrolled(place, clerk)
    households.record_year(household=household, year=2015, values={"income_wage": 3000}, by=clerk, at=AT)
    target = place.villages[4]
    households.move(household=household, village=target, why="搬迁", by=clerk, at=AT)
    assert set(Person.objects.values_list("area_code", flat=True)) == {target.code}
    assert set(HouseholdYear.objects.values_list("area_code", flat=True)) == {target.code}
    figures = {row.area.code: row.households for row in AreaCount.objects.select_related("area")}
    assert (figures[place.village.code], figures[target.code]) == (0, 1)
    assert figures[place.townships[0].code] == 0 and figures[place.townships[1].code] == 1
    assert (figures[place.county.code], figures[place.province.code]) == (1, 1)


def test_REG_3_leaving_and_falling_back(place, clerk):
    household = enrolled(place, clerk)
    households.leave(household=household, on=ON, why="达到标准", by=clerk, at=AT)
    household.refresh_from_db()
    assert (household.left_on, household.status) == (ON, "1")
    assert AreaCount.objects.get(area=place.county).households == 0
    with pytest.raises(Refusal, match="已不在册"):
        households.remove(household=household, on=ON, why="再退", by=clerk, at=AT)
    households.reinstate(household=household, why="因灾返贫", by=clerk, at=AT)
    household.refresh_from_db()
    assert (household.left_on, household.status) == (None, "3")


def test_the_account_is_worked_out_never_typed(place, clerk):
    household = enrolled(place, clerk)
    people.add(household=household, values={"name": "单一", "relation": relation("之子")}, on=ON, by=clerk, at=AT)
    record = households.record_year(
        household=household, year=2015, by=clerk, at=AT,
        values={"income_wage": "4000", "income_operating": "3000.50", "operating_cost": "1000", "net_income": "1",
                "income_per_head": "99999"},
    )  # fmt: skip
    assert (record.net_income, record.income_per_head) == (Decimal("6000.50"), Decimal("3000.25"))
    household.refresh_from_db()
    assert household.income_per_head == Decimal("3000.25")
    people.add(household=household, values={"name": "单二", "relation": relation("之女")}, on=ON, by=clerk, at=AT)
    record.refresh_from_db()
    assert record.income_per_head == Decimal("2000.17")


def test_need_follows_facts_as_the_profile_weighs_them(place, clerk):
    household = enrolled(place, clerk)
    before = household.need_band
    head = household.people.get()
    people.change(person=head, values={"health": ["03", "04"], "labour": "05"}, why="患病", by=clerk, at=AT)
    households.record_year(household=household, year=2015, by=clerk, at=AT,
                           values={"income_wage": 500, "house_unsafe": True, "water_safe": False})  # fmt: skip
    household.refresh_from_db()
    assert household.need_band > before
    assert AreaCount.objects.get(area=place.county).by_band == {str(household.need_band): 1}


def test_a_second_record_of_a_year_needs_a_reason(place, clerk):
    record = HouseholdYearFactory(household=HouseholdFactory(with_people=2))
    with pytest.raises(Refusal, match="请写明变更原因"):
        households.record_year(household=record.household, year=2015, values={"income_wage": 1}, by=clerk, at=AT)
    with pytest.raises(Refusal, match="不能是负数"):
        households.record_year(
            household=record.household, year=2015, values={"income_wage": -1}, why="改", by=clerk, at=AT
        )
    with pytest.raises(Refusal, match="年度应在"):
        households.record_year(household=record.household, year=2016, values={"income_wage": 1}, by=clerk, at=AT)


class TestMembers:
    @pytest.fixture
    def family(self, place):
        return HouseholdFactory(village=place.village, with_people=3)

    def test_a_second_head_is_refused_and_the_last_head_stays(self, family, clerk):
        with pytest.raises(Refusal, match="已有户主"):
            people.add(household=family, values={"name": "二", "relation": relation("户主")}, on=ON, by=clerk, at=AT)
        head = family.people.get(relation=relation("户主"))
        with pytest.raises(Refusal, match="须有一名户主"):
            people.change(person=head, values={"relation": relation("之父")}, why="改", by=clerk, at=AT)

    def test_a_head_who_leaves_names_a_successor(self, family, clerk):
        head, heir = family.people.order_by("id")[:2]
        with pytest.raises(Refusal, match="新户主"):
            people.leave(person=head, on=ON, why="去世", by=clerk, at=AT)
        people.leave(person=head, on=ON, why="去世", successor=heir, by=clerk, at=AT)
        family.refresh_from_db()
        assert (family.size, family.head_name) == (2, heir.name)

    def test_another_member_becomes_head(self, family, clerk):
        head, heir = family.people.order_by("id")[:2]
        people.change_head(household=family, successor=heir, old_relation=relation("之父"), why="分家", by=clerk, at=AT)
        family.refresh_from_db()
        head.refresh_from_db()
        assert (family.head_name, head.relation) == (heir.name, relation("之父"))

    def test_birth_and_sex_must_agree_with_the_number(self, family, clerk):
        wrong = {"name": "王", "relation": relation("之子"), "id_number": id_number(900_021, born=date(2001, 2, 3))}
        with pytest.raises(Refusal, match="2001-02-03"):
            people.add(household=family, values={**wrong, "born_on": date(2001, 3, 2)}, on=ON, by=clerk, at=AT)
        with pytest.raises(Refusal, match="性别与证件号码不符"):
            people.add(household=family, values={**wrong, "sex": "2"}, on=ON, by=clerk, at=AT)
        person = people.add(household=family, values=wrong, on=ON, by=clerk, at=AT)
        assert (person.born_on, person.sex) == (date(2001, 2, 3), "1")

    def test_a_damaged_number_is_refused_with_the_cure(self, family, clerk):
        values = {"name": "王", "relation": relation("之子"), "id_number": "6.21199E+17"}
        with pytest.raises(Refusal, match="表格软件"):
            people.add(household=family, values=values, on=ON, by=clerk, at=AT)

    def test_the_last_member_does_not_leave_alone(self, clerk):
        person = PersonFactory()
        with pytest.raises(Refusal, match="最后一人"):
            people.leave(person=person, on=ON, why="去世", by=clerk, at=AT)


def test_a_household_whose_members_are_not_all_entered_keeps_its_size(place, clerk):
    household = enrolled(place, clerk)
    households.change(household=household, values={"size": 4}, why="户口簿四人", by=clerk, at=AT)
    son = people.add(household=household, values={"name": "儿", "relation": relation("之子")}, on=ON, by=clerk, at=AT)
    household.refresh_from_db()
    assert household.size == 4
    people.leave(person=son, on=ON, why="上门", by=clerk, at=AT)
    household.refresh_from_db()
    assert household.size == 3
    with pytest.raises(Refusal, match="不能少于"):
        households.change(household=household, values={"size": 0}, why="错", by=clerk, at=AT)


def test_a_township_clerks_change_is_added_up_beyond_his_own_area(place):
    clerk = User.objects.create(username="town", role="programme_office", area=place.township)
    with scoping.scoped(place.township.prefix, clerk.pk):
        household = enrolled(place, clerk)
        households.move(household=household, village=place.villages[1], why="搬家", by=clerk, at=AT)
    figures = dict(AreaCount.objects.values_list("area__code", "households"))
    assert figures[place.province.code] == figures[place.county.code] == figures[place.villages[1].code] == 1
    assert figures[place.village.code] == 0


def test_under_row_level_security_a_twin_in_another_county_is_still_found(place):
    HouseholdFactory(village=place.neighbour_village, with_people=1)
    number = Person.objects.get().id_number
    clerk = User.objects.create(username="town", role="programme_office", area=place.township)
    with scoping.scoped(place.township.prefix, clerk.pk):
        assert not Person.objects.exists()
        with pytest.raises(Refusal) as refusal:
            enrolled(place, clerk, id_number=number)
    assert refusal.value.code == "id_twice_elsewhere"


def test_when_regions_get_new_codes_members_and_figures_follow(place, clerk):
    household = enrolled(place, clerk)
    counts.rebuild(None, AT)
    Household.objects.filter(pk=household.pk).update(village=place.villages[5], area_code=place.villages[5].code)
    tasks.after_regions([])
    assert set(Person.objects.values_list("area_code", flat=True)) == {place.villages[5].code}
    assert AreaCount.objects.get(area=place.villages[5]).households == 1
