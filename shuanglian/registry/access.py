"""The gates to one household, member or suspicion: 404 outside the reader's area, 403 for a role that may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from shuanglian.accounts.rights import may
from shuanglian.areas.models import Area

from . import scope
from .models import Household, Person, Suspicion

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
