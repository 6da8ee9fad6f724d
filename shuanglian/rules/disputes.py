"""Where a dispute begins, where it goes when its time is over, until when it names anybody (VOICE-5).

Small matters do not leave the village: every dispute begins there, except the kinds whose `begins` says otherwise, and
goes up one level at a time. Nothing goes down, and none goes above the county.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date

from .dispute_shapes import DisputeKind, DisputeRung
from .working_days import WorkingDays

UPWARD = ("village", "township", "county")


def begins(kind: DisputeKind, rungs: Mapping[str, DisputeRung]) -> str:
    """The first level from the kind's own upward that mediates at all; the topmost when none is left."""
    start = UPWARD.index(kind.begins)
    return next((one for one in UPWARD[start:] if one in rungs), UPWARD[-1])


def above(level: str, rungs: Mapping[str, DisputeRung]) -> str | None:
    """The next level up that mediates; None at the top."""
    return next((one for one in UPWARD[UPWARD.index(level) + 1 :] if one in rungs), None)


def limits(level: str, rungs: Mapping[str, DisputeRung], *, since: date, days: WorkingDays) -> tuple[date, date]:
    """(last day, day of the reminder) of a level's time from a day on; the reminder is never before that day."""
    rung = rungs[level]
    due = days.add(since, rung.days)
    return due, max(since, days.before(due, rung.remind))


def named_until(closed: date, months: int) -> date:
    """The day from which on nobody is named any more: so many months after closing; the month's last day at most."""
    whole = closed.month - 1 + months
    year, month = closed.year + whole // 12, whole % 12 + 1
    return date(year, month, min(closed.day, calendar.monthrange(year, month)[1]))


def shown(count: int, fewest: int) -> int | None:
    """A count as it may be passed around: None for one from 1 to below `fewest`, behind which one could be guessed."""
    return None if 0 < count < fewest else count


__all__ = ["UPWARD", "above", "begins", "limits", "named_until", "shown"]
