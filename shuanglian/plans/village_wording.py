"""Words of village plans in the reader's language: what does not add up, where, the cure; a kept plan to be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shuanglian.core.profile import active, language
from shuanglian.rules.village_shapes import VillageIndicator
from shuanglian.rules.village_sums import Fault, Homes, Reckoned
from shuanglian.rules.village_values import Gap, lacking

from . import village_drafts, wording
from .models import VillageResult

MONEY = {
    "target", "least", "need", "carried", "short", "a_head", "whole", "homes", "village", "there", "over", "mine",
    "theirs",
}  # fmt: skip


def industry_label(code: str) -> str:
    known = active().villages.industries.get(code)
    return known.label.in_(language()) if known else code


def work_label(code: str) -> str:
    known = active().villages.works.get(code)
    return known.label.in_(language()) if known else code


def work_unit(code: str) -> str:
    known = active().villages.works.get(code)
    return known.unit.in_(language()) if known and known.unit else ""


def indicator_label(code: str) -> str:
    known = active().villages.indicators.get(code)
    return known.label.in_(language()) if known else code


LABELS = {
    "fund": wording.fund_label, "work": work_label, "measure": wording.measure_label, "industry": industry_label,
    "other": industry_label, "indicator": indicator_label,
}  # fmt: skip


def fault(one: Fault) -> dict[str, str]:
    """What is wrong, where on the page, and what to do."""
    check = active().villages.checks[one.code]
    told = {name: _shown(name, value) for name, value in one.told.items()}
    return {
        "code": one.code, "place": one.place, "label": check.label.in_(language()),
        "says": check.says.in_(language()).format(**told), "cure": check.cure.in_(language()).format(**told),
        "cites": "、".join(check.cites),
    }  # fmt: skip


def _shown(name: str, value: Any) -> str:
    if name in LABELS:
        return LABELS[name](str(value))
    if name in MONEY:
        return wording.money(Decimal(value).quantize(Decimal(1)))
    return value.isoformat() if isinstance(value, date) else f"{value.normalize():f}" if isinstance(
        value, Decimal) else str(value)  # fmt: skip


def shown(
    content: Mapping[str, Any], homes: Homes, results: Mapping[UUID, Sequence[VillageResult]] | None = None
) -> dict[str, Any]:  # fmt: skip
    """A plan's kept content in the reader's language with what it comes to now, for page and paper."""
    plan, found = village_drafts.as_plan(content), village_drafts.reckoned(content, homes)
    years = max(1, plan.until - content["income_year"])
    return {
        **{key: content[key] for key in (
            "village", "kind", "year", "until", "households", "people", "income_year", "path", "plan")},
        "income": plan.income, "target": plan.target, "growth": _whole(plan.growth), "rate": plan.rate,
        "need": _whole(plan.need), "carried": _whole(found.carried), "short": _whole(found.short),
        "by_year": _by_year(plan.income, plan.target, years), "years": years,
        "industry": industry_label(plan.industry), "lines": [line(one, results) for one in content["lines"]],
        "groups": _groups(content["indicators"]),
        "blank": [_blank(one) for one in _told_of(content["indicators"], told=False)],
        "worked_out": sum(bool(one["computed"]) for one in content["indicators"]),
        "degree": content["degree"], "homes": homes, "found": found,
        "faults": [fault(one) for one in found.faults], "channels": _channels(found), "funds": _funds(found),
        "industries": _industries(found, plan.industry), "moved": homes.households != content["households"],
        "cost": sum((one.cost for one in plan.lines), Decimal(0)), "gain": sum(
            (village for _home, village in found.channels.values()), Decimal(0)),
        "from_homes": sum((home for home, _village in found.channels.values()), Decimal(0)),
    }  # fmt: skip


def _whole(yuan: Decimal) -> Decimal:
    """Sums are shown in whole yuan."""
    return yuan.quantize(Decimal(1))


def _by_year(income: Decimal, target: Decimal, years: int) -> Decimal | None:
    """By what share income must grow each year to be there in time."""
    return (target / income) ** (Decimal(1) / years) - 1 if income > 0 and target > 0 else None


def _channels(found: Reckoned) -> list[tuple[str, Decimal, Decimal, Decimal]]:
    return [(str(wording.CHANNELS[code]), _whole(home), _whole(village), _whole(home + village))
            for code, (home, village) in found.channels.items()]  # fmt: skip


def _funds(found: Reckoned) -> list[tuple[str, str, Any]]:
    return [(code, wording.fund_label(code), one) for code, one in found.funds.items() if one.whole or one.there]


def _industries(found: Reckoned, leading: str) -> list[tuple[str, Decimal, Decimal, bool]]:
    rows = [(industry_label(code), _whole(home), _whole(village), code == leading)
            for code, (home, village) in found.industries.items() if home or village or code == leading]  # fmt: skip
    return sorted(rows, key=lambda row: -(row[1] + row[2]))


def line(
    one: Mapping[str, Any], results: Mapping[UUID, Sequence[VillageResult]] | None = None
) -> dict[str, Any]:  # fmt: skip
    """A kept line in the reader's language, with what was logged of it."""
    logged = list((results or {}).get(UUID(one["thread"]), ()))
    return {
        **one, "label": work_label(one["work"]), "unit": work_unit(one["work"]),
        "channel": str(wording.CHANNELS[one["channel"]]) if one["channel"] else "",
        "fund": wording.fund_label(one["fund"]) if one["fund"] else "", "owner": wording.owner_label(one["owner"]),
        "results": logged, "result": logged[0] if logged else None,
        "spent": next((one.spent for one in logged if one.spent is not None), None),
    }  # fmt: skip


