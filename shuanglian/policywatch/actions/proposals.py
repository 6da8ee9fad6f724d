"""修订建议 proposals to amend: collected, joined, passed to whose policy it is, weighed by others, told (VOICE-4)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from shuanglian.areas.models import Area, prefix_of
from shuanglian.benefits.models import Provision
from shuanglian.core.clock import day_of
from shuanglian.core.profile import active
from shuanglian.core.scoping import unscoped
from shuanglian.grievances.holders import LEVEL_NAMES, LEVELS
from shuanglian.grievances.models import Answer
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.notices.actions.objections import plain
from shuanglian.policywatch.models import RULED, Proposal, Report, Step
from shuanglian.registry.models import Household, Person
from shuanglian.rules.notice_privacy import check_text
from shuanglian.rules.same_text import likeness, normal
from shuanglian.trail import trail

from .telling import answer_demand, holders, step, tell

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

SHORTEST = 4


# --- made -------------------------------------------------------------------------------------------------------------
def for_report(report: Report, *, join: Proposal | None, by: User, at: datetime) -> Proposal:
    """The proposal that a report makes, or the standing one that it joins. The caller saves the report."""
    with unscoped():  # a village's proposal is its county's to weigh
        if join is not None:
            kept = _open(join)
            if (kept.benefit, kept.area_code) != (report.benefit, report.county):
                raise Refusal("other_policy", N_("只能并入本县同一项政策的建议"))
            kept.people += 1
            kept.save(update_fields=["people"])
            return kept
        area = Area.objects.current().get(code=report.county)
        made = Proposal.objects.create(
            benefit=report.benefit, clause=report.clause, text=report.should, area=area, area_code=area.code,
            department=report.department, level="county", office=area.code, owner=owner_of(report.benefit, area.code),
            due_on=_until(at), by=by, at=at,
        )  # fmt: skip
    step(made, Step.Kind.PROPOSED, by=by, at=at)
    trail.write("policywatch.propose", about=made, by=by, at=at, benefit=made.benefit)
    tell(holders(made.department, made.office, at_office=False), "policywatch.proposed", made, by=by, at=at, once="new")
    return made


def owner_of(benefit: str, county: str) -> str:
    """The level whose word it takes: of a policy written on the page its area's, else what the profile says."""
    with unscoped():
        written = Provision.objects.filter(code=benefit, state=Provision.State.IN_FORCE).select_related("area")
        here = [one.area.level for one in written if county.startswith(prefix_of(one.area.code, one.area.level))]
    level = LEVEL_NAMES[max(here)] if here else active().policywatch.level_of(benefit)
    return level if LEVELS[level] <= Area.Level.COUNTY else "county"


def _until(at: datetime) -> date:
    known = active().policywatch.terms
    assert known is not None  # a profile without terms takes no reports
    return active().working_days.add(day_of(at), known.weigh_days)


def alike(*, benefit: str, county: str, text: str) -> list[tuple[Proposal, float]]:
    """Open proposals on the same provision that say nearly the same, the nearest first."""
    known, told = active().policywatch.terms, normal(text)
    if known is None:
        return []
    rows = Proposal.objects.filter(benefit=benefit, area_code=county, state=Proposal.State.OPEN)
    found = [(one, likeness(told, normal(one.text))) for one in rows]
    return sorted(((one, share) for one, share in found if share >= known.alike), key=lambda pair: -pair[1])


def _open(proposal: Proposal) -> Proposal:
    kept = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if kept.state != Proposal.State.OPEN:
        raise Refusal("not_open", N_("这条建议已经有结果或并入别的建议"))
    return kept


# --- weighed ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def join(*, proposal: Proposal, to: Proposal, by: User, at: datetime) -> Proposal:
    """Two that say the same become one; everybody who made either is told what became of it."""
    first, second = sorted((proposal, to), key=lambda one: one.pk)
    kept = {one.pk: _open(one) for one in (first, second)}
    mine, leader = kept[proposal.pk], kept[to.pk]
    if mine.pk == leader.pk or (mine.benefit, mine.area_code) != (leader.benefit, leader.area_code):
        raise Refusal("other_policy", N_("只能并入本县同一项政策的建议"))
    mine.joined.update(joined_to=leader)
    mine.state, mine.joined_to = Proposal.State.JOINED, leader
    mine.save(update_fields=["state", "joined_to"])
    leader.people += mine.people
    leader.save(update_fields=["people"])
    step(mine, Step.Kind.JOINED, by=by, at=at, text=f"→ #{leader.pk}")
    step(leader, Step.Kind.JOINED, by=by, at=at, text=f"← #{mine.pk}")
    trail.write("policywatch.join", about=mine, by=by, at=at, to=leader.pk)
    return leader


