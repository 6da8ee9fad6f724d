"""Proposing households for leaving: a list of cases, opened for those who meet the standard (REG-4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from shuanglian.areas.models import Area
from shuanglian.core import clock
from shuanglian.exits import looking, proposing
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.procedures.actions import cases, lists
from shuanglian.procedures.models import CaseList
from shuanglian.registry.models import Household
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


@transaction.atomic
def propose(
    *, households: Sequence[Household], village: Area, by: User, at: datetime
) -> tuple[CaseList | None, Mapping[int, str]]:  # fmt: skip
    """A new list of exit cases of a village, one for each household that meets every standard today.

    Second: household → why it is not among them. The cases go the whole procedure, the household's own confirmation
    among its steps; the register is not touched here.
    """
    on = clock.day_of(at)
    if not looking.standards("household", on):
        raise Refusal("no_standard", N_("方案里没有 {on} 施行的贫困户退出标准"), on=on)
    told = looking.barred({one.pk: one.area_code for one in households}, on)
    under_way = proposing.open_cases([one.pk for one in households])
    left_out: dict[int, str] = {}
    wanted: list[cases.Wanted] = []
    for one in households:
        if one.left_on is not None or one.removed_on is not None:
            left_out[one.pk] = str(N_("该户已不在册"))
        elif one.pk in under_way:
            left_out[one.pk] = under_way[one.pk].number
        elif one.pk in told:
            left_out[one.pk] = told[one.pk]
        else:
            wanted.append(cases.Wanted(proposing.subject(one), one.head_name, one.village, why=REACHED))
    if not wanted:
        return None, left_out
    made = lists.make(procedure=proposing.EFFECT, name=f"{village.name} {on.year} 年退出", area=village, by=by, at=at)
    cases.open_many(procedure=proposing.EFFECT, wanted=wanted, on=on, by=by, at=at, into=made)
    trail.write("exits.propose", about=made, by=by, at=at, cases=len(wanted), left_out=len(left_out))
    return made, left_out


REACHED = "核对时条条达到退出标准"
