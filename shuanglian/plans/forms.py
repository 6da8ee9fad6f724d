"""Forms of household plans: the plan with its lines, agreement, the unit's word, progress, review."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuanglian.attachments.actions import attachments
from shuanglian.attachments.forms import EvidenceField
from shuanglian.core.profile import language
from shuanglian.registry.fields import day_input
from shuanglian.rules.catalogue import Offer, Plans

from .drafts import MOST_LINES, Draft, DraftLine
from .family import Known
from .models import Agreement, Review

MONTH = "%Y-%m"
SPARE = 2  # empty lines below those that are filled


class PlanForm(forms.Form):
    """A plan but for its lines. What the file knows is not asked: causes, labour, land, income, helper."""

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    key = forms.UUIDField(widget=forms.HiddenInput)
    year = forms.IntegerField(label=gettext_lazy("计划年度"), min_value=2000, max_value=2100)
    horizon = forms.TypedChoiceField(label=gettext_lazy("目标"), coerce=int)
    own_money = forms.DecimalField(
        label=gettext_lazy("自筹能力（元）"), required=False, min_value=0, max_value=1_000_000, decimal_places=2,
        help_text=gettext_lazy("不填就按纯收入的一定比例估计。"),
    )  # fmt: skip
    loan = forms.DecimalField(
        label=gettext_lazy("计划贷款（元）"), required=False, min_value=0, max_value=1_000_000, decimal_places=2
    )
    analysis = forms.CharField(
        label=gettext_lazy("致贫原因分析"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("用自己的话写这一户的实际情况；与别户雷同会被标出。"),
    )  # fmt: skip
    path = forms.CharField(
        label=gettext_lazy("脱贫路子"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    why = forms.CharField(label=gettext_lazy("修改原因"), required=False, max_length=200)

    def __init__(self, *args: Any, plans: Plans, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("key", uuid4())
        super().__init__(*args, **kwargs)
        self.fields["horizon"].choices = [  # type: ignore[attr-defined]
            (one.year, _("{year} 年 · {label}").format(year=one.year, label=one.label.in_(language())))
            for one in plans.horizons.values()
        ]
        if not self.initial.get("base"):
            self.fields["why"].widget = forms.HiddenInput()

    def draft(self, lines: tuple[DraftLine, ...]) -> Draft:
        told = self.cleaned_data
        return Draft(told["year"], told["horizon"], told["analysis"], told["path"], lines, told["own_money"],
                     told["loan"])  # fmt: skip


class LineForm(forms.Form):
    """One measure of a plan; a line without a measure is no line."""

    code = forms.ChoiceField(label=gettext_lazy("措施"), required=False)
    units = forms.IntegerField(label=gettext_lazy("数量"), required=False, min_value=1, max_value=1000)
    starts_on = forms.DateField(
        label=gettext_lazy("开始"), required=False, input_formats=[MONTH, "%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "month"}, format=MONTH),
    )  # fmt: skip
    owner = forms.ChoiceField(label=gettext_lazy("责任方"), required=False)
    cost = forms.DecimalField(
        label=gettext_lazy("投入（元）"), required=False, min_value=0, max_value=1_000_000, decimal_places=2
    )
    people = forms.TypedMultipleChoiceField(label=gettext_lazy("由谁来做"), required=False, coerce=int)
    note = forms.CharField(label=gettext_lazy("说明"), required=False, max_length=200)

    def __init__(
        self, *args: Any, plans: Plans, offers: dict[str, Offer], told: Known, **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        choices: list[Any] = [("", "—")]
        here = [_choice(one) for one in offers.values() if one.open]
        other = [_choice(one) for one in offers.values() if not one.open]
        choices += [(_("可选的措施"), here)] if here else []
        choices += [(_("条件不符或待问清"), other)] if other else []
        self.fields["code"].choices = choices  # type: ignore[attr-defined]
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            ("", _("按目录")),
            *((code, one.label.in_(language())) for code, one in plans.owners.items()),
        ]
        members = [(one.pk, one.name) for one in told.people]
        self.fields["people"].choices = members  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("code") and not self.errors:
            for name, sentence in (("units", _("请填数量")), ("starts_on", _("请填开始的月份"))):
                if not told.get(name):
                    self.add_error(name, sentence)
        return told

    def line(self) -> DraftLine | None:
        told = self.cleaned_data
        if not told.get("code"):
            return None
        return DraftLine(told["code"], told["units"], told["starts_on"], told["owner"], "", told["cost"],
                         tuple(told["people"]), told["note"])  # fmt: skip


def _choice(offer: Offer) -> tuple[str, str]:
    shape = offer.measure.shape
    return shape.code, f"{shape.label.in_(language())}（{shape.unit.in_(language())}）"


class LinesFormSet(forms.BaseFormSet):
    def lines(self) -> tuple[DraftLine, ...]:
        return tuple(line for one in self.forms if (line := one.line()) is not None)


Lines = forms.formset_factory(
    LineForm, formset=LinesFormSet, extra=SPARE, max_num=MOST_LINES, absolute_max=MOST_LINES + 5, validate_max=True
)


def started(lines: tuple[DraftLine, ...]) -> list[dict[str, Any]]:
    """Lines as a formset begins with them."""
    return [{"code": one.code, "units": one.units, "starts_on": one.starts_on, "owner": one.owner,
             "cost": one.cost, "people": list(one.people), "note": one.note} for one in lines]  # fmt: skip


class AgreeForm(forms.Form):
    """The family's word: drawn here, or the paper that it signed."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)
    how = forms.ChoiceField(
        label=gettext_lazy("方式"), choices=Agreement.How.choices, widget=forms.RadioSelect, initial="signature"
    )
    name = forms.CharField(label=gettext_lazy("签字人"), max_length=40)
    on = forms.DateField(label=gettext_lazy("签字日期"), widget=day_input())
    drawn = forms.CharField(required=False, widget=forms.HiddenInput, max_length=600_000)
    scan = EvidenceField(
        label=gettext_lazy("签字后的扫描件或照片"),
        required=False,
        help_text=gettext_lazy("PDF、JPG、PNG；传上后不能更换。"),
    )

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("how") == "scan" and not told.get("scan"):
            self.add_error("scan", _("请选择签字件"))
        return told

    def image(self) -> bytes:
        """The drawing's or the file's bytes; empty when nothing of use was sent."""
        told = self.cleaned_data
        if told["how"] == "scan":
            return attachments.bytes_of(told["scan"])
        from base64 import b64decode
        from binascii import Error

        _head, _comma, data = told["drawn"].partition(",")
        try:
            return b64decode(data, validate=True)
        except (Error, ValueError):
            return b""


class ProgressForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    quantity = forms.DecimalField(
        label=gettext_lazy("完成数量"), min_value=Decimal(0), max_value=9999, decimal_places=2
    )
    on = forms.DateField(label=gettext_lazy("日期"), widget=day_input())
    note = forms.CharField(label=gettext_lazy("情况"), required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("key", uuid4())
        super().__init__(*args, **kwargs)


class ReviewForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("回顾日期"), widget=day_input())
    word = forms.ChoiceField(label=gettext_lazy("结论"), choices=Review.Word.choices)
    found = forms.CharField(label=gettext_lazy("回顾情况"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}))


class WhyForm(forms.Form):
    why = forms.CharField(label=gettext_lazy("理由"), max_length=200)


def month_begins(day: date) -> date:
    return day.replace(day=1)
