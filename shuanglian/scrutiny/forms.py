"""Forms of scrutiny: the cadre's word, the reviewer's finding, what a household said."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from shuanglian.core import profile

from .models import CallBack


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("当时的情况"), max_length=600, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明为什么会这样；有人可以作证的写明是谁。"),
    )  # fmt: skip


class VerdictForm(forms.Form):
    verdict = forms.ChoiceField(label=_("核实结论"), widget=forms.RadioSelect)
    why = forms.CharField(
        label=_("核实依据"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("问了谁、看了什么。"),
    )  # fmt: skip

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        lang = profile.language()
        verdicts = profile.active().scrutiny.verdicts.values()
        field = self.fields["verdict"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.code, one.label.in_(lang)) for one in verdicts]


class SaidForm(forms.Form):
    """What a household answers to the question whether somebody came."""

    said = forms.ChoiceField(
        label=_("来过吗"), widget=forms.RadioSelect,
        choices=[(one.value, one.label) for one in CallBack.Answer if one.value],
    )  # fmt: skip
    note = forms.CharField(label=_("还想说的（可不填）"), max_length=200, required=False)
