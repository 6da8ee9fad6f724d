"""打开身份 who complained is opened only by two officers of the reading office, with a reason (VOICE-6).

One asks, another agrees; both see it for some hours. Every step stands in the letter's own book, and the complainant
reads on the follow page when it was opened, and why.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shuanglian.complaints.models import Complaint, Opening, Step
from shuanglian.complaints.sealing import open_identity
from shuanglian.core.scoping import unscoped
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

from . import log

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

State, Kind = Complaint.State, Step.Kind
OPEN = (State.RECEIVED, State.EXAMINED, State.ANSWERED)
SHORTEST_WHY, LONGEST_WHY = 6, 300


@transaction.atomic
def ask(*, complaint: Complaint, why: str, by: User, at: datetime) -> Opening:
    """One officer asks, with a reason that the complainant will read."""
    with unscoped():
        kept = log.held(complaint, by, at, *OPEN)
        if not kept.identity:
            raise Refusal("nobody_named", N_("这封信没有留身份"))
        if any(waits(one, at) for one in kept.openings.filter(answered_at=None)):
            raise Refusal("asked_already", N_("已经有一份申请在等另一位受理人"))
        told = log.words_of(why, shortest=SHORTEST_WHY, longest=LONGEST_WHY)
        log.write(kept, Kind.OPENING_ASKED, by=by, at=at, text=told)
        return Opening.objects.create(complaint=kept, why=told, asked_by=by, asked_at=at)


@transaction.atomic
def answer(*, opening: Opening, agree: bool, by: User, at: datetime) -> Opening:
    """Another officer agrees or not; nobody agrees to his own request."""
    with unscoped():
        complaint = log.held(opening.complaint, by, at, *OPEN)
        kept = Opening.objects.select_for_update().get(pk=opening.pk)
        if kept.asked_by_id == by.pk:
            raise Refusal("four_eyes", N_("须由另一位受理人同意"))
        if not waits(kept, at):
            raise Refusal("not_waiting", N_("这份申请已经答复，或者过了时间"))
        kept.answered_by, kept.answered_at, kept.agreed = by, at, agree
        kept.until = at + timedelta(hours=log.terms().opening_hours) if agree else None
        kept.save(update_fields=["answered_by", "answered_at", "agreed", "until"])
        log.write(complaint, Kind.OPENING_AGREED if agree else Kind.OPENING_REFUSED, by=by, at=at, text=kept.why)
        return kept


@transaction.atomic
def look(*, opening: Opening, by: User, at: datetime) -> dict[str, Any]:
    """{name, phone, household, number, head}: to the two officers only, while it is open; each look is written down."""
    with unscoped():
        complaint = log.held(opening.complaint, by, at, *State)
        kept = Opening.objects.get(pk=opening.pk)
        if not is_open_to(kept, by, at) or not complaint.identity:
            raise Refusal("not_open", N_("身份没有对您打开，或者已经关上"))
        log.write(complaint, Kind.IDENTITY_SEEN, by=by, at=at)
        return open_identity(complaint.identity, about=str(complaint.pk))


def waits(opening: Opening, at: datetime) -> bool:
    """Whether a request still waits for the second officer."""
    return opening.answered_at is None and at <= opening.asked_at + timedelta(days=log.terms().opening_days)


def is_open_to(opening: Opening, by: User, at: datetime) -> bool:
    """Whether the identity stands open to somebody now."""
    two = {opening.asked_by_id, opening.answered_by_id}
    return bool(opening.agreed) and opening.until is not None and at <= opening.until and by.pk in two
