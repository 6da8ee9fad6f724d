"""Reading notices: how long they still stand, which are up, what is objected to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet

from shuanglian.areas.models import Area
from shuanglian.core.clock import day_of
from shuanglian.rules import notice_clock
from shuanglian.rules.notice_clock import Stretch

from .models import Notice, Objection, canonical

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


# --- the clock (REG-4) ------------------------------------------------------------------------------------------------
def stretches(notice: Notice, key: str | None = None) -> list[Stretch]:
    """The days on which objections were open, from the recorded times, in the county's time zone; those that two
    people found to repeat an answered one stop nothing.

    With a row's key those against that row and against the notice as a whole; without one all of them.
    """
    found = notice.objections.exclude(outcome=Objection.Outcome.REPEATED)
    if key is not None:
        found = found.filter(row__in=["", key])
    times = found.order_by("id").values_list("at", "answered_at")
    return [(day_of(at), day_of(done) if done else None) for at, done in times]


def ends_on(notice: Notice, key: str | None = None) -> date | None:
    """The last full day of the notice (of one of its rows); None while an open objection keeps the clock still."""
    return notice_clock.last_day(notice.opens_on, notice.days, stretches(notice, key))


def has_run(notice: Notice, on: date, key: str | None = None) -> bool:
    """Whether on this day all full days are over and nothing is left to be answered.

    With the key of a row: for that row alone, so that one objection holds back one case; without: for all rows. A
    notice that was withdrawn never runs out.
    """
    if notice.withdrawn_at is not None:
        return False
    return notice_clock.has_run(notice.opens_on, notice.days, stretches(notice, key), on)


def have_run(notice: Notice, on: date) -> set[str]:
    """The keys of the rows whose time is over, for a whole list in one query."""
    if notice.withdrawn_at is not None:
        return set()
    by_row: dict[str, list[Stretch]] = {}
    counting = notice.objections.exclude(outcome=Objection.Outcome.REPEATED)
    for row, at, done in counting.values_list("row", "at", "answered_at"):
        by_row.setdefault(row, []).append((day_of(at), day_of(done) if done else None))
    whole = by_row.pop("", [])
    keys = (row["key"] for row in notice.shown_rows)
    return {
        key for key in keys if notice_clock.has_run(notice.opens_on, notice.days, [*whole, *by_row.get(key, [])], on)
    }


def open_objections(notice: Notice, key: str | None = None) -> QuerySet[Objection]:
    """Objections not yet answered; with a row's key those that hold that row back (its own, and against the whole)."""
    found = notice.objections.filter(state=Objection.State.OPEN)
    return found if key is None else found.filter(row__in=["", key])


def objections(notice: Notice, key: str | None = None) -> QuerySet[Objection]:
    """All objections, the oldest first; with a row's key as above."""
    found = notice.objections.order_by("id")
    return found if key is None else found.filter(row__in=["", key])


def is_up(notice: Notice, on: date) -> bool:
    """Whether the public sees it on a day."""
    over = notice.closes_on is not None and notice.closes_on < on
    return notice.withdrawn_at is None and notice.opens_on <= on and not over


# --- what was shown ---------------------------------------------------------------------------------------------------
def content(notice: Notice) -> dict[str, Any]:
    """Everything the board shows, as the digest binds it."""
    return {
        "code": notice.code, "kind": notice.kind, "place": notice.place, "title": notice.title,
        "rows": notice.shown_rows, "sections": notice.shown_sections, "opens_on": notice.opens_on.isoformat(),
        "days": notice.days,
    }  # fmt: skip


def digest_of(shown: dict[str, Any]) -> str:
    """SHA-256 of a content: the same for the same content, whatever the order of its keys."""
    return sha256(canonical(shown).encode()).hexdigest()


def is_whole(notice: Notice) -> bool:
    """Whether the rows are still those that were published (the place by its name of that day)."""
    return digest_of(content(notice)) == notice.digest


# --- lists ------------------------------------------------------------------------------------------------------------
def notices(*, seen_by: User, which: str = "", on: date) -> QuerySet[Notice]:
    """Notices at or below the reader's area: current, past, coming or (empty) all of them."""
    rows = Notice.objects.within(seen_by.area).select_related("area")
    rows = rows.annotate(
        asked=Count("objections"), waiting=Count("objections", filter=Q(objections__state=Objection.State.OPEN))
    )
    if which == "current":
        return rows.current(on)
    if which == "past":
        return rows.past(on)
    return rows.filter(withdrawn_at=None, opens_on__gt=on) if which == "coming" else rows


def objections_seen(*, seen_by: User, state: str = "") -> QuerySet[Objection]:
    """Objections to notices at or below the reader's area; those to be answered soonest first."""
    rows = Objection.objects.within(seen_by.area).select_related("notice__area", "answered_by")
    return rows.filter(state=state) if state else rows


def waiting(*, seen_by: User, on: date) -> tuple[int, int]:
    """How many objections are open, and how many of them overdue."""
    rows = Objection.objects.within(seen_by.area).filter(state=Objection.State.OPEN)
    return rows.count(), rows.filter(due_on__lt=on).count()


def on_board(area: Area, on: date) -> list[Notice]:
    """Everything that hangs on a village's board on a day: its own notices and those of the levels above it."""
    codes = [area.code]
    above = area.parent
    while above is not None:
        codes.append(above.code)
        above = above.parent
    found = Notice.objects.current(on).filter(area_code__in=codes).select_related("area")
    return list(found.order_by("-area__level", "-opens_on", "-id"))


def objected_rows(notice: Notice) -> Counter[str]:
    """Row key → open objections."""
    rows: Iterable[str] = open_objections(notice).values_list("row", flat=True)
    return Counter(rows)
