"""Findings: every house verified, a share of the list re-checked by a draw that anybody can repeat (REG-4, REG-5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.procedures import facts, queries, rules
from shuanglian.procedures.models import Case, CaseList, Draw, Drawn
from shuanglian.rules import draws
from shuanglian.rules.procedure_machine import DeedName, belongs
from shuanglian.rules.procedures import Procedure, Step
from shuanglian.trail import trail

from .lists import counted
from .moving import AT_ONCE, Moved, Wish, move

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


@dataclass(frozen=True)
class Finding:
    """What was found at one house, and how: `method` a code of the step's methods; a doubtful one is refused or sent
    back (`deed`, `to`), with why."""

    finding: str = "confirmed"
    method: str = "visit"
    why: str = ""
    deed: DeedName = "pass"
    to: str = ""
    content: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def verify(
    *, step: str, findings: Mapping[int, Finding], on: date, by: User, at: datetime, of: CaseList | None = None,
    strict: bool = True,
) -> Moved:  # fmt: skip
    """House by house: what is confirmed goes on, the doubtful is refused or sent back as its finding says."""
    moved = Moved()
    by_deed: dict[str, dict[int, Wish]] = {}
    for pk, one in findings.items():
        wish = Wish(one.deed, to=one.to, why=one.why, method=one.method, finding=one.finding, content=one.content)
        by_deed.setdefault(one.deed, {})[pk] = wish
    for wishes in by_deed.values():
        moved.add(move(wishes=wishes, step=step, on=on, by=by, at=at, strict=strict))
    trail.write("procedures.pass", about=of or next(iter(moved.done), None), by=by, at=at, step=step, on=on,
                **counted(moved))  # fmt: skip
    return moved


@transaction.atomic
def draw(*, of: CaseList, step: str, by: User, at: datetime) -> Draw:
    """Draw the step's share of the list's cases that stand there and were not drawn from yet.

    The seed is the fingerprint of all their last acts, so nobody could know it before, and anybody can work it out.
    """
    rows = Case.objects.select_for_update(of=("self",)).select_related("edition")
    cases = list(rows.filter(pk__in=queries.cases_of(of).filter(step=step, draw=None)).order_by("pk"))
    if not cases:
        raise Refusal("nothing_to_draw", N_("这一步没有可以抽查的户"))
    procedure = rules.of_case(cases[0])
    at_step = procedure.step(step)
    if at_step.share is None:
        raise Refusal("nothing_to_check", N_("“{step}”这一步不是抽查"), step=at_step.label)
    if (refusal := belongs(at_step, facts.actor_in(of.area_code, at_step, by))) is not None:
        raise refusal
    heads = queries.heads([case.pk for case in cases])
    seed = sha256("".join(heads[pk] for pk in sorted(heads)).encode()).hexdigest()
    made = Draw.objects.create(
        list=of, area_code=of.area_code, step=step, seed=seed, share=str(at_step.shape.share), of=len(cases), by=by,
        at=at,
    )  # fmt: skip
    drawn = draws.draw(seed, [("", str(case.pk)) for case in cases], share=at_step.share)
    codes = {str(case.pk): case for case in cases}
    Drawn.objects.bulk_create(
        (Drawn(draw=made, case=codes[one.number], area_code=codes[one.number].area_code) for one in drawn),
        batch_size=AT_ONCE,
    )
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(draw=made)
    trail.write("procedures.draw", about=of, by=by, at=at, step=step, of=len(cases), drawn=len(drawn), seed=seed)
    return made


@transaction.atomic
def check(*, step: str, findings: Mapping[int, Finding], on: date, by: User, at: datetime) -> Moved:
    """What the re-check found at the houses that were drawn; a case without a list is its own draw."""

    def prepare(may: Sequence[Case], _procedure: Procedure, _step: Step) -> Mapping[int, Mapping[str, Any]]:
        for case in may:
            Drawn.objects.filter(draw=case.draw_id, case=case).update(finding=findings[case.pk].finding)
        return {case.pk: {"draw": case.draw_id} for case in may if case.draw_id}

    wishes = {
        pk: Wish("check", why=one.why, method=one.method, finding=one.finding, content=one.content)
        for pk, one in findings.items()
    }
    moved = move(wishes=wishes, step=step, on=on, by=by, at=at, prepare=prepare)
    trail.write("procedures.check", about=moved.done[0], by=by, at=at, step=step, on=on, **counted(moved))
    return moved


@transaction.atomic
def finish(*, cases: Iterable[int], step: str, on: date, by: User, at: datetime, of: CaseList | None = None) -> Moved:
    """The re-check is done: the share was looked at, so the list goes on, without those where it found something."""
    moved = move(wishes=dict.fromkeys(cases, Wish("pass")), step=step, on=on, by=by, at=at, strict=False)
    trail.write("procedures.pass", about=of or next(iter(moved.done), None), by=by, at=at, step=step, on=on,
                **counted(moved))  # fmt: skip
    return moved
