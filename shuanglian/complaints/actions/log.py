"""What happened to a letter is written down with the letter, and in no other book (VOICE-6)."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from shuanglian.complaints import access
from shuanglian.complaints.models import Complaint, Step
from shuanglian.core.clock import day_of
from shuanglian.core.profile import active
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.notices.actions.objections import plain
from shuanglian.rules.complaint_shapes import ComplaintTerms

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


def terms() -> ComplaintTerms:
    """How the profile has letters taken; a Refusal when it takes none."""
    found = active().complaints.terms
    if found is None:
        raise Refusal("no_letters", N_("方案没有规定安全信件怎样受理；请打监督电话"))
    return found


def write(complaint: Complaint, kind: str, *, by: User | None, at: datetime, text: str = "", **told: Any) -> Step:
    """One step more; `told` makes the text a JSON object beside it. Ask for the letter's lock first."""
    last = complaint.steps.aggregate(last=Max("place"))["last"] or 0
    words = json.dumps({"text": text, **told}, ensure_ascii=False) if told else text
    return Step.objects.create(
        complaint=complaint, kind=kind, office_code=complaint.office_code, text=words, by=by, at=at, place=last + 1
    )


def locked(complaint: Complaint) -> Complaint:
    return Complaint.objects.select_for_update().get(pk=complaint.pk)


def held(complaint: Complaint, by: User, at: datetime, *states: str) -> Complaint:
    """The letter, locked, if `by` may work on it now and it stands in one of the states."""
    kept = locked(complaint)
    if access.letter_to_read(by, kept.pk, day_of(at)) is None:
        raise Refusal("not_yours", N_("这封信不由您受理"))
    if kept.state not in states:
        raise Refusal("not_now", N_("这封信现在不能这样办：状态已经变了"))
    return kept


def words_of(text: str, *, shortest: int, longest: int) -> str:
    """A text as it is kept; a Refusal when it is too short or too long."""
    text = plain(text)
    if len(text) < shortest:
        raise Refusal("text_missing", N_("请写清楚，至少 {least} 个字"), least=shortest)
    if len(text) > longest:
        raise Refusal("text_too_long", N_("文字太长：最多 {most} 字"), most=longest)
    return text


def deadlines(on: date, days: int) -> dict[str, date]:
    """The last of so many working days after a day, and when it is reminded of."""
    working, found = active().working_days, terms()
    due = working.add(on, days)
    return {"due_on": due, "remind_on": max(on, working.before(due, found.remind))}


def change(complaint: Complaint, **values: Any) -> Complaint:
    """The columns that may follow; the rest of a letter never changes."""
    Complaint.objects.filter(pk=complaint.pk).update(**values)
    for name, value in values.items():
        setattr(complaint, name, value)
    return complaint
