"""The catalogue of measures: read with its cases, faults told with file and line, offers and means of a family (PLAN-3)."""

import shutil
from datetime import date
from decimal import Decimal

import pytest

from shuanglian.rules.catalogue import Family, by_channel, counted
from shuanglian.rules.facts.build import moment
from shuanglian.rules.profile import BUILT_IN, ProfileErrors, load

ON = date(2015, 10, 8)


def family(*members, on=ON, **household):
    told = {"size": len(members), "workers": sum(one.get("labour_group") in ("able", "weak") for one in members)}
    facts = {"household": {**told, **household, "members": list(members)}, "village": {}, "year": {}, "day": moment(on)}
    return Family(facts, dict(enumerate(members)), on)


ABLE = {"labour_group": "able", "able_to_work": True, "in_school": False, "age": 30, "dibao": False}
CHILD = {"labour_group": "unable", "able_to_work": False, "in_school": True, "age": 9, "dibao": False}
OLD = {"labour_group": "unable", "able_to_work": False, "in_school": False, "age": 75, "dibao": False}


@pytest.fixture(scope="module")
def here():
    return load("tongwei_2015").on(ON)


def offers(profile, told):
    return {one.measure.code: one for one in profile.plans.offers(told, profile.benefits)}


def test_PLAN_3_the_items_of_32111_and_one_more_of_each_stand_in_the_catalogue_with_their_source(here):
    told = here.plans.measures
    for code in ("cash_crop", "ewes", "biogas", "toilet"):
        assert told[code].shape.document == "action-glossary"
    for code in ("orchard", "cow", "vegetables", "export_worker", "skilled_worker"):
        assert told[code].shape.document == "S1"
    assert all(one.by_default == (one.shape.figures == "default") for one in told.values())


def test_BEN_1_the_amount_of_the_allowance_is_taken_from_its_own_file_and_day(here):
    dibao = here.plans.measures["dibao_1"]
    assert dibao.yuan(here.benefits, ON) == (3300, 3300)
    assert dibao.yuan(here.benefits, date(2014, 6, 1)) == (2952, 2952)
    assert dibao.yuan(here.benefits, date(2012, 6, 1)) is None and not dibao.by_default


def test_what_is_not_known_opens_nothing_and_is_asked(here):
    told = offers(here, family(ABLE, land_cultivated=Decimal(9)))
    assert told["ewes"].open and told["ewes"].most == 5
    assert not told["toilet"].open and told["toilet"].asks == {"household.toilet"}
    assert told["dibao_1"].unmet[0].zh == "全家没有劳动能力"
    assert told["export_worker"].people == (0,)
    assert told["skilled_worker"].why == "no_person"


def test_units_of_a_measure_for_members_are_the_members_that_it_fits(here):
    told = offers(here, family(OLD, OLD, CHILD, dibao_household=False, five_guarantee=False))
    assert (told["dibao_1"].most, told["dibao_1"].people) == (3, (0, 1, 2))
    assert not told["ewes"].open


def test_means_are_the_days_land_and_money_that_are_left(here):
    weak = {**ABLE, "labour_group": "weak"}
    away = {**ABLE, "work_months": 9}
    told = here.plans.means(family(ABLE, weak, away, CHILD, land_cultivated=Decimal(9), net_income=Decimal(10_000),
                                   registered=True, loan_need=True, loan_wanted_yuan=Decimal(20_000)),
                            here.benefits)  # fmt: skip
    assert told.days["spring"] == Decimal("1.75") * 75 - 27  # one, half, a quarter; nine mu take 27 days
    assert told.land == {"cultivated": 5} and told.own == 3000 and told.loan == 20_000
    bare = here.plans.means(family(ABLE, registered=True, loan_need=False), here.benefits, own=Decimal(7))
    assert (bare.own, bare.loan, bare.unknown) == (7, 0, ("household.land_cultivated",))


