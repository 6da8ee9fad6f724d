"""The gates of scrutiny: the cadre sees his own flags, offices and inspectors those of their area; nobody else any."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from shuanglian.accounts.models import User
from shuanglian.accounts.rights import may
from shuanglian.organisation.queries import bound_to

from .models import CallBack, Draw, Flag


def flags_seen_by(actor: User) -> QuerySet[Flag]:
    """Of the actor's area with scrutiny.view; a cadre those of his own visits. A unit sees none: it is no judge."""
    rows = Flag.objects.within(actor.area)
    match bound_to(actor):
        case "area":
            return rows if may(actor, "scrutiny.view") else rows.none()
        case "cadre":
            return rows.filter(cadre__user=actor)
    return rows.none()


def flag_to_see(actor: User, flag_id: int) -> Flag:
    rows = flags_seen_by(actor).select_related(
        "visit__household__village__parent", "visit__cadre__unit", "cadre__unit", "answered_by", "decided_by"
    )
    return get_object_or_404(rows, pk=flag_id)


def flag_to_answer(actor: User, flag_id: int) -> Flag:
    found = flag_to_see(actor, flag_id)
    _needs(actor, "scrutiny.answer")
    return found


def flag_to_decide(actor: User, flag_id: int) -> Flag:
    found = flag_to_see(actor, flag_id)
    _needs(actor, "scrutiny.review")
    return found


def draws_seen_by(actor: User) -> QuerySet[Draw]:
    """Offices and inspectors of the area: who is asked is no helper's, unit's or village's to know."""
    rows = Draw.objects.within(actor.area)
    return rows if bound_to(actor) == "area" and may(actor, "scrutiny.view") else rows.none()


def call_backs_seen_by(actor: User) -> QuerySet[CallBack]:
    rows = CallBack.objects.within(actor.area)
    return rows if bound_to(actor) == "area" and may(actor, "scrutiny.view") else rows.none()


def draw_to_see(actor: User, draw_id: int) -> Draw:
    return get_object_or_404(draws_seen_by(actor).select_related("area"), pk=draw_id)


def call_back_to_answer(actor: User, call_back_id: int) -> CallBack:
    rows = call_backs_seen_by(actor).select_related("draw", "visit__cadre", "household")
    found = get_object_or_404(rows, pk=call_back_id)
    _needs(actor, "scrutiny.draw")
    return found


def _needs(actor: User, permission: str) -> None:
    if not may(actor, permission):
        raise PermissionDenied(_("您的角色不能做这件事。"))
