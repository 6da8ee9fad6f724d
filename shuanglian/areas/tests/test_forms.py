"""Choosing a region in a form: by list, by typing, without scripts; never outside one's own area."""

import pytest
from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string

from shuanglian.areas.forms import AreaField, picked, shown

from .factories import gansu

pytestmark = pytest.mark.django_db


def cleaned(within, text="", code="", **field):
    class Form(forms.Form):
        area = AreaField(within=within, **field)

    form = Form({"area": code, "area_text": text})
    return form.cleaned_data["area"] if form.is_valid() else form.errors["area"][0]


@pytest.mark.parametrize(
    "text", ["621121101201", "东关", "马营镇 东关村", "通渭县马营镇东关村民委员会", "通渭县 马营镇 东关村民委员会"]
)
def test_typed_text_is_enough(text):
    place = gansu()
    assert cleaned(place.county, text) == place.villages[3]


def test_a_chosen_code_counts_until_the_text_says_something_else():
    place = gansu()
    one, other = place.villages[3], place.villages[4]
    assert cleaned(place.county, shown(one), one.code) == one
    assert cleaned(place.county, "", one.code) == one
    assert cleaned(place.county, "马营村", one.code) == other


def test_what_is_ambiguous_is_asked_back_with_the_places():
    place = gansu()
    message = cleaned(place.county, "店子村")
    assert "2 处" in message and "平襄镇" in message and "马营镇" in message


@pytest.mark.parametrize(
    ("text", "code"), [("西街村", ""), ("", "621122100201"), ("陇西县 巩昌镇 西街村", "621122100201")]
)
def test_nothing_outside_ones_own_area_can_be_chosen(text, code):
    assert "找不到" in cleaned(gansu().county, text, code)


def test_a_level_may_be_asked_for():
    place = gansu()
    assert cleaned(place.county, "马营", levels=[4]) == place.townships[1]
    assert cleaned(place.county, "平襄镇", levels=[5]) == "请选择村（社区）。"
    assert cleaned(None, "马营") != place.townships[1]


def test_empty_is_none_when_it_may_be():
    assert cleaned(gansu().county, required=False) is None
    assert cleaned(gansu().county) == "这个字段是必填项。"


def test_a_filter_form_reads_the_picker_from_its_query():
    place = gansu()
    assert picked(QueryDict("area=621121101201"), "area", place.county) == place.villages[3]
    assert picked(QueryDict("area=&area_text=东关"), "area", place.county) == place.villages[3]
    assert picked(QueryDict("area=621122000000"), "area", place.county) is None
    assert picked(QueryDict(""), "area", place.county) is None


def test_the_picker_says_what_was_chosen_and_shows_again_what_was_typed():
    place = gansu()

    class Form(forms.Form):
        area = AreaField(within=place.county, levels=[5])

    html = str(Form(initial={"area": place.villages[3]})["area"])
    assert 'value="621121101201"' in html and "通渭县 马营镇 东关村民委员会" in html and "levels=5" in html
    html = str(Form({"area": "", "area_text": "店<子>"})["area"])
    assert "店&lt;子&gt;" in html and 'role="combobox"' in html
    html = render_to_string("areas/picker.html", {"name": "village", "value": place.villages[3]})
    html += render_to_string("areas/picker.html", {"name": "typed", "value": ("", "店子"), "label": "行政村"})
    assert 'value="店子"' in html and '<label class="form-label" for="typed">行政村</label>' in html
    assert 'name="village"' in html and 'name="village_text"' in html and 'id="village"' in html
