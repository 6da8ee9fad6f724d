"""What starts a round, and what puts somebody on its list by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from shuanglian.areas.forms import AreaField
from shuanglian.areas.models import Area
from shuanglian.registry.fields import Coded, day_input, main_causes

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


class RoundForm(forms.Form):
    """The year's round of an area, on the situation of a day of that year."""

    area = AreaField(label=gettext_lazy("区域"))
    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=2000, max_value=2100)
    on = forms.DateField(
        label=gettext_lazy("情况日期"), widget=day_input(),
        help_text=gettext_lazy("按这一天的标准和情况提出名单，一般是年末。"),
    )  # fmt: skip

    def __init__(self, *args: Any, seen_by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].within = seen_by.area  # type: ignore[attr-defined]


class AddForm(forms.Form):
    """Somebody who may have been missed, known from elsewhere."""

    village = AreaField(label=gettext_lazy("行政村"), levels=[Area.Level.VILLAGE])
    name = forms.CharField(label=gettext_lazy("户主姓名"), max_length=40)
    size = forms.IntegerField(label=gettext_lazy("家庭人口"), min_value=1, max_value=50, initial=1)
    source = forms.CharField(
        label=gettext_lazy("来源"), max_length=200,
        help_text=gettext_lazy("哪个部门的名册或谁反映的，如“残联2015年持证名册第12页”。"),
    )  # fmt: skip

    def __init__(self, *args: Any, within: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village"].within = within  # type: ignore[attr-defined]
        self.fields["cause"] = Coded(main_causes(), gettext_lazy("主要致贫原因"))
        self.order_fields(["village", "name", "size", "cause", "source"])
