"""调解 who mediates, parties, meetings, agreement, follow-up, the end (VOICE-5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from shuanglian.accounts.rights import may
from shuanglian.attachments.actions import attachments
from shuanglian.core.clock import day_of
from shuanglian.core.profile import active
from shuanglian.core.scoping import unscoped
from shuanglian.disputes.kinship import related, related_to
from shuanglian.disputes.models import Dispute, Party, Record, Step
from shuanglian.grievances.actions import answers
from shuanglian.grievances.actions import demands as demand_verbs
from shuanglian.grievances.models import Answer, Demand
from shuanglian.grievances.models import Step as DemandStep
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.notices.actions.objections import plain
from shuanglian.rules.disputes import above, named_until
from shuanglian.trail import trail

from .disputes import STANDS, locked, put, said, step, tell, terms, users_of

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from shuanglian.accounts.models import User

SCAN = "dispute_agreement"
MATTER = "disputes.dispute"  # without a number: a demand must not lead to a dispute, nor its household


def _open(dispute: Dispute) -> Dispute:
    kept = locked(dispute)
    if kept.state != Dispute.State.OPEN:
        raise Refusal("not_open", N_("这件纠纷现在不在调解中"))
    return kept


@transaction.atomic
def assign(*, dispute: Dispute, mediator: User, by: User, at: datetime) -> Dispute:
    """Name who mediates: nobody who is a party, or a relative of one."""
    kept = _open(dispute)
    if not may(mediator, "disputes.mediate"):
        raise Refusal("no_mediator", N_("请选能做调解的人"))
    if why := related(mediator, kept):
        raise Refusal("is_related", N_("不能由他调解：{why}"), why=why)
    kept.mediator = mediator
    kept.save(update_fields=["mediator"])
    step(kept, Step.Kind.ASSIGNED, by=by, at=at)
    trail.write("disputes.assign", about=kept, by=by, at=at)
    tell([mediator], "disputes.assigned", kept, by=by, at=at)
    return kept


@transaction.atomic
def add_party(
    *, dispute: Dispute, name: str, by: User, at: datetime, phone: str = "", home: str = ""
) -> Party:  # fmt: skip
    """A party, only as needed to mediate. A mediator who turns out to be a relative is free of it at once."""
    kept, told = _open(dispute), " ".join(plain(name).split())[:40]
    if not told:
        raise Refusal("name_missing", N_("请写姓名"))
    if kept.parties.count() >= terms().parties:
        raise Refusal("too_many_parties", N_("当事人最多 {most} 人：人多的写代表"), most=terms().parties)
    made = Party.objects.create(
        dispute=kept, area_code=kept.area_code, name=told, phone="".join(plain(phone).split())[:20],
        home=plain(home).strip()[:40], by=by, at=at,
    )  # fmt: skip
    trail.write("disputes.parties", about=kept, by=by, at=at)
    with unscoped():
        near = kept.mediator is not None and bool(related_to(kept.mediator, [made]))
    if near:
        kept.mediator = None
        kept.save(update_fields=["mediator"])
        step(kept, Step.Kind.FREED, by=by, at=at)
    return made


@transaction.atomic
def remove_party(*, party: Party, by: User, at: datetime) -> None:
    """One who is not needed after all; nothing of him is kept."""
    kept = _open(party.dispute)
    party.delete()
    trail.write("disputes.parties", about=kept, by=by, at=at)


@transaction.atomic
def meet(*, dispute: Dispute, on: date, present: int, notes: str, by: User, at: datetime) -> Record:
    """A meeting of the parties."""
    kept = _open(dispute)
    if not 1 <= present <= 1_000:
        raise Refusal("no_people", N_("请写明到场多少人"))
    made = _record(kept, Record.Kind.MEETING, on, said(notes, N_("请写明怎样调解的")), by, at, present=present)
    step(kept, Step.Kind.MET, by=by, at=at)
    trail.write("disputes.meet", about=kept, by=by, at=at)
    return made


def _record(dispute: Dispute, kind: str, on: date, text: str, by: User, at: datetime, **more: object) -> Record:
    if on > day_of(at):
        raise Refusal("ahead_of_time", N_("日期还没有到"))
    if on < dispute.on:
        raise Refusal("before_noticed", N_("日期不能早于发现的日期"))
    told = {"kind": kind, "on": on, "text": text, "by": by, "at": at, **more}
    return Record.objects.create(dispute=dispute, area_code=dispute.area_code, **told)  # type: ignore[misc]


@attachments.whole_or_none()
@transaction.atomic
def agree(
    *, dispute: Dispute, on: date, text: str, by: User, at: datetime, files: Sequence[UploadedFile] = (),
    answer: str = "",
) -> Record:  # fmt: skip
    """The parties agreed: the text, the signed scan; a day is set on which somebody looks whether it holds."""
    kept = _open(dispute)
    made = _record(kept, Record.Kind.AGREEMENT, on, said(text, N_("请写明协议内容")), by, at)
    for upload in files:  # as bytes: a file's name may name somebody
        attachments.keep(attachments.bytes_of(upload), of=made, area_code=made.area_code, by=by, at=at, purpose=SCAN)
    kept.state, kept.solved_at = Dispute.State.AGREED, kept.level
    kept.follow_on = on + timedelta(days=terms().follow_days)
    kept.save(update_fields=["state", "solved_at", "follow_on"])
    step(kept, Step.Kind.AGREED, by=by, at=at)
    trail.write("disputes.agree", about=kept, by=by, at=at)
    _answer(kept, answer, by=by, at=at, evidence=f"{Record.Kind.AGREEMENT.label} {on.isoformat()}")
    return made


@transaction.atomic
def visit(*, dispute: Dispute, on: date, holds: str, notes: str, by: User, at: datetime) -> Dispute:
    """Somebody looked whether the agreement holds: then it is over; when not, mediation begins again with new time."""
    kept = locked(dispute)
    if kept.state != Dispute.State.AGREED:
        raise Refusal("not_agreed", N_("这件纠纷没有要回访的协议"))
    if holds not in Record.Holds.values or not holds:
        raise Refusal("no_finding", N_("请选协议履行得怎样"))
    _record(kept, Record.Kind.VISIT, on, said(notes, N_("请写明看到的情况")), by, at, holds=holds)
    step(kept, Step.Kind.VISITED, by=by, at=at)
    trail.write("disputes.visit", about=kept, by=by, at=at, holds=holds)
    if holds == Record.Holds.YES:
        agreed = next((code for code, one in active().disputes.ends.items() if one.agreed), "")
        return _over(kept, agreed, by=by, at=at)
    kept.state, kept.solved_at, kept.follow_on = Dispute.State.OPEN, "", None
    put(kept, kept.level, at=at)
    kept.save(update_fields=[*STANDS, "state", "solved_at", "follow_on"])
    step(kept, Step.Kind.REOPENED, by=by, at=at)
    return kept


@transaction.atomic
def close(
    *, dispute: Dispute, end: str, why: str, by: User, at: datetime, answer: str = "", rule: str = "", appeal: str = ""
) -> Dispute:  # fmt: skip
    """It ends without a paper: talked over, withdrawn, or for the courts (then with the rule and where to go)."""
    kept, known = _open(dispute), active().disputes.ends.get(end)
    if known is None or known.agreed:
        raise Refusal("no_end", N_("请选怎样了结的；达成协议的请登记协议"))
    _record(kept, Record.Kind.WHY, day_of(at), said(why, N_("请写明情况")), by, at)
    if known.explained:
        _answer(kept, answer, by=by, at=at, rule=rule, appeal=appeal)
    else:
        _answer(kept, answer, by=by, at=at, evidence=known.label.zh)
    kept.solved_at = "" if known.explained else kept.level
    return _over(kept, end, by=by, at=at)


def _over(dispute: Dispute, end: str, *, by: User, at: datetime) -> Dispute:
    dispute.state, dispute.end, dispute.closed_by, dispute.closed_at = Dispute.State.CLOSED, end, by, at
    dispute.keep_until = named_until(day_of(at), terms().keep_months)
    dispute.save(update_fields=["state", "end", "closed_by", "closed_at", "keep_until", "solved_at"])
    step(dispute, Step.Kind.CLOSED, by=by, at=at)
    trail.write("disputes.close", about=dispute, by=by, at=at, end=end, level=dispute.level)
    return dispute


def _answer(
    dispute: Dispute, text: str, *, by: User, at: datetime, evidence: str = "", rule: str = "", appeal: str = ""
) -> None:
    """The answer of the demand that it came from follows from how it ended."""
    if dispute.demand is None:
        return
    kept = demand_verbs.locked(dispute.demand)
    if kept.state != Demand.State.OPEN:
        demand_verbs.step(kept, DemandStep.Kind.NOTED, by=by, at=at, text=plain(text))
        return
    outcome = Answer.Outcome.SOLVED if evidence else Answer.Outcome.EXPLAINED
    answers.answer(demand=kept, outcome=outcome, text=text, evidence=evidence, rule=rule, appeal=appeal, by=by, at=at,
                   matter=MATTER)  # fmt: skip


@transaction.atomic
def pass_up(*, dispute: Dispute, why: str, by: User, at: datetime) -> Dispute:
    """Up one level: the office that has it could not settle it, or the one above takes it. What was tried goes too."""
    kept = _open(dispute)
    up = above(kept.level, active().disputes.rungs)
    if up is None:
        raise Refusal("at_the_top", N_("已经到最高一级"))
    told = said(why, N_("请写明已经做了什么、为什么在这里解决不了"))
    with unscoped():  # an office above writes why before it reads
        _record(kept, Record.Kind.WHY, day_of(at), told, by, at)
    put(kept, up, at=at)
    kept.mediator = None
    kept.save(update_fields=[*STANDS, "mediator"])
    step(kept, Step.Kind.PASSED_UP, by=by, at=at)
    trail.write("disputes.pass_up", about=kept, by=by, at=at, to=up)
    tell(users_of(kept.office), "disputes.noticed", kept, by=by, at=at)
    return kept
