"""任务核定 an office finds that somebody owes something else in a period, and says why (FIELD-2)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from shuanglian.duties import access
from shuanglian.duties.models import Settled
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.organisation.changes import reason_given
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.duties.reckoning import Line

MOST = Decimal(9999)


@transaction.atomic
def settle(*, line: Line, need: Decimal, why: str, by: User, at: datetime) -> Settled:
    """Another need for the person (or unit) and period of a line; what was settled before stays written."""
    if by.pk in line.person.accounts:
        raise Refusal("own_duty", N_("不能核定自己的任务"))
    if not access.may_settle(by, line.person.place):
        raise Refusal("not_your_area", N_("不在您的辖区，由上级核定"))
    if not 0 <= need <= MOST:
        raise Refusal("no_number", N_("核定数应在 0 到 {most} 之间"), most=MOST)
    whose = {f"{line.kind}_id": line.number}
    made = Settled.objects.create(
        **whose, area_code=line.person.place, duty=line.code, first=line.first, last=line.last, need=need,
        why=reason_given(why), by=by, at=at,
    )  # fmt: skip
    trail.write("duties.settle", about=made, by=by, at=at, need=str(need), reckoned=str(line.reckoned), duty=line.code,
                first=line.first, last=line.last)  # fmt: skip
    return made
