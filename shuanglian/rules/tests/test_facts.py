"""Facts are worked out from the register's columns and from statements, once, for one family and for many (house 7)."""

from datetime import date, datetime

import polars as pl
import pytest

from shuanglian.rules.cel.types import BOOL, DAY, NUMBER, TEXT, WHOLE
from shuanglian.rules.facts.build import STATEMENTS, Raw, build, read_value, write_value
from shuanglian.rules.facts.catalogue import TEXTS, entries, vocabulary
from shuanglian.rules.profile import load

DAY_ASKED = date(2015, 10, 1)
PROFILE = load("tongwei_2015")
PEOPLE = {
    "id": pl.Int64, "household": pl.Int64, "sex": pl.String, "born_on": pl.Date, "relation": pl.String,
    "ethnic": pl.String, "education": pl.String, "schooling": pl.String, "health": pl.List(pl.String),
    "labour": pl.String, "work_place": pl.String, "work_months": pl.Int16, "political": pl.String,
    "medical_insurance": pl.Boolean, "serious_insurance": pl.Boolean, "pension_insurance": pl.Boolean,
    "dibao": pl.Boolean, "disability_card": pl.Boolean, "disability_kind": pl.Int64, "disability_grade": pl.Int64,
    "as_of": pl.Date,
}  # fmt: skip
HOUSEHOLDS = {
    "id": pl.Int64, "village": pl.String, "kind": pl.String, "standard": pl.String, "main_cause": pl.String,
    "other_causes": pl.List(pl.String), "status": pl.String, "size": pl.Int16, "exit_year": pl.Int16,
    "relocation": pl.Boolean, "loan_need": pl.String, "wish": pl.String, "since": pl.Date, "left_on": pl.Date,
    "removed_on": pl.Date, "as_of": pl.Date,
}  # fmt: skip
MONEY = ("income_wage", "income_operating", "income_property", "income_transfer", "operating_cost", "net_income",
         "income_per_head", "land_cultivated", "land_forest", "land_returned", "land_orchard", "land_pasture",
         "land_water", "house_area", "road_km")  # fmt: skip
YEARS = {
    "household": pl.Int64, "year": pl.Int16, **dict.fromkeys(MONEY, pl.Decimal(12, 2)), "house_unsafe": pl.Boolean,
    "house_grade": pl.String, "water_safe": pl.Boolean, "water_hard": pl.Boolean, "power": pl.Boolean,
    "toilet": pl.Boolean, "road_kind": pl.String, "fuel": pl.String, "cooperative": pl.Boolean, "as_of": pl.Date,
}  # fmt: skip


def rows(schema, *given):
    return pl.DataFrame([{**dict.fromkeys(schema), **one} for one in given], schema=schema)


def family(*people, household=None, years=(), statements=()):
    home = {"id": 1, "village": "621121100200", "since": date(2014, 1, 1), **(household or {})}
    members = [{"id": 10 + n, "household": 1, "disability_card": False, **one} for n, one in enumerate(people)]
    said = [{"id": n, "source": "走访", "on": date(2015, 9, 1), **one} for n, one in enumerate(statements)]
    villages = pl.DataFrame({"id": ["621121100200"], "tags": [["poor_village", "liupan", "key_poor_county"]]})
    raw = Raw(rows(PEOPLE, *members), rows(HOUSEHOLDS, home), rows(YEARS, *({"household": 1, **one} for one in years)),
              villages, rows(STATEMENTS, *said))  # fmt: skip
    return build(raw, DAY_ASKED, PROFILE)


def person(told, n=0):
    return told.people.sort("id").row(n, named=True)


@pytest.mark.parametrize(
    ("born_on", "age"), [(date(2000, 10, 1), 15), (date(2000, 10, 2), 14), (date(2016, 1, 1), None), (None, None)]
)
def test_an_age_is_full_years_on_the_day_and_unknown_without_a_birthday(born_on, age):
    assert person(family({"born_on": born_on}))["age"] == age


@pytest.mark.parametrize(
    ("given", "stage"),
    [
        ({"schooling": "03"}, "primary"),
        ({"schooling": "06"}, "junior"),
        ({"schooling": "08"}, "senior"),
        ({"schooling": "01"}, "none"),
        ({"schooling": "02"}, "preschool"),
        ({"education": "02", "schooling": ""}, "none"),
        ({"born_on": date(2014, 1, 1)}, "none"),
        ({"born_on": date(2005, 1, 1)}, None),
    ],
)
def test_the_stage_of_schooling_comes_from_the_grade_and_is_never_guessed(given, stage):
    assert person(family(given))["school_stage"] == stage


def test_health_that_nobody_wrote_down_is_unknown_not_good():
    silent, ill, well = (person(family({"health": health})) for health in ([], ["03"], ["01"]))
    assert (silent["ill_serious"], ill["ill_serious"], well["ill_serious"]) == (None, True, False)
    assert (silent["disability_grade"], well["disability_grade"]) == (None, 0)


