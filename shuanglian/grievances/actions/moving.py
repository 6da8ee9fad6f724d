"""A demand on its way: passed up with what was tried, sent back, moved to another department (VOICE-2, VOICE-3)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from shuanglian.core.clock import day_of
from shuanglian.core.profile import active
from shuanglian.grievances.access import stands_above
from shuanglian.grievances.holders import COLUMNS, Ground, department_name
from shuanglian.grievances.models import Demand, Step
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.notices.actions.objections import plain
from shuanglian.trail import trail

from . import climbing
from .demands import SHORTEST, locked, step

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


def _open(demand: Demand) -> Demand:
    kept = locked(demand)
    if kept.state != Demand.State.OPEN:
        raise Refusal("not_open", N_("这条诉求现在不在办理中"))
    return kept


def _said(text: str, sentence: str) -> str:
    told = plain(text)
    if len(told) < SHORTEST:
        raise Refusal("reason_missing", sentence)
    return told


@transaction.atomic
def pass_up(*, demand: Demand, tried: str, by: User, at: datetime) -> Demand:
    """The third outcome: it needs a superior. What was tried goes along; the next rung has time of its own."""
    kept, tried = _open(demand), _said(tried, N_("请写明已经做了什么、为什么解决不了"))
    before = kept.rung
    holder = climbing.up(kept, at=at)
    if holder is None:
        raise Refusal("at_the_top", N_("已经到最高一级，只能解决或者说明"))
    kept.save(update_fields=list(climbing.STANDS))
    step(kept, Step.Kind.PASSED_UP, by=by, at=at, text=tried, rung=before, to_rung=holder.rung, holder=holder.name)
    trail.write("grievances.pass_up", about=kept, by=by, at=at, rung=before, to=holder.rung)
    return kept


@transaction.atomic
def send_back(*, demand: Demand, rung: str, why: str, by: User, at: datetime) -> Demand:
    """Down to a rung that can solve it after all. More than once needs the office above whoever holds it now."""
    kept, why = _open(demand), _said(why, N_("请写明为什么退回、下级怎么办"))
    _may_move(kept, by)
    ground, ladder = Ground([kept], day_of(at)), active().grievances.ladder
    below = {one.code: one for one in ladder.below(ground.path(kept), kept.rung)}
    if rung not in below:
        raise Refusal("no_rung_below", N_("下面没有这一级"))
    before = kept.rung
    holder = climbing.put(kept, below[rung], ground, at=at)
    kept.moved += 1
    kept.save(update_fields=[*climbing.STANDS, "moved"])
    step(kept, Step.Kind.SENT_BACK, by=by, at=at, text=why, rung=before, to_rung=rung, holder=holder.name)
    trail.write("grievances.send_back", about=kept, by=by, at=at, rung=before, to=rung)
    return kept


@transaction.atomic
def move(*, demand: Demand, department: str, why: str, by: User, at: datetime) -> Demand:
    """Sideways to another department of the area; its time goes on: nothing is won by passing it around."""
    kept, why = _open(demand), _said(why, N_("请写明为什么转给这个部门"))
    if not kept.department:
        raise Refusal("no_department", N_("只有部门办理的诉求才能转给别的部门"))
    if department not in active().departments or department == kept.department:
        raise Refusal("no_such_department", N_("请选另一个部门"))
    _may_move(kept, by)
    before, kept.department = kept.department, department
    kept.moved += 1
    kept.save(update_fields=[*COLUMNS, "moved"])
    step(kept, Step.Kind.MOVED, by=by, at=at, text=f"{department_name(before)} → {department_name(department)}：{why}",
         to_rung=kept.rung, holder=department_name(department))  # fmt: skip
    trail.write("grievances.move", about=kept, by=by, at=at, before=before, department=department)
    return kept


def _may_move(demand: Demand, by: User) -> None:
    if demand.moved >= active().grievances.terms.moves and not stands_above(by, demand):
        raise Refusal("needs_above", N_("已经退回或平转过 {times} 次，再退再转须由上一级决定"), times=demand.moved)


__all__ = ["move", "pass_up", "send_back"]
