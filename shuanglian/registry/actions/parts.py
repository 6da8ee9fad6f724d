"""Parts of an account that go along when its amounts are divided or added up (PLAN-4, REG-10).

Only parts that are told apart are carried; the part that takes the rest is what the others leave of the channel, so
that parts and channel agree in both files whatever was divided.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from shuanglian.core.profile import active
from shuanglian.registry.account import parts_of
from shuanglian.registry.models import AccountPart, Household

CENT = Decimal("0.01")


def divide(*, source: Household, target: Household, year: int, given: Mapping[str, tuple[Decimal, Decimal]]) -> None:
    """given: channel → (what goes along, what it was). Each part goes in the proportion of its channel, to the cent."""
    kept = _kept(source, year)
    for channel, (going, whole) in given.items():
        told = [code for code in _told(channel) if code in kept]
        goes = {code: (kept[code].yuan * going / whole).quantize(CENT, ROUND_HALF_UP) for code in told}
        for code in told:
            _write(target, year, code, goes[code])
            _write(source, year, code, kept[code].yuan - goes[code])
        rest = _rest(channel)
        if rest in kept:
            gone = going - sum(goes.values(), Decimal(0))
            _write(target, year, rest, gone)
            _write(source, year, rest, whole - going - sum((kept[code].yuan - goes[code] for code in told), Decimal(0)))


def add_up(*, kept: Household, closed: Household, year: int, wholes: Mapping[str, Decimal | None]) -> None:
    """The parts of two accounts of a year as one; wholes: channel → what was declared of it in both together."""
    ours, theirs = _kept(kept, year), _kept(closed, year)
    for channel, whole in wholes.items():
        sums = {}
        for code in _told(channel):
            amounts = [side[code].yuan for side in (ours, theirs) if code in side]
            if amounts:
                sums[code] = sum(amounts, Decimal(0))
                _write(kept, year, code, sums[code])
        rest = _rest(channel)
        if whole is not None and rest and (rest in ours or rest in theirs):
            _write(kept, year, rest, whole - sum(sums.values(), Decimal(0)))


def _kept(household: Household, year: int) -> dict[str, AccountPart]:
    rows = AccountPart.objects.select_for_update().filter(household=household, year=year)
    return {row.part: row for row in rows}


def _told(channel: str) -> list[str]:
    return [one.code for one in parts_of(channel, active()) if not one.rest]


def _rest(channel: str) -> str:
    return next((one.code for one in parts_of(channel, active()) if one.rest), "")


def _write(household: Household, year: int, code: str, yuan: Decimal) -> None:
    """One row made or changed; nothing is written where nothing changes."""
    row = AccountPart.objects.filter(household=household, year=year, part=code).first()
    if row is None:
        AccountPart.objects.create(household=household, area_code=household.area_code, year=year, part=code, yuan=yuan)
    elif row.yuan != yuan:
        row.yuan = yuan
        row.save(update_fields=["yuan"])
