"""Forms of the payment pages: filters, and the answer to who a line is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuanglian.areas.models import Area
from shuanglian.core.profile import language
from shuanglian.registry.fields import ANY, Coded

from . import catalogue
from .models import Payment
from .payment_queries import Wanted

MOST_BATCH = 2**31 - 1


class PaymentFilter(forms.Form):
    """The filters of payments; what is not understood is left out rather than refused."""

    text = forms.CharField(label=gettext_lazy("领取人或户编号"), max_length=40, required=False)
    batch = forms.IntegerField(
        label=gettext_lazy("导入批次"), min_value=1, max_value=MOST_BATCH, required=False
    )  # fmt: skip
    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=2000, max_value=2100, required=False)

    def __init__(self, *args: Any, matching: bool = True, partial: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = [(code, one.title.in_(language())) for code, one in catalogue.benefits().items()]
        self.fields["benefit"] = Coded([ANY, *titles], _("政策"))
        order = ["text", "benefit", "year", "batch"]
        if matching:
            self.fields["match"] = Coded([ANY, *Payment.Match.choices], _("核对"))
            order.insert(2, "match")
        if partial:
            self.fields["partial"] = forms.BooleanField(label=_("只发了几个月的也列出"), required=False)
        self.order_fields(order)

    def wanted(self, area: Area | None) -> Wanted:
        self.is_valid()
        told = self.cleaned_data
        return Wanted(
            area=area, batch=told.get("batch"), benefit=told.get("benefit", ""), match=told.get("match", ""),
            year=told.get("year"), text=(told.get("text") or "").strip(), partial=bool(told.get("partial")),
        )  # fmt: skip


class AnswerForm(forms.Form):
    """Who a line is: the number of a person, `nobody`, or `open`; with a word why."""

    answer = forms.RegexField(r"^(nobody|open|[1-9][0-9]{0,17})$")
    note = forms.CharField(label=gettext_lazy("说明（可不填）"), max_length=200, required=False)
