"""The worked half of village plans: do they add up from the household plans, and where do they not (PLAN-2, PLAN-6).

    rules = profile.on(day).villages                       Villages
    found = reckon(rules, plan, homes)                     Reckoned: sums by channel, fund, industry; what is wrong
    degree(indicator, value)                               0 to 100: how far an indicator is met
    value_at(indicator, degree, now)                       the value that is so far

Pure: the plan and the sums of its households come as plain values. Money is whole yuan a year for all people together
unless it says a head.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from .village_shapes import Industry, VillageCheck, VillageIndicator, VillageTerms, VillageWork

NOTHING, FULL = Decimal(0), Decimal(100)
TENTH, CENT = Decimal("0.1"), Decimal("0.01")
CHANNELS = ("wage", "operating", "property", "transfer")


@dataclass(frozen=True, eq=False)
class Villages:
    """What a profile says of village plans on its day."""

    industries: Mapping[str, Industry] = field(default_factory=dict)
    works: Mapping[str, VillageWork] = field(default_factory=dict)
    indicators: Mapping[str, VillageIndicator] = field(default_factory=dict)
    checks: Mapping[str, VillageCheck] = field(default_factory=dict)
    terms: VillageTerms | None = None

    def __bool__(self) -> bool:
        """Whether the profile knows village plans at all."""
        return self.terms is not None and bool(self.industries) and bool(self.works)

    def industry_of(self, measure: str) -> str:
        """The industry that a measure of household plans belongs to; empty for none."""
        return next((code for code, one in self.industries.items() if measure in one.measures), "")


@dataclass(frozen=True)
class HomeMeasure:
    """One measure over a village's household plans: channel, households, units, yuan in the plan's last year."""

    channel: str
    households: int
    units: int
    gain: Decimal
    cost: Decimal = NOTHING


@dataclass(frozen=True)
class Homes:
    """A village's households on the register and what their newest plans add up to.

    funds: fund → yuan that the plans take; leaving: households that are to leave by the plan's end; leaving_unplanned:
    of those, who have no plan that closes its gap.
    """

    households: int = 0
    people: int = 0
    income: Decimal | None = None
    planned: int = 0
    agreed: int = 0
    leaving: int = 0
    leaving_unplanned: int = 0
    measures: Mapping[str, HomeMeasure] = field(default_factory=dict)
    funds: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One measure or project of the village: what it brings a year in which channel, cost and whose, due when."""

    number: int
    work: str
    what: str
    due_on: date
    cost: Decimal = NOTHING
    fund: str = ""
    channel: str = ""
    gain: Decimal = NOTHING


@dataclass(frozen=True)
class Promise:
    """One indicator in a plan: degree now and promised, 0 to 100; step: the least by the longer plan."""

    code: str
    present: Decimal | None = None
    promised: Decimal | None = None
    step: Decimal | None = None


@dataclass(frozen=True)
class Plan:
    """A village's plan as it is reckoned. income, target, least: yuan a head now, promised, and of the programme.

    yearly: one year of a longer plan; its works may run on beyond it.
    """

    until: int
    people: int
    income: Decimal
    target: Decimal
    industry: str
    lines: tuple[Line, ...] = ()
    promises: tuple[Promise, ...] = ()
    funds: Mapping[str, Decimal] = field(default_factory=dict)
    least: Decimal = NOTHING
    yearly: bool = False

    @property
    def growth(self) -> Decimal:
        """Yuan a head by which income is to grow."""
        return self.target - self.income

    @property
    def rate(self) -> Decimal | None:
        """The same as a share of the income now; None where there is none."""
        return self.growth / self.income if self.income > 0 else None

    @property
    def need(self) -> Decimal:
        """Yuan a year that all together must earn more."""
        return max(NOTHING, self.growth * self.people)


@dataclass(frozen=True)
class Fault:
    """Something that does not add up: which check, at which place (an anchor), with what figures and names."""

    code: str
    place: str
    told: Mapping[str, Any]


@dataclass(frozen=True)
class Fund:
    """One source of money: what household plans and village lines take, and what there is (None: no sum is set)."""

    homes: Decimal
    village: Decimal
    there: Decimal | None

    @property
    def whole(self) -> Decimal:
        return self.homes + self.village

    @property
    def over(self) -> Decimal:
        return max(NOTHING, self.whole - self.there) if self.there is not None else NOTHING


@dataclass(frozen=True)
class Reckoned:
    """need, carried, short: yuan a year; channels: channel → (household plans, village lines); industries likewise."""

    need: Decimal
    carried: Decimal
    channels: Mapping[str, tuple[Decimal, Decimal]]
    funds: Mapping[str, Fund]
    industries: Mapping[str, tuple[Decimal, Decimal]]
    faults: tuple[Fault, ...]

    @property
    def short(self) -> Decimal:
        return max(NOTHING, self.need - self.carried)

    @property
    def adds_up(self) -> bool:
        return not self.faults


