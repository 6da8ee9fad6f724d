"""What a step demands: papers, conditions, a notice's full days, votes, a finding, a sample (REG-4, REG-5).

Each gives the first thing that is missing, None when nothing is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

from .conditions import Weighed
from .notice_clock import Stretch, has_run, last_day
from .procedures import Step

FINDINGS = ("confirmed", "doubtful")


@dataclass(frozen=True)
class Meeting:
    """An assembly and its vote on one case."""

    representatives: int  # of the village, elected
    present: int
    in_favour: int
    against: int
    abstained: int = 0


@dataclass(frozen=True)
class Posted:
    """A notice as it stands for one row: the day it was put up, its full days, when objections were open."""

    opens_on: date
    days: int
    stood: tuple[Stretch, ...] = ()
    unanswered: int = 0
    upheld: int = 0
    withdrawn: bool = False


@dataclass(frozen=True)
class Sample:
    """A re-check of a list: of how many cases, how many drawn ones have been checked, whether this one was drawn."""

    of: int = 1
    checked: int = 0
    drawn: bool = True


@dataclass(frozen=True)
class Given:
    """What is looked up for a deed. documents: codes that are there · guards: what rooms above object, in words."""

    documents: frozenset[str] = frozenset()
    meeting: Meeting | None = None
    posted: Posted | None = None
    earlier: tuple[Posted, ...] = ()  # notices of the steps before: an objection to them stops the decision too
    sample: Sample | None = None
    method: str = ""
    finding: str = ""
    needs: Weighed | None = None
    guards: tuple[str, ...] = ()


def wanted(step: Step, of: int) -> int:
    """How many of a list have to be re-checked: the share, rounded up."""
    return math.ceil((step.share or 0) * of)


def papers(step: Step, given: Given) -> Refusal | None:
    missing = [one for one in step.documents if one.required and one.code not in given.documents]
    if missing:
        return Refusal("paper_missing", N_("还缺：{paper}"), paper=missing[0].label)
    return None


def conditions(given: Given) -> Refusal | None:
    """Every condition must be known to hold: what is not known has to be found out first."""
    for outcome in given.needs.outcomes if given.needs else ():
        if outcome.met is not True:
            code, said = (
                ("condition_unmet", N_("条件不符：{says}"))
                if outcome.met is False
                else ("condition_unknown", N_("还不能判断：{says}"))
            )
            return Refusal(code, said, says=outcome.says)
    return Refusal("guarded", "{why}", why=given.guards[0]) if given.guards else None


def run(posted: Posted | None, on: date) -> Refusal | None:
    """The notice is up, every full day is over, every objection answered, none upheld."""
    if posted is None or posted.withdrawn:
        return Refusal("not_posted", N_("还没有张榜"))
    if posted.unanswered:
        return Refusal("objection_open", N_("还有异议没有答复，公示停算"))
    if posted.upheld:
        return Refusal("objection_upheld", N_("异议成立，只能退回或撤回"))
    if not has_run(posted.opens_on, posted.days, posted.stood, on):
        last = last_day(posted.opens_on, posted.days, posted.stood)
        return Refusal(
            "notice_runs", N_("公示要满 {days} 个整天，最后一天是 {last}"), days=posted.days, last=last or "—"
        )
    return None


def undisputed(given: Given) -> Refusal | None:
    """No objection to an earlier notice is open, and none was upheld without the case having gone back since."""
    if any(one.unanswered for one in given.earlier):
        return Refusal("objection_open", N_("还有异议没有答复，公示停算"))
    if any(one.upheld for one in given.earlier):
        return Refusal("objection_upheld", N_("异议成立，只能退回或撤回"))
    return None


def won(step: Step, meeting: Meeting) -> bool:
    """More of those present were in favour than the majority that the step demands."""
    return meeting.in_favour > (step.majority or 0) * meeting.present


def voted(step: Step, given: Given, *, wins: bool) -> Refusal | None:
    """A meeting counts when enough came; then the votes say what it decided, not who writes it down."""
    meeting = given.meeting
    if meeting is None:
        return Refusal("no_meeting", N_("须先登记评议会"))
    votes = (meeting.in_favour, meeting.against, meeting.abstained)
    if min(meeting.representatives, meeting.present, *votes) < 0 or meeting.present > meeting.representatives:
        return Refusal("bad_count", N_("人数不对：到会 {present}，应到 {all}"), present=meeting.present,
                       all=meeting.representatives)  # fmt: skip
    if meeting.representatives == 0 or meeting.present < (step.quorum or 0) * meeting.representatives:
        return Refusal(
            "no_quorum", N_("到会 {present} 人，应到 {all} 人，不足 {quorum}"), present=meeting.present,
            all=meeting.representatives, quorum=step.shape.quorum,
        )  # fmt: skip
    if sum(votes) > meeting.present:
        return Refusal("too_many_votes", N_("票数 {votes} 多于到会人数 {present}"), votes=sum(votes),
                       present=meeting.present)  # fmt: skip
    if won(step, meeting) != wins:
        said = N_("赞成票没有超过到会人数的 {share}") if wins else N_("赞成票超过到会人数的 {share}，不能记为未通过")
        return Refusal("votes_say_otherwise", said, share=step.shape.majority)
    return None


def found(step: Step, given: Given) -> Refusal | None:
    """REG-5: seen with one's own eyes, or as the step allows; never by phone, never by hearsay."""
    if given.method not in step.methods:
        return Refusal("method", N_("核查方式不被接受：须上门或按本步骤规定的方式"))
    if given.finding not in FINDINGS:
        return Refusal("no_finding", N_("请写明核查结论"))
    return None


def says(finding: str, expected: str) -> Refusal | None:
    return None if finding == expected else Refusal("finding_says_otherwise", N_("核查结论与办理结果不一致"))


def sampled(step: Step, finding: str, sample: Sample) -> Refusal | None:
    """The share of the list is re-checked, this case too when it was drawn, and nothing doubtful came out for it."""
    if sample.drawn and not finding:
        return Refusal("not_checked", N_("这一户被抽中，还没有复核"))
    if sample.checked < wanted(step, sample.of):
        return Refusal(
            "share_missing", N_("须抽查 {wanted} 户，已查 {checked} 户"), wanted=wanted(step, sample.of),
            checked=sample.checked,
        )  # fmt: skip
    return says(finding, "confirmed") if finding else None
