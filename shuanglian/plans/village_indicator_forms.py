"""The form of a village plan's indicators: what is promised; now only where the product does not know it (PLAN-2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from shuanglian.core.profile import language
from shuanglian.rules.village_shapes import VillageIndicator
from shuanglian.rules.village_sums import Villages

from . import village_wording
from .village_drafts import IndicatorDraft, KnownVillage


class IndicatorsForm(forms.Form):
    """The profile's indicators: what is promised; the value now and its source where the product cannot work it out.

    A value of only the households on the register may be replaced by the whole village's, with its source.
    """

    def __init__(self, *args: Any, rules: Villages, told: KnownVillage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules, self.told = rules, told
        self.worked_out = {code: told.worked_out(one) for code, one in rules.indicators.items()}
        number: dict[str, Any] = {"required": False, "min_value": 0, "max_value": 10_000_000, "decimal_places": 2}
        for code in rules.indicators:
            self.fields[f"promised_{code}"] = forms.DecimalField(label=_("承诺"), **number)
            if not self.settled(code):
                now = _("全村的数（有才填）") if self.worked_out[code] else _("现值")
                self.fields[f"present_{code}"] = forms.DecimalField(label=now, **number)
                self.fields[f"source_{code}"] = forms.CharField(label=_("出处"), required=False, max_length=100)

    def settled(self, code: str) -> bool:
        """Whether the product knows the whole village's value: then it is not asked."""
        found = self.worked_out[code]
        return found is not None and found.way.of == "village"

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        for code in self.rules.indicators:
            if told.get(f"present_{code}") is not None and not told.get(f"source_{code}"):
                self.add_error(f"source_{code}", _("现值是手填的，请写明出处"))
        return told

    def rows(self) -> list[dict[str, Any]]:
        """One row an indicator: its shape, what is known and from where, its fields; what the product lacks for it."""
        return [self._row(code, one) for code, one in self.rules.indicators.items()]

    def _row(self, code: str, one: VillageIndicator) -> dict[str, Any]:
        found = self.worked_out[code]
        asked = {} if self.settled(code) else {"present": self[f"present_{code}"], "source": self[f"source_{code}"]}
        return {
            "code": code, "label": one.label.in_(language()), "unit": one.unit.in_(language()), "goal": one.target,
            "better": one.better, "group": one.group_label.in_(language()),
            "worked_out": found.value if found else None,
            "basis": village_wording.basis(self.told.facts.basis(found)) if found else "",
            "why": "" if found else village_wording.why_unknown(one, self.told.facts.sums),
            "promised": self[f"promised_{code}"], "open": found is not None or self._said(code), **asked,
        }  # fmt: skip

    def _said(self, code: str) -> bool:
        """Whether anything stands in the fields of an indicator, or is wrong there."""
        mine = [self[name] for name in (f"promised_{code}", f"present_{code}", f"source_{code}") if name in self.fields]
        return any(one.value() not in (None, "") or one.errors for one in mine)

    def drafts(self) -> tuple[IndicatorDraft, ...]:
        told = self.cleaned_data
        return tuple(
            IndicatorDraft(
                code, told[f"promised_{code}"], told.get(f"present_{code}"), told.get(f"source_{code}") or ""
            )
            for code in self.rules.indicators
        )


def begun(indicators: tuple[IndicatorDraft, ...]) -> Mapping[str, Any]:
    """Indicators as their form begins with them."""
    return {
        f"{name}_{one.code}": getattr(one, name) for one in indicators for name in ("promised", "present", "source")
    }
