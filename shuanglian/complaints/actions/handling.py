"""办信 what officers do with a letter, and what the night does when they do not (VOICE-2, VOICE-3, ASSESS-12).

Received → examined → answered → closed by the complainant's "yes" or silence. A "no", a missed deadline, an officer who
passes it up and an office with nobody who may read it send it to the office above, where it begins anew.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from shuanglian.areas.models import PREFIX_LENGTHS
from shuanglian.complaints import access
from shuanglian.complaints.models import Complaint, Step
from shuanglian.core.clock import day_of
from shuanglian.core.profile import active
from shuanglian.core.scoping import unscoped
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.rules.complaints import above

from . import log
from .complaints import code_at

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

State, Kind = Complaint.State, Step.Kind
OPEN = (State.RECEIVED, State.EXAMINED)
LONGEST_ANSWER, LONGEST_WHY = 3_000, 500


# --- officers ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def open_(*, complaint: Complaint, by: User, at: datetime) -> Complaint:
    """An officer has the letter before him: told once a day in the letter's own book."""
    with unscoped():
        kept = log.held(complaint, by, at, *State)
        last = kept.steps.filter(kind=Kind.READ, by=by).order_by("-place").values_list("at", flat=True).first()
        if last is None or day_of(last) != day_of(at):
            log.write(kept, Kind.READ, by=by, at=at)
        return kept


@transaction.atomic
def take_up(*, complaint: Complaint, by: User, at: datetime) -> Complaint:
    """Begin to examine: the time for the answer runs from now."""
    with unscoped():
        kept = log.held(complaint, by, at, State.RECEIVED)
        log.write(kept, Kind.EXAMINED, by=by, at=at)
        return log.change(kept, state=State.EXAMINED, **log.deadlines(day_of(at), log.terms().answer_days))


@transaction.atomic
def ask(*, complaint: Complaint, text: str, by: User, at: datetime) -> Step:
    """A question to the complainant, who reads it by the number and adds words without a name."""
    with unscoped():
        kept = log.held(complaint, by, at, *OPEN)
        told = log.words_of(text, shortest=2, longest=LONGEST_WHY)
        return log.write(kept, Kind.ASKED, by=by, at=at, text=told)


@transaction.atomic
def answer(
    *, complaint: Complaint, outcome: str, text: str, consequence: str = "", by: User, at: datetime
) -> Complaint:
    """Answer in plain words (VOICE-3). What is found true names what follows, whatever the score (ASSESS-12)."""
    with unscoped():
        kept = log.held(complaint, by, at, State.EXAMINED)
        lists, allowed = active().complaints, log.terms()
        if outcome not in lists.outcomes:
            raise Refusal("unknown_outcome", N_("请选择结果"))
        if lists.outcomes[outcome].consequence != bool(consequence) or consequence not in {"", *lists.consequences}:
            raise Refusal("consequence_missing", N_("查实的要选怎样处理，没有查实的不选"))
        told = log.words_of(text, shortest=allowed.shortest_answer, longest=LONGEST_ANSWER)
        log.write(kept, Kind.ANSWERED, by=by, at=at, text=told, outcome=outcome, consequence=consequence)
        limits = log.deadlines(day_of(at), allowed.word_days)
        return log.change(kept, state=State.ANSWERED, outcome=outcome, **limits)


@transaction.atomic
def pass_up(*, complaint: Complaint, why: str, by: User, at: datetime) -> Complaint:
    """To the office above: it is its to find out, or somebody here is concerned after all."""
    with unscoped():
        kept = log.held(complaint, by, at, *OPEN)
        told = log.words_of(why, shortest=4, longest=LONGEST_WHY)
        if _next_office(kept, day_of(at)) is None:
            raise Refusal("nobody_above", N_("上面没有能受理的机关；请移送纪检监察机关"))
        return _move_up(kept, Kind.PASSED_UP, by=by, at=at, text=told)


