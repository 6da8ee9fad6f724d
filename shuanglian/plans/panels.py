"""Plans on other pages: on a household's page its plan, on the home page and an area's page what is due."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from shuanglian.accounts.rights import may
from shuanglian.areas.models import Area
from shuanglian.areas.queries import children
from shuanglian.core import clock
from shuanglian.core.profile import active
from shuanglian.organisation.queries import bound_to
from shuanglian.registry.models import Household
from shuanglian.rules.village_sums import Homes

from . import access, queries, summing, village_drafts, village_queries, wording
from .models import VillagePlan


def household_panel(request: HttpRequest, household: Household) -> str:
    """The newest version in short: gap, measures with what is done, agreed, approved."""
    user: Any = request.user
    if not may(user, "plans.view") or not active().plans:
        return ""
    plan = queries.plan_of(household)
    done = queries.done_of(plan) if plan else {}
    lines = [(wording.measure_label(one.code), wording.unit_label(one.code), one, done.get(one.code, 0))
             for one in plan.measures.all()] if plan else []  # fmt: skip
    return render_to_string("plans/panels/household.html", {
        "household": household, "plan": plan, "lines": lines, "may_write": may(user, "plans.write"),
    }, request)  # fmt: skip


def home_panel(request: HttpRequest, _obj: Any = None) -> str:
    """What is due of the reader's households."""
    user: Any = request.user
    if not may(user, "plans.view") or user.area is None or not active().plans or not bound_to(user):
        return ""
    if user.area.level < Area.Level.COUNTY:  # counted anew each time: of a province only on the room's own page
        return ""
    due = queries.due(seen_by=user, area=user.area, on=clock.today())
    if not due.households:
        return ""
    work = [(kind, queries.KINDS[kind], n) for kind, n in due.counts.items() if n]
    return render_to_string("plans/panels/home.html", {"due": due, "work": work, "area": user.area}, request)


def area_panel(request: HttpRequest, area: Area) -> str:
    """How many of an area's households have a plan that was agreed and adds up."""
    user: Any = request.user
    if not may(user, "plans.view") or user.area is None or not user.area.contains(area) or not active().plans:
        return ""
    if bound_to(user) != "area" or area.level < Area.Level.COUNTY:
        return ""
    due = queries.due(seen_by=user, area=area, on=clock.today())
    return render_to_string("plans/panels/area.html", {"area": area, "due": due}, request)


def village_panel(request: HttpRequest, area: Area) -> str:
    """A village's plans and whether they add up; of a township or county how many of its villages have one."""
    user: Any = request.user
    if not may(user, "plans.view") or user.area is None or not user.area.contains(area) or not active().villages:
        return ""
    if area.level < Area.Level.COUNTY:
        return ""
    context: dict[str, Any] = {"area": area, "village": area.level == Area.Level.VILLAGE}
    if not context["village"]:
        parts = village_queries.counted_below(seen_by=user, areas=list(children(area)), series=0)
        context["standing"] = village_queries.together(parts)
    elif access.villages_seen_by(user).filter(pk=area.pk).exists():
        context["plans"] = [(one, _faults(area, one)) for one in village_queries.newest_of(area)[:2]]
    else:
        return ""
    return render_to_string("plans/panels/village.html", context, request)


def _faults(village: Area, plan: VillagePlan) -> int:
    homes = summing.homes(village, plan.until).get(village.code, Homes())
    return len(village_drafts.reckoned(plan.content, homes).faults)