def source_of(one: Mapping[str, Any]) -> str:
    """Where an indicator's value comes from: who stated it, or which form or accounts of which day told it."""
    if one["source"]:
        return str(one["source"])
    if told := one.get("basis"):
        return basis(told)
    return _("档案算出") if one["computed"] else ""


def basis(told: Mapping[str, Any]) -> str:
    """What a value was worked out from: year and day of the source, of how many it is known."""
    parts = [_("{year} 年").format(year=told["year"])] if told["year"] else []
    if told["on"]:
        on = date.fromisoformat(str(told["on"]))
        parts.append((_("{on} 取数") if told["of"] == "register" else _("{on} 登记")).format(on=on))
    if told["known"] is not None:
        known, whole = (f"{Decimal(told[name]):.0f}" for name in ("known", "whole"))
        parts.append(_("{whole} 中 {known} 有数").format(known=known, whole=whole))
    return " · ".join((wording.in_(told["says"]), *parts))


def why_unknown(indicator: VillageIndicator, sums: Mapping[str, Decimal] | None = None) -> str:
    """Why the product does not know an indicator's value; with a village's sums also what is missing there."""
    if not indicator.ways:
        return indicator.why.in_(language()) if indicator.why else ""
    if sums is None:
        return _("还缺：{what}").format(what=_("；或 ").join(way.says.in_(language()) for way in indicator.ways))
    return " · ".join(_gap(one) for one in lacking(indicator, sums))


def _gap(one: Gap) -> str:
    says = one.way.says.in_(language())
    if one.missing:
        return _("还缺：{what}").format(what=says)
    return _("{says}：{whole} 中只有 {known} 有数，不够").format(
        says=says, known=f"{one.known or 0:.0f}", whole=f"{one.whole or 0:.0f}")  # fmt: skip


def _blank(one: Mapping[str, Any]) -> tuple[str, str]:
    """(label, why it is not known) of an indicator without a number."""
    shape = active().villages.indicators.get(one["code"])
    return indicator_label(one["code"]), why_unknown(shape) if shape else ""


def _told_of(indicators: Sequence[Mapping[str, Any]], *, told: bool = True) -> list[Mapping[str, Any]]:
    """Indicators with a value now or promised, or those without."""
    return [one for one in indicators if (one["present"] is not None or one["promised"] is not None) == told]


def _groups(indicators: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Indicators under their headings; one that the profile no longer has stands under none."""
    rules = active().villages.indicators
    told = []
    for one in _told_of(indicators):
        shape = rules.get(one["code"])
        heading = shape.group_label.in_(language()) if shape else ""
        told.append((heading, {
            **one, "label": indicator_label(one["code"]), "from": source_of(one),
            "unit": shape.unit.in_(language()) if shape else "",
            "better": shape.better if shape else "", "goal": shape.target if shape else None,
        }))  # fmt: skip
    return [(heading, [row for _heading, row in rows]) for heading, rows in groupby(told, key=lambda pair: pair[0])]
