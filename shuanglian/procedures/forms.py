"""Forms of the deeds: each asks for what its step demands and nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.models import Area
from shuanglian.attachments.forms import EvidenceField
from shuanglian.core.profile import active, language
from shuanglian.rules.procedure_machine import NEEDS_REASON
from shuanglian.rules.procedures import Procedure, Step

from .models import CaseList
from .offers import Offer

METHODS = {"visit": _("上门查看"), "papers": _("查阅材料"), "data": _("数据比对")}
FINDINGS = [("confirmed", _("属实")), ("doubtful", _("有疑问"))]


class DayInput(forms.DateInput):
    input_type = "date"


def day_field(label: Any, today: date) -> forms.DateField:
    return forms.DateField(
        label=label, initial=today, widget=DayInput(attrs={"max": today.isoformat()}, format="%Y-%m-%d")
    )


def back_choices(procedure: Procedure, step: Step) -> list[tuple[str, str]]:
    return [(code, procedure.step(code).label.in_(language())) for code in step.back_to if code in procedure]


def paper_fields(step: Step) -> dict[str, EvidenceField]:
    """One upload a paper of the step, `paper_CODE`; required ones are required."""
    found = {}
    for one in step.documents:
        found[f"paper_{one.code}"] = EvidenceField(label=one.label.in_(language()), required=one.required)
    return found


class DeedForm(forms.Form):
    """One deed to one case."""

    def __init__(
        self, data: Any, offer: Offer, procedure: Procedure, today: date, *, signed: Any = (), posts: Any = ()
    ) -> None:
        super().__init__(data, prefix=offer.deed)
        self.offer, step = offer, offer.step
        if offer.deed != "post":
            self.fields["on"] = day_field(_("办理日期"), today)
        if offer.deed == "back":
            self.fields["to"] = forms.ChoiceField(label=_("退回到"), choices=back_choices(procedure, step))
        if offer.deed == "sign":
            self.fields["to"] = forms.ChoiceField(
                label=_("以什么职务签字"), choices=[one for one in posts if one[0] not in signed]
            )
        if (
            offer.deed in ("pass", "refuse", "check")
            and step.methods
            and (offer.deed == "check" or step.kind != "recheck")
        ):
            self.fields["method"] = forms.ChoiceField(
                label=_("核查方式"), choices=[(code, METHODS[code]) for code in step.methods]
            )
            self.fields["told"] = forms.CharField(
                label=_("核查情况"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
            )
        if offer.deed == "check":
            self.fields["finding"] = forms.ChoiceField(label=_("复核结论"), choices=FINDINGS)
        if offer.deed in NEEDS_REASON:
            self.fields["why"] = forms.CharField(
                label=_("理由"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
            )

    def given(self) -> dict[str, Any]:
        """What the verb takes, from what was filled in."""
        told: dict[str, Any] = {
            key: self.cleaned_data[key] for key in ("to", "why", "method") if key in self.cleaned_data
        }
        if "method" in told:
            said = "doubtful" if self.offer.deed == "refuse" else "confirmed"
            told["finding"] = self.cleaned_data.get("finding") or said
            told["content"] = {"told": self.cleaned_data["told"]}
        return told


class PaperForm(forms.Form):
    """One paper of the step."""

    code = forms.ChoiceField(label=_("材料"))
    upload = EvidenceField(label=_("照片或扫描件"))

    def __init__(self, data: Any, files: Any, step: Step) -> None:
        super().__init__(data, files, prefix="paper")
        choices = [(one.code, one.label.in_(language())) for one in step.documents]
        self.fields["code"].choices = choices  # type: ignore[attr-defined]


class ListForm(forms.Form):
    """A new list of the reader's own area."""

    procedure = forms.ChoiceField(label=_("程序"))
    name = forms.CharField(label=_("批次名称"), max_length=80)

    def __init__(self, data: Any, today: date) -> None:
        super().__init__(data)
        procedures = active().on(today).procedures
        self.fields["procedure"].choices = [(code, one.label.in_(language())) for code, one in procedures.items()]  # type: ignore[attr-defined]


class JoinForm(forms.Form):
    """Lists of the areas below that this one takes in."""

    parts = forms.ModelMultipleChoiceField(
        label=_("并入这些批次"), queryset=CaseList.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, into: CaseList) -> None:
        super().__init__(data)
        free = CaseList.objects.within(into.area).filter(procedure=into.procedure, part_of=None, parts=None)
        self.fields["parts"].queryset = free.exclude(pk=into.pk).select_related("area")  # type: ignore[attr-defined]


class MeetingForm(forms.Form):
    """A sitting: who came, what was said; its votes stand beside the cases, its papers below."""

    on = forms.DateField(label=_("开会日期"))
    place = forms.CharField(label=_("地点"), max_length=80, required=False)
    chair = forms.CharField(label=_("主持人"), max_length=40)
    writer = forms.CharField(label=_("记录人"), max_length=40, required=False)
    representatives = forms.IntegerField(label=_("应到村民代表"), min_value=1, max_value=5000)
    present = forms.IntegerField(label=_("实到村民代表"), min_value=0, max_value=5000)
    others = forms.IntegerField(label=_("列席人数"), min_value=0, max_value=5000, required=False, initial=0)
    attendance = forms.CharField(
        label=_("到会名单"), widget=forms.Textarea(attrs={"rows": 3}), max_length=5000, required=False
    )
    minutes = forms.CharField(
        label=_("会议记录"), widget=forms.Textarea(attrs={"rows": 5}), max_length=20_000, required=False
    )

    def __init__(self, data: Any, files: Any, step: Step, today: date) -> None:
        super().__init__(data, files)
        self.fields["on"] = day_field(_("开会日期"), today)
        self.fields.update(paper_fields(step))

    def sitting(self, area: Area) -> dict[str, Any]:
        names = ("place", "chair", "writer", "representatives", "present", "attendance", "minutes")
        return {name: self.cleaned_data[name] for name in names} | {
            "area": area, "others": self.cleaned_data["others"] or 0,
        }  # fmt: skip

    def papers(self) -> dict[str, list[Any]]:
        found = {name.removeprefix("paper_"): file for name, file in self.cleaned_data.items() if name[:6] == "paper_"}
        return {code: [file] for code, file in found.items() if file}


class TogetherForm(forms.Form):
    """One deed for the ticked cases of a list."""

    def __init__(self, data: Any, today: date) -> None:
        super().__init__(data)
        self.fields["on"] = day_field(_("办理日期"), today)
