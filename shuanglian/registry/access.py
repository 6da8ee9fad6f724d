"""The gates to one household, member or suspicion: 404 outside the reader's area, 403 for a role that may not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from shuanglian.accounts.rights import may
from shuanglian.areas.models import Area

from . import scope
from .models import Flag, FlagException, Household, HouseholdLink, HouseholdSuspicion, Person, Suspicion

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


def household(actor: User, pk: int) -> Household:
    """A household to look at, numbers masked."""
    rows = scope.visible(seen_by=actor).select_related("village__parent__parent__parent__parent")
    return get_object_or_404(rows, pk=pk)


def household_to_edit(actor: User, pk: int) -> Household:
    found = household(actor, pk)
    needs(actor, "registry.edit")
    return found


def household_to_reveal(actor: User, pk: int) -> Household:
    """A household whose full numbers the reader may ask for (and be logged)."""
    found = household(actor, pk)
    needs(actor, "registry.reveal")
    return found


def person_to_edit(actor: User, pk: int) -> Person:
    found = get_object_or_404(scope.visible_people(seen_by=actor).select_related("household__village"), pk=pk)
    needs(actor, "registry.edit")
    return found


def suspicion_to_decide(actor: User, pk: int) -> Suspicion:
    """A possible duplicate: whoever decides must see both sides."""
    found = get_object_or_404(scope.visible_suspicions(seen_by=actor), pk=pk)
    needs(actor, "registry.edit")
    return found


def flag_to_except(actor: User, pk: int) -> Flag:
    """A complaint that stands open in the reader's area."""
    rows = Flag.objects.within(actor.area).exclude(state=Flag.State.GONE)
    found = get_object_or_404(_whose(rows, actor).select_related("household__village__parent", "person"), pk=pk)
    if found.household_id is not None:
        household(actor, found.household_id)
    needs(actor, "quality.except")
    return found


def exception_to_withdraw(actor: User, pk: int) -> FlagException:
    found = get_object_or_404(_whose(FlagException.objects.within(actor.area), actor).filter(ended=""), pk=pk)
    if found.household_id is not None:
        household(actor, found.household_id)
    needs(actor, "quality.except")
    return found


def _whose(rows: Any, actor: User) -> Any:
    """What is about a village itself only for those who have the area; the household is asked for by itself."""
    return rows if scope.bound_to(actor) == "area" else rows.filter(household__isnull=False)


def files_to_decide(actor: User, pk: int) -> HouseholdSuspicion:
    """Two files that may be one household: whoever decides must see both."""
    rows = scope.visible_file_suspicions(seen_by=actor).select_related("one__village", "other__village")
    found = get_object_or_404(rows, pk=pk)
    needs(actor, "registry.edit")
    return found


def link_to_undo(actor: User, pk: int) -> HouseholdLink:
    """A merge whose two files the reader sees."""
    rows = HouseholdLink.objects.within(actor.area).select_related("source__village", "target__village")
    found = get_object_or_404(rows, pk=pk)
    files = {found.source_id, found.target_id}
    if scope.visible(seen_by=actor).filter(pk__in=files).count() < len(files):
        raise Http404
    needs(actor, "registry.edit")
    return found


def area(actor: User, code: str | None) -> Area:
    """The area that a page is about: one at or below the reader's own, by its code; the reader's own without one."""
    own = actor.area
    if own is not None and (not code or code == own.code):
        return own
    rows = Area.objects.current().within(own).select_related("parent__parent__parent__parent")
    return get_object_or_404(rows, code=code or "")


def needs(actor: User, permission: str) -> None:
    """403 unless the actor's role holds the permission."""
    if not may(actor, permission):
        raise PermissionDenied(_("您的角色不能做这件事。"))
