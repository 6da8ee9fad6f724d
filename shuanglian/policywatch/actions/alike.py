"""同类户 corrected for one family, then looked at for all in the same case; nothing is closed before (VOICE-4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from shuanglian.benefits.models import Due
from shuanglian.core.clock import day_of
from shuanglian.core.profile import active
from shuanglian.core.scoping import unscoped
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.notices.actions.objections import plain
from shuanglian.policywatch import facts
from shuanglian.policywatch.models import Alike, Report, Step
from shuanglian.rules.policywatch import ENDS, Progress
from shuanglian.trail import trail

from .moving import move
from .telling import step

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from shuanglian.accounts.models import User

BATCH = 2_000
SHORTEST = 4


def dues_alike(report: Report) -> QuerySet[Due]:
    """Dues of the county that may be in the same case: the same provision, standing as the cause says."""
    cause = active().policywatch.causes.get(report.cause)
    if cause is None:
        return Due.objects.none()
    rows = Due.objects.filter(
        benefit=report.benefit, state__in=cause.states, area_code__startswith=report.county[:6],
        household__left_on=None,
    ).exclude(entitled=False)  # fmt: skip
    return rows.exclude(pk=report.due_id) if report.due_id else rows


@transaction.atomic
def look(*, report: Report, by: User | None, at: datetime) -> int:
    """List every family in the same case; those found before stay as they are. How many are new."""
    cause = active().policywatch.causes.get(report.cause)
    known = set(report.alike.values_list("due", flat=True))
    rows = [
        Alike(report=report, household_id=due.household_id, due=due, area_code=due.area_code)
        for due in dues_alike(report).order_by("area_code", "pk").iterator(chunk_size=BATCH)
        if due.pk not in known and cause is not None and facts.stands_as(due, cause)
    ]
    Alike.objects.bulk_create(rows, batch_size=BATCH)
    if rows or not known:
        step(report, Step.Kind.LISTED, by=by, at=at, text=str(len(rows)))
        trail.write("policywatch.list", about=report, by=by, at=at, families=len(rows))
    return len(rows)


@transaction.atomic
def check(*, rows: Iterable[Alike], why: str = "", by: User, at: datetime) -> int:
    """Looked at: it is so, and will be put right. How many."""
    return sum(_set(one, Alike.State.CHECKED, plain(why), by, at) for one in _locked(rows))


@transaction.atomic
def set_aside(*, rows: Iterable[Alike], why: str, by: User, at: datetime) -> int:
    """Looked at: it does not concern them, and why. How many."""
    told = plain(why)
    if len(told) < SHORTEST:
        raise Refusal("reason_missing", N_("请写明为什么不涉及"))
    return sum(_set(one, Alike.State.NOT_CONCERNED, told, by, at) for one in _locked(rows))


@transaction.atomic
def correct(
    *, rows: Iterable[Alike], verb: str, by: User, at: datetime, on: date | None = None, papers: Sequence[str] = (),
    why: str = "",
) -> int:  # fmt: skip
    """Put it right for them too, each through its own benefit; a Refusal when one of them did not move. How many."""
    done = 0
    for one in _locked(rows):
        move(one.due, verb, cause=one.report.cause, on=on or day_of(at), papers=papers, report=one.report, by=by, at=at)
        done += _set(one, Alike.State.CORRECTED, plain(why), by, at)
    return done


def _locked(rows: Iterable[Alike]) -> list[Alike]:
    """Rows as they stand, in one order so that two who do the same wait for each other; none of a closed report.

    A village looks at its own families also where another village's report, which it does not see, brought them up.
    """
    wanted = Alike.objects.filter(pk__in=[one.pk for one in rows]).order_by("pk")
    found = list(wanted.select_for_update(of=("self",)).select_related("due"))
    with unscoped():
        reports = Report.objects.in_bulk({one.report_id for one in found})
    for one in found:
        one.report = reports[one.report_id]
    if any(one.report.state != Report.State.CHECKING for one in found):
        raise Refusal("not_checking", N_("这件事现在不在核查同类户"))
    return [one for one in found if one.state not in ENDS]


def _set(row: Alike, state: str, why: str, by: User | None, at: datetime) -> int:
    row.state, row.why, row.by, row.at = state, why[:300], by, at
    row.save(update_fields=["state", "why", "by", "at"])
    trail.write("policywatch.check", about=row, by=by, at=at, state=state)
    return 1


@transaction.atomic
def settle(*, report: Report, by: User | None, at: datetime) -> int:
    """Families whose benefit moved on meanwhile are corrected; who is no longer entitled is not concerned. How many."""
    cause = active().policywatch.causes.get(report.cause)
    if cause is None or report.state != Report.State.CHECKING:
        return 0
    open_ = report.alike.exclude(state__in=ENDS).select_related("due").order_by("pk")
    moved = [one for one in open_ if not facts.stands_as(one.due, cause)]
    for one in moved:
        one.by, one.at = by, at
        gone = one.due.entitled is False or one.due.state == Due.State.ENDED
        one.state = Alike.State.NOT_CONCERNED if gone else Alike.State.CORRECTED
        one.why = _("不再符合条件") if gone else str(one.due.get_state_display())
    Alike.objects.bulk_update(moved, ["state", "why", "by", "at"], batch_size=BATCH)
    if moved:
        step(report, Step.Kind.CHECKED, by=by, at=at, text=str(len(moved)))
        trail.write("policywatch.settle", about=report, by=by, at=at, families=len(moved))
    return len(moved)


def progress(report: Report) -> Progress:
    return Progress.of(report.alike.values_list("state", flat=True))


def close(*, report: Report, by: User, at: datetime, looked: str = "") -> Report:
    """The end: every family alike is done, also those who came into the case meanwhile. Where nobody was found it is
    said how that was made sure. What was found on the way stays listed, also when it is not the end yet."""
    settle(report=report, by=by, at=at)
    if report.state == Report.State.CHECKING:
        look(report=report, by=by, at=at)
    return _close(report, by, at, looked)


@transaction.atomic
def _close(report: Report, by: User, at: datetime, looked: str) -> Report:
    kept = Report.objects.select_for_update().get(pk=report.pk)
    if kept.state != Report.State.CHECKING:
        raise Refusal("not_checking", N_("这件事现在不在核查同类户"))
    told = progress(kept)
    if not told.over:
        raise Refusal("alike_open", N_("同类户还有 {left} 项没有核完，不能办结"), left=told.left)
    kept.looked = plain(looked)[:600]
    if told.whole == 0 and len(kept.looked) < SHORTEST:
        raise Refusal("how_looked", N_("没有查到同类户：请写明怎样核实的"))
    kept.state, kept.closed_by, kept.closed_at = Report.State.CLOSED, by, at
    kept.save(update_fields=["state", "closed_by", "closed_at", "looked"])
    step(kept, Step.Kind.CLOSED, by=by, at=at, text=kept.looked)
    trail.write("policywatch.close", about=kept, by=by, at=at, families=told.whole)
    return kept
