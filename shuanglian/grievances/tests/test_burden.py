"""What clerks write down for others asks no more than docs/burden.md says, and no less (FIELD-6)."""

import re
from pathlib import Path

import pytest
from django import forms as django_forms

from shuanglian.core import clock
from shuanglian.fieldwork.tests.factories import land
from shuanglian.grievances import forms_taking as forms

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).resolve().parents[3] / "docs" / "burden.md"
LINE = re.compile(r"^\| [^|]+ \| `demands\.(\w+)` \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|", re.M)
BUDGET = {name: tuple(map(int, numbers)) for name, *numbers in LINE.findall(PAGE.read_text(encoding="utf-8"))}
TICKED = (django_forms.CheckboxInput, django_forms.Select, django_forms.RadioSelect, django_forms.FileInput)
ONE_OF_TWO = {("mail", "who")}  # this, or why it is no demand


@pytest.fixture
def built():
    actor = land(households=3).office
    return {
        "hotline": forms.TakeForm(actor=actor), "paper": forms.PaperForm(actor=actor, today=clock.today()),
        "find": forms.FindForm(actor=actor), "speak": forms.SpeakForm(untold=True, waits=True, over=False),
        "mail": forms.SortMailForm(actor=actor),
    }  # fmt: skip


def counted(name, form):
    """(must, typed, comes filled in, if any) of a form."""
    asked = list(form.visible_fields())
    given = [one for one in asked if form.get_initial_for_field(one.field, one.name) not in (None, "", [], False)]
    needed = [one for one in asked if (one.field.required or (name, one.name) in ONE_OF_TWO) and one not in given]
    typed = [one for one in needed if not isinstance(one.field.widget, TICKED)]
    return len(needed), len(typed), len(given), len(asked) - len(needed) - len(given)


def test_FIELD_6_every_form_of_the_clerks_has_its_line(built):
    ours = {
        one for one in vars(forms).values()
        if isinstance(one, type) and issubclass(one, django_forms.BaseForm) and one.__module__ == forms.__name__
    }  # fmt: skip
    assert ours == {type(one) for one in built.values()} and set(BUDGET) == set(built)


@pytest.mark.parametrize("name", sorted(BUDGET))
def test_FIELD_6_a_form_asks_what_the_budget_says(built, name):
    assert counted(name, built[name]) == BUDGET[name]


def test_VOICE_1_the_hotline_has_five_fields_at_most(built):
    assert len(built["hotline"].asked()) <= 5
