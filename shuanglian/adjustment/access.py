"""The gates to one round: 404 outside what the reader sees, 403 for a role that may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from shuanglian.core.scoping import unscoped
from shuanglian.registry import access as registry

from .models import Round

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

needs = registry.needs
area = registry.area


def a_round(actor: User, pk: int, permission: str = "adjustment.view") -> Round:
    """A round of the actor's area, or of one around it: a village works on its county's."""
    with unscoped():
        rows = Round.objects.select_related("area", "by", "closed_by", "job", "check_of")
        found = rows.filter(pk=pk).first()
    own = actor.area
    if found is None or own is None or not (found.area.contains(own) or own.contains(found.area)):
        raise Http404
    needs(actor, permission)
    return found
