"""The gates of mediation: rows for the offices of the area, names only for who mediates and the office that has it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from shuanglian.accounts.models import User
from shuanglian.accounts.rights import may
from shuanglian.organisation.queries import bound_to

from .kinship import related
from .models import Dispute, DisputeQuerySet

VIEW, REPORT, MEDIATE, SCREEN = "disputes.view", "disputes.report", "disputes.mediate", "disputes.screen"


def disputes_seen_by(actor: User) -> DisputeQuerySet:
    """Without names: an office those of its area; anybody else what he told of or mediates."""
    rows = Dispute.objects.within(actor.area)
    if not may(actor, MEDIATE):
        return rows.none()
    return rows if bound_to(actor) == "area" else rows.filter(Q(by=actor) | Q(mediator=actor))


def dispute_to_see(actor: User, dispute_id: int) -> Dispute:
    rows = disputes_seen_by(actor).select_related("village__parent", "by", "mediator", "closed_by")
    return get_object_or_404(rows, pk=dispute_id)


def handles(actor: User, dispute: Dispute) -> bool:
    """The office that has it now."""
    return (
        may(actor, MEDIATE) and bound_to(actor) == "area" and actor.area is not None
        and actor.area.code == dispute.office
    )  # fmt: skip


def is_inside(actor: User, dispute: Dispute) -> bool:
    """Who reads names and words: the mediator and the office that has it, unless he is a party or a relative of one."""
    near = may(actor, MEDIATE) and dispute.mediator_id == actor.pk
    return (near or handles(actor, dispute)) and related(actor, dispute) == ""


def stands_above(actor: User, dispute: Dispute) -> bool:
    """An office over the one that has it may take it up."""
    return (
        may(actor, MEDIATE) and bound_to(actor) == "area" and actor.area is not None
        and actor.area.code != dispute.office and dispute.office.startswith(actor.area.prefix)
    )  # fmt: skip


def dispute_to_mediate(actor: User, dispute_id: int) -> Dispute:
    found = dispute_to_see(actor, dispute_id)
    if not is_inside(actor, found):
        raise PermissionDenied(_("由调解人和现在负责调处的机关办理；当事人和他的亲属回避。"))
    return found


def dispute_to_direct(actor: User, dispute_id: int) -> Dispute:
    """Of the office that has it: who mediates, when it ends, what is deleted."""
    found = dispute_to_mediate(actor, dispute_id)
    if not handles(actor, found):
        raise PermissionDenied(_("由现在负责调处的机关决定。"))
    return found


def dispute_to_raise(actor: User, dispute_id: int) -> Dispute:
    """Up one level: by the office that has it, or by one above."""
    found = dispute_to_see(actor, dispute_id)
    if not (stands_above(actor, found) or (handles(actor, found) and is_inside(actor, found))):
        raise PermissionDenied(_("由现在负责调处的机关或上级机关决定。"))
    return found
