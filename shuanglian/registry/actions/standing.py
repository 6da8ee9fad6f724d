"""Many households at once off the register or back on it, as lists are approved (REG-3, REG-4): set by set, one reason.

The verbs of one household are in households.py; what they refuse is refused here too, by the number of the household.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from shuanglian.core.profile import active
from shuanglian.core.scoping import unscoped
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.organisation.changes import reason_given, traced
from shuanglian.registry.models import Household, Person
from shuanglian.trail import trail

from . import counts
from .households import not_merged

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

TOLD = 50  # numbers that the trail's line names; the row history names every one


@transaction.atomic
def leave(*, households: Collection[int], on: date, why: str, by: User | None, at: datetime) -> int:
    """Households that reached the standard leave on a day (REG-3); how many."""
    status = active().codes["exit_mark"].find("已脱贫")
    return _go(households, "left_on", on, {"status": status} if status else {}, "households.leave", why, by, at)


@transaction.atomic
def remove(*, households: Collection[int], on: date, why: str, by: User | None, at: datetime) -> int:
    """Households that never qualified are taken off on a day (REG-3); their files stay readable; how many."""
    return _go(households, "removed_on", on, {}, "households.remove", why, by, at)


@transaction.atomic
def reinstate(*, households: Collection[int], why: str, by: User | None, at: datetime) -> int:
    """Households that fell back, or were taken off by mistake, stand again (REG-3); how many."""
    why = reason_given(why)
    rows = _locked(households)
    if standing := [row for row in rows if row.left_on is None and row.removed_on is None]:
        raise Refusal("stands_already", N_("{number} 仍在册"), number=standing[0].number)
    not_merged([row.pk for row in rows])
    _nobody_twice([row.pk for row in rows])
    marks = active().codes["exit_mark"]
    fallen = [row.pk for row in rows if row.left_on is not None]
    removed = [row.pk for row in rows if row.left_on is None]
    with traced("households.reinstate", by=by, at=at, why=why):
        for pks, word in ((fallen, "返贫"), (removed, "未脱贫")):
            Household.objects.filter(pk__in=pks).update(left_on=None, removed_on=None, status=marks.find(word) or "")
    _tell("households.reinstate", rows, why, by, at)
    return len(rows)


def _go(
    pks: Collection[int], column: str, on: date, more: dict[str, str], verb: str, why: str, by: User | None,
    at: datetime,
) -> int:  # fmt: skip
    why = reason_given(why)
    rows = _locked(pks)
    for row in rows:
        if (gone := row.left_on or row.removed_on) is not None:
            raise Refusal("gone_before", N_("{number} 已于 {on} 不在册"), number=row.number, on=gone)
        if on < row.since:
            raise Refusal("leaves_before_since", N_("{number}：日期不能早于识别日期 {since}"), number=row.number,
                          since=row.since)  # fmt: skip
    with traced(verb, by=by, at=at, why=why):
        Household.objects.filter(pk__in=[row.pk for row in rows]).update(**{column: on}, **more)
    _tell(verb, rows, why, by, at, on=on.isoformat())
    return len(rows)


def _locked(pks: Collection[int]) -> list[Household]:
    wanted = set(pks)
    rows = list(Household.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk"))
    if len(rows) < len(wanted):
        raise Refusal("no_such_household", N_("找不到其中的户，或不在您的管辖范围"))
    return rows


def _nobody_twice(pks: list[int]) -> None:
    """Whoever comes back must not stand in another file meanwhile (REG-1)."""
    coming = Q(household__in=pks, left_on=None)
    elsewhere = Person.objects.filter(
        id_digest=OuterRef("id_digest"), left_on=None, household__left_on=None, household__removed_on=None
    ).exclude(household__in=pks)
    with unscoped():  # also those that the reader cannot see; no name leaves here
        twice = (
            Person.objects.filter(Exists(elsewhere), coming).exclude(id_digest="").select_related("household").first()
        )
    if twice is not None:
        raise Refusal("member_elsewhere", N_("{number}：有成员已登记在另一户，请先核实"), number=twice.household.number)


def _tell(verb: str, rows: list[Household], why: str, by: User | None, at: datetime, **more: str) -> None:
    counts.refresh({row.area_code for row in rows}, at=at, households=[row.pk for row in rows])
    trail.write(verb, about=rows[0] if len(rows) == 1 else None, by=by, at=at, why=why, count=len(rows),
                area_code=_common(rows), numbers=[row.number for row in rows[:TOLD]], **more)  # fmt: skip


def _common(rows: list[Household]) -> str:
    """The smallest region around all of them."""
    codes = [row.area_code for row in rows]
    for digits in (12, 9, 6, 4, 2):
        if len({code[:digits] for code in codes}) == 1:
            return codes[0][:digits].ljust(12, "0")
    return ""
