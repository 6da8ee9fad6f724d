"""政策反映 raised, decided for the family, seen to when the department is late (VOICE-4, M-POL-03, M-POL-05)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction

from shuanglian.areas.models import Area
from shuanglian.attachments.actions import attachments
from shuanglian.benefits import catalogue
from shuanglian.benefits.models import Due
from shuanglian.core.clock import day_of
from shuanglian.core.profile import active
from shuanglian.core.scoping import unscoped
from shuanglian.fieldwork.actions.once import digest_of
from shuanglian.grievances.actions import demands
from shuanglian.grievances.models import Answer, Demand
from shuanglian.grievances.models import Step as DemandStep
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.notices.actions.objections import plain
from shuanglian.policywatch import facts
from shuanglian.policywatch.models import RULED, Report, Step
from shuanglian.rules.policywatch_shapes import PolicyTerms
from shuanglian.trail import trail

from . import alike, proposals
from .moving import move
from .telling import answer_demand, has_desk, holders, step, tell

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from shuanglian.accounts.models import User
    from shuanglian.policywatch.models import Proposal
    from shuanglian.registry.models import Household

SHORTEST = 4
EVIDENCE = "policy_evidence"
DOORS = {"cadre": Report.Door.CADRE, "village_committee": Report.Door.VILLAGE}


def terms() -> PolicyTerms:
    """The numbers; a Refusal where the programme watches no policies."""
    known = active().policywatch
    if known.terms is None or not known.runs:
        raise Refusal("no_policywatch", N_("方案没有规定政策监督"))
    return known.terms


def said(text: str, sentence: str, most: int) -> str:
    told = plain(text)
    if len(told) < SHORTEST:
        raise Refusal("text_missing", sentence)
    if len(told) > most:
        raise Refusal("text_too_long", N_("文字太长：最多 {most} 字"), most=most)
    return told


@transaction.atomic
def raise_(
    *, key: UUID, kind: str, benefit: str, should: str, did: str, village: Area, by: User, at: datetime,
    clause: str = "", cause: str = "", household: Household | None = None, demand: Demand | None = None,
    on: date | None = None, join: Proposal | None = None,
) -> Report:  # fmt: skip
    """Keep what is told of a policy and hand it to the department that owns it; kept once, however often it is sent.

    A kind that amends becomes a proposal, or joins one that says the same. A demand opens one report at most.
    """
    limits, village = terms(), household.village if household is not None else village
    digest = digest_of(kind=kind, benefit=benefit, should=plain(should), did=plain(did), village=village.code,
                       household=household.pk if household else None)  # fmt: skip
    if (kept := _kept(key, digest, demand)) is not None:
        return kept
    known, about = active().policywatch, catalogue.benefit(benefit)
    if kind not in known.kinds:
        raise Refusal("no_kind", N_("请选是哪一种情况"))
    if about is None:
        raise Refusal("no_benefit", N_("请从清单里选是哪项政策"))
    if cause and cause not in known.causes:
        raise Refusal("no_cause", N_("没有这一项原因"))
    today = day_of(at)
    if village.level < Area.Level.COUNTY:
        raise Refusal("no_village", N_("请选哪个村（或乡镇、县）"))
    if on is not None and on > today:
        raise Refusal("ahead_of_time", N_("日期还没有到"))
    found = facts.told_of(benefit, household)
    report = Report(
        key=key, digest=digest, kind=kind, benefit=benefit, clause=plain(clause)[:200], cause=cause,
        should=said(should, N_("请写明本来应当怎样"), limits.longest),
        did=said(did, N_("请写明实际怎样"), limits.longest), village=village, area_code=village.code,
        household=household, due=found.due, demand=demand, door=_door(by, demand), department=about.department,
        county=village.code[:6].ljust(12, "0"), on=on or today, by=by, at=at,
    )  # fmt: skip
    if known.kinds[kind].amends:
        report.state = Report.State.PROPOSED
        report.proposal = proposals.for_report(report, join=join, by=by, at=at)
    else:
        report.at_office = not has_desk(about.department, report.county)
        _limit(report, limits.decide_days, today)
    report.save(force_insert=True)
    step(report, Step.Kind.RAISED, by=by, at=at)
    if demand is not None:
        demands.step(demand, DemandStep.Kind.OPENED, by=by, at=at, text=catalogue.title(benefit))
        trail.write("grievances.open", about=demand, by=by, at=at, matter="policy")
    trail.write("policywatch.raise", about=report, by=by, at=at, kind=kind, benefit=benefit)
    if report.state == Report.State.OPEN:
        people = holders(report.department, report.county, at_office=report.at_office)
        tell(people, "policywatch.raised", report, by=by, at=at, once="raised")
    return report


def _kept(key: UUID, digest: str, demand: Demand | None) -> Report | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 7))", [f"policy {demand.pk if demand else key}"]
        )
    with unscoped():
        kept = Report.objects.filter(key=key).first()
        opened = Report.objects.filter(demand=demand).first() if demand is not None else None
    if kept is not None and kept.digest != digest:
        raise Refusal("form_sent", N_("这张表已经交过一次。要再提一条，请重新打开页面"))
    if kept is None and opened is not None:
        raise Refusal("opened_already", N_("这条诉求已经转为政策反映"))
    return kept


def _door(by: User, demand: Demand | None) -> str:
    return Report.Door.DEMAND if demand is not None else DOORS.get(by.role, Report.Door.OFFICE)


def _limit(report: Report, days: int, since: date) -> None:
    calendar = active().working_days
    report.due_on = calendar.add(since, days)
    report.remind_on = max(since, calendar.before(report.due_on, terms().remind))


def locked(report: Report | int) -> Report:
    """The report as it stands, held until the transaction ends."""
    rows = Report.objects.select_for_update(of=("self",)).select_related("village", "household", "due", "demand", "by")
    return rows.get(pk=report if isinstance(report, int) else report.pk)


def _to_decide(report: Report) -> Report:
    kept = locked(report)
    if kept.state != Report.State.OPEN:
        raise Refusal("not_open", N_("这件事已经处理过"))
    return kept


# --- decided for the family -------------------------------------------------------------------------------------------
@attachments.whole_or_none()
@transaction.atomic
def correct(
    *, report: Report, answer: str, by: User, at: datetime, verb: str = "", on: date | None = None, evidence: str = "",
    cause: str = "", papers: Sequence[str] = (), files: Sequence[UploadedFile | bytes] = (),
) -> Report:  # fmt: skip
    """Put it right for this family. verb: what is done to its benefit now ("applied", "approved"); "" when it has moved
    on already. Whoever is owed the benefit and still stands as the cause says was not helped: a Refusal."""
    kept = _to_decide(report)
    kept.cause = cause or kept.cause
    if kept.cause not in active().policywatch.causes:
        raise Refusal("cause_missing", N_("请选没有落实的原因：按它查找同类户"))
    kept.answer = said(answer, N_("请用大白话写明办了什么"), 2000)
    kept.evidence = plain(evidence)[:1000]
    if kept.due is not None:
        due = move(kept.due, verb, cause=kept.cause, on=on or day_of(at), papers=papers, report=kept, by=by, at=at)
        kept.evidence = kept.evidence or _proof(due)
    elif len(kept.evidence) < SHORTEST and not files:
        raise Refusal("no_evidence", N_("请写明纠正的依据，或者附照片、扫描件"))
    kept.evidence = kept.evidence or N_("见附件")
    for upload in files:
        attachments.keep(upload, of=kept, area_code=kept.area_code, by=by, at=at, purpose=EVIDENCE)
    return _decide(kept, Report.Outcome.CORRECTED, by=by, at=at)


def _proof(due: Due) -> str:
    last = due.steps.order_by("-id").first()
    day = f" {last.on.isoformat()}" if last is not None else ""
    return f"{catalogue.title(due.benefit)}：{Due.State(due.state).label}{day}"


@transaction.atomic
def explain(
    *, report: Report, answer: str, rule: str, appeal: str, by: User, at: datetime, cause: str = ""
) -> Report:  # fmt: skip
    """It was done as it is written: the rule, and where one can appeal. Families alike are looked at all the same."""
    kept = _to_decide(report)
    kept.cause = cause or kept.cause
    kept.answer = said(answer, N_("请用大白话写明为什么"), 2000)
    kept.rule = said(rule, N_("请写明依据哪条规定"), 600)
    kept.appeal = said(appeal, N_("请写明不服向哪里反映"), 300)
    return _decide(kept, Report.Outcome.EXPLAINED, by=by, at=at)


def _decide(report: Report, outcome: str, *, by: User, at: datetime) -> Report:
    report.outcome, report.decided_by, report.decided_at = outcome, by, at
    report.state = Report.State.CHECKING
    report.alike_due_on = active().working_days.add(day_of(at), terms().alike_days)
    report.save(update_fields=[*RULED, "cause", "state", "alike_due_on"])
    corrected = outcome == Report.Outcome.CORRECTED
    step(report, Step.Kind.CORRECTED if corrected else Step.Kind.EXPLAINED, by=by, at=at, text=report.answer)
    answer_demand(
        report.demand, matter=report, text=report.answer, evidence=report.evidence, rule=report.rule,
        outcome=Answer.Outcome.SOLVED if corrected else Answer.Outcome.EXPLAINED, appeal=report.appeal, by=by, at=at,
    )  # fmt: skip
    trail.write("policywatch.decide", about=report, by=by, at=at, outcome=outcome)
    tell([report.by], "policywatch.decided", report, by=by, at=at, once="decided")
    alike.look(report=report, by=by, at=at)
    return report


# --- every night ------------------------------------------------------------------------------------------------------
def night(*, on: date, at: datetime) -> int:
    """Remind before a limit, give what is late to the programme office, look again whose benefit moved on; how many
    reports went to the office. Safe to run twice."""
    if active().policywatch.terms is None:
        return 0
    _remind(on, at)
    for pk in Report.objects.filter(state=Report.State.CHECKING).order_by("pk").values_list("pk", flat=True):
        alike.settle(report=Report.objects.get(pk=pk), by=None, at=at)
    late = Report.objects.open().filter(due_on__lt=on, at_office=False).order_by("pk").values_list("pk", flat=True)
    return sum(_to_office(pk, on, at) for pk in list(late))


def _remind(on: date, at: datetime) -> None:
    waiting = Report.objects.open().filter(remind_on__lte=on, due_on__gte=on)
    checking = Report.objects.filter(state=Report.State.CHECKING, alike_due_on__lt=on)
    for one in [*waiting.order_by("pk"), *checking.order_by("pk")]:
        people = holders(one.department, one.county, at_office=one.at_office)
        tell(people, "policywatch.due", one, by=None, at=at, once=f"{one.state}:{one.due_on}")


@transaction.atomic
def _to_office(pk: int, on: date, at: datetime) -> bool:
    kept = locked(pk)
    if kept.state != Report.State.OPEN or kept.at_office or kept.due_on is None or kept.due_on >= on:
        return False
    before, kept.at_office = kept.due_on, True
    _limit(kept, terms().office_days, on)
    kept.save(update_fields=["at_office", "due_on", "remind_on"])
    step(kept, Step.Kind.AT_OFFICE, by=None, at=at, text=before.isoformat())
    trail.write("policywatch.late", about=kept, by=None, at=at, due_on=before.isoformat())
    tell(holders(kept.department, kept.county, at_office=True), "policywatch.late", kept, by=None, at=at, once="late")
    return True
