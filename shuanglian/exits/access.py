"""The gates to one row of this room: 404 outside what the reader sees, 403 for a role that may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from shuanglian.areas.models import Area
from shuanglian.registry import access as registry
from shuanglian.registry.models import Household

from .models import ExitCheck

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

needs = registry.needs
area = registry.area


def household(actor: User, pk: int, permission: str = "exits.view") -> Household:
    """A household whose standing the actor may see (or, with another permission, work on)."""
    found = registry.household(actor, pk)
    needs(actor, permission)
    return found


def check(actor: User, pk: int) -> ExitCheck:
    rows = ExitCheck.objects.within(actor.area).select_related("area", "by", "job")
    found: ExitCheck = get_object_or_404(rows, pk=pk)
    needs(actor, "exits.view")
    return found


def an_area(actor: User, code: str, permission: str = "exits.view") -> Area:
    """A village, township or county at or below the actor's own area."""
    rows = Area.objects.current().within(actor.area).filter(level__gte=Area.Level.COUNTY)
    found = get_object_or_404(rows.select_related("parent__parent__parent__parent"), code=code)
    needs(actor, permission)
    return found
