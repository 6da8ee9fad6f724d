"""Forms of mediation: few fields, the day filled in, nothing asked about people that mediation does not need."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from shuanglian.accounts.models import User
from shuanglian.attachments.forms import EvidenceField
from shuanglian.core import clock
from shuanglian.core.profile import active, language

from .models import Record


def words(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _choose(form: forms.Form, name: str, options: Iterable[tuple[Any, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(options)


class Dated(forms.Form):
    """A form with a day: today, unless told otherwise."""

    on = forms.DateField(label=_("哪一天"), widget=day())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"on": clock.today(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)


class ReportForm(forms.Form):
    """Early notice: what, where, how many; the words are sealed at once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("哪一类纠纷"))
    village: Any = forms.ModelChoiceField(label=_("村"), queryset=None)
    words = forms.CharField(
        label=_("是什么纠纷"), widget=words(4), max_length=10_000,
        help_text=_("加密保存，只有调解人和负责调处的机关看得到。调解不需要的不写。"),
    )  # fmt: skip
    people = forms.IntegerField(label=_("涉及多少人"), min_value=1, max_value=10_000)
    tendency = forms.BooleanField(label=_("是倾向性问题：别处也可能发生"), required=False)
    on = forms.DateField(label=_("发现日期"), widget=day())

    def __init__(self, *args: Any, villages: Any, own: Any = None, **kwargs: Any) -> None:
        told = {"key": uuid4(), "on": clock.today(), "people": 2, "village": own.pk if own else None}
        kwargs["initial"] = {**told, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        lang = language()
        kinds = active().disputes.kinds.values()
        _choose(self, "kind", ((one.code, f"{one.label.in_(lang)}（{one.plain.in_(lang)}）") for one in kinds))
        self.fields["village"].queryset = villages  # type: ignore[attr-defined]
        if own is not None:
            self.fields["village"].widget = forms.HiddenInput()


class AssignForm(forms.Form):
    mediator: Any = forms.ModelChoiceField(label=_("调解人"), queryset=None)

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = [one.pk for one in people]
        self.fields["mediator"].queryset = User.objects.filter(pk__in=numbers)  # type: ignore[attr-defined]


class PartyForm(forms.Form):
    name = forms.CharField(label=_("姓名"), max_length=40)
    phone = forms.CharField(label=_("电话（可不填）"), max_length=20, required=False)
    home = forms.CharField(
        label=_("户编号（可不填）"), max_length=40, required=False, help_text=_("只用来核对调解人是不是亲属。")
    )


class MeetingForm(Dated):
    present = forms.IntegerField(label=_("到场人数"), min_value=1, max_value=1_000)
    notes = forms.CharField(label=_("怎样调解的"), widget=words(3), max_length=10_000)


class AnswerPart(forms.Form):
    """The demand's answer, when it came from one; without names, for it is read on the demand's page."""

    answer = forms.CharField(label=_("给诉求人的答复（大白话）"), widget=words(2), max_length=2_000)

    def __init__(self, *args: Any, asked: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asked:
            del self.fields["answer"]


class AgreementForm(Dated, AnswerPart):
    text = forms.CharField(label=_("协议内容"), widget=words(4), max_length=10_000)
    scan = EvidenceField(label=_("签字的协议（照片或扫描件）"), required=False)
    field_order = ("on", "text", "scan", "answer")

    def given(self) -> dict[str, Any]:
        told = {name: value for name, value in self.cleaned_data.items() if name != "scan"}
        return {**told, "files": [self.cleaned_data["scan"]] if self.cleaned_data.get("scan") else []}


class VisitForm(Dated):
    holds = forms.ChoiceField(label=_("协议履行得怎样"), choices=Record.Holds.choices[1:])
    notes = forms.CharField(label=_("看到的情况"), widget=words(3), max_length=10_000)


class PassUpForm(forms.Form):
    why = forms.CharField(label=_("已经做了什么，为什么在这里解决不了"), widget=words(3), max_length=10_000)


class CloseForm(AnswerPart):
    end = forms.ChoiceField(label=_("怎样了结的"))
    why = forms.CharField(label=_("了结的情况"), widget=words(3), max_length=10_000)
    rule = forms.CharField(label=_("依据哪条规定（引导走法律途径的必填）"), max_length=600, required=False)
    appeal = forms.CharField(label=_("到哪里去办（引导走法律途径的必填）"), max_length=300, required=False)
    field_order = ("end", "why", "answer", "rule", "appeal")

    def __init__(self, *args: Any, asked: bool, **kwargs: Any) -> None:
        super().__init__(*args, asked=asked, **kwargs)
        ends = [one for one in active().disputes.ends.values() if not one.agreed]
        _choose(self, "end", ((one.code, one.label.in_(language())) for one in ends))
        if not asked:
            del self.fields["rule"], self.fields["appeal"]
