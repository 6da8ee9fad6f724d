"""Indicators of a village's plan filled in from what the product knows, with source and day; why others are not (PLAN-2)."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from shuanglian.core.profile import active
from shuanglian.plans import village_drafts, village_wording
from shuanglian.plans.village_drafts import IndicatorDraft
from shuanglian.plans.village_facts import facts
from shuanglian.registry.models import HouseholdYear, Person, VillageYear
from shuanglian.registry.models.village import FIELDS
from shuanglian.rules.profile import built_in, load
from shuanglian.rules.village_shapes import SUM
from shuanglian.rules.village_values import worked_out

from .factories import AT
from .test_views import log_in
from .test_village_pages import posted
from .villages import PATH, PLAN, draft

pytestmark = pytest.mark.django_db
ON = date(2015, 10, 8)


def told(town, *indicators):
    plan = town.write(draft(indicators=indicators))
    return {one["code"]: one for one in plan.content["indicators"]}


def people(town, **values):
    Person.objects.filter(area_code=town.village.code).update(**values)


def form(town, year=2014, **values):
    return VillageYear.objects.create(village=town.village, area_code=town.village.code, year=year, **values)


def test_without_a_village_form_the_register_fills_in_what_it_knows(town):
    """Two families of four: two workers of 30 and two children of ten; income 2,000 a head, housing 80 m² each."""
    people(town, medical_insurance=True, pension_insurance=False, education="03")
    HouseholdYear.objects.filter(area_code=town.village.code).update(house_area=Decimal(80))
    found = told(town)
    assert {code: one["present"] for code, one in found.items() if one["computed"]} == {
        "income": "2000.00", "housing": "20.00", "insurance": "50.00", "schooling": "9.00",
    }  # fmt: skip
    assert found["income"]["basis"] | {"says": 0} == {"of": "register", "says": 0, "year": 2014, "on": "2015-10-08",
                                                      "known": "8", "whole": "8"}  # fmt: skip
    assert village_wording.source_of(found["schooling"]).endswith(" · 2015-10-08 取数 · 4 中 4 有数")


def test_years_of_schooling_count_those_from_fifteen_on_by_grade_or_by_what_was_completed(town):
    people(town, schooling="", education="02")
    worker = Person.objects.filter(area_code=town.village.code, born_on=date(1985, 1, 1)).first()
    Person.objects.filter(pk=worker.pk).update(schooling="21", education="")  # second year of university: 16 years
    assert told(town)["schooling"]["present"] == "8.50"  # (16 + 3 × 6) / 4; the children of ten do not count


def test_what_too_few_tell_is_not_told(town):
    people(town, education="")
    worker = Person.objects.filter(area_code=town.village.code, born_on=date(1985, 1, 1)).first()
    Person.objects.filter(pk=worker.pk).update(education="04")
    assert told(town)["schooling"]["present"] is None
    shape = active().villages.indicators["schooling"]
    assert "4 中只有 1 有数，不够" in village_wording.why_unknown(shape, facts(town.village, ON).sums)


def test_the_village_form_comes_before_the_register_and_its_day_is_told(town):
    form(town, people=1000, income_per_head=Decimal(3750), medical_insured=950, pension_insured=650)
    found = told(town)
    assert (found["income"]["present"], found["insurance"]["present"]) == ("3750.00", "80.00")
    basis = found["income"]["basis"]
    assert (basis["of"], basis["year"]) == ("village", 2014) and date.fromisoformat(basis["on"]) >= ON
    assert village_wording.source_of(found["income"]).startswith("村情况表：农民人均纯收入 · 2014 年 · ")


def test_the_gini_coefficient_is_told_only_where_nearly_everyone_is_on_the_register(town):
    HouseholdYear.objects.filter(household=town.homes.one).update(
        net_income=Decimal(4000)
    )  # 1,000 a head against 2,000
    assert told(town)["gini"]["present"] is None
    form(town, households=3)
    assert worked_out(active().villages.indicators["gini"], facts(town.village, ON).sums) is None  # two of three
    VillageYear.objects.update(households=2)
    found = worked_out(active().villages.indicators["gini"], facts(town.village, ON).sums)
    assert found.value == Decimal("0.17")  # half of the people have a third of the income: 1/2 - 1/3


def test_farmland_is_measured_against_the_form_of_the_base_year(town):
    form(town, land_cultivated=Decimal(950))
    assert told(town)["fields"]["present"] is None
    form(town, 2000, land_cultivated=Decimal(1000))
    assert worked_out(active().villages.indicators["fields"], facts(town.village, ON).sums).value == 95


def test_the_whole_villages_own_number_comes_before_that_of_the_register_and_needs_its_source(town):
    HouseholdYear.objects.filter(area_code=town.village.code).update(house_area=Decimal(80))
    found = told(town, IndicatorDraft("housing", None, Decimal(31), "镇统计站"))["housing"]
    assert (found["present"], found["computed"], found["source"], found["basis"]) == ("31", False, "镇统计站", None)
    form(town, income_per_head=Decimal(3750))
    second = town.write(draft(indicators=(IndicatorDraft("income", None, Decimal(9), "猜的"),)), base=1)
    income = next(one for one in second.content["indicators"] if one["code"] == "income")
    assert (income["present"], income["computed"]) == ("3750.00", True)


def test_the_same_plan_on_another_day_is_the_same_version(town):
    first = town.write()
    later = AT.replace(day=20)
    assert town.write(base=1, at=later).pk == first.pk


def test_the_form_shows_what_is_known_and_asks_only_the_rest(client, town):
    form(town, income_per_head=Decimal(3750))
    people(town, education="03")
    log_in(client, town.committee)
    address = reverse("plans:village_write", args=[town.village.code])
    page = client.get(address)
    fields = page.context["indicators"].fields
    assert "present_income" not in fields and {"present_schooling", "present_gini"} <= set(fields)
    text = page.content.decode()
    assert "3750" in text and "在册户档案：15岁以上成员" in text and "国民经济核算只做到县" in text
    answer = client.post(address, posted(page, path=PATH, plan=PLAN))
    shown = client.get(answer.headers["Location"]).content.decode()
    assert "系统算出" in shown and "现值由系统算出" in shown and "系统不记家庭消费支出" in shown


@pytest.mark.parametrize("name", built_in())
def test_sums_that_indicators_name_are_kept_somewhere_and_codes_of_schooling_are_the_registers(name):
    profile = load(name)
    for one in profile.villages.indicators.values():
        for told_ in (SUM.fullmatch(sum_) for way in one.ways for sum_ in way.names):
            assert told_["root"] == "register" or told_["field"] in FIELDS
    counts = profile.villages.terms.schooling if profile.villages.terms else None
    if counts is not None:
        assert set(counts.completed) == {one.code for one in profile.codes["education"]}
        assert set(counts.at_school) == {one.code for one in profile.codes["schooling"]}


def test_every_sum_that_a_profile_may_name_of_the_register_is_counted(town):
    from shuanglian.rules.village_shapes import REGISTER

    HouseholdYear.objects.filter(area_code=town.village.code).update(house_area=Decimal(80))
    people(town, education="03")
    counted = {name.partition(".")[2] for name in facts(town.village, ON).sums if name.startswith("register.")}
    assert counted == REGISTER
    assert village_drafts.known(town.village, 2017, ON).present(active().villages.indicators["income"]) == 2000
