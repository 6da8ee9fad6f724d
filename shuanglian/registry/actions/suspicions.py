"""Possible duplicates: found by comparison, decided by a person, never merged silently (issue 2 D)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from itertools import chain
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet

from shuanglian.areas.models import Area, below
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.organisation.changes import traced
from shuanglian.registry import alike
from shuanglian.registry.models import Person, Suspicion
from shuanglian.sheets.actions import stages
from shuanglian.trail import trail

from . import people

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

PIECE = 2000
MOST = 20_000  # pairs kept open at a time for one region; the page says so, and the next look fills the queue again


def look_for(within: Area | None, *, at: datetime) -> int:
    """Compare the standing people of a region and queue new pairs; what is decided stays decided. How many are open.

    Open pairs that no longer look alike, or one of whom has left, are taken off the queue: nobody had decided on them.
    """
    return queue(within, {(one, other): (why, score) for one, other, why, score in alike.pairs(within)})


@transaction.atomic
def queue(within: Area | None, found: Mapping[tuple[int, int], tuple[str, float]]) -> int:
    """Put pairs (persons → why, score) on a region's queue; how many are open then.

    The comparison takes long: who went meanwhile, with an import that was taken back, is left out, and no roster comes
    or goes while the pairs are written.
    """
    stages.one_at_a_time()
    area_of = dict(Person.objects.filter(pk__in=set(chain(*found))).values_list("pk", "area_code"))
    inside = below(within.prefix) if within else Q()
    known = {(row.one_id, row.other_id): row for row in Suspicion.objects.filter(inside)}
    stale = [row.pk for key, row in known.items() if row.state == Suspicion.State.OPEN and key not in found]
    Suspicion.objects.filter(pk__in=stale).delete()
    new = [
        Suspicion(one_id=one, other_id=other, area_code=area_of[one], why=why, score=score)
        for (one, other), (why, score) in found.items()
        if (one, other) not in known and one in area_of and other in area_of
    ]
    room = max(0, MOST - sum(row.state == Suspicion.State.OPEN for row in known.values()) + len(stale))
    new = sorted(new, key=lambda row: (-row.score, row.one_id, row.other_id))[:room]
    Suspicion.objects.bulk_create(new, batch_size=PIECE, ignore_conflicts=True)
    return Suspicion.objects.filter(inside, state=Suspicion.State.OPEN).count()


def is_full(rows: QuerySet[Suspicion]) -> bool:
    """Whether a queue holds as many pairs as are kept open at a time, so that there may be more to find."""
    return rows.order_by()[MOST - 1 : MOST].exists()


@transaction.atomic
def decide(*, suspicion: Suspicion, state: str, note: str, on: date, by: User, at: datetime) -> Suspicion:
    """Say whether two entries are one person. The same person twice in one household: the later entry is retired.

    In two households nothing is moved: the decision stands, and the office moves or removes what is wrong by hand.
    """
    suspicion = Suspicion.objects.select_for_update().get(pk=suspicion.pk)
    if suspicion.state != Suspicion.State.OPEN:
        raise Refusal("decided_already", N_("这一对已经核实过了"))
    if state not in (Suspicion.State.SAME, Suspicion.State.DIFFERENT):
        raise Refusal("unknown_decision", N_("请选择“确为重复”或“不是重复”"))
    note = note.strip()[:200]
    if state == Suspicion.State.SAME and not note:
        raise Refusal("no_note", N_("认定为重复须写明依据"))
    suspicion.state, suspicion.note, suspicion.decided_by, suspicion.decided_at = state, note, by, at
    suspicion.save(update_fields=["state", "note", "decided_by", "decided_at"])
    retired = _retire(suspicion, on, by, at) if state == Suspicion.State.SAME else None
    trail.write(
        "suspicions.decide", about=suspicion.one.household, by=by, at=at, state=state, why=note,
        pair=[suspicion.one_id, suspicion.other_id], retired=retired,
    )  # fmt: skip
    return suspicion


def _retire(suspicion: Suspicion, on: date, by: User, at: datetime) -> int | None:
    """The younger of two entries within one household ends; the head's entry is kept whichever came first."""
    one, other = suspicion.one, suspicion.other
    if one.household_id != other.household_id or one.left_on or other.left_on:
        return None
    kept, gone = (one, other) if one.pk < other.pk else (other, one)
    if gone.relation == people.head_code():
        kept, gone = gone, kept
    with traced("suspicions.decide", by=by, at=at, why=suspicion.note):
        people.leave(
            person=gone, on=max(on, gone.since), by=by, at=at,
            why=f"{gone.name}：{suspicion.note}（{kept.number or kept.pk}）",
        )  # fmt: skip
    return gone.pk