def degree(indicator: VillageIndicator, value: Decimal | None) -> Decimal | None:
    """How far an indicator is met, 0 to 100 with one place: value by target, target by value where less is better."""
    if value is None:
        return None
    target = indicator.target
    if indicator.better == "between" and indicator.low is not None and value < indicator.low:
        return _degree(value, indicator.low)
    if indicator.better == "more":
        return _degree(value, target)
    return FULL if value <= target else _degree(target, value)


def value_at(indicator: VillageIndicator, least: Decimal, now: Decimal) -> Decimal:
    """The value that has a degree of at least that much, with two places; now: from which side a band is neared."""
    goal, more = indicator.target, indicator.better == "more"
    if indicator.better == "between" and indicator.low is not None and now < indicator.low:
        goal, more = indicator.low, True
    if more:
        return (goal * least / 100).quantize(CENT, ROUND_CEILING)
    return (goal * 100 / least).quantize(CENT, ROUND_FLOOR) if least > 0 else now


def _degree(part: Decimal, whole: Decimal) -> Decimal:
    if whole <= 0:
        return FULL
    return max(NOTHING, min(FULL, (part / whole * 100).quantize(TENTH, ROUND_HALF_UP)))


def whole_degree(rules: Villages, degrees: Mapping[str, Decimal | None]) -> Decimal | None:
    """All indicators that are known together, by weight; None when none is known."""
    known = [(one.weight, told) for code, one in rules.indicators.items() if (told := degrees.get(code)) is not None]
    weight = sum((weight for weight, _told in known), NOTHING)
    if not weight:
        return None
    return (sum((part * told for part, told in known), NOTHING) / weight).quantize(TENTH, ROUND_HALF_UP)


def step_degree(present: Decimal, promised: Decimal, since: int, until: int, year: int) -> Decimal:
    """The degree that a year must reach on the way from the one to the other, by equal steps."""
    if year >= until or until <= since:
        return promised
    share = Decimal(max(0, year - since)) / Decimal(until - since)
    return (present + (promised - present) * share).quantize(TENTH, ROUND_HALF_UP)


def reckon(rules: Villages, plan: Plan, homes: Homes) -> Reckoned:
    """Everything summed up, and every check of the profile that is not met, in the profile's order."""
    counted = [one for one in plan.lines if one.due_on.year <= plan.until]
    channels = {
        code: (_sum(one.gain for one in homes.measures.values() if one.channel == code),
               _sum(one.gain for one in counted if one.channel == code))
        for code in CHANNELS
    }  # fmt: skip
    carried = _sum(home + village for home, village in channels.values())
    made = Reckoned(
        plan.need, carried, channels, _funds(rules, plan, homes), _industries(rules, plan, homes, counted), ()
    )
    faults = tuple(
        fault for code in sorted(rules.checks, key=lambda code: rules.checks[code].order)
        for fault in _CHECKS[code](rules, plan, homes, made)
    )  # fmt: skip
    return Reckoned(made.need, made.carried, made.channels, made.funds, made.industries, faults)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, NOTHING)


def _funds(rules: Villages, plan: Plan, homes: Homes) -> dict[str, Fund]:
    free = rules.terms.free if rules.terms else ()
    found = {}
    for code in dict.fromkeys((*plan.funds, *homes.funds, *(one.fund for one in plan.lines if one.cost))):
        mine = _sum(one.cost for one in plan.lines if one.fund == code)
        there = None if code in free else plan.funds.get(code, NOTHING)
        found[code] = Fund(homes.funds.get(code, NOTHING), mine, there)
    return found


def _industries(
    rules: Villages, plan: Plan, homes: Homes, counted: Iterable[Line]
) -> dict[str, tuple[Decimal, Decimal]]:  # fmt: skip
    by_home: dict[str, Decimal] = dict.fromkeys(rules.industries, NOTHING)
    for code, one in homes.measures.items():
        if industry := rules.industry_of(code):
            by_home[industry] += one.gain
    leads = {code for code, work in rules.works.items() if work.leading}
    mine = _sum(one.gain for one in counted if one.work in leads)
    return {code: (gain, mine if code == plan.industry else NOTHING) for code, gain in by_home.items()}


def needed(rules: Villages, homes: Homes) -> Iterable[tuple[str, str, int]]:
    """(work, a measure that cannot do without it, households): works that enough household plans need."""
    for code, work in rules.works.items():
        serving = [name for name in work.serves if name in homes.measures]
        many = sum(homes.measures[name].households for name in serving)
        if serving and many >= work.from_households:
            yield code, serving[0], many


# --- what may be wrong ------------------------------------------------------------------------------------------------
def _target_low(rules: Villages, plan: Plan, _homes: Homes, _made: Reckoned) -> Iterable[Fault]:
    if plan.target + rules.checks["target_low"].tolerance < plan.least:
        yield Fault("target_low", "income", {"target": plan.target, "least": plan.least, "year": plan.until})


def _income_short(rules: Villages, plan: Plan, _homes: Homes, made: Reckoned) -> Iterable[Fault]:
    if made.short > rules.checks["income_short"].tolerance * plan.people:
        a_head = made.short / plan.people if plan.people else NOTHING
        yield Fault("income_short", "income", {"target": plan.target, "need": made.need, "carried": made.carried,
                                               "short": made.short, "a_head": a_head})  # fmt: skip


