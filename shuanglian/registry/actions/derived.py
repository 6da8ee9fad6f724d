"""What a household's own row repeats or works out: size, head, income per head, need; kept right after every change."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from shuanglian.core import clock
from shuanglian.core.profile import active
from shuanglian.organisation.names import initials_of
from shuanglian.registry import facts
from shuanglian.registry.models import Household, HouseholdYear, Person
from shuanglian.rules.quotas import need_band

INCOMES = ("income_wage", "income_operating", "income_property", "income_transfer")
WORKED_OUT = ("income_transfer", "net_income", "income_per_head")
CENT = Decimal("0.01")


def head_code() -> str:
    """The profile's code of the head in the list of relations."""
    return active().codes["relation"].find("户主") or ""


def account(record: HouseholdYear, size: int) -> None:
    """Net income = wages + operating + property + transfer − operating cost; per head = net ÷ members (domain 2.2).

    A part left empty counts as 0 once another part is known. Without any part what a roster gave as a sum stays, also
    when payrolls prove some of it. Of transfers the larger counts: what was declared, or what payrolls prove.
    """
    if record.transfer_paid is not None:
        record.income_transfer = max(record.transfer_declared or Decimal(0), record.transfer_paid)
    declared = record.income_transfer if record.transfer_paid is None else record.transfer_declared
    if declared is None and all(getattr(record, name) is None for name in INCOMES if name != "income_transfer"):
        return
    parts = [getattr(record, name) for name in INCOMES]
    record.net_income = sum((part or Decimal(0) for part in parts), Decimal(0)) - (record.operating_cost or Decimal(0))
    record.income_per_head = (record.net_income / size).quantize(CENT, ROUND_HALF_UP) if size else None


def settle(household: Household, *, at: datetime, gone: int = 0) -> dict[str, Any]:
    """Work out the derived columns from members and the latest account and save those that differ; the old values.

    The size is what the roster or the clerk said, less those who have just `gone`, and never below the members entered:
    a household whose members are not all entered yet keeps the size it has.
    """
    people = list(Person.objects.filter(household=household, left_on__isnull=True))
    latest = HouseholdYear.objects.filter(household=household).order_by("-year").first()
    head = next((person for person in people if person.relation == head_code()), None)
    size = max(household.size - gone, len(people))
    name = head.name if head else household.head_name
    worked: dict[str, Any] = {"size": size, "head_name": name, "head_pinyin": initials_of(name)}
    if latest is not None:
        _settle_account(latest, size)
        worked["income_per_head"] = latest.income_per_head
    before = {name: getattr(household, name) for name in worked}
    for name, value in worked.items():
        setattr(household, name, value)
    on = facts.on_day(latest.year if latest else None, clock.day_of(at))
    band = need_band(active(), facts.of(household, people, latest, on), on)
    before["need_band"], household.need_band = household.need_band, band
    changed = {name: old for name, old in before.items() if old != getattr(household, name)}
    if changed:
        household.save(update_fields=list(changed))
    return changed


def _settle_account(record: HouseholdYear, size: int) -> None:
    before = [getattr(record, name) for name in WORKED_OUT]
    account(record, size)
    if before != [getattr(record, name) for name in WORKED_OUT]:
        record.save(update_fields=WORKED_OUT)
