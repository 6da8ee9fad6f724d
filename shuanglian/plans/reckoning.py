"""The sums of a plan: what its lines bring in a year, whether they close the gap, by how much not (PLAN-2, PLAN-3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, Decimal

from shuanglian.rules.catalogue import Measure, Plans, by_channel, counted
from shuanglian.rules.catalogue_shapes import PlanTarget

NOTHING, CENT = Decimal(0), Decimal("0.01")
OWN = "own"


@dataclass(frozen=True)
class Line:
    """One measure of a plan being written. low, likely: a unit and year; cost: yuan in all; people: member numbers."""

    measure: Measure
    units: int
    starts_on: date
    low: Decimal
    likely: Decimal
    cost: Decimal
    funds: dict[str, Decimal]
    owner: str
    owner_name: str = ""
    people: tuple[int, ...] = ()
    note: str = ""

    @property
    def first(self) -> int:
        """The month it first pays, as year × 12 + month − 1."""
        return month_of(self.starts_on) + self.measure.shape.months

    def in_year(self, year: int, estimate: str) -> Decimal:
        """What it brings in a year by one estimate, "low" or "likely"."""
        whole = self.units * (self.low if estimate == "low" else self.likely)
        return counted(whole, self.measure.shape.comes, self.first, year)


def month_of(day: date) -> int:
    return day.year * 12 + day.month - 1


def funds_of(measure: Measure, units: int, cost: Decimal) -> dict[str, Decimal]:
    """Who pays what of a cost: in the catalogue's proportions; the last one what rounding leaves."""
    pays = {fund: yuan for fund, yuan in measure.shape.pays.items() if yuan}
    whole = sum(pays.values(), NOTHING)
    if not whole:
        return {OWN: cost} if cost else {}
    told, left = {}, cost
    for fund, yuan in list(pays.items())[:-1]:
        told[fund] = (cost * yuan / whole).quantize(CENT)
        left -= told[fund]
    return {**told, list(pays)[-1]: left}


@dataclass(frozen=True)
class Terms:
    """What a plan reckons with: size, income per head now and of which year, the year and the target."""

    size: int
    income: Decimal
    income_year: int
    year: int
    horizon: int
    target: Decimal
    step_target: Decimal
    counts: str

    @classmethod
    def of(cls, plans: Plans, target: PlanTarget, *, size: int, income: Decimal, income_year: int, year: int) -> Terms:
        assert plans.terms is not None
        since = min(income_year, year - 1)
        step = plans.step_target(income, since, target, year)
        horizon = max(target.year, year)
        return cls(size, income, income_year, year, horizon, target.yuan, step, plans.terms.counts)

    @property
    def gap(self) -> Decimal:
        """Yuan a year of the whole family, from the income now to the target."""
        return max(NOTHING, (self.target - self.income) * self.size)

    @property
    def step_gap(self) -> Decimal:
        return max(NOTHING, (self.step_target - self.income) * self.size)


@dataclass(frozen=True)
class Sums:
    """What came out. short, step_short: whole yuan a year by which the gap stays open, 0 when the plan adds up."""

    gain_low: Decimal
    gain_likely: Decimal
    step_gain: Decimal
    cost: Decimal
    own: Decimal
    short: Decimal
    step_short: Decimal
    channels: dict[str, Decimal] = field(default_factory=dict)

    @property
    def adds_up(self) -> bool:
        return self.short == 0


def sums(lines: Sequence[Line], terms: Terms) -> Sums:
    """Everything summed up. The income of now is taken to stay as it is."""
    low = _whole(lines, terms.horizon, "low")
    likely = _whole(lines, terms.horizon, "likely")
    gain = low if terms.counts == "low" else likely
    step = _whole(lines, terms.year, terms.counts)
    channels = by_channel((one.measure.shape.channel, one.in_year(terms.horizon, terms.counts)) for one in lines)
    return Sums(
        low, likely, step, sum((one.cost for one in lines), NOTHING),
        sum((one.funds.get(OWN, NOTHING) for one in lines), NOTHING), _short(terms.gap, gain),
        _short(terms.step_gap, step), channels,
    )  # fmt: skip


def _whole(lines: Sequence[Line], year: int, estimate: str) -> Decimal:
    return sum((one.in_year(year, estimate) for one in lines), NOTHING)


def _short(gap: Decimal, gain: Decimal) -> Decimal:
    return max(NOTHING, gap - gain).quantize(Decimal(1), ROUND_CEILING)
