"""How long a notice stands (REG-4): full calendar days, the day of posting not counted, still while it is objected to.

Days are the county's; whoever calls turns moments into days of its time zone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

Stretch = tuple[date, date | None]  # the days on which an objection was open, both in; None: still open
DAY = timedelta(days=1)


def last_day(opens_on: date, days: int, stood: Iterable[Stretch] = ()) -> date | None:
    """The last of the full days of a notice; None while an open objection keeps the clock still.

    A day on which an objection was open at any time does not count. Days after that last one change nothing.
    """
    if days < 1:
        raise ValueError("a notice stands at least one day")
    last = opens_on + days * DAY
    for since, until in _merged(stood):
        if since > last:
            break
        if until is None:
            return None
        last += max((until - max(since, opens_on + DAY)).days + 1, 0) * DAY
    return last


def has_run(opens_on: date, days: int, stood: Iterable[Stretch], on: date) -> bool:
    """Whether all full days are over: what follows may be decided on the day after the last one, not before."""
    last = last_day(opens_on, days, stood)
    return last is not None and on > last


def stood_still(opens_on: date, last: date, stood: Iterable[Stretch]) -> int:
    """How many days up to the last one did not count; an open stretch counts up to that day."""
    return sum(
        max((min(until or last, last) - max(since, opens_on + DAY)).days + 1, 0) for since, until in _merged(stood)
    )


def _merged(stood: Iterable[Stretch]) -> list[Stretch]:
    """Stretches in order, those that touch or overlap joined; an open one swallows all later ones."""
    merged: list[Stretch] = []
    for since, until in sorted(stood, key=lambda one: one[0]):
        if until is not None and until < since:
            raise ValueError("an objection cannot be answered before it was made")
        if merged and (merged[-1][1] is None or since <= merged[-1][1] + DAY):
            before = merged[-1]
            merged[-1] = (before[0], None if before[1] is None or until is None else max(before[1], until))
        else:
            merged.append((since, until))
    return merged