# --- the complainant --------------------------------------------------------------------------------------------------
@transaction.atomic
def add(*, complaint: Complaint, text: str, at: datetime) -> Step:
    """More words from whoever holds the number."""
    with unscoped():
        kept = log.locked(complaint)
        if kept.state not in (*OPEN, State.ANSWERED):
            raise Refusal("over", N_("这封信已经办结。还有要说的，请另写一封"))
        told = log.words_of(text, shortest=1, longest=log.terms().longest)
        return log.write(kept, Kind.ADDED, by=None, at=at, text=told)


@transaction.atomic
def confirm(*, complaint: Complaint, at: datetime) -> Complaint:
    """The complainant is content."""
    with unscoped():
        kept = _answered(complaint)
        log.write(kept, Kind.CONFIRMED, by=None, at=at)
        return _close(kept, day_of(at))


@transaction.atomic
def deny(*, complaint: Complaint, why: str = "", at: datetime) -> Complaint:
    """The complainant is not: it begins anew one office higher; at the highest, there."""
    with unscoped():
        kept = _answered(complaint)
        told = log.words_of(why, shortest=0, longest=log.terms().longest)
        return _move_up(kept, Kind.DENIED, by=None, at=at, text=told)


def _answered(complaint: Complaint) -> Complaint:
    kept = log.locked(complaint)
    if kept.state != State.ANSWERED:
        raise Refusal("not_answered", N_("现在不能这样选：还没有答复，或者已经办结"))
    return kept


# --- the night --------------------------------------------------------------------------------------------------------
@transaction.atomic
def night(*, complaint: Complaint, at: datetime) -> Complaint:
    """What the calendar does to one letter; safe to run twice."""
    with unscoped():
        kept, on = log.locked(complaint), day_of(at)
        if kept.is_over:
            return _forget(kept, on, at)
        if kept.state == State.ANSWERED:
            if kept.due_on < on:
                log.write(kept, Kind.SILENT, by=None, at=at)
                return _close(kept, on)
            return kept
        if not access.readers_of(kept.office_code, access.content_of(kept)["away"], on) and _next_office(kept, on):
            return _move_up(kept, Kind.UNREAD, by=None, at=at)
        if kept.due_on < on:
            return _move_up(kept, Kind.CLIMBED if _next_office(kept, on) else Kind.OVERDUE, by=None, at=at)
        if kept.remind_on is not None and kept.remind_on <= on:
            log.write(kept, Kind.REMINDED, by=None, at=at)
            return log.change(kept, remind_on=None)
        return kept


def _forget(complaint: Complaint, on: date, at: datetime) -> Complaint:
    """So long after the end, who it was is taken out for good."""
    ended = complaint.closed_on
    if complaint.identity and ended is not None and (on - ended).days > log.terms().identity_days:
        log.write(complaint, Kind.IDENTITY_GONE, by=None, at=at)
        log.change(complaint, identity="")
    return complaint


def _close(complaint: Complaint, on: date) -> Complaint:
    return log.change(complaint, state=State.CLOSED, closed_on=on, remind_on=None)


def _next_office(complaint: Complaint, on: date) -> str | None:
    """The next office above with somebody who may read it; None when there is none."""
    away = access.content_of(complaint)["away"]
    level = above(level_of(complaint.office_code))
    while level is not None:
        code = code_at(complaint.office_code, level)
        if access.readers_of(code, away, on):
            return code
        level = above(level)
    return None


def level_of(code: str) -> int:
    """The level of an office by its code: 621100000000 is a city's."""
    return next(level for level, length in PREFIX_LENGTHS.items() if not code[length:].strip("0"))


def _move_up(complaint: Complaint, kind: str, *, by: User | None, at: datetime, text: str = "") -> Complaint:
    """Begins anew at the next office that can read it; with none above, where it stands."""
    on = day_of(at)
    office = _next_office(complaint, on) or complaint.office_code
    log.write(complaint, kind, by=by, at=at, text=text)
    limits = log.deadlines(on, log.terms().accept_days)
    return log.change(complaint, office_code=office, state=State.RECEIVED, outcome="", **limits)
