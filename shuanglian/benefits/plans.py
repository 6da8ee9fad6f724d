"""What a scenario changes, as it is kept in its row and as it is worked out.

Kept (Scenario.changes): {"benefits": {code: {"given": {name: amount}, "terms": day, "drop": true}}, "line": amount,
"drafts": [Provision numbers]}; what is not changed is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from shuanglian.core.profile import active
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said
from shuanglian.rules.benefits import Benefit

from . import catalogue
from .models import Provision, Scenario
from .whatif import Change, Plan

if TYPE_CHECKING:
    from shuanglian.areas.models import Area

MOST = Decimal(10) ** 9  # yuan, and any other number a provision names
SCALE = Decimal("0.000001")


def checked(changes: Mapping[str, Any], *, area: Area) -> dict[str, Any]:
    """Changes as they may be kept; a Refusal names what no benefit knows."""
    benefits = catalogue.benefits(area.code)
    found: dict[str, Any] = {}
    for code, change in changes.get("benefits", {}).items():
        if code not in benefits:
            raise Refusal("no_such_benefit", N_("没有“{benefit}”这项政策"), benefit=code)
        if kept := _change(benefits[code], change):
            found.setdefault("benefits", {})[code] = kept
    if changes.get("line"):
        line = amount(changes["line"])
        if line <= 0:
            raise Refusal("line_not_positive", N_("贫困线须大于 0"))
        found["line"] = str(line)
    drafts = [one.pk for one in drafts_of(changes, area=area)]
    return {**found, "drafts": drafts} if drafts else found


def _change(benefit: Benefit, change: Mapping[str, Any]) -> dict[str, Any]:
    if change.get("drop"):
        return {"drop": True}
    known = {name for terms in benefit.terms for name in terms.given}
    if strange := set(change.get("given", {})) - known:
        raise Refusal("no_such_amount", N_("“{title}”里没有这个数：{name}"), title=_title(benefit), name=min(strange))
    given = {name: str(amount(value)) for name, value in change.get("given", {}).items()}
    kept: dict[str, Any] = {"given": given} if given else {}
    return {**kept, "terms": str(_day(change["terms"]))} if change.get("terms") else kept


def _title(benefit: Benefit) -> Said:
    return Said("{label}", {"label": benefit.title})


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def amount(value: Any) -> Decimal:
    """A number as people type it, exact; a Refusal for anything else."""
    try:
        found = Decimal(str(value).strip().replace(",", ""))
    except InvalidOperation:
        raise Refusal("not_a_number", N_("“{value}”不是一个数"), value=str(value)[:40]) from None
    if not found.is_finite() or not 0 <= found <= MOST or found != found.quantize(SCALE):
        sentence = N_("“{value}”须在 0 到 {most} 之间，最多六位小数")
        raise Refusal("amount_range", sentence, value=str(value)[:40], most=MOST)
    return found


def drafts_of(changes: Mapping[str, Any], *, area: Area) -> list[Provision]:
    """The drafted provisions that a scenario adds: of its area or of one above or below it."""
    wanted = changes.get("drafts", [])
    found = Provision.objects.filter(pk__in=wanted).select_related("area") if wanted else []
    related = [one for one in found if one.area.contains(area) or area.contains(one.area)]
    if len(related) != len(set(wanted)):
        raise Refusal("no_such_draft", N_("找不到要测算的政策草稿"))
    return related


def plan_of(scenario: Scenario) -> Plan:
    """A scenario's row ready to be worked out."""
    kept = scenario.changes
    changes = {
        code: Change(
            {name: Decimal(value) for name, value in one.get("given", {}).items()},
            _day(one["terms"]) if "terms" in one else None, bool(one.get("drop")),
        )
        for code, one in kept.get("benefits", {}).items()
    }  # fmt: skip
    added = {one.code: catalogue.written(one) for one in drafts_of(kept, area=scenario.area)}
    line = Decimal(kept["line"]) if "line" in kept else None
    return Plan(scenario.on, scenario.against, changes, line, added)


def lines(plan: Plan) -> dict[str, Decimal]:
    """The poverty line of each side: of its day's year, unless the scenario has another (IDX-2)."""
    profile = active()
    return {"before": profile.lines(plan.against.year).yuan, "after": plan.line or profile.lines(plan.on.year).yuan}
