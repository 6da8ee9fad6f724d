"""Rosters into the register, set by set: what enters, what is found again, what is never touched (REG-1, REG-10)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuanglian.areas.tests.factories import gansu
from shuanglian.core.profile import active
from shuanglian.core.secrets import digest
from shuanglian.kernel.refusal import Refusal
from shuanglian.organisation.tests.factories import id_number
from shuanglian.registry.actions.bulk import accept_households
from shuanglian.registry.actions.bulk_need import FACTS, bands
from shuanglian.registry.models import Household, HouseholdYear, Person
from shuanglian.registry.tests.factories import HouseholdFactory, PersonFactory, relation
from shuanglian.rules.quotas import need_band
from shuanglian.sheets.models import Batch, Change

AT = datetime(2015, 3, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def batch(area=None, kind="households"):
    area = area or gansu().county
    return Batch.objects.create(
        kind=kind, file_name="名册.xlsx", file="x", file_sha256="0" * 64, area=area, area_code=area.code, year=2015,
        created_at=AT,
    )  # fmt: skip


def accept(households, persons=None, area=None, year=2015):
    area = area or gansu().county
    frames = {"households": pl.DataFrame(households)}
    if persons is not None:
        frames["persons"] = pl.DataFrame(persons)
    return accept_households(frames, area=area, year=year, by=None, at=AT, batch_id=batch(area).pk)


def two_households():
    village = gansu().village.code
    households = [
        {"number": "A1", "head_name": "单小红", "head_id": id_number(1), "village_code": village, "main_cause": "01",
         "phone": "13900000001", "income_wage": Decimal("3000.00"), "income_operating": Decimal("2000.00"),
         "operating_cost": Decimal("500.00"), "other_causes": ["03", "07"], "water_safe": False},
        {"number": None, "head_name": "李四", "head_id": id_number(2), "village_code": village, "main_cause": "03",
         "phone": None, "income_wage": None, "income_operating": None, "operating_cost": None, "other_causes": None,
         "water_safe": None},
    ]  # fmt: skip
    persons = [
        {"key": "A1", "name": "单小红", "id_number": id_number(1), "relation": relation("户主"), "sex": "1",
         "birth": date(1970, 1, 1), "health": ["02", "04"], "labour": "01", "phone": "13900000001", "dibao": None},
        {"key": "A1", "name": "单大宝", "id_number": None, "relation": relation("之子"), "sex": "1",
         "birth": date(2005, 5, 5), "health": ["01"], "labour": "05", "phone": None, "dibao": True},
        {"key": "1", "name": "李四", "id_number": id_number(2), "relation": relation("户主"), "sex": "1",
         "birth": None, "health": None, "labour": None, "phone": None, "dibao": None},
    ]  # fmt: skip
    return households, persons


def test_REG_1_households_members_and_the_years_figures_enter():
    counts = accept(*two_households())
    assert counts["households"]["new"] == 2
    assert counts["persons"]["new"] == 3
    one = Household.objects.get(number="A1")
    assert (one.head_pinyin, one.size, one.main_cause, one.other_causes) == ("sxh", 2, "01", ["03", "07"])
    assert (one.phone, one.phone_digest) == ("13900000001", digest("13900000001"))
    year = HouseholdYear.objects.get(household=one)
    assert (year.net_income, year.income_per_head) == (Decimal("4500.00"), Decimal("2250.00"))
    assert one.income_per_head == Decimal("2250.00")
    head = one.people.get(relation=relation("户主"))
    assert (head.id_number, head.born_on, head.health, head.pinyin) == (
        id_number(1), date(1970, 1, 1), ["02", "04"], "shanxiaohong",
    )  # fmt: skip
    assert one.need_band > Household.objects.get(head_name="李四").need_band


def test_REG_1_a_household_without_a_number_gets_its_villages_next_one():
    village = gansu().village
    HouseholdFactory(number=f"{village.code}0007", village=village)
    accept(*two_households())
    assert Household.objects.get(head_name="李四").number == f"{village.code}0008"


def test_the_same_roster_again_changes_nothing():
    accept(*two_households())
    before = snapshot()
    Change.objects.all().delete()
    counts = accept(*two_households())
    assert (counts["households"]["new"], counts["households"]["changed"]) == (0, 0)
    assert (counts["persons"]["new"], counts["persons"]["changed"]) == (0, 0)
    assert (counts["years"]["new"], counts["years"]["changed"]) == (0, 0)
    assert snapshot() == before
    assert not Change.objects.exists()


def snapshot():
    return [list(model.objects.order_by("pk").values()) for model in (Household, Person, HouseholdYear)]


def test_a_changed_cell_changes_that_column_only_and_a_blank_cell_changes_nothing():
    accept(*two_households())
    households, persons = two_households()
    households[0] |= {"phone": "13911111111", "main_cause": None}
    counts = accept(households, persons)
    assert counts["households"] == {
        "new": 0, "changed": 1, "unchanged": 1, "absent": 0, "moved": 0, "repeated": 0,
    }  # fmt: skip
    one = Household.objects.get(number="A1")
    assert (one.phone, one.main_cause) == ("13911111111", "01")


def test_a_household_is_found_by_its_heads_identity_number_and_takes_the_official_number():
    accept(*two_households())
    households, persons = two_households()
    households[1] |= {"number": "B2"}
    persons[2] |= {"key": "B2"}
    counts = accept(households, persons)
    assert (counts["renumbered"], counts["households"]["new"], Household.objects.count()) == (1, 0, 2)
    assert Household.objects.get(head_name="李四").number == "B2"


def test_REG_10_what_a_roster_does_not_name_is_counted_and_not_removed():
    accept(*two_households())
    households, persons = two_households()
    counts = accept(households[:1], persons[:1])
    assert (counts["households"]["absent"], counts["persons"]["absent"]) == (1, 1)
    assert (Household.objects.count(), Person.objects.count()) == (2, 3)


def test_REG_10_somebody_of_another_household_is_counted_and_not_moved():
    other = HouseholdFactory(number="Z9", village=gansu().villages[2])
    known = PersonFactory(household=other, name="单大宝", id_number=id_number(77))
    households, persons = two_households()
    persons[1] |= {"id_number": id_number(77)}
    counts = accept(households, persons)
    assert (counts["persons"]["moved"], counts["persons"]["new"]) == (1, 2)
    known.refresh_from_db()
    assert known.household == other


def test_a_village_outside_the_batchs_area_is_refused():
    area = gansu()
    households, persons = two_households()
    households[0] |= {"village_code": area.neighbour_village.code}
    with pytest.raises(Refusal, match="outside_area"):
        accept(households, persons)
    assert not Household.objects.exists()


def test_a_number_of_another_county_is_refused_and_its_household_untouched():
    area = gansu()
    far = HouseholdFactory(number="A1", village=area.neighbour_village, head_name="别县人")
    with pytest.raises(Refusal, match="number_elsewhere"):
        accept(*two_households())
    far.refresh_from_db()
    assert far.head_name == "别县人"


def test_REG_1_a_household_that_moved_takes_members_and_figures_along():
    accept(*two_households())
    households, persons = two_households()
    households[0] |= {"village_code": gansu().villages[1].code}
    counts = accept(households, persons)
    assert counts["households"]["moved"] == 1
    one = Household.objects.get(number="A1")
    codes = {
        one.area_code,
        *one.people.values_list("area_code", flat=True),
        *one.years.values_list("area_code", flat=True),
    }
    assert codes == {gansu().villages[1].code}


def test_personal_numbers_stand_sealed_in_the_database():
    from django.db import connection

    accept(*two_households())
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number FROM registry_person WHERE id_digest <> ''")
        sealed = [number for (number,) in cursor.fetchall()]
    assert len(sealed) == 2
    assert all(number.startswith("v1:") and id_number(1) not in number for number in sealed)


fact = st.fixed_dictionaries({
    "income_per_head": st.none() | st.integers(0, 9000).map(lambda n: n / 2),
    "members": st.none() | st.integers(1, 9), "labour": st.none() | st.integers(0, 5), "ill": st.none() | st.integers(0, 3),
    "disabled": st.none() | st.integers(0, 2), "pupils": st.none() | st.integers(0, 3), "elderly": st.none() | st.integers(0, 3),
    "unsafe_house": st.none() | st.booleans(), "unsafe_water": st.none() | st.booleans(),
    "main_cause": st.none() | st.sampled_from(["01", "03", "07", "08"]),
    "household_class": st.none() | st.sampled_from(["01", "02", "06"]),
    "exit_mark": st.none() | st.sampled_from(["0", "1"]), "other_causes": st.integers(0, 3),
})  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(fact, min_size=1, max_size=5))
def test_PAIR_5_bands_of_a_roster_equal_those_of_single_households(facts):
    frame = pl.DataFrame([{"n": n, "year": 2015, **one} for n, one in enumerate(facts)], schema=FACTS)
    on = date(2015, 12, 31)
    assert bands(active(), frame, on).to_list() == [need_band(active(), one, on) for one in facts]
