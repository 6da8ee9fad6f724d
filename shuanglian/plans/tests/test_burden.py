"""The forms of plans ask no more than docs/burden.md says, and no less; what must be typed is enough (FIELD-6)."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms as django_forms
from django.urls import reverse

from shuanglian.plans import forms, village_forms, village_indicator_forms
from shuanglian.plans.models import HouseholdPlan, VillagePlan
from shuanglian.registry.models import HouseholdYear, Person

from .factories import OWN_WORDS, line, written
from .test_views import log_in
from .villages import PATH, PLAN, yearly

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).resolve().parents[3] / "docs" / "burden.md"
LINE = re.compile(r"^\| [^|]+ \| `plans\.(\w+)` \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|", re.M)
BUDGET = {name: tuple(map(int, numbers)) for name, *numbers in LINE.findall(PAGE.read_text(encoding="utf-8"))}
TICKED = (
    django_forms.CheckboxInput, django_forms.Select, django_forms.RadioSelect, django_forms.CheckboxSelectMultiple,
    django_forms.FileInput,
)  # fmt: skip
NUMBERS = ("entitled", "present", "in_favour")  # of a meeting: these, or its minutes
ONE_PLACE = {"PlanForm", "LineForm", "AgreeForm", "ProgressForm", "ReviewForm", "WhyForm", "VillagePlanForm",
             "VillageLineForm", "MeetingForm", "ResultForm", "IndicatorsForm"}  # fmt: skip


def fields(*some):
    """What a person sees of one or several forms: nothing hidden, no empty line that may stay empty."""
    for form in some:
        for bound in form:
            if not bound.is_hidden and (form.prefix is None or not form.prefix.startswith("l-") or form.initial):
                yield form, bound


def filled(bound):
    return bound.value() not in (None, "", [], False)


def must(form, bound):
    """Whether nothing is kept without it: required, or one of those of which one is needed."""
    return bound.field.required or (isinstance(form, village_forms.MeetingForm) and bound.name in NUMBERS)


def counted(*some):
    """(must, typed, comes filled in, if any) of what a page asks."""
    asked = list(fields(*some))
    needed = [bound for form, bound in asked if must(form, bound) and not filled(bound)]
    typed = [one for one in needed if not isinstance(one.field.widget, TICKED)]
    given = [bound for _form, bound in asked if filled(bound)]
    return len(needed), len(typed), len(given), len(asked) - len(needed) - len(given)


def sent(*some, **typed):
    """What the browser sends when only so much is typed."""
    told = {one.html_name: one.value() for form in some for one in form if one.value() is not None}
    return {name: value for name, value in {**told, **typed}.items() if value is not None}


def asked_by(page):
    """The forms of a page with its formset and its indicators."""
    context = page.context
    return [context["form"], *context.get("lines", []), *([context["indicators"]] if "indicators" in context else [])]


def with_management(page):
    return {one.html_name: one.value() for one in page.context["lines"].management_form}


@pytest.fixture
def as_cadre(client, village):
    log_in(client, village.cadre)
    return client


@pytest.fixture
def well_known(town):
    """A village whose register tells schooling, insurance and housing."""
    Person.objects.filter(area_code=town.village.code).update(
        education="03", medical_insurance=True, pension_insurance=True
    )
    HouseholdYear.objects.filter(area_code=town.village.code).update(house_area=Decimal(80))
    return town


def write_page(client, town, **asked):
    log_in(client, town.committee)
    return client.get(reverse("plans:village_write", args=[town.village.code], query=asked or None))


# --- household plans ----------------------------------------------------------------------------------------------------
def test_FIELD_6_a_household_plan_takes_the_cadres_own_words_and_nothing_else(as_cadre, village):
    address = reverse("plans:write", args=[village.one.pk])
    page = as_cadre.get(address)
    assert counted(*asked_by(page)) == BUDGET["household_first"]
    told = sent(*asked_by(page), analysis=OWN_WORDS) | with_management(page)
    assert as_cadre.post(address, told).status_code == 302
    assert HouseholdPlan.objects.get().measures.exists()


def test_FIELD_6_the_next_version_begins_with_the_last_one(as_cadre, village):
    written(village.one, line("ewes", 3), by=village.cadre)
    address = reverse("plans:write", args=[village.one.pk])
    page = as_cadre.get(address)
    assert counted(*asked_by(page)) == BUDGET["household_again"]
    told = sent(*asked_by(page), **{"l-0-units": "4"}) | with_management(page)
    assert as_cadre.post(address, told).status_code == 302
    assert HouseholdPlan.objects.newest().get().measures.get().units == 4


def test_FIELD_6_agreement_progress_and_review(as_cadre, village):
    plan = written(village.one, by=village.cadre)
    agree = as_cadre.get(reverse("plans:agree", args=[plan.pk]))
    page = as_cadre.get(reverse("plans:household", args=[village.one.pk]))
    assert counted(agree.context["form"]) == BUDGET["agreement"]
    assert counted(page.context["progress_form"]) == BUDGET["progress"]
    assert counted(page.context["review_form"]) == BUDGET["review"]
    assert counted(forms.WhyForm()) == BUDGET["send_back"]


# --- village plans ------------------------------------------------------------------------------------------------------
def test_FIELD_6_a_village_plan_takes_its_path_and_its_plan(client, well_known):
    page = write_page(client, well_known)
    assert counted(*asked_by(page)) == BUDGET["village_first"]
    told = sent(*asked_by(page), path=PATH, plan=PLAN) | with_management(page)
    assert client.post(page.request["PATH_INFO"], told).status_code == 302
    assert VillagePlan.objects.get().content["degree"]["present"] is not None


def test_FIELD_6_a_yearly_plan_is_one_tap(client, well_known):
    well_known.write()
    page = write_page(client, well_known, kind="yearly", year=2016)
    assert counted(*asked_by(page)) == BUDGET["village_year"] and BUDGET["village_year"][0] == 0
    told = sent(*asked_by(page)) | with_management(page)
    address = f"{page.request['PATH_INFO']}?{page.request['QUERY_STRING']}"
    assert client.post(address, told).status_code == 302
    assert VillagePlan.objects.get(series=2016).lines.exists()


def test_FIELD_6_meeting_and_result(client, town):
    plan = town.write(yearly())
    log_in(client, town.committee)
    client.post(reverse("plans:village_submit", args=[plan.pk]), {"shown": plan.digest})
    page = client.get(reverse("plans:village", args=[town.village.code], query={"kind": "yearly", "year": 2016}))
    assert counted(page.context["meeting"]) == BUDGET["meeting"]
    assert counted(village_forms.ResultForm(initial={"on": date(2015, 10, 8)})) == BUDGET["result"]


# --- all of them --------------------------------------------------------------------------------------------------------
def test_FIELD_6_every_form_of_plans_is_counted_and_none_asks_for_one_thing_twice(client, well_known):
    ours = {
        name for module in (forms, village_forms, village_indicator_forms) for name, one in vars(module).items()
        if isinstance(one, type) and issubclass(one, django_forms.BaseForm) and one.__module__ == module.__name__
    }  # fmt: skip
    assert ours == ONE_PLACE
    assert set(BUDGET) == {"household_first", "household_again", "agreement", "progress", "review", "send_back",
                           "village_first", "village_year", "meeting", "result"}  # fmt: skip
    form = write_page(client, well_known).context["form"]
    labels = [str(one.label) for one in form if not one.is_hidden]
    assert len(labels) == len(set(labels))
