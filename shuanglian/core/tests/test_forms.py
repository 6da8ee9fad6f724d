"""Refusals on forms, and fields that screen readers can read."""

import pytest
from django import forms
from django.template import engines
from django.utils import translation

from shuanglian.core.forms import refusals_on, says, translated
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import Said


class OneField(forms.Form):
    name = forms.CharField(label="姓名", help_text="与户口簿一致")
    agreed = forms.BooleanField(label="同意", required=False)
    kind = forms.ChoiceField(label="类别", choices=[("a", "甲")], widget=forms.RadioSelect)


def test_a_refusal_becomes_a_message_on_the_form():
    form = OneField({"name": "李", "kind": "a"})
    assert form.is_valid()
    with refusals_on(form):
        raise Refusal("paired", "{name}已经结对", name="李某")
    assert form.non_field_errors() == ["李某已经结对"]


def test_anything_else_is_a_bug_and_flies_on():
    with pytest.raises(ZeroDivisionError), refusals_on(OneField({})):
        raise ZeroDivisionError


def test_a_sentence_may_hold_another_one_and_both_are_translated():
    with translation.override("zh-hans"):
        assert translated(Said("因为{why}", {"why": Said("超过{most}户", {"most": 8})})) == "因为超过8户"
        assert says(Refusal("x", "一句话 {不是空格}")) == "一句话 {不是空格}"


def test_label_help_and_error_of_a_field_are_tied_together():
    html = engines["django"].from_string("{% form_fields form %}").render({"form": OneField({"kind": "z"})})
    assert 'for="id_name"' in html and 'aria-describedby="id_name_help id_name_errors"' in html
    assert 'id="id_name_errors"' in html and 'aria-invalid="true"' in html
    assert "<legend" in html and 'class="form-check-input"' in html
    assert "style=" not in html and "onclick" not in html
