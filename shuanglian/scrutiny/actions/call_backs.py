"""回访 a draw of households each month that say whether a visit took place (FIELD-6). Anybody can repeat the draw."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from shuanglian.areas.models import Area
from shuanglian.core import clock, profile
from shuanglian.core.scoping import unscoped
from shuanglian.fieldwork.models import Visit
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.rules import draws as rules
from shuanglian.scrutiny.models import CallBack, Draw
from shuanglian.trail import chain, trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.registry.models import Household


@transaction.atomic
def draw(*, area: Area, month: date, by: User | None, at: datetime) -> Draw:
    """Draw among the visits of a month that is over, village by village; one household at most once. Done once.

    The seed holds the head of the trail of this moment: it was not known while visits were entered, stands in every
    later entry's chain, and with it and the list anybody draws the same.
    """
    terms = profile.active().scrutiny.call_back
    if terms is None:
        raise Refusal("no_call_backs", N_("方案没有规定回访"))
    first, after = month.replace(day=1), (month.replace(day=1) + timedelta(days=32)).replace(day=1)
    if clock.day_of(at) < after:
        raise Refusal("month_not_over", N_("{month} 还没有结束"), month=f"{first:%Y-%m}")
    Area.objects.select_for_update(of=("self",)).get(pk=area.pk)  # two who press at once: the second gets the first's
    if found := Draw.objects.filter(area=area, month=first).first():
        return found
    visits = _latest(area, first, after)
    if not visits:
        raise Refusal("nobody_visited", N_("这个月没有走访"))
    frame = rules.frame_text((code, str(number)) for number, (code, _household) in visits.items())
    with unscoped():  # the head is everybody's
        public = str(chain.head())
    seed = rules.seed_of(f"CB{area.code}", first.year * 100 + first.month, public)
    made = Draw.objects.create(
        area=area, area_code=area.code, month=first, share=terms.share, least=terms.least, frame=frame,
        frame_digest=rules.digest_of(frame), public=public, seed=seed, by=by, at=at,
        until=clock.day_of(at) + timedelta(days=terms.days),
    )  # fmt: skip
    drawn = rules.draw(seed, rules.frame_of(frame), share=terms.share, least=terms.least)
    CallBack.objects.bulk_create([
        CallBack(draw=made, visit_id=int(one.number), household_id=visits[int(one.number)][1], area_code=one.stratum,
                 rank=one.rank)
        for one in drawn
    ])  # fmt: skip
    trail.write("scrutiny.call_backs.draw", about=made, by=by, at=at, month=f"{first:%Y-%m}", drawn=len(drawn),
                frame=made.frame_digest)  # fmt: skip
    return made


def _latest(area: Area, first: date, after: date) -> dict[int, tuple[str, int]]:
    """Number of the month's last standing visit of each household → its village's code and the household."""
    rows = Visit.objects.within(area).standing().filter(on__gte=first, on__lt=after)
    last = rows.order_by("household_id", "-on", "-started_at", "-pk").distinct("household_id")
    return {number: (code, home) for number, code, home in last.values_list("pk", "area_code", "household_id")}


@transaction.atomic
def answer(
    *, call_back: CallBack, said: str, channel: str, at: datetime, by: User | None = None, note: str = ""
) -> CallBack:
    """What the household said, once, while it is waited for. Nobody changes it afterwards."""
    found = CallBack.objects.select_for_update(of=("self",)).select_related("draw").get(pk=call_back.pk)
    if said not in {CallBack.Answer.YES, CallBack.Answer.NO, CallBack.Answer.UNSURE}:
        raise Refusal("no_answer", N_("请选择来过、没有来或记不清"))
    if found.answer:
        raise Refusal("answered_already", N_("已经回复过，谢谢"))
    if clock.day_of(at) > found.draw.until:
        raise Refusal("too_late", N_("回复期限 {until} 已过"), until=found.draw.until)
    if len(note) > 200 or "\x00" in note:
        raise Refusal("note_too_long", N_("说明最多 {most} 字"), most=200)
    found.answer, found.channel, found.note, found.answered_at, found.by = said, channel, note.strip(), at, by
    found.save(update_fields=["answer", "channel", "note", "answered_at", "by"])
    trail.write("scrutiny.call_backs.answer", about=found.draw, by=by, at=at, channel=channel)
    return found


def waiting_for(*, household: Household, on: date) -> CallBack | None:
    """The question that a household's card shows now."""
    rows = CallBack.objects.filter(household=household, answer="", draw__until__gte=on)
    return rows.select_related("visit", "draw").order_by("-draw__month").first()


def has_said(*, household: Household, on: date) -> bool:
    """Whether the household has answered a question of these weeks."""
    return CallBack.objects.filter(household=household, draw__until__gte=on).exclude(answer="").exists()
