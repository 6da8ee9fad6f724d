"""What people may ask of a round."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shuanglian.areas.models import Area
from shuanglian.core import profile
from shuanglian.organisation.models import Absence, Cadre, Unit
from shuanglian.registry.models import Household

from .models import Round, Wish


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class NewRoundForm(forms.Form):
    """A new round. The county is the reader's own, or one below it by code."""

    area = forms.CharField(label=lazy("县"), max_length=12)
    year = forms.IntegerField(label=lazy("年度"), min_value=2000, max_value=2100)
    on = forms.DateField(label=lazy("生效日期"), widget=day_input())
    name = forms.CharField(label=lazy("名称"), max_length=80, required=False)

    def clean_area(self) -> str:
        return str(self.cleaned_data["area"]).strip()


class WeightsForm(forms.Form):
    """Every weight of the objective with its meaning, default and range, as the profile gives them."""

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = profile.language()
        for code, weight in profile.active().on(round.on).pairing.weights.items():
            self.fields[code] = forms.IntegerField(
                label=weight.label.in_(language),
                min_value=weight.low,
                max_value=weight.high,
                initial=round.weights.get(code, weight.value),
                help_text=_("{meaning}（{unit}；默认 {value}，可选 {low}–{high}）").format(
                    meaning=weight.meaning.in_(language), unit=weight.unit.in_(language), value=weight.value,
                    low=weight.low, high=weight.high,
                ),
            )  # fmt: skip
            self.fields[code].step = weight.step  # type: ignore[attr-defined]

    def groups(self) -> list[tuple[str, list[Any]]]:
        """The fields by step, in the order in which a round is worked out."""
        titles = {
            "units": _("单位联村"), "households": _("干部联户"), "leaders": _("领导包乡"),
        }  # fmt: skip
        return [
            (title, [self[name] for name, field in self.fields.items() if getattr(field, "step", "") == step])
            for step, title in titles.items()
        ]


class DayForm(forms.Form):
    on = forms.DateField(label=lazy("生效日期"), widget=day_input())


class WhyForm(forms.Form):
    why = forms.CharField(label=lazy("理由"), max_length=200)


class WishForm(WhyForm):
    """A pin or a ban: a cadre and a household by their numbers, or a unit by number and a village by code."""

    kind = forms.ChoiceField(label=lazy("类别"), choices=Wish.Kind.choices)
    cadre = forms.CharField(label=lazy("干部编号"), max_length=30, required=False)
    household = forms.CharField(label=lazy("户编号"), max_length=30, required=False)
    unit = forms.CharField(label=lazy("单位编号"), max_length=30, required=False)
    village = forms.CharField(label=lazy("行政村代码"), max_length=12, required=False)
    field_order = ("kind", "cadre", "household", "unit", "village", "why")

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.round = round

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        pair = bool(given.get("cadre")) and bool(given.get("household"))
        link = bool(given.get("unit")) and bool(given.get("village"))
        if pair == link or any(
            given.get(a) and not given.get(b) for a, b in (("cadre", "household"), ("unit", "village"))
        ):
            raise forms.ValidationError(_("请填写干部编号和户编号，或者单位编号和行政村代码，二者选一"))
        area = self.round.area
        wanted = {
            "cadre": Cadre.objects.within(area).filter(number=given.get("cadre")),
            "household": Household.objects.within(area).filter(number=given.get("household")),
            "unit": Unit.objects.within(area).filter(code=given.get("unit")),
            "village": Area.objects.current().within(area).filter(code=given.get("village"), level=Area.Level.VILLAGE),
        }
        for name, rows in wanted.items():
            if given.get(name):
                found = rows.first()
                if found is None:
                    self.add_error(name, _("本县没有这个编号"))
                given[name] = found
            else:
                given[name] = None
        return given


class LeaveForm(forms.Form):
    """Set a cadre on leave from the pages of a round."""

    cadre = forms.CharField(label=lazy("干部编号"), max_length=30)
    kind = forms.ChoiceField(label=lazy("类别"), choices=Absence.Kind.choices)
    since = forms.DateField(label=lazy("开始日期"), widget=day_input())
    until = forms.DateField(label=lazy("结束日期"), widget=day_input(), required=False)
    note = forms.CharField(label=lazy("说明"), max_length=200, required=False)

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.round = round
        self.fields["since"].initial = round.on

    def clean_cadre(self) -> Cadre:
        found = Cadre.objects.within(self.round.area).filter(number=self.cleaned_data["cadre"]).first()
        if found is None:
            raise forms.ValidationError(_("本县没有这个编号"))
        return found


class ConfirmForm(forms.Form):
    checked = forms.BooleanField(label=lazy("我已核对上面的数字，以本人名义确认"))


class EndForm(WhyForm):
    on = forms.DateField(label=lazy("最后一天"), widget=day_input())


class RelativeForm(forms.Form):
    cadre = forms.CharField(label=lazy("干部编号"), max_length=30)
    note = forms.CharField(label=lazy("关系"), max_length=60, required=False)


class LeaderForm(forms.Form):
    """Link a leader to a township by hand."""

    leader = forms.CharField(label=lazy("领导的干部编号"), max_length=30)
    township = forms.ChoiceField(label=lazy("乡镇"))

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.round = round
        townships = Area.objects.on(round.on).within(round.area).filter(level=Area.Level.TOWNSHIP).order_by("code")
        self.fields["township"].choices = [(one.code, one.name) for one in townships]  # type: ignore[attr-defined]
        self.townships = {one.code: one for one in townships}

    def clean_leader(self) -> Cadre:
        found = Cadre.objects.within(self.round.area).filter(number=self.cleaned_data["leader"]).first()
        if found is None:
            raise forms.ValidationError(_("本县没有这个编号"))
        return found

    def clean_township(self) -> Area:
        return self.townships[self.cleaned_data["township"]]


class RepairForm(forms.Form):
    on = forms.DateField(label=lazy("生效日期"), widget=day_input())


def default_day(year: int, today: date) -> date:
    """A round of this year takes force today, one of another year on its first day."""
    return today if today.year == year else date(year, 1, 1)