def test_a_card_proves_the_disability_and_its_grade():
    told = person(family({"health": ["01"], "disability_card": True, "disability_kind": 4, "disability_grade": 2}))
    assert (told["disabled"], told["disability_kind"], told["disability_grade"]) == (True, 4, 2)


@pytest.mark.parametrize(
    ("given", "registered"),
    [
        ({}, True),
        ({"since": date(2015, 10, 2)}, False),
        ({"left_on": date(2015, 10, 1)}, False),
        ({"left_on": date(2015, 10, 2)}, True),
        ({"removed_on": date(2014, 5, 1)}, False),
    ],
)
def test_REG_1_a_household_is_registered_between_its_entry_and_its_exit(given, registered):
    assert family(household=given).households["registered"].item() is registered


def test_the_latest_account_up_to_the_day_counts():
    years = [{"year": 2013, "house_grade": "D"}, {"year": 2015, "house_grade": "C"}, {"year": 2016, "house_grade": "A"}]
    told = family(years=years).households.row(0, named=True)
    assert (told["account_year"], told["house_grade"], told["house_unsafe"]) == (2015, "C", True)


def test_workers_are_unknown_while_one_members_ability_is():
    both = family({"labour": "01"}, {"labour": "05"})
    assert both.households["workers"].item() == 1
    assert family({"labour": "01"}, {"labour": ""}).households["workers"].item() is None


def test_BEN_8_the_poverty_line_is_that_of_the_year():
    assert str(family().year["poverty_line"]) == "2855.00"


def test_ORG_7_a_village_bears_its_own_tags_and_those_above_it():
    village = family().villages.row(0, named=True)
    assert (village["poor_village"], village["key_poor_county"], village["contiguous_area"]) == (True, True, True)


def test_a_statement_fills_what_no_column_holds():
    said = {"record": "person", "subject": "10", "fact": "boards", "value": "true"}
    assert person(family({}, statements=[said]))["boards"] is True
    assert person(family({}))["boards"] is None


def test_the_latest_statement_in_force_on_the_day_counts():
    about = {"record": "person", "subject": "10", "fact": "dibao_class"}
    said = [
        {**about, "value": "1", "on": date(2015, 1, 1)},
        {**about, "value": "2", "on": date(2015, 6, 1)},
        {**about, "value": "3", "on": date(2015, 11, 1)},
    ]
    assert person(family({}, statements=said))["dibao_class"] == 2
    ended = [{**said[0], "until": date(2015, 9, 30)}]
    assert person(family({}, statements=ended))["dibao_class"] is None


def test_what_register_and_statement_say_differently_is_unknown_and_listed():
    said = {"record": "person", "subject": "10", "fact": "dibao", "value": "true"}
    told = family({"dibao": False}, statements=[said])
    assert person(told)["dibao"] is None
    assert told.conflicts.row(0, named=True) == {
        "record": "person", "subject": "10", "fact": "dibao", "register": "false", "stated": "true", "source": "走访",
        "on": date(2015, 9, 1),
    }  # fmt: skip
    agreed = family({"dibao": True}, statements=[said])
    assert (person(agreed)["dibao"], agreed.conflicts.is_empty()) == (True, True)


def test_every_family_comes_with_its_members_village_year_and_day():
    told = family({"schooling": "03"}, {"labour": "01"}, household={"kind": "04"})
    ((household, members, facts),) = told.each()
    assert household == 1 and set(members) == {10, 11}
    assert facts["household"]["dibao_household"] is True
    assert [one.get("school_stage") for one in facts["household"]["members"]] == ["primary", None]
    assert facts["village"]["poor_village"] is True and facts["year"]["number"] == 2015
    assert facts["day"] == datetime.fromisoformat("2015-10-01T00:00:00+00:00")


@pytest.mark.parametrize(
    ("kind", "value"),
    [(BOOL, True), (WHOLE, 3), (TEXT, "inside"), (TEXTS, ["a", "b"]), (DAY, datetime(2015, 9, 1))],
)
def test_a_stated_value_survives_being_kept(kind, value):
    assert read_value(kind, write_value(kind, value)) == value


@pytest.mark.parametrize(
    ("kind", "text"), [(BOOL, "1"), (WHOLE, "true"), (NUMBER, '"x"'), (DAY, '"soon"'), (TEXT, "1")]
)
def test_a_stated_value_of_another_type_is_no_value(kind, text):
    assert read_value(kind, text) is None


def test_every_fact_is_named_in_both_languages_and_its_codes_are_a_list_of_the_profile():
    for path, entry in entries().items():
        assert entry.word.label.zh != entry.word.label.en, path
        assert entry.word.codes is None or entry.word.codes in PROFILE.codes, path
    assert set(vocabulary().words) == {"person", "household", "village", "year"}
