"""Who is paid without the rules having been asked is decided, so that "receiving but not entitled" has reasons (BEN-8).

Also decided again: what is already written down about people of whom a list has stated something new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from shuanglian.areas.models import Area
from shuanglian.benefits import catalogue, findings
from shuanglian.benefits.findings import Key
from shuanglian.benefits.models import Decision, Due
from shuanglian.core import clock
from shuanglian.registry import raw
from shuanglian.rules.benefits import Benefit

from .keeping import Keeper

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

PIECE = 20_000  # dues at a time


def decide(
    within: Area | Collection[int], people: Collection[int], benefits: Mapping[str, Benefit], *, by: User | None,
    at: datetime,
) -> int:  # fmt: skip
    """Decide dues that have money and no decision, and all dues of `people`, each on the last day of its period that
    is over; how many were looked at. The caller holds the transaction."""
    rows = Due.objects.within(within) if isinstance(within, Area) else Due.objects.filter(household__in=within)
    asked = ~Exists(Decision.objects.filter(due=OuterRef("pk")))
    wanted = rows.filter(Q(received__gt=0) & asked | Q(person__in=list(people)))
    by_day: dict[date, list[Due]] = defaultdict(list)
    for due in wanted.order_by("pk").iterator(chunk_size=PIECE):
        if (known := benefits.get(due.benefit)) is not None:
            by_day[_day(known, due, clock.day_of(at))].append(due)
    for on, dues in sorted(by_day.items()):
        _decide_on(on, dues, benefits, by, at)
    return sum(map(len, by_day.values()))


def _day(benefit: Benefit, due: Due, today: date) -> date:
    """The last day of the period, or today while it runs; what is given once is judged on the day it was found."""
    if due.period == 0:
        return min(due.since, today)
    ends = date(due.period, 12, 31)
    if benefit.every == "school_year":
        ends = date(due.period + 1, catalogue.SCHOOL_YEAR_BEGINS - 1, 31)
    return min(ends, today)


def _decide_on(
    on: date, dues: list[Due], benefits: Mapping[str, Benefit], by: User | None, at: datetime
) -> None:  # fmt: skip
    wanted: set[Key] = {(due.household_id, due.person_id, due.benefit) for due in dues}
    keeper = Keeper(None, benefits, by=by, at=at, on=on)
    keeper.load_dues(dues)
    columns = raw.of_households(sorted({due.household_id for due in dues}), on)
    for found in findings.of_raw(columns, on, benefits, wanted=wanted):
        if found.key in keeper.dues:
            keeper.take(found)
    keeper.finish()
