"""The gates of the look-back: 404 outside the area or off one's list, 403 for a role that may not."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from shuanglian.accounts.models import User
from shuanglian.accounts.rights import may
from shuanglian.areas.models import PREFIX_LENGTHS, Area, below
from shuanglian.organisation.queries import bound_to

from .models import Assignment, Campaign, Draw, Drawn, Visit


def campaigns_seen_by(actor: User) -> QuerySet[Campaign]:
    """Campaigns of the actor's area, of those below and of those above it: a village works in its county's."""
    if actor.area is None or not bound_to(actor):
        return Campaign.objects.none()
    prefix = actor.area.prefix
    above = [prefix[:length].ljust(12, "0") for length in PREFIX_LENGTHS.values() if length < len(prefix)]
    return Campaign.objects.filter(below(prefix) | Q(area_code__in=above)).select_related("area__parent")


def campaign_to_see(actor: User, campaign_id: int) -> Campaign:
    """A campaign's figures: for those bound to an area; a cadre has his own list."""
    if bound_to(actor) != "area":
        raise PermissionDenied(_("您只能看自己的核查名单。"))
    return get_object_or_404(campaigns_seen_by(actor), pk=campaign_id)


def campaign_to_run(actor: User, campaign_id: int) -> Campaign:
    """A campaign in which the actor may do what its office does, within the own area."""
    found = campaign_to_see(actor, campaign_id)
    _needs(actor, "lookback.run")
    return found


def campaign_to_end(actor: User, campaign_id: int) -> Campaign:
    """A campaign that is the actor's own to fill up and to end."""
    found = campaign_to_run(actor, campaign_id)
    if actor.area is None or not found.area_code.startswith(actor.area.prefix):
        raise PermissionDenied(_("这次回头看由上级部署。"))
    return found


def area_in(actor: User, campaign: Campaign, code: str | None) -> Area:
    """The area that a page of a campaign is about: inside both the campaign's and the actor's."""
    own = actor.area
    assert own is not None
    top = own if len(own.prefix) > len(campaign.area.prefix) else campaign.area
    if not code or code == top.code:
        return top
    rows = Area.objects.current().within(top).select_related("parent__parent__parent__parent")
    return get_object_or_404(rows, code=code)


def assignments_seen_by(actor: User) -> QuerySet[Assignment]:
    """The actor's area's; a cadre's own list only."""
    rows = Assignment.objects.within(actor.area)
    match bound_to(actor):
        case "area":
            return rows
        case "cadre":
            return rows.filter(cadre__user=actor)
    return rows.none()


def assignment_to_see(actor: User, assignment_id: int) -> Assignment:
    rows = assignments_seen_by(actor).select_related("campaign__area", "household__village__parent", "cadre", "user")
    return get_object_or_404(rows, pk=assignment_id)


def assignment_to_visit(actor: User, assignment_id: int, role: str) -> Assignment:
    """Somebody to visit, in the first round or again; the role says which permission it takes."""
    found = assignment_to_see(actor, assignment_id)
    _needs(actor, "lookback.recheck" if role == Visit.Role.RECHECK else "lookback.visit")
    if role == Visit.Role.RECHECK and not drawn_seen_by(actor).filter(assignment=found).exists():
        raise PermissionDenied(_("该户没有被抽中。"))
    return found


def visits_seen_by(actor: User) -> QuerySet[Visit]:
    rows = Visit.objects.within(actor.area)
    match bound_to(actor):
        case "area":
            return rows if may(actor, "lookback.recheck") or not _of_village(actor) else rows.filter(role="first")
        case "cadre":
            return rows.filter(by=actor)
    return rows.none()


def visit_to_see(actor: User, visit_id: int) -> Visit:
    rows = visits_seen_by(actor).select_related(
        "assignment__household__village__parent", "assignment__campaign", "campaign__area", "by", "handled_by"
    )
    return get_object_or_404(rows, pk=visit_id)


def visit_to_handle(actor: User, visit_id: int) -> Visit:
    """A finding that waits for the township (or above): never a village's or a cadre's to confirm."""
    found = visit_to_see(actor, visit_id)
    _needs(actor, "lookback.run")
    if _of_village(actor):
        raise PermissionDenied(_("由乡镇及以上确认。"))
    return found


def draws_seen_by(actor: User) -> QuerySet[Draw]:
    """Draws within the actor's area. While a campaign runs villages do not see who will be checked again."""
    rows = Draw.objects.within(actor.area).defer("frame").select_related("campaign__area", "area")
    if bound_to(actor) != "area":
        return rows.none()
    return rows.filter(campaign__state=Campaign.State.CLOSED) if _of_village(actor) else rows


def drawn_seen_by(actor: User) -> QuerySet[Drawn]:
    return Drawn.objects.within(actor.area).filter(draw__in=draws_seen_by(actor).values("pk"))


def draw_to_see(actor: User, draw_id: int) -> Draw:
    return get_object_or_404(draws_seen_by(actor), pk=draw_id)


def draw_to_run(actor: User, draw_id: int) -> Draw:
    found = draw_to_see(actor, draw_id)
    _needs(actor, "lookback.run")
    return found


def _of_village(actor: User) -> bool:
    return actor.area is None or actor.area.level == Area.Level.VILLAGE


def _needs(actor: User, permission: str) -> None:
    if not may(actor, permission):
        raise PermissionDenied(_("您的角色不能做这件事。"))
