"""The income account of a year written part by part; the yearly record follows (PLAN-4, REG-10)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from shuanglian.core.profile import active
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said
from shuanglian.organisation.changes import traced
from shuanglian.registry import account
from shuanglian.registry.models import AccountPart, Household, HouseholdYear

from .years import record_year

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

MAY_BE_NEGATIVE = "income_operating"  # a farm may lose


@transaction.atomic
def record(
    *, household: Household, year: int, parts: Mapping[str, Decimal | None], by: User | None, at: datetime,
    why: str = "", seen: int | None = None,
) -> HouseholdYear:  # fmt: skip
    """Write a year's account from its parts: each channel is the sum of its parts, the rest is worked out (PLAN-4).

    parts: code of the profile's part → yuan, None for not known. Of transfers the parts are what is declared; what
    payrolls prove stays beside it and counts when it is more.
    """
    profile = active()
    unknown = parts.keys() - profile.account_parts.keys()
    if unknown:
        raise Refusal("no_such_part", N_("收入账没有分项 {part}"), part=sorted(unknown)[0])
    for code, value in parts.items():
        part = profile.account_parts[code]
        if value is not None and value < 0 and part.channel != MAY_BE_NEGATIVE:
            raise Refusal("negative", N_("{field}不能是负数"), field=Said(part.label.zh))
    known = account.years_of(household, [year])[year]
    values = {channel: amount for channel, amount in account.totals(parts, profile).items()
              if known.record is None or amount != known.declared(channel)}  # fmt: skip
    kept = record_year(household=household, year=year, values=values, by=by, at=at, why=why, seen=seen)
    with traced("households.record_year", by=by, at=at, why=why):
        _keep(household, year, parts)
    return kept


def _keep(household: Household, year: int, parts: Mapping[str, Decimal | None]) -> None:
    """The kept parts made equal to the given ones."""
    rows = {row.part: row for row in AccountPart.objects.select_for_update().filter(household=household, year=year)}
    for code, value in parts.items():
        row = rows.get(code)
        if value is None:
            if row is not None:
                row.delete()
        elif row is None:
            AccountPart.objects.create(household=household, area_code=household.area_code, year=year, part=code,
                                       yuan=value)  # fmt: skip
        elif row.yuan != value:
            row.yuan = value
            row.save(update_fields=["yuan"])
