"""保存期 what names people goes when its time is over, or when a party asks for it; counts remain (VOICE-5)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from shuanglian.attachments.actions import attachments
from shuanglian.core.profile import active
from shuanglian.disputes.models import Dispute, Step
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.trail import trail

from .disputes import locked, step

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


def night(*, on: date, at: datetime) -> int:
    """Delete what names people of every dispute whose time is over; how many. Each by itself, safe to run twice."""
    if active().disputes.terms is None:
        return 0
    due = Dispute.objects.filter(gone_at=None, keep_until__lte=on).order_by("pk").values_list("pk", flat=True)
    return sum(_in_time(pk, on, at) for pk in list(due))


@transaction.atomic
def _in_time(pk: int, on: date, at: datetime) -> bool:
    kept = locked(pk)
    if kept.gone_at is not None or kept.keep_until is None or kept.keep_until > on:
        return False
    _forget(kept, Dispute.Gone.RULE, by=None, at=at)
    return True


@transaction.atomic
def asked(*, dispute: Dispute, by: User, at: datetime) -> Dispute:
    """A party asks for it before the time: granted as soon as mediation is over."""
    kept = locked(dispute)
    if kept.state != Dispute.State.CLOSED:
        raise Refusal("still_needed", N_("调解和回访还没有结束，办结以后才能删除"))
    if kept.gone_at is None:
        _forget(kept, Dispute.Gone.ASKED, by=by, at=at)
    return kept


def _forget(dispute: Dispute, why: str, *, by: User | None, at: datetime) -> None:
    """Parties, words, scans, and the way back to the demand; the trail says by which rule, and nothing else."""
    records = list(dispute.records.all())
    dispute.parties.all().delete()
    dispute.records.update(text="")
    dispute.demand, dispute.digest, dispute.gone_at, dispute.gone_why = None, "", at, why
    dispute.save(update_fields=["demand", "digest", "gone_at", "gone_why"])
    step(dispute, Step.Kind.GONE, by=by, at=at)
    terms = active().disputes.terms
    trail.write(
        "disputes.forget", about=dispute, by=by, at=at, rule=why, keep_months=terms.keep_months if terms else None
    )
    for record in records:
        for scan in attachments.of(record).filter(gone_at=None):
            attachments.take_away(scan, at=at)
