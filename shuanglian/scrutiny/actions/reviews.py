"""存疑走访 the cadre says what happened, a reviewer finds (FIELD-6). A flag by itself convicts nobody."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from shuanglian.core import clock, profile
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.notifications.actions import messages
from shuanglian.organisation.changes import reason_given
from shuanglian.organisation.models import UnitAccount
from shuanglian.scrutiny.models import Flag
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

MOST_CHARS = 600


@transaction.atomic
def answer(*, flag: Flag, text: str, by: User, at: datetime) -> Flag:
    """What the cadre whose visit it is says to it; may be said anew until it is decided."""
    flag = _locked(flag)
    if flag.cadre.user_id != by.pk:
        raise Refusal("not_yours", N_("只有走访的干部本人可以说明"))
    said = text.strip()
    if not said:
        raise Refusal("nothing_said", N_("请写明当时的情况"))
    if len(said) > MOST_CHARS or "\x00" in said:
        raise Refusal("too_long", N_("说明最多 {most} 字"), most=MOST_CHARS)
    flag.answer, flag.answered_by, flag.answered_at, flag.state = said, by, at, Flag.State.ANSWERED
    flag.save(update_fields=["answer", "answered_by", "answered_at", "state"])
    trail.write("scrutiny.reviews.answer", about=flag, by=by, at=at)
    return flag


@transaction.atomic
def decide(*, flag: Flag, verdict: str, why: str, by: User, at: datetime) -> Flag:
    """A reviewer finds, with reasons: after the cadre has answered or the time to answer is over; once."""
    flag = _locked(flag)
    shape = profile.active().scrutiny.verdicts.get(verdict)
    if shape is None:
        raise Refusal("unknown_verdict", N_("请选择核实结论"))
    if flag.state != Flag.State.ANSWERED and clock.day_of(at) <= flag.answer_until:
        raise Refusal("not_heard", N_("干部可以说明到 {until}，之前不能下结论"), until=flag.answer_until)
    if not impartial(flag, by):
        raise Refusal("not_impartial", N_("不能核实本人或本单位的走访"))
    flag.verdict, flag.why, flag.decided_by, flag.decided_at = verdict, reason_given(why), by, at
    flag.state = Flag.State.DECIDED
    flag.save(update_fields=["verdict", "why", "decided_by", "decided_at", "state"])
    trail.write("scrutiny.reviews.decide", about=flag, by=by, at=at, verdict=verdict)
    if flag.cadre.user is not None:
        params = {"on": flag.visit.on.isoformat(), "verdict": shape.label.model_dump()}
        messages.send(to=flag.cadre.user, template="scrutiny.decided", params=params, by=by, at=at,
                      link=f"/scrutiny/doubts/{flag.pk}/", once=f"scrutiny:decided:{flag.pk}")  # fmt: skip
    return flag


def impartial(flag: Flag, user: User) -> bool:
    """Neither the cadre himself, nor a colleague, nor who logs in for his unit."""
    own = getattr(user, "cadre", None)
    if flag.cadre.user_id == user.pk or (own is not None and own.unit_id == flag.cadre.unit_id):
        return False
    return not UnitAccount.objects.filter(user=user, unit=flag.cadre.unit_id).exists()


def _locked(flag: Flag) -> Flag:
    found = Flag.objects.select_for_update(of=("self",)).select_related("cadre", "visit__household").get(pk=flag.pk)
    if found.state == Flag.State.DECIDED:
        raise Refusal("decided_already", N_("这次走访已经核实"))
    if found.state == Flag.State.GONE:
        raise Refusal("gone", N_("这次走访不再存疑"))
    return found
