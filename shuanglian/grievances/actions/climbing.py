"""How demands stand on the ladder and climb it: by time, one at a time or a night's thousands at once (VOICE-2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice

from django.db import transaction

from shuanglian.core.clock import day_of
from shuanglian.core.profile import active
from shuanglian.grievances.holders import COLUMNS, Ground, Holder
from shuanglian.grievances.models import Demand, Step
from shuanglian.rules.ladder import Rung, limits
from shuanglian.trail import trail

TIMES = ("since", "due_on", "remind_on")
STANDS = ("state", "urgent", *COLUMNS, *TIMES)
BATCH = 2_000


def begin(demands: Sequence[Demand], *, at: datetime) -> None:
    """Put demands on the first rung on which somebody holds them; their time runs from `at`."""
    ground = Ground(demands, day_of(at))
    for one in demands:
        one.state = Demand.State.OPEN
        rung = ground.path(one)[0]
        put(one, rung, ground, at=at)
    Demand.objects.bulk_update(demands, STANDS, batch_size=BATCH)


def put(demand: Demand, rung: Rung, ground: Ground, *, at: datetime) -> Holder:
    """Write a rung, its holder and its limits into a demand; the caller saves."""
    holder = ground.holder(demand, rung)
    assert holder is not None  # a path holds only rungs with somebody on them
    holder.onto(demand)
    urgency = active().grievances.ladder.urgency(ground.facts(demand))
    demand.urgent = urgency.shape.code if urgency else ""
    demand.since = at
    _limit(demand, rung)
    return holder


def _limit(demand: Demand, rung: Rung) -> None:
    assert demand.since is not None
    found = limits(rung, urgent=bool(demand.urgent), since=day_of(demand.since), days=active().working_days)
    demand.due_on, demand.remind_on = found.due, found.remind


def weigh_again(demand: Demand, *, at: datetime) -> None:
    """After its category or the number of those who ask changed: is it urgent now, does another rung hold it?

    Time that has run stays run; what becomes urgent has the shorter limit from the same day on.
    """
    ground, ladder = Ground([demand], day_of(at)), active().grievances.ladder
    urgency = ladder.urgency(ground.facts(demand))
    demand.urgent = urgency.shape.code if urgency else ""
    path = ground.path(demand)
    if demand.rung not in {one.code for one in path}:
        put(demand, ladder.above(path, demand.rung) or path[-1], ground, at=at)
    elif (rung := ladder.by_code.get(demand.rung)) is not None:
        holder = ground.holder(demand, rung)
        if holder is not None and (holder.office_code, holder.department) != (demand.office_code, demand.department):
            put(demand, rung, ground, at=at)  # the category belongs to another department
        else:
            _limit(demand, rung)
    demand.save(update_fields=list(STANDS))


def up(demand: Demand, *, at: datetime, ground: Ground | None = None) -> Holder | None:
    """Onto the next rung on which somebody holds it; None at the top, and nothing changes. The caller saves."""
    ground = ground or Ground([demand], day_of(at))
    above = active().grievances.ladder.above(ground.path(demand), demand.rung)
    return put(demand, above, ground, at=at) if above is not None else None


# --- every night ------------------------------------------------------------------------------------------------------
def night(*, on: date, at: datetime, area_code: str = "") -> int:
    """Everything whose time is over climbs one rung; how many. Safe to run twice: what has climbed has new time.

    At the top there is nowhere to climb to: it stays, late, and stands first in that office's ledger. In pieces of
    their own, so that a night that breaks off has done what it did, and the next run goes on.
    """
    climbed = 0
    rows = Demand.objects.late(on)
    if area_code:
        rows = rows.filter(area_code__startswith=area_code)
    numbers = rows.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=BATCH)
    for batch in _pieces(numbers):
        climbed += _climb(batch, on=on, at=at)
    return climbed


def _pieces(numbers: Iterable[int]) -> Iterator[list[int]]:
    source = iter(numbers)
    while piece := list(islice(source, BATCH)):
        yield piece


@transaction.atomic
def _climb(numbers: Sequence[int], *, on: date, at: datetime) -> int:
    rows = Demand.objects.select_for_update(of=("self",), skip_locked=True).late(on).filter(pk__in=numbers)
    demands = list(rows.order_by("pk"))
    ground, moved, steps, ladder = Ground(demands, on), [], [], active().grievances.ladder
    for one in demands:
        rung, due = one.rung, one.due_on
        holder = up(one, at=at, ground=ground)
        if holder is None:
            continue
        one.climbed += 1
        moved.append(one)
        known = ladder.by_code.get(rung)
        days = known.days(bool(one.urgent)) if known else 0
        steps.append(Step(demand=one, area_code=one.area_code, kind=Step.Kind.CLIMBED, rung=rung, to_rung=holder.rung,
                          holder=holder.name[:120], text=f"{due:%Y-%m-%d} / {days}", at=at))  # fmt: skip
    Demand.objects.bulk_update(moved, [*STANDS, "climbed"])
    Step.objects.bulk_create(steps)
    for county in sorted({one.area_code[:6] for one in moved}):
        count = sum(one.area_code.startswith(county) for one in moved)
        trail.write("grievances.climb", by=None, at=at, area_code=county.ljust(12, "0"), count=count)
    return len(moved)
