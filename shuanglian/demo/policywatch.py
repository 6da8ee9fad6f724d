"""Policies watched in the demo: a family that did not get what it is owed, all like it, proposals with their fate.

A few families are decided ahead of the county's first round, which finds the same. The words are made up.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from shuanglian.accounts.models import User
from shuanglian.areas.models import Area
from shuanglian.benefits.actions import rounds
from shuanglian.benefits.models import Due
from shuanglian.core import profile
from shuanglian.core.clock import day_of
from shuanglian.grievances.actions import desks
from shuanglian.organisation.models import Cadre
from shuanglian.pairing.models import Pairing
from shuanglian.policywatch import facts
from shuanglian.policywatch.actions import alike, proposals, reports
from shuanglian.policywatch.models import Report
from shuanglian.registry.models import Household

ROOT = UUID("0d1f6a52-3a0f-4c0b-8a58-5c1f6e2b7a21")
DAY = timedelta(days=1)
FAMILIES = 24  # decided here; the rest of the county in its first round
OWED = (Due.State.OWED, Due.State.UNDECIDED)


@transaction.atomic
def show(*, village: Area, cadre: User, committee: User, office: User, office2: User, clerk: User, year: int,
         at: datetime) -> int:  # fmt: skip
    """How many reports there are; running it again changes nothing."""
    if Report.objects.exists() or not profile.active().policywatch.runs:
        return Report.objects.count()
    own = [one.household for one in Pairing.objects.open().filter(cadre=Cadre.objects.get(user=cadre)).order_by("pk")]
    near = Household.objects.filter(village=village, left_on=None).order_by("pk")[:FAMILIES]
    for home in {one.pk: one for one in [*own, *near]}.values():
        rounds.decide_household(household=home, on=date(year, 10, 1), by=office, at=at)
    for due in _owed_most(own):
        if due.department not in {one.department for one in clerk.desks.filter(until=None)}:
            desks.give(user=clerk, department=due.department, by=office, at=at - 60 * DAY)
    _reports(_owed_most(own), cadre, committee, clerk, at)
    _proposals(village, cadre, committee, office2, at)
    reports.night(on=day_of(at), at=at)
    return Report.objects.count()


def _owed_most(homes: list[Household]) -> list[Due]:
    """One due of each benefit that the cadre's families are owed, those that many are owed first."""
    owed = list(Due.objects.filter(household__in=homes, state__in=OWED).select_related("household__village"))
    many = Counter(Due.objects.filter(state__in=OWED).values_list("benefit", flat=True))
    first = {due.benefit: due for due in sorted(owed, key=lambda due: -due.pk)}
    return [first[code] for code, _count in many.most_common() if code in first][:3]


def _reports(owed: list[Due], cadre: User, committee: User, clerk: User, at: datetime) -> None:
    """One put right, its families alike half done; one that waits on the clerk's desk; one that the bureau let lie."""
    days = (12, 2, 30)
    for number, (due, ago) in enumerate(zip(owed, days, strict=False)):
        told = facts.told_of(due.benefit, due.household)
        made = reports.raise_(
            key=_key(f"report {number}"), kind="distorted" if number == 1 else "not_reached", benefit=due.benefit,
            should=told.should, did=f"走访时问到：{told.did}", village=due.household.village, household=due.household,
            cause=told.cause, by=cadre if number != 2 else committee, at=at - ago * DAY,
        )  # fmt: skip
        if number == 0:
            reports.correct(report=made, verb="applied", answer="已经替您家申请，批下来打到一折通上", by=clerk,
                            cause=told.cause or "not_told", at=at - 3 * DAY)  # fmt: skip
            rows: list[Any] = list(made.alike.order_by("pk"))
            alike.correct(rows=rows[: len(rows) // 3], verb="applied", by=clerk, at=at - 2 * DAY)
            alike.set_aside(
                rows=rows[len(rows) // 3 : len(rows) // 3 + 1], why="已经搬到县城，户口在迁", by=clerk, at=at - DAY
            )


def _proposals(village: Area, cadre: User, committee: User, office2: User, at: datetime) -> None:
    """One that two asked for and that is being weighed; one that was adopted in part and is published."""
    told: dict[str, Any] = {"kind": "unfit", "village": village}
    first = reports.raise_(
        key=_key("steps"), benefit="house_renovation", should="建议把开工前要的三次盖章并成一次，由乡上统一办",
        did="山里到县城来回一天，盖三次章要跑三趟", by=committee, at=at - 9 * DAY, **told,
    )  # fmt: skip
    reports.raise_(key=_key("steps too"), benefit="house_renovation", should="盖章能不能由乡上一次办完", did="跑了三趟县城",
                   by=cadre, join=first.proposal, at=at - 8 * DAY, **told)  # fmt: skip
    other = reports.raise_(
        key=_key("season"), benefit="skill_training", should="建议培训放在冬闲，春耕时没人能去", did="去年四月办班，报名的一半没去成",
        by=cadre, at=at - 25 * DAY, **told,
    )  # fmt: skip
    assert other.proposal is not None
    proposals.weigh(
        proposal=other.proposal, fate="partly", by=office2, at=at - 6 * DAY,
        reasons="村级班改在十一月到二月；县级集中班因教师安排仍在春季", shown="技能培训放在冬闲办",
        reasons_shown="部分采纳：村级班改在冬闲；县级班时间不变，因为教师只有春季能来",
    )  # fmt: skip


def _key(what: str) -> UUID:
    return uuid5(ROOT, what)
