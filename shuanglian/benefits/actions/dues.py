"""A due on its way: applied for, approved, refused with a reason, appealed, received, ended (BEN-7, BEN-8).

Each step says who, when, on what papers; a refusal keeps the department's words and can be appealed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Sum

from shuanglian.benefits import catalogue
from shuanglian.benefits.models import Due, Payment, Step
from shuanglian.core import clock
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said
from shuanglian.organisation.changes import reason_given, traced
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

S = Due.State
MAY: dict[str, tuple[Collection[Due.State], Due.State]] = {  # step → from which states, to which
    "applied": ((S.OWED, S.UNDECIDED, S.REFUSED, S.ENDED), S.APPLIED),
    "approved": ((S.APPLIED, S.APPEALED, S.OWED), S.APPROVED),
    "refused": ((S.APPLIED, S.APPEALED, S.OWED), S.REFUSED),
    "appealed": ((S.REFUSED,), S.APPEALED),
}


def apply(
    *, due: Due, on: date, by: User | None, at: datetime, papers: Sequence[str] = (), note: str = ""
) -> Due:  # fmt: skip
    """Hand in an application on behalf of the family. papers: which of the benefit's papers were handed in.

    Also what the rules could not decide or no longer grant may be applied for: the department has the last word, and
    nobody is kept from asking.
    """
    return _step(due, "applied", on=on, by=by, at=at, papers=list(papers), note=note)


def approve(*, due: Due, on: date, by: User | None, at: datetime, yuan: Decimal | None = None, note: str = "") -> Due:
    """The department approves, with the amount where it names one."""
    if yuan is not None and (not yuan.is_finite() or yuan < 0):
        raise Refusal("negative", N_("{field}不能是负数"), field=Said(N_("金额")))
    return _step(due, "approved", on=on, by=by, at=at, yuan=yuan, note=note)


def refuse(*, due: Due, on: date, why: str, by: User | None, at: datetime) -> Due:
    """The department refuses: its reason in words, which the family is told and may appeal against."""
    return _step(due, "refused", on=on, by=by, at=at, note=reason_given(why))


def appeal(*, due: Due, on: date, why: str, by: User | None, at: datetime) -> Due:
    """The family does not accept a refusal."""
    return _step(due, "appealed", on=on, by=by, at=at, note=reason_given(why))


@transaction.atomic
def _step(
    due: Due, verb: str, *, on: date, by: User | None, at: datetime, note: str = "", yuan: Decimal | None = None,
    papers: list[str] | None = None,
) -> Due:  # fmt: skip
    due = Due.objects.select_for_update().get(pk=due.pk)
    allowed, wanted = MAY[verb]
    if due.state not in allowed:
        now = Said(str(S(due.state).label))
        raise Refusal("not_now", N_("这件事现在是“{state}”，不能办这一步"), state=now)
    if on > clock.day_of(at):
        raise Refusal("step_ahead", N_("日期不能晚于今天"))
    last = due.steps.exclude(verb="found").order_by("-on").values_list("on", flat=True).first()
    if last is not None and on < last:
        raise Refusal("step_before", N_("日期不能早于上一步的日期 {on}"), on=last.isoformat())
    due.state, due.changed_at = wanted, at
    due.reason = note[:500] if verb == "refused" else due.reason
    with traced(f"benefits.dues.{verb}", by=by, at=at, why=note):
        due.save(update_fields=["state", "changed_at", "reason"])
        Step.objects.create(due=due, area_code=due.area_code, verb=verb, on=on, yuan=yuan, note=note[:500],
                            papers=papers or [], by=by, at=at)  # fmt: skip
    trail.write(f"benefits.dues.{verb}", about=due, by=by, at=at, benefit=due.benefit, on=on.isoformat(),
                why=note[:500])  # fmt: skip
    return due


def settle(*, due: Due, on: date, by: User | None, at: datetime) -> Due:
    """Bring a due in line with the payments matched to it: received once money came, open again when it is taken back.

    The caller holds the transaction.
    """
    due = Due.objects.select_for_update().get(pk=due.pk)
    came = Payment.objects.filter(due=due).aggregate(sum=Sum("yuan"))["sum"]
    if came == due.received or (came is None and due.received == 0 and due.state != S.RECEIVED):
        return due
    before = due.state
    due.received = came or Decimal(0)
    due.state = S.RECEIVED if came is not None else _without_payment(due)
    due.changed_at = at
    due.save(update_fields=["received", "state", "changed_at"])
    if due.state != before:
        verb = "received" if due.state == S.RECEIVED else "taken_back"
        Step.objects.create(due=due, area_code=due.area_code, verb=verb, on=on, yuan=came, by=by, at=at)
    return due


def _without_payment(due: Due) -> Due.State:
    """The state that stood before the money came."""
    verb = due.steps.filter(verb__in=MAY).order_by("-id").values_list("verb", flat=True).first()
    if verb:
        return MAY[verb][1]
    return S.OWED if due.entitled else S.ENDED if due.entitled is False else S.UNDECIDED


def due_for_payment(*, household: int, person: int | None, area_code: str, benefit: str, year: int, on: date,
                    at: datetime) -> Due:  # fmt: skip
    """The due that a payment answers; made when nobody had found one (it may then turn out to be not entitled)."""
    known = catalogue.benefit(benefit)
    period = 0 if known is not None and known.every == "once" else year
    who = person if known is None or known.subject == "person" else None
    due, _made = Due.objects.get_or_create(
        household_id=household, person_id=who, benefit=benefit, period=period,  # type: ignore[misc]
        defaults={
            "area_code": area_code, "department": known.department if known else "", "state": S.UNDECIDED,
            "since": on, "on": on, "changed_at": at,
        },
    )  # fmt: skip
    return due
