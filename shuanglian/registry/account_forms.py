"""The form of the income account: every part with what it begins with and what it was last year (PLAN-4)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from shuanglian.core.profile import active, language

from . import account
from .fields import Versioned, names, why_field
from .models import HouseholdYear


class AccountForm(Versioned):
    """The parts of a year's account; only what changed is typed, the rest stands as it is filled in."""

    def __init__(self, data: Any = None, *, year: account.Year, last: account.Year, initial: dict[str, Any]) -> None:
        profile = active()
        self.starts = account.starts(year, last, profile)
        begun = {code: value for code, (value, _from) in self.starts.items()}
        super().__init__(data, initial={**begun, **initial})
        for part in sorted(profile.account_parts.values(), key=lambda one: one.order):
            self.fields[part.code] = forms.DecimalField(
                label=part.label.in_(language()), required=False, max_digits=12, decimal_places=2,
                min_value=None if part.channel == "income_operating" else Decimal(0),
                help_text=self._hint(part.code, last.of_part(part, profile)),
                widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
            )  # fmt: skip
        self.fields["why"] = why_field(required=year.record is not None)

    def _hint(self, code: str, before: Decimal | None) -> str:
        value, source = self.starts[code]
        told = _("上年 {yuan} 元").format(yuan=f"{before:,.0f}") if before is not None else _("上年没有登记")
        if value is None or source == "kept":
            return told
        begun = _("按发放名册填入") if source == "paid" else _("按上年填入")
        return _("{last}；{begun}").format(last=told, begun=begun)

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Channel by channel: its name and its parts."""
        profile = active()
        return [(names(HouseholdYear, channel), [self[part.code] for part in account.parts_of(channel, profile)])
                for channel in account.CHANNELS]  # fmt: skip

    def parts(self) -> dict[str, Decimal | None]:
        return {code: self.cleaned_data.get(code) for code in active().account_parts}
