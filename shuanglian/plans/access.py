"""The gates to plans: 404 outside what the reader sees, 403 for a role that may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from shuanglian.accounts.rights import may
from shuanglian.areas.models import Area, AreaQuerySet
from shuanglian.core.profile import active
from shuanglian.organisation.queries import bound_to
from shuanglian.pairing.models import VillageLink
from shuanglian.registry import access as registry
from shuanglian.registry import scope
from shuanglian.registry.models import Household

from .models import Agreement, HouseholdPlan, Measure, Progress, VillageAct, VillageLine, VillagePlan

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

needs = registry.needs
area = registry.area


def plans_seen_by(actor: User) -> QuerySet[HouseholdPlan]:
    """Plans of the households that the actor sees: an area's, a unit's, a cadre's own."""
    rows = HouseholdPlan.objects.within(actor.area)
    if bound_to(actor) == "area":
        return rows
    return rows.filter(household__in=scope.visible(seen_by=actor).values("pk"))


def household(actor: User, pk: int, permission: str = "plans.view") -> Household:
    """A household whose plan the actor may see (or, with another permission, write)."""
    found = registry.household(actor, pk)
    needs(actor, permission)
    return found


def plan(actor: User, pk: int, permission: str = "plans.view") -> HouseholdPlan:
    rows = plans_seen_by(actor).select_related("household__village__parent__parent__parent__parent", "by")
    found = get_object_or_404(rows, pk=pk)
    needs(actor, permission)
    return found


def agreement(actor: User, pk: int) -> Agreement:
    rows = Agreement.objects.filter(plan__in=plans_seen_by(actor).values("pk")).select_related("image", "plan")
    found = get_object_or_404(rows, pk=pk)
    needs(actor, "plans.view")
    return found


def measure(actor: User, pk: int, permission: str = "plans.write") -> Measure:
    """A line of a plan that the actor may log progress to."""
    rows = Measure.objects.filter(plan__in=plans_seen_by(actor).values("pk")).select_related("plan__household")
    found = get_object_or_404(rows, pk=pk)
    needs(actor, permission)
    return found


def progress(actor: User, pk: int) -> Progress:
    """A logged line that the actor wrote and may withdraw."""
    rows = Progress.objects.filter(by=actor, measure__plan__in=plans_seen_by(actor).values("pk"))
    found = get_object_or_404(rows.select_related("measure__plan"), pk=pk)
    needs(actor, "plans.write")
    return found


# --- villages ---------------------------------------------------------------------------------------------------------
def villages_seen_by(actor: User) -> AreaQuerySet:
    """Villages whose plans the actor sees: of his area; of a unit those it is linked to; of a cadre those, and
    where his own households live."""
    rows = Area.objects.current().within(actor.area).filter(level=Area.Level.VILLAGE, kind=Area.Kind.REAL)
    match bound_to(actor):
        case "area":
            return rows
        case "unit":
            links = VillageLink.objects.open().filter(unit__accounts__user=actor)
            return rows.filter(pk__in=links.values("village"))
        case "cadre":
            links = VillageLink.objects.open().filter(unit__cadres__user=actor)
            homes = scope.visible(seen_by=actor).standing()
            return rows.filter(Q(pk__in=links.values("village")) | Q(pk__in=homes.values("village")))
    return rows.none()


def village(actor: User, code: str, permission: str = "plans.view") -> Area:
    """A village whose plans the actor may see (or, with another permission, write)."""
    rows = villages_seen_by(actor).select_related("parent__parent__parent__parent")
    found = get_object_or_404(rows, code=code)
    needs(actor, permission)
    return found


def village_plans_seen_by(actor: User) -> QuerySet[VillagePlan]:
    rows: QuerySet[VillagePlan] = VillagePlan.objects.within(actor.area)
    if bound_to(actor) == "area":
        return rows
    return rows.filter(village__in=villages_seen_by(actor).values("pk"))


def village_plan(actor: User, pk: int, permission: str = "plans.view") -> VillagePlan:
    rows = village_plans_seen_by(actor).select_related("village__parent__parent__parent__parent", "by", "copied_from")
    found = get_object_or_404(rows, pk=pk)
    needs(actor, permission)
    return found


def may_endorse(actor: User) -> bool:
    """Whether the actor's office is of a level that approves village plans."""
    terms = active().villages.terms
    level = Area.Level(actor.area.level).name.lower() if actor.area else ""
    return terms is not None and level in terms.approves and may(actor, "plans.endorse") and bound_to(actor) == "area"


def village_plan_to_judge(actor: User, pk: int) -> VillagePlan:
    """A village's plan before the township (or the level that the profile names)."""
    found = village_plan(actor, pk, "plans.endorse")
    if not may_endorse(actor):
        raise PermissionDenied(_("只有乡镇可以审定村计划"))
    return found


def village_line(actor: User, pk: int, permission: str = "plans.village") -> VillageLine:
    rows = VillageLine.objects.filter(plan__in=village_plans_seen_by(actor).values("pk"))
    found = get_object_or_404(rows.select_related("plan__village"), pk=pk)
    needs(actor, permission)
    return found


def village_minutes(actor: User, pk: int) -> VillageAct:
    """An act of a village's plan that has scanned minutes."""
    rows = VillageAct.objects.filter(plan__in=village_plans_seen_by(actor).values("pk"), image__isnull=False)
    found = get_object_or_404(rows.select_related("image"), pk=pk)
    needs(actor, "plans.view")
    return found
