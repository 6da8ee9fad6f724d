"""What changes by year: the income account, land, housing, water (REG-1, domain 2.2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Sum

from shuanglian.core.profile import active
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said
from shuanglian.organisation.changes import put, reason_given, traced
from shuanglian.registry.models import Household, HouseholdYear, Transfer
from shuanglian.trail import trail

from . import counts
from .derived import INCOMES, WORKED_OUT, account, settle
from .versions import locked, unchanged_since

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

CODES = {"house_grade": "house_grade", "road_kind": "road", "fuel": "fuel"}
LAND = ("land_cultivated", "land_forest", "land_returned", "land_orchard", "land_pasture", "land_water")
MAY_CHANGE = (
    *INCOMES, "operating_cost", *LAND, "house_area", "house_unsafe", "house_grade", "water_safe", "water_hard", "power",
    "toilet", "road_kind", "road_km", "fuel", "cooperative",
)  # fmt: skip
NEVER_NEGATIVE = tuple(name for name in (*INCOMES, "operating_cost", *LAND, "house_area", "road_km")
                       if name != "income_operating")  # fmt: skip
BESIDE = (*WORKED_OUT, "transfer_declared", "transfer_paid")  # what the verb works out beside what is typed
FIRST_YEAR = 2000  # there is no registered account from before; a slip of the pen


@transaction.atomic
def record_year(
    *, household: Household, year: int, values: Mapping[str, Any], by: User | None, at: datetime, why: str = "",
    seen: int | None = None,
) -> HouseholdYear:  # fmt: skip
    """Write the account and living conditions of a year, the first time or again (then with a reason, REG-10).

    Net income and income per head are worked out, never typed: what is given for them is not looked at. Another amount
    of transfers is what is declared now; what payrolls prove stays beside it and counts when it is more.
    """
    if not FIRST_YEAR <= year <= at.year:
        raise Refusal("year", N_("年度应在 {first} 至 {last} 之间"), first=FIRST_YEAR, last=at.year)
    household = locked(household)
    record = HouseholdYear.objects.filter(household=household, year=year).first()
    first_time = record is None
    if record is None:
        record = HouseholdYear(household=household, year=year, area_code=household.area_code)
    else:
        why = reason_given(why)
        unchanged_since(record, seen)
    wanted = {name: value for name, value in values.items() if name in MAY_CHANGE}
    changes = put(record, wanted, codes=CODES)
    if not changes:
        return record
    _plausible(record)
    if "income_transfer" in changes.after or first_time:
        _declare(record)
    if all(getattr(record, name) is None for name in INCOMES) and any(name in changes.after for name in INCOMES):
        record.net_income = record.income_per_head = None
    account(record, household.size)
    with traced("households.record_year", by=by, at=at, why=why):
        record.save() if first_time else record.save(update_fields=[*changes.fields, *BESIDE])
        settle(household, at=at)
    counts.refresh([household.area_code], at=at, households=[household.pk])
    trail.write("households.record_year", about=household, by=by, at=at, why=why, year=year,
                before={} if first_time else changes.before, after=changes.after)  # fmt: skip
    return record


def _declare(record: HouseholdYear) -> None:
    """Take the amount of transfers for what is declared, beside what payrolls prove for the year."""
    paid = Transfer.objects.filter(household_id=record.household_id, year=record.year).aggregate(sum=Sum("yuan"))["sum"]
    record.transfer_paid = paid
    record.transfer_declared = record.income_transfer if paid is not None else None


def _plausible(record: HouseholdYear) -> None:
    for name in NEVER_NEGATIVE:
        value = getattr(record, name)
        if value is not None and value < 0:
            field = Said(str(HouseholdYear._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
            raise Refusal("negative", N_("{field}不能是负数"), field=field)
    unsafe = {item.code for item in active().codes["house_grade"] if item.group == "unsafe"}
    if record.house_unsafe is False and record.house_grade in unsafe:
        raise Refusal("house_grade", N_("危房级别为危房，但“危房户”填了否"))
