"""What an indicator of a village comes to from sums that are known, or what is not known for it (PLAN-2).

found = worked_out(indicator, {"register.house_area": Decimal(1800), …})     Worked or None
gaps = lacking(indicator, sums)                                              per way: what is missing, or too few
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .village_shapes import Quotient, VillageIndicator, Way

CENT = Decimal("0.01")
Sums = Mapping[str, Decimal]


@dataclass(frozen=True)
class Worked:
    """A value, the way it was worked out, and of how many that count how many are known (the least share of them)."""

    value: Decimal
    way: Way
    known: Decimal | None = None
    whole: Decimal | None = None


@dataclass(frozen=True)
class Gap:
    """Why a way does not lead to a value: sums that are not known, or that too few are."""

    way: Way
    missing: tuple[str, ...] = ()
    known: Decimal | None = None
    whole: Decimal | None = None


def worked_out(indicator: VillageIndicator, sums: Sums) -> Worked | None:
    """The value by the first way that can be gone, with two places; None where none can."""
    for way in indicator.ways:
        if _gap(way, sums) is None:
            shares = [_of(one, sums) for one in way.mean]
            value = sum(shares, Decimal(0)) / len(shares) * way.times
            return Worked(value.quantize(CENT, ROUND_HALF_UP), way, *_fewest(way, sums))
    return None


def lacking(indicator: VillageIndicator, sums: Sums) -> tuple[Gap, ...]:
    """Of every way before the first that can be gone, why it cannot."""
    gaps = []
    for way in indicator.ways:
        gap = _gap(way, sums)
        if gap is None:
            break
        gaps.append(gap)
    return tuple(gaps)


def _gap(way: Way, sums: Sums) -> Gap | None:
    wholes = {one.whole for one in (*way.mean, *way.known)}
    missing = tuple(name for name in way.names if name not in sums or (name in wholes and sums[name] <= 0))
    if missing:
        return Gap(way, missing)
    known, whole = _fewest(way, sums)
    if known is not None and whole is not None and known < way.least * whole:
        return Gap(way, (), known, whole)
    return None


def _of(one: Quotient, sums: Sums) -> Decimal:
    return sums[one.part] / sums[one.whole] if one.whole else sums[one.part]


def _fewest(way: Way, sums: Sums) -> tuple[Decimal | None, Decimal | None]:
    """(known, whole) of the quotient of which the smallest share is known."""
    if not way.known:
        return None, None
    least = min(way.known, key=lambda one: _of(one, sums))
    return sums[least.part], sums[least.whole] if least.whole else None
