"""Objections made again and again out of spite: two people of the level above find so, with reasons (REG-4, VOICE-3).

Nobody is silenced: the objection stays, is answered, and its number still tells what became of it. It only stops the
clock of the notice no longer.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from shuanglian.areas.models import Area
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.notices.models import Notice, Objection, Repetition
from shuanglian.trail import trail

from .notices import locked
from .objections import SHORTEST, answer_as, may_not_answer, plain, terms

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

NOT_UPHELD = (Objection.Outcome.UNFOUNDED, Objection.Outcome.ELSEWHERE)
LONGEST = 500


def may_not_find(objection: Objection, notice: Notice, by: User) -> str:
    """Why a person may not find that an objection repeats another (a Chinese sentence); empty when he may."""
    levels = terms().repeated_by
    if by.area is None or Area.Level(by.area.level).name.lower() not in levels:
        return N_("重复意见只能由方案规定的一级认定")
    return may_not_answer(objection, notice, by)


def earlier(objection: Objection) -> QuerySet[Objection]:
    """What it may repeat: objections to the same row of the same notice, made before it, answered, not upheld."""
    rows = Objection.objects.filter(notice=objection.notice_id, row=objection.row, outcome__in=NOT_UPHELD)
    return rows.filter(answered_at__lte=objection.at).exclude(pk=objection.pk).order_by("id")


@transaction.atomic
def propose(*, objection: Objection, of: Objection, why: str, by: User, at: datetime) -> Repetition:
    """Find that an open objection only repeats an answered one; nothing changes until another person agrees."""
    kept = _open(objection, by)
    if not earlier(kept).filter(pk=of.pk).exists():
        raise Refusal("nothing_repeated", N_("只能认定为重复同一户此前已答复、未成立的意见"))
    why = plain(why)
    if len(why) < SHORTEST:
        raise Refusal("reason_missing", N_("请写明为什么是重复的"))
    if standing(kept) is not None:
        raise Refusal("proposed_already", N_("已经有人提出认定，等另一人复核"))
    made = Repetition.objects.create(
        objection=kept, of=of, area_code=kept.area_code, why=why[:LONGEST], by=by, at=at
    )  # fmt: skip
    trail.write("notices.repeated", about=kept, by=by, at=at, of=of.pk)
    return made


@transaction.atomic
def decide(*, objection: Objection, agrees: bool, text: str, by: User, at: datetime) -> Repetition:
    """Another person's word: agreed, the objection is answered (`text`) as repeated and the clock goes on as if it had
    not been made; not agreed, it waits to be answered like any other."""
    kept = _open(objection, by)
    found = standing(kept)
    if found is None:
        raise Refusal("not_proposed", N_("没有人提出认定"))
    if found.by_id == by.pk:
        raise Refusal("same_person", N_("须由另一人复核，提出的人不能自己同意"))
    found.agreed, found.decided_by, found.decided_at = agrees, by, at
    found.save(update_fields=["agreed", "decided_by", "decided_at"])
    trail.write("notices.repetition", about=kept, by=by, at=at, agreed=agrees, of=found.of_id)
    if agrees:
        answer_as(kept, Objection.Outcome.REPEATED, text, by=by, at=at)
    return found


def standing(objection: Objection) -> Repetition | None:
    """The finding that waits for another person's word."""
    return objection.repetitions.filter(decided_at=None).select_related("of", "by").first()


def _open(objection: Objection, by: User) -> Objection:
    notice = locked(objection.notice)
    kept = Objection.objects.select_for_update(of=("self",)).select_related("notice__by__area").get(pk=objection.pk)
    if not kept.is_open:
        raise Refusal("already_answered", N_("这条异议已经答复"))
    if why_not := may_not_find(kept, notice, by):
        raise Refusal("may_not_answer", why_not)
    return kept