@transaction.atomic
def pass_up(*, proposal: Proposal, opinion: str, by: User, at: datetime) -> Proposal:
    """To the next level, with what this one thinks; as far as the level that owns the provision."""
    kept, told = _open(proposal), plain(opinion)
    _impartial(kept, by)
    if len(told) < SHORTEST:
        raise Refusal("opinion_missing", N_("请写明本级的意见"))
    if LEVELS[kept.level] <= LEVELS[kept.owner]:
        raise Refusal("own_policy", N_("这项政策归本级，应当在本级研究决定"))
    level = LEVELS[kept.level] - 1
    kept.level = LEVEL_NAMES[level]
    kept.office = prefix_of(kept.area_code, level).ljust(12, "0")
    kept.due_on = _until(at)
    kept.save(update_fields=["level", "office", "due_on"])
    step(kept, Step.Kind.PASSED_UP, by=by, at=at, text=told)
    trail.write("policywatch.pass_up", about=kept, by=by, at=at, to=kept.level)
    tell(
        holders(kept.department, kept.office, at_office=False),
        "policywatch.proposed",
        kept,
        by=by,
        at=at,
        once=kept.level,
    )
    return kept


@transaction.atomic
def weigh(
    *, proposal: Proposal, fate: str, reasons: str, shown: str, reasons_shown: str, by: User, at: datetime,
    rule: str = "", appeal: str = "",
) -> Proposal:  # fmt: skip
    """What becomes of it, with reasons; told to everybody who made it and, without names, to everybody.

    shown, reasons_shown: the words of the public page. rule, appeal: for the answer when it is not adopted.
    """
    kept = _open(proposal)
    known = active().policywatch.fates.get(fate)
    if known is None:
        raise Refusal("no_fate", N_("请选结果"))
    _impartial(kept, by)
    if known.adopts and LEVELS[kept.level] > LEVELS[kept.owner]:
        raise Refusal("not_own_policy", N_("这项政策归上级，本级不能决定采纳：请报上级研究"))
    kept.fate, kept.reasons = fate, _said(reasons, N_("请写明理由"), 2000)
    kept.shown, kept.reasons_shown = (_public(text, kept, day_of(at)) for text in (shown, reasons_shown))
    kept.state, kept.decided_by, kept.decided_at = Proposal.State.DECIDED, by, at
    if not known.adopts:
        rule, appeal = _said(rule, N_("请写明依据哪条规定"), 600), _said(appeal, N_("请写明不服向哪里反映"), 300)
    kept.save()
    step(kept, Step.Kind.WEIGHED, by=by, at=at, text=kept.reasons)
    trail.write("policywatch.weigh", about=kept, by=by, at=at, fate=fate, people=kept.people)
    for report in _reports(kept):
        _told(report, kept, adopts=known.adopts, rule=rule, appeal=appeal, by=by, at=at)
    return kept


def _impartial(proposal: Proposal, by: User) -> None:
    """Two persons: who proposes does not weigh."""
    if proposal.by_id == by.pk or any(one.by_id == by.pk for one in _reports(proposal)):
        raise Refusal("own_proposal", N_("提建议的人不能研究自己的建议"))


def _reports(proposal: Proposal) -> list[Report]:
    together = [proposal.pk, *proposal.joined.values_list("pk", flat=True)]
    return list(Report.objects.filter(proposal__in=together).select_related("by", "demand").order_by("pk"))


def _said(text: str, sentence: str, most: int) -> str:
    told = plain(text)
    if len(told) < SHORTEST:
        raise Refusal("text_missing", sentence)
    if len(told) > most:
        raise Refusal("text_too_long", N_("文字太长：最多 {most} 字"), most=most)
    return told


def _public(text: str, proposal: Proposal, on: date) -> str:
    """What everybody reads: no number of anybody, no name of those who made it or of their families."""
    told = _said(text, N_("请写明公开的内容（不写姓名）"), 600)
    check_text(told, on=on, never=active().notices.never)
    reports = _reports(proposal)
    homes = [one.household_id for one in reports if one.household_id]
    names = {one.by.full_name for one in reports}
    names |= set(Household.objects.filter(pk__in=homes).values_list("head_name", flat=True))
    names |= set(Person.objects.filter(household__in=homes).values_list("name", flat=True))
    names |= {one.demand.name for one in reports if one.demand is not None}
    if any(len(name) > 1 and name in told for name in names):
        raise Refusal("name_in_public", N_("公开的内容里有提建议的人的姓名，请删去"))
    return told


def _told(
    report: Report, proposal: Proposal, *, adopts: bool, rule: str, appeal: str, by: User, at: datetime
) -> None:  # fmt: skip
    report.state, report.outcome, report.answer = Report.State.CLOSED, Report.Outcome.FATE, proposal.reasons
    report.rule, report.appeal = ("", "") if adopts else (rule, appeal)
    report.decided_by, report.decided_at, report.closed_by, report.closed_at = by, at, by, at
    report.save(update_fields=[*RULED, "state", "closed_by", "closed_at"])
    step(report, Step.Kind.WEIGHED, by=by, at=at, text=proposal.reasons)
    answer_demand(
        report.demand, matter=report, outcome=Answer.Outcome.SOLVED if adopts else Answer.Outcome.EXPLAINED,
        text=proposal.reasons, evidence=proposal.reasons_shown if adopts else "", rule=rule, appeal=appeal, by=by,
        at=at,
    )  # fmt: skip
    tell([report.by], "policywatch.weighed", proposal, by=by, at=at, once=str(report.pk))
