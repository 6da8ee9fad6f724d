"""Forms of village plans: words and target, money that is there, lines; meetings, results."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuanglian.attachments.forms import EvidenceField
from shuanglian.core.profile import active, language
from shuanglian.registry.fields import day_input
from shuanglian.rules.catalogue import Plans
from shuanglian.rules.village_sums import Villages

from . import wording
from .village_drafts import HORIZON, MOST_LINES, IndicatorDraft, LineDraft, VillageDraft

MOST = 1_000_000_000
SPARE = 2  # empty lines below those that are filled


class VillagePlanForm(forms.Form):
    """A village's plan but for lines and indicators. Income, people and households come from the register."""

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    key = forms.UUIDField(widget=forms.HiddenInput)
    year = forms.IntegerField(label=gettext_lazy("起始年度"), min_value=2000, max_value=2100)
    until = forms.TypedChoiceField(label=gettext_lazy("到期年度"), coerce=int, required=False)
    industry = forms.ChoiceField(label=gettext_lazy("主导产业"))
    target = forms.DecimalField(
        label=gettext_lazy("人均目标收入（元）"), min_value=1, max_value=1_000_000, decimal_places=2
    )
    path = forms.CharField(
        label=gettext_lazy("一个发展路子"), max_length=600, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("写本村的实际；与别村雷同会被标出。"),
    )  # fmt: skip
    plan = forms.CharField(
        label=gettext_lazy("一个脱贫计划"), max_length=3000, widget=forms.Textarea(attrs={"rows": 5})
    )
    why = forms.CharField(label=gettext_lazy("修改原因"), required=False, max_length=200)

    def __init__(self, *args: Any, kind: str, plans: Plans, rules: Villages, **kwargs: Any) -> None:
        self.kind, self.rules = kind, rules
        kwargs.setdefault("initial", {}).setdefault("key", uuid4())
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["until"].choices = [
            (one.year, _("{year} 年 · {label}").format(year=one.year, label=one.label.in_(language())))
            for one in plans.horizons.values()
        ]
        fields["industry"].choices = [(code, one.label.in_(language())) for code, one in rules.industries.items()]
        if kind == HORIZON:
            fields["until"].required = True
        else:
            fields["year"].label = _("年度")
            del fields["until"]
        if not self.initial.get("base"):
            fields["why"].widget = forms.HiddenInput()
        free = rules.terms.free if rules.terms else ()
        self.fund_codes = [code for code in active().funds if code not in free]
        for code in self.fund_codes:
            fields[f"fund_{code}"] = forms.DecimalField(
                label=wording.fund_label(code), required=False, min_value=0, max_value=MOST, decimal_places=2
            )

    def fund_fields(self) -> list[Any]:
        return [self[f"fund_{code}"] for code in self.fund_codes]

    def draft(self, lines: tuple[LineDraft, ...], indicators: tuple[IndicatorDraft, ...]) -> VillageDraft:
        told = self.cleaned_data
        until = told["until"] if self.kind == HORIZON else told["year"]
        funds = {code: told[f"fund_{code}"] for code in self.fund_codes if told[f"fund_{code}"]}
        return VillageDraft(self.kind, told["year"], until, told["industry"], told["target"], told["path"],
                            told["plan"], lines, indicators, funds)  # fmt: skip


