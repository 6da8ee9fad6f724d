"""The gates to one unit or cadre: 404 outside the reader's area, 403 for a role that may not look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from shuanglian.accounts.rights import may

from . import queries
from .models import Absence, Cadre, Unit

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


def unit(actor: User, pk: int) -> Unit:
    """A unit to look at; a cadre may look at his own (its name and address), others need the right."""
    found = get_object_or_404(queries.visible_units(seen_by=actor).select_related("area__parent__parent"), pk=pk)
    if queries.bound_to(actor) != "cadre":
        _needs(actor, "organisation.view")
    return found


def unit_to_edit(actor: User, pk: int) -> Unit:
    found = unit(actor, pk)
    _needs(actor, "organisation.edit")
    return found


def cadre(actor: User, pk: int) -> Cadre:
    """A cadre to look at; everybody may look at himself, others need the right."""
    found = get_object_or_404(
        queries.visible_cadres(seen_by=actor).select_related("unit__area", "stationed_at", "user"), pk=pk
    )
    if found.user_id != actor.pk:
        _needs(actor, "organisation.view")
    return found


def cadre_to_edit(actor: User, pk: int) -> Cadre:
    found = cadre(actor, pk)
    _needs(actor, "organisation.edit")
    return found


def absence_to_end(actor: User, pk: int) -> Absence:
    found = get_object_or_404(Absence.objects.select_related("cadre"), pk=pk)
    found.cadre = cadre_to_edit(actor, found.cadre_id)
    return found


def _needs(actor: User, permission: str) -> None:
    if not may(actor, permission):
        raise PermissionDenied(_("您的角色不能做这件事。"))
