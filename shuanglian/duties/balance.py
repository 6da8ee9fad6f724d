"""Six tasks per unit, and the five checks that things have landed: each figure with its source (FIELD-1, FIELD-4)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuanglian.core import profile
from shuanglian.core.scoping import unscoped
from shuanglian.fieldwork.models import Inspection, Visit
from shuanglian.organisation.models import Unit
from shuanglian.pairing.models import Pairing, VillageLink
from shuanglian.plans.models import HouseholdPlan, Measure, Progress
from shuanglian.registry.models import Household
from shuanglian.scrutiny.models import Flag

from .reckoning import Line

VISITING = ("visits", "visit_days", "homes", "village_days")


# --- the six tasks ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Balance:
    """How many of a unit's visits served each task. never: tasks that none of them did, though there were visits."""

    visits: int
    counts: Mapping[str, int]

    @property
    def never(self) -> list[str]:
        return [task for task, n in self.counts.items() if not n] if self.visits else []


def balances(units: Collection[int], since: date, until: date) -> dict[int, Balance]:
    """unit → balance, in one query; visits found not to have taken place are left out."""
    tasks = profile.active().fieldwork.tasks
    untrue = [code for code, one in profile.active().scrutiny.verdicts.items() if not one.counts]
    refuted = Flag.objects.filter(visit=OuterRef("pk"), state=Flag.State.DECIDED, verdict__in=untrue)
    rows = Visit.objects.standing().filter(cadre__unit__in=units, on__range=(since, until)).exclude(Exists(refuted))
    visits: dict[int, int] = dict.fromkeys(units, 0)
    counts: dict[int, dict[str, int]] = {unit: dict.fromkeys(tasks, 0) for unit in units}
    with unscoped():
        for row in rows.order_by().values("cadre__unit", "tasks").annotate(n=Count("pk")):
            unit = row["cadre__unit"]
            visits[unit] += row["n"]
            for task in row["tasks"]:
                counts[unit][task] = counts[unit].get(task, 0) + row["n"]
    return {unit: Balance(visits[unit], counts[unit]) for unit in units}


# --- five checks -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Check:
    """One of the five. ok: None where the records cannot tell. says: what the figure is and where it comes from."""

    code: str
    label: str
    ok: bool | None
    part: Any
    whole: Any
    says: str
    source: str
    page: str
    more: list[str] = field(default_factory=list)


def landed(unit: Unit, lines: list[Line], on: date) -> list[Check]:
    """The five landed checks of a unit as of a day, in the profile's order."""
    with unscoped():
        homes = Household.objects.standing().filter(
            pk__in=Pairing.objects.standing_on(on).filter(cadre__unit=unit).values("household")
        )  # fmt: skip
        plans = HouseholdPlan.objects.newest().filter(ended="", household__in=homes.values("pk"))
        work: dict[str, Callable[[], dict[str, Any]]] = {
            "goals": lambda: _goals(homes.count(), plans, on), "plans": lambda: _plans(homes.count(), plans),
            "decisions": lambda: _decisions(unit, on), "visits": lambda: _visits(lines),
            "tasks": lambda: _tasks(unit, on),
        }  # fmt: skip
        shapes = profile.active().landed
        return [Check(code, one.label.in_(profile.language()), **work[one.asks]()) for code, one in shapes.items()]


def _goals(homes: int, plans: QuerySet[HouseholdPlan], on: date) -> dict[str, Any]:
    part = plans.filter(year=on.year, step_short=0).count()
    return {"ok": part == homes if homes else None, "part": part, "whole": homes, "page": "plans:overview",
            "says": _("户的当年目标由计划中的措施补足"), "source": _("户帮扶计划")}  # fmt: skip


def _plans(homes: int, plans: QuerySet[HouseholdPlan]) -> dict[str, Any]:
    part = plans.filter(approved_on__isnull=False, agreed_on__isnull=False).count()
    units = Measure.objects.filter(plan__in=plans.values("pk")).aggregate(n=Sum("units"))["n"] or 0
    done = Progress.objects.filter(measure__plan__in=plans.values("pk"), withdrawn_at=None).aggregate(
        n=Sum("quantity")
    )["n"] or Decimal(0)  # fmt: skip
    more = (
        [_("计划的措施 {units} 份，已落实 {done} 份").format(units=units, done=f"{done.normalize():f}")]
        if units
        else []
    )
    return {"ok": part == homes if homes else None, "part": part, "whole": homes, "page": "plans:overview",
            "says": _("户的计划经农户认可、单位审定"), "source": _("户帮扶计划和措施进展"), "more": more}  # fmt: skip


def _decisions(unit: Unit, on: date) -> dict[str, Any]:
    """What leaders decided on the spot in the unit's villages and is past its day. Nothing on record says that it was
    carried out, so this check is answered "no" by nobody but a person."""
    villages = VillageLink.objects.standing_on(on).filter(unit=unit).values_list("village", "village__parent")
    own, towns = {one for one, _town in villages}, {town for _one, town in villages}
    rows = Inspection.objects.standing().filter(Q(area__in=own) | Q(area__in=towns), on__lte=on).select_related("area")
    told = [(row, one) for row in rows for one in row.decided if row.area_id in own or unit.name in one.get("who", "")]
    past = [(row, one) for row, one in told if one.get("due") and one["due"] < on.isoformat()]
    more = [f"{one['due']} {row.area.name}：{one['what']}（{one.get('who') or '—'}）" for row, one in past[:20]]
    return {"ok": None if past or not told else True, "part": len(told) - len(past), "whole": len(told), "more": more,
            "page": "fieldwork:inspections", "says": _("项现场决定尚未到期；到期的请逐项核实办结"),
            "source": _("督查调研记录")}  # fmt: skip


def _visits(lines: list[Line]) -> dict[str, Any]:
    owing = [one for one in lines if one.duty.shape.counts in VISITING and one.state != "none"]
    part = sum(one.state != "behind" for one in owing)
    behind = len({one.key for one in owing if one.state == "behind"})
    more = [ngettext("{n} 人（单位）落后", "{n} 人（单位）落后", behind).format(n=behind)] if behind else []
    return {"ok": part == len(owing) if owing else None, "part": part, "whole": len(owing), "page": "", "more": more,
            "says": _("项走访和驻村任务没有落后"), "source": _("走访和驻村记录")}  # fmt: skip


def _tasks(unit: Unit, on: date) -> dict[str, Any]:
    found = balances([unit.pk], date(on.year, 1, 1), on)[unit.pk]
    known = profile.active().fieldwork.tasks
    served = sum(n > 0 for n in found.counts.values())
    never = [known[one].label.in_(profile.language()) for one in found.never if one in known]
    more = [_("从未做过：{tasks}").format(tasks="、".join(never))] if never else []
    return {"ok": served == len(found.counts) if found.visits else None, "part": served, "whole": len(found.counts),
            "page": "", "says": _("项任务今年有走访记录"), "source": _("走访和驻村记录"), "more": more}  # fmt: skip
