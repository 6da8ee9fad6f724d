"""What is done to one case: opened, and every deed of the machine for a case by itself (REG-4)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction

from shuanglian.areas.models import Area
from shuanglian.core.clock import day_of
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.procedures import facts, hooks, rules
from shuanglian.procedures.models import Act, Case, CaseList
from shuanglian.rules.procedure_machine import OPENER, DeedName, belongs
from shuanglian.rules.procedures import Procedure
from shuanglian.trail import trail

from .moving import AT_ONCE, Wish, move

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


@dataclass(frozen=True)
class Wanted:
    """One case to open: `subject` as room.model:number, `label` what people call it, `asked` what is applied for."""

    subject: str
    label: str
    area: Area
    why: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)


def open_one(
    *, procedure: str, subject: str, label: str, area: Area, on: date, by: User, at: datetime, why: str = "",
    asked: Mapping[str, Any] | None = None, into: CaseList | None = None,
) -> Case:  # fmt: skip
    """Open one case; it stands at its application until that is passed."""
    wanted = Wanted(subject, label, area, why, asked or {})
    return open_many(procedure=procedure, wanted=[wanted], on=on, by=by, at=at, into=into)[0]


@transaction.atomic
def open_many(
    *, procedure: str, wanted: Sequence[Wanted], on: date, by: User, at: datetime, into: CaseList | None = None
) -> list[Case]:
    """Open many at once. The rules are those of the day it is told, so that an earlier date brings no easier ones.

    A Refusal names the first that cannot be opened: not yours, ahead of time, or already under way.
    """
    rule = rules.in_force(procedure, day_of(at))
    if on > day_of(at):
        raise Refusal("in_future", N_("日期 {on} 还没有到"), on=on)
    _check(rule, wanted, into, by)
    edition = rules.edition_of(rule, at=at)
    cases = [
        Case(
            procedure=procedure, edition=edition, kind=rule.subject, subject=one.subject, exclusive=rule.exclusive,
            label=one.label[:120], area=one.area, area_code=one.area.code, list=into, why=one.why,
            asked_text=json.dumps(one.asked, cls=DjangoJSONEncoder, ensure_ascii=False) if one.asked else "",
            step=rule.first.code, doers={OPENER: [by.pk]}, opened_on=on, last_on=on, by=by, at=at,
        )
        for one in wanted
    ]  # fmt: skip
    try:
        with transaction.atomic():
            Case.objects.bulk_create(cases, batch_size=AT_ONCE)
    except IntegrityError as error:
        raise Refusal("open_already", N_("其中有的已经在办理这样的事项")) from error
    Act.objects.bulk_create(
        [
            Act(case=case, area_code=case.area_code, step=case.step, deed="open", on=on, why=case.why, by=by, at=at)
            for case in cases
        ],
        batch_size=AT_ONCE,
    )
    hooks.tell(cases, "open")
    about = cases[0] if len(cases) == 1 else into
    trail.write("procedures.open", about=about, area_code=cases[0].area_code, by=by, at=at, procedure=procedure,
                cases=len(cases))  # fmt: skip
    return cases


def _check(rule: Procedure, wanted: Sequence[Wanted], into: CaseList | None, by: User) -> None:
    if not wanted:
        raise Refusal("nothing_to_open", N_("没有选定对象"))
    if into is not None and into.procedure != rule.code:
        raise Refusal("other_procedure", N_("批次和事项不是同一个程序"))
    check = hooks.subject(rule.subject).check
    for code in {one.area.code for one in wanted}:
        if (refusal := belongs(rule.first, facts.actor_in(code, rule.first, by))) is not None:
            raise refusal
    for one in wanted:
        if into is not None and not into.area.contains(one.area):
            raise Refusal("outside_list", N_("“{label}”不在批次的区域内"), label=one.label)
    if check is not None:
        check(wanted, rule.code)


@transaction.atomic
def do(
    *, case: Case, deed: DeedName, step: str, on: date, by: User | None, at: datetime, to: str = "", why: str = "",
    method: str = "", finding: str = "", content: Mapping[str, Any] | None = None,
) -> Case:  # fmt: skip
    """One deed of the machine to one case that stands at `step`; a Refusal says why it may not be."""
    wish = Wish(deed, to=to, why=why.strip(), method=method, finding=finding, content=content or {})
    done = move(wishes={case.pk: wish}, step=step, on=on, by=by, at=at).done[0]
    told = {"back_to": to} if deed == "back" else {}
    trail.write(f"procedures.{deed}", about=done, by=by, at=at, step=step, on=on, **told)
    return done


def pass_step(*, case: Case, step: str, on: date, by: User, at: datetime, **given: Any) -> Case:
    """The step is done well: application complete, household confirms, county approves."""
    return do(case=case, deed="pass", step=step, on=on, by=by, at=at, **given)


def refuse(*, case: Case, step: str, on: date, why: str, by: User, at: datetime, **given: Any) -> Case:
    return do(case=case, deed="refuse", step=step, on=on, why=why, by=by, at=at, **given)


def send_back(*, case: Case, step: str, to: str, on: date, why: str, by: User, at: datetime) -> Case:
    """Back to an earlier step; everything from there on is done anew, and that it was sent back stays in the story."""
    return do(case=case, deed="back", step=step, to=to, on=on, why=why, by=by, at=at)


def hold(*, case: Case, step: str, on: date, why: str, by: User, at: datetime) -> Case:
    return do(case=case, deed="hold", step=step, on=on, why=why, by=by, at=at)


def release(*, case: Case, step: str, on: date, by: User, at: datetime) -> Case:
    return do(case=case, deed="release", step=step, on=on, by=by, at=at)


def withdraw(*, case: Case, step: str, on: date, why: str, by: User, at: datetime) -> Case:
    """Whoever applied takes it back, as long as nothing is decided."""
    return do(case=case, deed="withdraw", step=step, on=on, why=why, by=by, at=at)
