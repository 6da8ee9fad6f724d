"""The democratic evaluation: one sitting decides many cases, the votes say how (REG-4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shuanglian.areas.models import Area
from shuanglian.attachments.actions import attachments
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.procedures import facts, rules
from shuanglian.procedures.models import Case, CaseList, Evaluation, Vote
from shuanglian.rules.procedure_demands import Meeting, won
from shuanglian.rules.procedures import Step
from shuanglian.trail import trail

from .lists import counted
from .moving import Moved, Wish, move

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


@dataclass(frozen=True)
class Sitting:
    """Who met where, as the minutes say; numbers of people."""

    area: Area
    chair: str
    representatives: int
    present: int
    place: str = ""
    writer: str = ""
    others: int = 0
    attendance: str = ""
    minutes: str = ""


@dataclass(frozen=True)
class Votes:
    in_favour: int
    against: int = 0
    abstained: int = 0
    why: str = ""  # said when it was voted down


@attachments.whole_or_none()
@transaction.atomic
def decide(
    *, step: str, sitting: Sitting, votes: Mapping[int, Votes], on: date, by: User, at: datetime,
    papers: Mapping[str, Sequence[Any]], of: CaseList | None = None,
) -> tuple[Evaluation, Moved]:  # fmt: skip
    """Record one sitting and what it voted on each case: all cases named are decided, or nothing is recorded.

    `papers`: code of the paper → uploads (minutes, photo …). Those with more than the majority of those present go on,
    the others are refused with the votes as the reason.
    """
    cases = list(Case.objects.select_related("edition").filter(pk__in=votes))
    if not cases:
        raise Refusal("no_such_case", N_("没有这件事项"))
    if any(case.area_id != sitting.area.pk for case in cases):
        raise Refusal("other_village", N_("一次评议会只评议本村的户"))
    if not 0 <= sitting.present <= sitting.representatives:
        raise Refusal(
            "bad_count", N_("人数不对：到会 {present}，应到 {all}"), present=sitting.present,
            all=sitting.representatives,
        )  # fmt: skip
    held = Evaluation.objects.create(
        list=of, area=sitting.area, area_code=sitting.area.code, step=step, on=on, place=sitting.place[:80],
        chair=sitting.chair[:40], writer=sitting.writer[:40], representatives=sitting.representatives,
        present=sitting.present, others=sitting.others, attendance=sitting.attendance, minutes=sitting.minutes, by=by,
        at=at,
    )  # fmt: skip
    for code, uploads in papers.items():
        for upload in uploads:
            attachments.keep(upload, of=held, area_code=held.area_code, by=by, at=at, purpose=code)
    wishes = {case.pk: _wish(case, step, held, votes[case.pk]) for case in cases}
    kept = facts.papers_of(attachments.about(held))
    moved = move(wishes=wishes, step=step, on=on, by=by, at=at, papers=kept)
    Vote.objects.bulk_create(
        Vote(evaluation=held, case=case, area_code=case.area_code, in_favour=votes[case.pk].in_favour,
             against=votes[case.pk].against, abstained=votes[case.pk].abstained)
        for case in moved.done
    )  # fmt: skip
    trail.write("procedures.meet", about=held, by=by, at=at, step=step, on=on, **counted(moved))
    return held, moved


def _wish(case: Case, step: str, held: Evaluation, votes: Votes) -> Wish:
    """What the votes say: on, or refused."""
    meeting = Meeting(held.representatives, held.present, votes.in_favour, votes.against, votes.abstained)
    at_step = _step(case, step)
    content = {"evaluation": held.pk}
    if won(at_step, meeting):
        return Wish("pass", meeting=meeting, content=content)
    why = votes.why.strip() or f"评议未通过：赞成 {votes.in_favour}，反对 {votes.against}，弃权 {votes.abstained}"
    return Wish("refuse", why=why, meeting=meeting, content=content)


def _step(case: Case, code: str) -> Step:
    procedure = rules.of_case(case)
    if code not in procedure:
        raise Refusal("no_such_step", N_("这个程序没有这一步"))
    return procedure.step(code)