def _homes_missing(rules: Villages, _plan: Plan, homes: Homes, _made: Reckoned) -> Iterable[Fault]:
    missing = max(0, homes.households - homes.planned)
    if missing > rules.checks["homes_missing"].tolerance * homes.households:
        yield Fault("homes_missing", "homes", {"n": missing, "of": homes.households})


def _homes_not_agreed(rules: Villages, _plan: Plan, homes: Homes, _made: Reckoned) -> Iterable[Fault]:
    waiting = max(0, homes.planned - homes.agreed)
    if waiting > rules.checks["homes_not_agreed"].tolerance * homes.planned:
        yield Fault("homes_not_agreed", "homes", {"n": waiting, "of": homes.planned})


def _leaving_unplanned(rules: Villages, plan: Plan, homes: Homes, _made: Reckoned) -> Iterable[Fault]:
    if homes.leaving_unplanned > rules.checks["leaving_unplanned"].tolerance * homes.leaving:
        yield Fault("leaving_unplanned", "leaving",
                    {"n": homes.leaving_unplanned, "of": homes.leaving, "year": plan.until})  # fmt: skip


def _cost_over(rules: Villages, _plan: Plan, _homes: Homes, made: Reckoned) -> Iterable[Fault]:
    for code, fund in made.funds.items():
        if fund.over > rules.checks["cost_over"].tolerance:
            told = {"fund": code, "whole": fund.whole, "homes": fund.homes, "village": fund.village}
            yield Fault("cost_over", f"fund-{code}", {**told, "there": fund.there, "over": fund.over})


def _work_missing(rules: Villages, plan: Plan, homes: Homes, _made: Reckoned) -> Iterable[Fault]:
    there = {one.work for one in plan.lines}
    for code, measure, many in needed(rules, homes):
        if code not in there:
            yield Fault("work_missing", "lines", {"work": code, "measure": measure, "n": many})


def _industry_smaller(rules: Villages, plan: Plan, _homes: Homes, made: Reckoned) -> Iterable[Fault]:
    mine = _sum(made.industries.get(plan.industry, ()))
    largest = max(made.industries, key=lambda code: made.industries[code][0], default="")
    if largest and largest != plan.industry:
        theirs = made.industries[largest][0]
        if theirs > mine + rules.checks["industry_smaller"].tolerance:
            yield Fault("industry_smaller", "industry", {"industry": plan.industry, "mine": mine, "other": largest,
                                                         "theirs": theirs})  # fmt: skip


def _below_present(rules: Villages, plan: Plan, _homes: Homes, _made: Reckoned) -> Iterable[Fault]:
    slack = rules.checks["below_present"].tolerance
    for one in plan.promises:
        if one.present is not None and one.promised is not None and one.promised + slack < one.present:
            yield Fault("below_present", f"indicator-{one.code}",
                        {"indicator": one.code, "promised": one.promised, "present": one.present})  # fmt: skip


def _below_step(rules: Villages, plan: Plan, _homes: Homes, _made: Reckoned) -> Iterable[Fault]:
    slack = rules.checks["below_step"].tolerance
    for one in plan.promises:
        if one.step is not None and one.promised is not None and one.promised + slack < one.step:
            told = {"indicator": one.code, "promised": one.promised, "step": one.step, "year": plan.until}
            yield Fault("below_step", f"indicator-{one.code}", told)


def _after_end(_rules: Villages, plan: Plan, _homes: Homes, _made: Reckoned) -> Iterable[Fault]:
    for one in plan.lines:
        if one.due_on.year > plan.until and not plan.yearly:
            yield Fault("after_end", f"line-{one.number}",
                        {"number": one.number, "what": one.what, "due": one.due_on, "year": plan.until})  # fmt: skip


_CHECKS = {
    "target_low": _target_low, "income_short": _income_short, "homes_missing": _homes_missing,
    "homes_not_agreed": _homes_not_agreed, "leaving_unplanned": _leaving_unplanned, "cost_over": _cost_over,
    "work_missing": _work_missing, "industry_smaller": _industry_smaller, "below_present": _below_present,
    "below_step": _below_step, "after_end": _after_end,
}  # fmt: skip
# What a sentence of a check may name: how to show it, "yuan", "n", "degree", or the code of which list.
NAMES = {
    "target_low": ("target", "least", "year"), "income_short": ("target", "need", "carried", "short", "a_head"),
    "homes_missing": ("n", "of"), "homes_not_agreed": ("n", "of"), "leaving_unplanned": ("n", "of", "year"),
    "cost_over": ("fund", "whole", "homes", "village", "there", "over"), "work_missing": ("work", "measure", "n"),
    "industry_smaller": ("industry", "mine", "other", "theirs"), "below_present": ("indicator", "promised", "present"),
    "below_step": ("indicator", "promised", "step", "year"), "after_end": ("number", "what", "due", "year"),
}  # fmt: skip
