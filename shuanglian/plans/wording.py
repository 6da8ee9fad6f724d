"""Words of plans in the reader's language: measures, units, channels, owners, funds; a kept plan ready to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuanglian.core import profile
from shuanglian.core.profile import active, language
from shuanglian.rules.profile_shapes import Label

CHANNELS = {
    "wage": gettext_lazy("工资性"), "operating": gettext_lazy("经营性"), "property": gettext_lazy("财产性"),
    "transfer": gettext_lazy("转移性"),
}  # fmt: skip
LABOUR = {"able": gettext_lazy("整劳力"), "weak": gettext_lazy("半劳力"), "unable": gettext_lazy("无劳力")}
ESTIMATES = {"low": gettext_lazy("保守数"), "likely": gettext_lazy("可能数")}
LANDS = {
    "land_cultivated": gettext_lazy("耕地"), "land_orchard": gettext_lazy("林果"), "land_forest": gettext_lazy("林地"),
    "land_returned": gettext_lazy("退耕还林"), "land_pasture": gettext_lazy("牧草地"),
    "land_water": gettext_lazy("水面"),
}  # fmt: skip
INCOMES = {
    "income_wage": gettext_lazy("工资性收入"), "income_operating": gettext_lazy("生产经营性收入"),
    "income_property": gettext_lazy("财产性收入"), "income_transfer": gettext_lazy("转移性收入"),
    "operating_cost": gettext_lazy("生产经营性支出"),
}  # fmt: skip


def in_(text: Mapping[str, str] | Label) -> str:
    """A label kept in both languages, or the profile's."""
    if isinstance(text, Label):
        return text.in_(language())
    return text["zh"] if language() == "zh" else text["en"]


def measure_label(code: str) -> str:
    """What a measure is called; one that the catalogue no longer has shows its code."""
    known = active().plans.measures.get(code)
    return known.label.in_(language()) if known else code


def unit_label(code: str) -> str:
    known = active().plans.measures.get(code)
    return known.shape.unit.in_(language()) if known else ""


def owner_label(code: str) -> str:
    known = active().plans.owners.get(code)
    return known.label.in_(language()) if known else code


def fund_label(code: str) -> str:
    known = active().funds.get(code)
    return known.label.in_(language()) if known else code


def row_label(code: str) -> str:
    """A row of the assistant's problem: a season, a kind of land, money."""
    plans = active().plans
    if code in plans.seasons:
        return _("{season}劳动日").format(season=plans.seasons[code].label.in_(language()))
    if code in plans.lands:
        return plans.lands[code].label.in_(language())
    return _("自筹和贷款")


def document_label(code: str) -> str:
    known = active().documents.get(code)
    return known.title.in_(language()) if known else code


def money(yuan: Any) -> str:
    amount = Decimal(yuan)
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"


def month(day: date | str) -> str:
    """A month as people write it: 2015-10."""
    return str(day)[:7]


def shown(content: Mapping[str, Any], done: Mapping[str, Decimal] | None = None) -> dict[str, Any]:
    """A plan's kept content in the reader's language, for page and paper."""
    told, sums = content["diagnosis"], content["sums"]
    return {
        **{key: content[key] for key in (
            "household", "helper", "size", "income", "income_year", "year", "horizon", "target", "step_target", "gap",
            "step_gap", "analysis", "path",
        )},
        "causes": profile.label("cause", told["main_cause"]),
        "others": [profile.label("cause", code) for code in told["other_causes"]],
        "labour": [(str(LABOUR[code]), n) for code, n in told["labour"].items()],
        "land": [(str(LANDS[code]), mu) for code, mu in told["land"].items() if Decimal(mu)],
        "incomes": [(str(INCOMES[code]), yuan) for code, yuan in told["income"].items()],
        "wish": told["wish"], "loan_need": told["loan_need"], "estimate": str(ESTIMATES[content["counts"]]),
        "lines": [_line(one, done) for one in content["lines"]], "sums": sums,
        "channels": [(str(label), sums["channels"].get(code, 0)) for code, label in CHANNELS.items()],
        "adds_up": Decimal(sums["short"]) == 0, "step_adds_up": Decimal(sums["step_short"]) == 0,
        "growth": _growth(content), "step_growth": _growth(content, "step_target"),
    }  # fmt: skip


def _growth(content: Mapping[str, Any], name: str = "target") -> Decimal | None:
    """By what share the income per head must grow (PLAN-2)."""
    income = Decimal(content["income"])
    return (Decimal(content[name]) - income) / income if income > 0 else None


def _line(one: Mapping[str, Any], done: Mapping[str, Decimal] | None) -> dict[str, Any]:
    return {
        "code": one["code"], "label": in_(one["label"]), "unit": in_(one["unit"]), "units": one["units"],
        "channel": str(CHANNELS[one["channel"]]), "low": one["low"], "likely": one["likely"], "cost": one["cost"],
        "funds": [(fund_label(fund), yuan) for fund, yuan in one["funds"].items()], "starts": month(one["starts_on"]),
        "months": one["months"], "owner": owner_label(one["owner"]), "owner_name": one["owner_name"],
        "people": [name for name in one["people"] if name], "note": one["note"],
        "by_default": one["figures"] == "default", "document": document_label(one["document"]),
        "figures": document_label(one["figures"]), "done": (done or {}).get(one["code"], Decimal(0)),
    }  # fmt: skip
