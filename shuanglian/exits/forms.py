"""What the office and the village enter here: the day of a check, targets of a year, figures, a village that left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuanglian.areas.forms import AreaField
from shuanglian.areas.models import Area, below
from shuanglian.core.profile import language
from shuanglian.registry.fields import day_input
from shuanglian.rules.exit_areas import GIVEN

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


class CheckForm(forms.Form):
    """Hold everybody of an area to the standards, as of a day."""

    area = AreaField(label=gettext_lazy("区域"))
    on = forms.DateField(
        label=gettext_lazy("核对日期"), widget=day_input(),
        help_text=gettext_lazy("按这一天施行的标准、这一年的贫困线和这一天的情况核对。"),
    )  # fmt: skip

    def __init__(self, *args: Any, seen_by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].within = seen_by.area  # type: ignore[attr-defined]


class TargetForm(forms.Form):
    """What a year is to bring in an area (IDX-3)."""

    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=2000, max_value=2100)
    villages = forms.IntegerField(label=gettext_lazy("退出村数"), min_value=0, max_value=20_000)
    people = forms.IntegerField(label=gettext_lazy("脱贫人数"), min_value=0, max_value=10_000_000)
    townships = forms.MultipleChoiceField(
        label=gettext_lazy("退出乡镇"), required=False, widget=forms.CheckboxSelectMultiple
    )
    why = forms.CharField(label=gettext_lazy("依据"), max_length=200)

    def __init__(self, *args: Any, area: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        towns = Area.objects.current().filter(below(area.prefix, "code"), level=Area.Level.TOWNSHIP).order_by("code")
        choices = [(one.code, one.name) for one in towns] if area.level == Area.Level.COUNTY else []
        self.fields["townships"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["townships"]


class FigureForm(forms.Form):
    """A figure of a township or county, with where it comes from."""

    name = forms.ChoiceField(label=gettext_lazy("指标"))
    value = forms.DecimalField(label=gettext_lazy("数值"), min_value=0, max_digits=12, decimal_places=2)
    on = forms.DateField(label=gettext_lazy("自何日起"), widget=day_input())
    source = forms.CharField(label=gettext_lazy("出处"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = 2 if language() != "zh" else 1
        self.fields["name"].choices = [(one[0], f"{one[place]}（{one[3].in_(language())}）") for one in GIVEN]  # type: ignore[attr-defined]


class VillageLeavesForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("退出日期"), widget=day_input())
    document = forms.CharField(
        label=gettext_lazy("批复文号"), max_length=100, help_text=gettext_lazy("市里的批复，如“定扶领发〔2015〕12号”。")
    )


def no_standard() -> str:
    return _("方案里没有这一天施行的退出标准。")
