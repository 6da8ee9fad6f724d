"""The forms ask no more than docs/burden.md says, and no less (FIELD-6)."""

import re
from pathlib import Path

import pytest
from django import forms as django_forms

from shuanglian.core import clock
from shuanglian.fieldwork import forms, queries
from shuanglian.organisation.models import Cadre

from .factories import ON, SINCE, land

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).resolve().parents[3] / "docs" / "burden.md"
LINE = re.compile(r"^\| [^|]+ \| `(\w+)` \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|", re.M)
BUDGET = {name: tuple(map(int, numbers)) for name, *numbers in LINE.findall(PAGE.read_text(encoding="utf-8"))}
TICKED = (
    django_forms.CheckboxInput, django_forms.Select, django_forms.RadioSelect, django_forms.CheckboxSelectMultiple,
    django_forms.FileInput,
)  # fmt: skip


@pytest.fixture
def built(db):
    """Every form of the room, as the page builds it."""
    here, at = land(), clock.now()
    only = queries.villages_of(here.tech, ON).filter(code=here.first_village.code)
    assert len(only) == 1
    places = queries.places_of(here.leader, ON)
    village = {"at": at, "villages": only}
    made = [
        forms.VisitForm(household=here.homes[0], at=at), forms.AttendanceForm(**village), forms.ServiceForm(**village),
        forms.MatterForm(**village), forms.AskForm(at=at), forms.InspectionForm(places=places, at=at),
        forms.PostForm(cadres=Cadre.objects.all(), villages=only, on=SINCE), forms.EndForm(initial={"on": SINCE}),
        forms.WhyForm(),
    ]  # fmt: skip
    return {type(one).__name__: one for one in made}


def filled(form, bound):
    return form.get_initial_for_field(bound.field, bound.name) not in (None, "", [], False)


def must(form, bound):
    """Whether the form is refused without it: required, or one of those of which one is needed."""
    return bound.field.required or (type(form).__name__, bound.name) == ("VisitForm", "met")


def counted(form):
    """(must, typed, comes filled in, if any) of a form."""
    asked = form.asked()
    needed = [one for one in asked if must(form, one) and not filled(form, one)]
    typed = [one for one in needed if not isinstance(one.field.widget, TICKED)]
    given = [one for one in asked if filled(form, one)]
    return len(needed), len(typed), len(given), len(asked) - len(needed) - len(given)


def test_FIELD_6_every_form_of_the_room_has_its_line(built):
    ours = {
        name for name, one in vars(forms).items()
        if isinstance(one, type) and issubclass(one, django_forms.BaseForm) and one.__module__ == forms.__name__
    } - {"Kept", "OfVillage"}  # fmt: skip
    assert ours == set(BUDGET) == set(built)


@pytest.mark.parametrize("name", sorted(BUDGET))
def test_FIELD_6_a_form_asks_what_the_budget_says(built, name):
    assert counted(built[name]) == BUDGET[name]


def test_FIELD_6_what_must_be_filled_in_is_enough_to_keep_a_visit(built):
    """The two fields of a visit, with what comes filled in, are all that the form needs."""
    form = built["VisitForm"]
    told = {one.name: form.get_initial_for_field(one.field, one.name) for one in form if filled(form, one)}
    sent = forms.VisitForm({**told, "tasks": ["reflect"], "met": ["neighbour"]}, household=form.household, at=form.at)
    assert sent.is_valid(), sent.errors


def test_FIELD_6_no_field_is_asked_twice(built):
    """A label stands once on a form; lines for several goods or requests differ by their number."""
    for form in built.values():
        labels = [str(one.label) for one in form.asked() if "-" not in one.name]
        assert len(labels) == len(set(labels))
