"""The gates to rounds, pairs and links: 404 outside the area, 403 for the wrong role."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from shuanglian.accounts.models import User
from shuanglian.accounts.rights import may
from shuanglian.areas.models import Area
from shuanglian.core import profile
from shuanglian.organisation.models import Cadre, Unit

from .models import Pairing, ProposedLink, ProposedPair, Relative, Round, Wish


def rounds_seen_by(actor: User) -> QuerySet[Round]:
    """Rounds of counties at or below the actor's area; people bound to a unit or to themselves see none."""
    if actor.area is None or not bound_to_area(actor):
        return Round.objects.none()
    prefix = actor.area.prefix
    return Round.objects.filter(area_code__gte=prefix, area_code__lt=f"{prefix}:")


def round_to_see(actor: User, round_id: int) -> Round:
    return get_object_or_404(rounds_seen_by(actor).select_related("area", "by", "confirmed_by", "job"), pk=round_id)


def round_to_change(actor: User, round_id: int) -> Round:
    """A round whose wishes, weights and days the actor may change; whether it is still open is the verb's question."""
    found = round_to_see(actor, round_id)
    if not may(actor, "pairing.propose"):
        raise PermissionDenied(_("您的角色不能编制结对方案。"))
    return found


def round_to_confirm(actor: User, round_id: int) -> Round:
    found = round_to_see(actor, round_id)
    if not may(actor, "pairing.confirm"):
        raise PermissionDenied(_("您的角色不能确认结对方案。"))
    return found


def round_to_publish(actor: User, round_id: int) -> Round:
    found = round_to_see(actor, round_id)
    if not may(actor, "pairing.publish"):
        raise PermissionDenied(_("您的角色不能公布结对结果。"))
    return found


def pair_to_see(actor: User, pair_id: int) -> ProposedPair:
    """One proposed pair, for those who see its round."""
    pairs = ProposedPair.objects.select_related(
        "round__area", "household__village__parent", "cadre__unit", "last_cadre__unit"
    ).filter(round__in=rounds_seen_by(actor))
    return get_object_or_404(pairs, pk=pair_id)


def link_to_see(actor: User, link_id: int) -> ProposedLink:
    """One proposed link, for those who see its round."""
    links = ProposedLink.objects.select_related("round__area", "unit", "village__parent")
    return get_object_or_404(links.filter(round__in=rounds_seen_by(actor)), pk=link_id)


def wish_to_change(actor: User, wish_id: int) -> Wish:
    if not may(actor, "pairing.propose"):
        raise PermissionDenied(_("您的角色不能编制结对方案。"))
    return get_object_or_404(Wish.objects.select_related("round").filter(round__in=rounds_seen_by(actor)), pk=wish_id)


def pairing_to_change(actor: User, pairing_id: int) -> Pairing:
    found = get_object_or_404(Pairing.objects.within(actor.area).select_related("household", "cadre"), pk=pairing_id)
    if not may(actor, "pairing.propose") or not bound_to_area(actor):
        raise PermissionDenied(_("您的角色不能调整结对。"))
    return found


def relative_to_change(actor: User, relative_id: int) -> Relative:
    if not may(actor, "pairing.propose"):
        raise PermissionDenied(_("您的角色不能维护亲属回避。"))
    prefix = actor.area.prefix if actor.area else "-"
    return get_object_or_404(
        Relative.objects.filter(household__area_code__gte=prefix, household__area_code__lt=f"{prefix}:"), pk=relative_id
    )


def county_to_pair(actor: User, code: str) -> Area:
    """A county at or below the actor's area, for a new round."""
    if not may(actor, "pairing.propose"):
        raise PermissionDenied(_("您的角色不能编制结对方案。"))
    return get_object_or_404(Area.objects.current().within(actor.area), code=code, level=Area.Level.COUNTY)


def bound_to_area(actor: User) -> bool:
    return _bound_to(actor) == "area"


def bound_cadre(actor: User) -> Cadre | None:
    """The cadre that the account belongs to, for roles bound to a cadre."""
    return Cadre.objects.filter(user=actor).first() if _bound_to(actor) == "cadre" else None


def bound_unit(actor: User) -> Unit | None:
    """The unit that the account belongs to, for roles bound to a unit."""
    return Unit.objects.filter(accounts__user=actor).first() if _bound_to(actor) == "unit" else None


def _bound_to(actor: User) -> str:
    """area, unit or cadre; nothing for a role that the profile does not know."""
    role = profile.active().roles.get(actor.role)
    return role.bound_to if role else ""
