"""Possible duplicates: found by comparison, decided by a person, never merged silently (REG-1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from shuanglian.areas.models import Area, below
from shuanglian.core import clock
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.registry import alike
from shuanglian.registry.models import Household, HouseholdLink, HouseholdSuspicion, Person, Suspicion
from shuanglian.sheets.actions import stages
from shuanglian.trail import trail

from . import merges
from .derived import head_code

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

AnyPair = TypeVar("AnyPair", Suspicion, HouseholdSuspicion)
PIECE = 2000
MOST = 20_000  # pairs kept open at a time for one region; the page says so, and the next look fills the queue again


Pairs = Mapping[tuple[int, int], tuple[str, float]]  # (one, other) → why, score


def look_for(within: Area | None, *, at: datetime) -> int:
    """Compare the standing people and files of a region and queue new pairs; what is decided stays decided.

    Open pairs that no longer look alike, or one of whom has left, are taken off the queue: nobody had decided on them.
    Gives how many pairs of people are open.
    """
    queue_households(within, {(one, other): (why, score) for one, other, why, score in alike.household_pairs(within)})
    return queue(within, {(one, other): (why, score) for one, other, why, score in alike.pairs(within)})


@transaction.atomic
def queue(within: Area | None, found: Pairs) -> int:
    """Put pairs of people on a region's queue; how many are open then.

    The comparison takes long: who went meanwhile, with an import that was taken back, is left out, and no roster comes
    or goes while the pairs are written.
    """
    return _queue(Suspicion, Person, within, found)


@transaction.atomic
def queue_households(within: Area | None, found: Pairs) -> int:
    """Put pairs of files on a region's queue; how many are open then."""
    return _queue(HouseholdSuspicion, Household, within, found)


def _queue(noun: type[AnyPair], of: type[Model], within: Area | None, found: Pairs) -> int:
    stages.one_at_a_time()
    rows = of._default_manager.filter(pk__in=set(chain(*found)))
    area_of = dict(rows.values_list("pk", "area_code"))
    inside = below(within.prefix) if within else Q()
    known = {(row.one_id, row.other_id): row for row in noun.objects.filter(inside)}
    stale = [row.pk for key, row in known.items() if row.state == Suspicion.State.OPEN and key not in found]
    noun.objects.filter(pk__in=stale).delete()
    new = [
        noun(one_id=one, other_id=other, area_code=area_of[one], why=why, score=score)
        for (one, other), (why, score) in found.items()
        if (one, other) not in known and one in area_of and other in area_of
    ]
    room = max(0, MOST - sum(row.state == Suspicion.State.OPEN for row in known.values()) + len(stale))
    new = sorted(new, key=lambda row: (-row.score, row.one_id, row.other_id))[:room]
    noun.objects.bulk_create(new, batch_size=PIECE, ignore_conflicts=True)
    return noun.objects.filter(inside, state=Suspicion.State.OPEN).count()


def is_full(rows: QuerySet[Any]) -> bool:
    """Whether a queue holds as many pairs as are kept open at a time, so that there may be more to find."""
    return rows.order_by()[MOST - 1 : MOST].exists()


@transaction.atomic
def decide(*, suspicion: AnyPair, state: str, note: str, on: date, by: User, at: datetime) -> AnyPair:
    """Say whether two entries are one. The same person twice in one household: the later entry ends (merges).

    In two households, and of two files, only the decision is kept here; `same_people` and `same_files` merge as well.
    """
    suspicion = _decided(suspicion, state, note, by, at)
    retired = None
    if state == Suspicion.State.SAME and isinstance(suspicion, Suspicion):
        retired = _retire(suspicion, on, by, at)
    _tell(suspicion, by, at, retired)
    return suspicion


@transaction.atomic
def same_people(
    *, suspicion: Suspicion, kept: Person, take: Collection[str], note: str, on: date, by: User, at: datetime,
    successor: Person | None = None,
) -> HouseholdLink:  # fmt: skip
    """The pair is one person: one entry is kept, with the fields that the other is right about, the other ends."""
    suspicion = _decided(suspicion, Suspicion.State.SAME, note, by, at)
    one, other = suspicion.one, suspicion.other
    gone = other if kept.pk == one.pk else one
    link = merges.same_person(
        kept=kept, gone=gone, on=on, why=suspicion.note, by=by, at=at, take=take, successor=successor,
        suspicion=f"registry.suspicion:{suspicion.pk}",
    )  # fmt: skip
    _tell(suspicion, by, at, gone.pk)
    return link


@transaction.atomic
def same_files(
    *, suspicion: HouseholdSuspicion, note: str, by: User, at: datetime, **how: Any
) -> HouseholdLink:  # fmt: skip
    """The pair is one household: the files are merged (merges.merge: kept, closed, relations, same, take, on)."""
    suspicion = _decided(suspicion, Suspicion.State.SAME, note, by, at)
    mark = f"registry.householdsuspicion:{suspicion.pk}"
    link = merges.merge(why=suspicion.note, by=by, at=at, suspicion=mark, **how)
    _tell(suspicion, by, at, None)
    return link


def _decided(suspicion: AnyPair, state: str, note: str, by: User, at: datetime) -> AnyPair:
    suspicion = type(suspicion).objects.select_for_update().get(pk=suspicion.pk)  # type: ignore[assignment]
    if suspicion.state != Suspicion.State.OPEN:
        raise Refusal("decided_already", N_("这一对已经核实过了"))
    if state not in (Suspicion.State.SAME, Suspicion.State.DIFFERENT):
        raise Refusal("unknown_decision", N_("请选择“确为重复”或“不是重复”"))
    note = note.strip()[:200]
    if state == Suspicion.State.SAME and not note:
        raise Refusal("no_note", N_("认定为重复须写明依据"))
    suspicion.state, suspicion.note, suspicion.decided_by, suspicion.decided_at = state, note, by, at
    suspicion.save(update_fields=["state", "note", "decided_by", "decided_at"])
    return suspicion


def _tell(suspicion: AnyPair, by: User, at: datetime, retired: int | None) -> None:
    about = suspicion.one.household if isinstance(suspicion, Suspicion) else suspicion.one
    trail.write(
        "suspicions.decide", about=about, by=by, at=at, state=suspicion.state, why=suspicion.note,
        pair=[suspicion.one_id, suspicion.other_id], retired=retired,
    )  # fmt: skip


def _retire(suspicion: Suspicion, on: date, by: User, at: datetime) -> int | None:
    """The younger of two entries within one household ends; the head's entry is kept whichever came first."""
    one, other = suspicion.one, suspicion.other
    if one.household_id != other.household_id or one.left_on or other.left_on:
        return None
    kept, gone = (one, other) if one.pk < other.pk else (other, one)
    if gone.relation == head_code():
        kept, gone = gone, kept
    merges.same_person(
        kept=kept, gone=gone, on=min(on, clock.day_of(at)), by=by, at=at,
        why=f"{gone.name}：{suspicion.note}（{kept.number or kept.pk}）"[:200],
        suspicion=f"registry.suspicion:{suspicion.pk}",
    )  # fmt: skip
    return gone.pk
