"""The gates to plans: 404 outside what the reader sees, 403 for a role that may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from shuanglian.organisation.queries import bound_to
from shuanglian.registry import access as registry
from shuanglian.registry import scope
from shuanglian.registry.models import Household

from .models import Agreement, HouseholdPlan, Measure, Progress

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
