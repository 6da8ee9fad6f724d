"""Whose duties somebody may see: his own, his unit's, those of people and units that work in his area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from shuanglian.accounts.models import User
from shuanglian.accounts.rights import may
from shuanglian.areas.models import below
from shuanglian.fieldwork.access import cadre_of
from shuanglian.fieldwork.models import Post
from shuanglian.organisation.models import Cadre, Unit, UnitAccount
from shuanglian.organisation.queries import bound_to, visible_cadres, visible_units
from shuanglian.pairing.models import LeaderLink, Pairing, VillageLink

from .book import Asked

if TYPE_CHECKING:
    from shuanglian.areas.models import Area

__all__ = ["asked_of", "cadre_of", "may_settle", "own", "unit_of", "unit_to_see", "units_seen"]


def own(actor: User) -> Asked:
    """What is one's own: a cadre's, a leader's, a unit's."""
    cadre = cadre_of(actor)
    if cadre is not None:
        return Asked(cadre=cadre.pk)
    unit = unit_of(actor)
    return Asked(unit=unit) if unit is not None else Asked(user=actor.pk)


def unit_of(actor: User) -> int | None:
    return UnitAccount.objects.filter(user=actor).values_list("unit", flat=True).first()


def asked_of(actor: User, kind: str, pk: int) -> Asked:
    """A person or unit by number; 404 for any that the actor does not see."""
    if kind == "unit":
        return Asked(unit=unit_to_see(actor, pk).pk)
    if kind == "cadre":
        return Asked(cadre=_cadre(actor, pk).pk)
    users = User.objects.filter(area__code__startswith=actor.area.prefix) if actor.area else User.objects.none()
    if bound_to(actor) != "area":
        users = users.filter(pk=actor.pk)
    return Asked(user=get_object_or_404(users, pk=pk).pk)


def _cadre(actor: User, pk: int) -> Cadre:
    found = get_object_or_404(visible_cadres(seen_by=actor), pk=pk)
    if bound_to(actor) == "area" and not _works(found, actor.area):
        raise Http404
    return found


def _works(cadre: Cadre, area: Area | None) -> bool:
    """Whether a cadre belongs to an area or has, or had, anything to do there."""
    if area is None:
        return False
    if cadre.area_code.startswith(area.prefix):
        return True
    return (
        Pairing.objects.within(area).filter(cadre=cadre).exists()
        or Post.objects.within(area).filter(cadre=cadre).exists()
        or LeaderLink.objects.within(area).filter(leader=cadre).exists()
    )


def unit_to_see(actor: User, pk: int) -> Unit:
    return get_object_or_404(units_seen(actor).select_related("area"), pk=pk)


def units_seen(actor: User) -> QuerySet[Unit]:
    """Units whose page the actor may open: of his area or linked to one of its villages; a unit account its own."""
    rows = visible_units(seen_by=actor)
    if bound_to(actor) != "area":
        return rows
    here = Q(pk__in=VillageLink.objects.within(actor.area).values("unit"))
    return rows.filter(here | below(actor.area.prefix)) if actor.area else rows.filter(here)


def may_settle(actor: User, place: str) -> bool:
    """Offices settle for those of their own area."""
    return may(actor, "duties.set") and actor.area is not None and place.startswith(actor.area.prefix)


def needs(actor: User, permission: str) -> None:
    if not may(actor, permission):
        raise PermissionDenied(_("您的角色不能做这件事。"))
