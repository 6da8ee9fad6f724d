"""Forms of the watch over policies: most comes filled in from provision, benefit or demand (VOICE-4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shuanglian.accounts.models import User
from shuanglian.attachments.forms import EvidenceField
from shuanglian.core import clock
from shuanglian.core.profile import active, language
from shuanglian.organisation.queries import bound_to
from shuanglian.registry import scope
from shuanglian.registry.models import Household

from . import facts
from .actions.moving import possible
from .models import Report

MOST_CHOSEN = 200  # a cadre's own households; an office types the number


class Picked(forms.TextInput):
    """A text field with a list to pick from, searched while typing; works without scripts."""

    template_name = "policywatch/picked.html"

    def __init__(self, options: Iterable[str] = (), attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.options = list(options)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, {**(attrs or {}), "list": f"{name}-options", "autocomplete": "off"})
        context["options"] = self.options
        return context


def area_(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ReportForm(forms.Form):
    """What is told: which provision, what it says, what was done. home: a household's number, or one of the cadre's."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("是哪一种情况"), widget=forms.RadioSelect)
    benefit = forms.CharField(label=_("哪项政策"), max_length=160, help_text=_("输入几个字从清单里选。"))
    clause = forms.CharField(label=_("哪一条（可不填）"), max_length=200, required=False)
    home = forms.CharField(label=_("户编号（可不填）"), max_length=40, required=False)
    village: Any = forms.ModelChoiceField(label=_("村"), queryset=None, required=False)
    should = forms.CharField(
        label=_("本来应当怎样；建议修订的，写建议怎样改"), widget=area_(3), max_length=4000, required=False
    )
    did = forms.CharField(label=_("实际怎样"), widget=area_(3), max_length=4000, required=False)
    cause = forms.ChoiceField(label=_("为什么没有落实（可不填）"), required=False)

    def __init__(self, *args: Any, actor: User, villages: Any, **kwargs: Any) -> None:
        self.actor = actor
        kwargs["initial"] = {"key": uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        lang, known = language(), active().policywatch
        _choose(
            self, "kind", [(one.code, f"{one.label.in_(lang)}：{one.plain.in_(lang)}") for one in known.kinds.values()]
        )
        _choose(self, "cause", [("", "—"), *((one.code, one.plain.in_(lang)) for one in known.causes.values())])
        self.fields["benefit"].widget = Picked(label for _code, label in facts.choices())
        self.fields["benefit"].widget.attrs["maxlength"] = "160"
        self.fields["village"].queryset = villages  # type: ignore[attr-defined]
        own = self.actor.area
        if own is not None and own.level == own.Level.VILLAGE:
            del self.fields["village"]
        if bound_to(actor) == "cadre":
            homes = self._homes().select_related("village")[:MOST_CHOSEN]
            options = [("", "—"), *((one.number, f"{one.head_name} · {one.village.name}") for one in homes)]
            self.fields["home"] = forms.ChoiceField(label=_("户（可不选）"), required=False, choices=options)
            self.order_fields(["key", "kind", "benefit", "clause", "home", "village"])

    def _homes(self) -> Any:
        return scope.visible(seen_by=self.actor).filter(left_on=None).order_by("area_code", "number")

    def clean_benefit(self) -> str:
        code = facts.code_of(self.cleaned_data["benefit"])
        if not code:
            raise forms.ValidationError(gettext("请从清单里选是哪项政策"))
        return code

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or {}
        number = (clean.get("home") or "").strip()
        home: Household | None = self._homes().filter(number=number).first() if number else None
        if number and home is None:
            self.add_error("home", gettext("找不到这个户编号，或它不在您的范围"))
        own = self.actor.area
        village = home.village if home is not None else clean.get("village")
        if village is None and own is not None and own.level == own.Level.VILLAGE:
            village = own
        if village is None and not self.errors:
            self.add_error("village" if "village" in self.fields else None, gettext("请选哪个村，或填户编号"))
        return {**clean, "household": home, "village": village}

    def given(self) -> dict[str, Any]:
        """For the verb."""
        return {name: value for name, value in self.cleaned_data.items() if name != "home"}


class CorrectForm(forms.Form):
    verb = forms.ChoiceField(label=_("怎样纠正"), widget=forms.RadioSelect, required=False)
    cause = forms.ChoiceField(label=_("没有落实的原因"), help_text=_("按这个原因查找同类户。"))
    answer = forms.CharField(label=_("答复（大白话）"), widget=area_(3), max_length=2000)
    evidence = forms.CharField(label=_("依据"), widget=area_(2), max_length=1000, required=False,
                               help_text=_("应享事项有变动的可以不填，系统写明它现在的状态。"))  # fmt: skip
    on = forms.DateField(label=_("纠正日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    file = EvidenceField(label=_("照片或扫描件（可不附）"), required=False)

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        kwargs["initial"] = {"cause": report.cause, "on": clock.today(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        _choose(self, "cause", causes())
        steps = possible(report.due)
        _choose(self, "verb", [(one, VERBS[one]) for one in steps])
        if len(steps) == 1:
            del self.fields["verb"]

    def given(self) -> dict[str, Any]:
        told = {name: value for name, value in self.cleaned_data.items() if name != "file"}
        return {**told, "files": [self.cleaned_data["file"]] if self.cleaned_data.get("file") else []}


VERBS = {"": _("已经办好，应享事项已有变动"), "applied": _("现在代为申请"), "approved": _("现在登记批准")}


class ExplainForm(forms.Form):
    cause = forms.ChoiceField(label=_("群众说的原因"), required=False)
    answer = forms.CharField(label=_("答复（大白话）"), widget=area_(3), max_length=2000)
    rule = forms.CharField(label=_("依据哪条规定"), max_length=600)
    appeal = forms.CharField(label=_("不服向哪里反映"), max_length=300)

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        kwargs["initial"] = {"cause": report.cause, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        _choose(self, "cause", [("", "—"), *causes()])


class MarkForm(forms.Form):
    """What was found of the families that were ticked."""

    deed = forms.ChoiceField(
        label=_("核查结果"),
        choices=[("check", _("属实，待纠正")), ("applied", _("代为申请")), ("approved", _("登记批准")),
                 ("moved", _("已经办好")), ("aside", _("不涉及"))],
    )  # fmt: skip
    why = forms.CharField(label=_("说明（不涉及的必填）"), max_length=300, required=False)


class CloseForm(forms.Form):
    looked = forms.CharField(label=_("没有同类户的，怎样核实的"), widget=area_(2), max_length=600, required=False)


class WeighForm(forms.Form):
    fate = forms.ChoiceField(label=_("结果"), widget=forms.RadioSelect)
    reasons = forms.CharField(label=_("理由（答复提建议的人）"), widget=area_(3), max_length=2000)
    rule = forms.CharField(label=_("依据哪条规定（未采纳的必填）"), max_length=600, required=False)
    appeal = forms.CharField(label=_("不服向哪里反映（未采纳的必填）"), max_length=300, required=False)
    shown = forms.CharField(label=_("公开：建议是什么（不写姓名）"), widget=area_(2), max_length=600)
    reasons_shown = forms.CharField(label=_("公开：结果和理由（不写姓名）"), widget=area_(2), max_length=600)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lang = language()
        _choose(self, "fate", [(one.code, one.label.in_(lang)) for one in active().policywatch.fates.values()])


class PassUpForm(forms.Form):
    opinion = forms.CharField(label=_("本级意见"), widget=area_(3), max_length=1000)


class JoinForm(forms.Form):
    to = forms.ChoiceField(label=_("并入哪一条"))

    def __init__(self, *args: Any, options: Iterable[tuple[Any, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "to", list(options))


def causes() -> list[tuple[str, str]]:
    return [(one.code, one.label.in_(language())) for one in active().policywatch.causes.values()]


def _choose(form: forms.Form, name: str, options: list[tuple[Any, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = options


__all__ = [
    "CloseForm", "CorrectForm", "ExplainForm", "JoinForm", "MarkForm", "PassUpForm", "ReportForm",
    "WeighForm",
]  # fmt: skip