class VillageLineForm(forms.Form):
    """One measure or project; a line without a kind is no line."""

    thread = forms.UUIDField(widget=forms.HiddenInput, required=False)
    work = forms.ChoiceField(label=gettext_lazy("类别"), required=False)
    what = forms.CharField(label=gettext_lazy("内容"), required=False, max_length=120)
    quantity = forms.DecimalField(
        label=gettext_lazy("数量"), required=False, min_value=0, max_value=9_999_999, decimal_places=2
    )
    starts_on = forms.DateField(label=gettext_lazy("动工日期"), required=False, widget=day_input())
    due_on = forms.DateField(label=gettext_lazy("完成日期"), required=False, widget=day_input())
    owner = forms.ChoiceField(label=gettext_lazy("责任方"), required=False)
    owner_name = forms.CharField(label=gettext_lazy("责任单位或责任人"), required=False, max_length=60)
    cost = forms.DecimalField(
        label=gettext_lazy("投入（元）"), required=False, min_value=0, max_value=MOST, decimal_places=2
    )
    fund = forms.ChoiceField(label=gettext_lazy("资金来源"), required=False)
    gain = forms.DecimalField(
        label=gettext_lazy("年增收（元）"), required=False, min_value=0, max_value=MOST, decimal_places=2,
        help_text=gettext_lazy("户计划里没算的才填。"),
    )  # fmt: skip
    channel = forms.ChoiceField(label=gettext_lazy("收入渠道"), required=False)
    note = forms.CharField(label=gettext_lazy("说明"), required=False, max_length=200)

    def __init__(self, *args: Any, plans: Plans, rules: Villages, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        blank = [("", "—")]
        fields["work"].choices = blank + [
            (
                code,
                f"{one.label.in_(language())}（{one.unit.in_(language())}）" if one.unit else one.label.in_(language()),
            )
            for code, one in rules.works.items()
        ]
        fields["owner"].choices = [("", _("按类别")), *((code, one.label.in_(language()))
                                                     for code, one in plans.owners.items())]  # fmt: skip
        fields["fund"].choices = blank + [(code, wording.fund_label(code)) for code in active().funds]
        fields["channel"].choices = blank + [(code, str(label)) for code, label in wording.CHANNELS.items()]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("work") and not self.errors:
            for name, sentence in (("what", _("请写明内容")), ("starts_on", _("请填动工日期")),
                                   ("due_on", _("请填完成日期"))):  # fmt: skip
                if not told.get(name):
                    self.add_error(name, sentence)
        elif told.get("what") and not self.errors:
            self.add_error("work", _("请选类别"))
        return told

    def line(self) -> LineDraft | None:
        told = self.cleaned_data
        if not told.get("work"):
            return None
        nothing = Decimal(0)
        return LineDraft(
            told["work"], told["what"], told["starts_on"], told["due_on"], told["owner"], told["owner_name"],
            told["quantity"], told["channel"], told["gain"] or nothing, told["cost"] or nothing, told["fund"],
            told["note"], told["thread"],
        )  # fmt: skip


class VillageLinesFormSet(forms.BaseFormSet):
    def lines(self) -> tuple[LineDraft, ...]:
        return tuple(line for one in self.forms if (line := one.line()) is not None)


VillageLines = forms.formset_factory(
    VillageLineForm, formset=VillageLinesFormSet, extra=SPARE, max_num=MOST_LINES, absolute_max=MOST_LINES + 5,
    validate_max=True,
)  # fmt: skip


def started(lines: tuple[LineDraft, ...]) -> list[dict[str, Any]]:
    """Lines as a formset begins with them."""
    names = (
        "thread",
        "work",
        "what",
        "quantity",
        "starts_on",
        "due_on",
        "owner",
        "owner_name",
        "fund",
        "channel",
        "note",
    )
    return [{**{name: getattr(one, name) for name in names}, "cost": one.cost or None, "gain": one.gain or None}
            for one in lines]  # fmt: skip


class MeetingForm(forms.Form):
    """The village meeting: numbers, or the minutes as a scan."""

    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)
    on = forms.DateField(label=gettext_lazy("会议日期"), widget=day_input())
    entitled = forms.IntegerField(label=gettext_lazy("应到人数"), required=False, min_value=0, max_value=100_000)
    present = forms.IntegerField(label=gettext_lazy("实到人数"), required=False, min_value=0, max_value=100_000)
    in_favour = forms.IntegerField(label=gettext_lazy("赞成"), required=False, min_value=0, max_value=100_000)
    against = forms.IntegerField(label=gettext_lazy("反对"), required=False, min_value=0, max_value=100_000)
    scan = EvidenceField(
        label=gettext_lazy("会议记录扫描件"), required=False,
        help_text=gettext_lazy("PDF、JPG、PNG；填了人数可以不传。"),
    )  # fmt: skip


class ResultForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    share = forms.IntegerField(label=gettext_lazy("完成（%）"), min_value=0, max_value=100)
    spent = forms.DecimalField(
        label=gettext_lazy("已用资金（元）"), required=False, min_value=0, max_value=MOST, decimal_places=2
    )
    on = forms.DateField(label=gettext_lazy("日期"), widget=day_input())
    note = forms.CharField(label=gettext_lazy("情况"), required=False, max_length=300)