def test_PLAN_3_the_years_step_is_worked_backwards_from_the_target(here):
    target = here.plans.horizons[2017]
    step = here.plans.step_target
    assert [step(Decimal(2500), 2014, target, year) for year in (2014, 2015, 2016, 2017, 2019)] == [
        2500, 3000, 3500, 4000, 4000,
    ]  # fmt: skip
    assert step(Decimal(5000), 2014, target, 2015) == 4000
    province = load("gansu_province_2012").on(date(2012, 10, 1)).plans
    told = [province.step_target(Decimal(1800), 2012, province.horizons[2017], year) for year in (2013, 2014, 2017)]
    assert told == [2068, 2376, 3600]  # by equal rates


def test_another_programme_has_other_measures_seasons_terms_and_targets():
    province = load("gansu_province_2012").on(date(2012, 10, 1)).plans
    assert list(province.measures) == ["cash_crop", "ewes", "biogas", "toilet", "export_worker"]
    assert list(province.seasons) == ["busy", "slack"] and province.terms.counts == "low"
    assert province.horizon_from(2013).yuan == 3600 and province.horizon_from(2030).year == 2020


@pytest.mark.parametrize(("comes", "first", "year", "yuan"), [
    ("monthly", 2016 * 12, 2016, 1200), ("monthly", 2016 * 12 + 6, 2016, 600), ("monthly", 2016 * 12 + 6, 2017, 1200),
    ("monthly", 2017 * 12, 2016, 0), ("yearly", 2016 * 12 + 11, 2016, 1200), ("yearly", 2017 * 12, 2016, 0),
])  # fmt: skip
def test_an_amount_counts_from_the_month_that_it_first_pays(comes, first, year, yuan):
    assert counted(Decimal(1200), comes, first, year) == yuan


def test_PLAN_4_sums_by_channel_are_all_four():
    assert by_channel([("wage", Decimal(5)), ("wage", Decimal(2))]) == {
        "wage": 7, "operating": 0, "property": 0, "transfer": 0,
    }  # fmt: skip


def broken(tmp_path, old, new):
    folder = tmp_path / "tongwei"
    shutil.copytree(BUILT_IN / "tongwei_2015", folder)
    file = folder / "measures.toml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(ProfileErrors) as errors:
        load(folder)
    lines = text[: text.index(old)].count("\n") + 1
    return [(fault.code, fault.file.name, fault.line - lines) for fault in errors.value.faults]


@pytest.mark.parametrize(("old", "new", "code"), [
    ('likely = "450"', 'likely = "200"', "low_above_likely"),
    ('pays = { own = "180", unit = "120" }', 'pays = { own = "180", nobody = "120" }', "dangling"),
    ('excludes = ["dibao_2"]', 'excludes = ["dibao_9"]', "dangling"),
    ('excludes = ["dibao_2"]', 'excludes = ["dibao_1"]', "itself"),
    ('benefit = "dibao_class_1"', 'benefit = "targeted_loan"', "amount_differs"),
    ('figures = "S3"', 'figures = "S9"', "unknown_document"),
    ('when = "household.workers > 0"', 'when = "household.worker > 0"', "unknown_fact"),
    ("offered = true\nmost = 3", "offered = false\nmost = 3", "case_fails"),
    ("offered = true\nmost = 3", "offered = true\nmost = 2", "case_fails"),
    ('fact = "household.land_cultivated"\nkept', 'fact = "household.toilet"\nkept', "dangling"),
    ('loan = "targeted_loan"', 'loan = "no_loan"', "dangling"),
    ('owner = "cadre"', 'owner = "somebody"', "dangling"),
])  # fmt: skip
def test_a_fault_is_told_with_file_line_and_cure(tmp_path, old, new, code):
    faults = broken(tmp_path, old, new)
    assert code in {fault[0] for fault in faults}
    assert all(name == "measures.toml" and -20 <= offset <= 40 for _code, name, offset in faults)
