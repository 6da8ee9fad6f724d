"""The worked half of household plans: which measures are open to a family, how many of each, and what it has for them.

    plans = profile.on(day).plans                         Plans
    found = plans.offers(family, benefits)                one Offer per measure, in the order of the catalogue
    means = plans.means(family, benefits, own=None)       labour by season, land, own money, loan: what measures may use
    plans.step_target(now, since, target, year)           yuan a head that a year must reach on the way to the target

`family`: a Family, the facts as rules.facts gives them. A fact that is not known opens nothing: it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, Decimal
from functools import cached_property
from typing import Any

from .benefits import Benefit
from .catalogue_shapes import Land, MeasureShape, PlanOwner, PlanTarget, PlanTerms, Season, StandingWork
from .cel.language import Expression
from .conditions import Condition, Outcome, Weighed, weigh
from .profile_shapes import Label

NOTHING = Decimal(0)
WORK_MONTHS = 12
CHANNELS = ("wage", "operating", "property", "transfer")


@dataclass(frozen=True)
class Family:
    """One family on a day: its facts (root → facts, with household.members) and its members' by number, in order."""

    facts: Mapping[str, Any]
    members: Mapping[Any, Mapping[str, Any]]
    on: date

    @property
    def household(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.facts.get("household", {})
        return found

    @property
    def size(self) -> int:
        return len(self.members) or int(self.household.get("size") or 0)

    @property
    def income(self) -> Decimal | None:
        """Net income per head of its latest account; None when there is none."""
        found = self.household.get("income_per_head")
        return None if found is None else Decimal(found)


@dataclass(frozen=True, eq=False)
class Measure:
    """A measure of the catalogue with its texts read."""

    shape: MeasureShape
    conditions: tuple[Condition, ...]
    person: Condition | None
    most_of: Expression | None

    @property
    def code(self) -> str:
        return self.shape.code

    @property
    def label(self) -> Label:
        return self.shape.label

    @property
    def cost(self) -> Decimal:
        """Yuan a unit, whoever pays."""
        return sum(self.shape.pays.values(), NOTHING)

    @property
    def own(self) -> Decimal:
        """What of it the family pays."""
        return self.shape.pays.get("own", NOTHING)

    @property
    def by_default(self) -> bool:
        """Whether no source gives its figures: pages say so."""
        return self.shape.figures == "default"

    def yuan(self, benefits: Mapping[str, Benefit], on: date) -> tuple[Decimal, Decimal] | None:
        """What a unit brings a year, cautious and likely; None when its benefit says nothing on the day (BEN-1)."""
        if self.shape.benefit is None:
            assert self.shape.low is not None
            assert self.shape.likely is not None
            return self.shape.low, self.shape.likely
        amount = fixed_amount(benefits.get(self.shape.benefit), on)
        return None if amount is None else (amount, amount)


def fixed_amount(benefit: Benefit | None, on: date) -> Decimal | None:
    """A benefit's amount where its text names no fact of anybody; None where there is none in force, or it differs."""
    terms = benefit.in_force(on) if benefit else None
    if terms is None or terms.yuan is None or any(not path.startswith("given.") for path in terms.yuan.facts):
        return None
    amount = terms.yuan.value({"given": terms.amounts})
    return amount if isinstance(amount, Decimal) else None


@dataclass(frozen=True)
class Offer:
    """A measure for one family. most: units at most, 0 when it is not open; people: members that a unit may take.

    met: what its conditions come to, None while something must be asked; why: an extra reason ("no_person",
    "no_amount", "most"). Which condition it is, `weighed` works out when it is asked for.
    """

    measure: Measure
    family: Family
    most: int
    low: Decimal
    likely: Decimal
    met: bool | None
    people: tuple[Any, ...] = ()
    why: str = ""

    @property
    def open(self) -> bool:
        return self.most > 0

    @cached_property
    def weighed(self) -> Weighed:
        """Every condition of the household; where no member fits, also that of the first who might."""
        told = weigh(self.measure.conditions, self.family.facts)
        if self.why != "no_person" or self.met is not None or self.measure.person is None:
            return told
        unsure = (one for one in _weighed_members(self.measure.person, self.family) if one.met is None)
        return Weighed.of((*told.outcomes, next(unsure)))

    @property
    def unmet(self) -> tuple[Label, ...]:
        return self.weighed.unmet

    @property
    def asks(self) -> frozenset[str]:
        return self.weighed.asks


@dataclass(frozen=True)
class Means:
    """What a family has for measures: days by season, mu by land, own yuan and the most it may borrow.

    unknown: what could not be told and counts as nothing (facts by path).
    """

    days: Mapping[str, Decimal]
    land: Mapping[str, Decimal]
    own: Decimal
    loan: Decimal
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Plans:
    """What a profile says of household plans on its day."""

    measures: Mapping[str, Measure]
    targets: tuple[PlanTarget, ...] = ()
    seasons: Mapping[str, Season] = field(default_factory=dict)
    lands: Mapping[str, Land] = field(default_factory=dict)
    work: tuple[StandingWork, ...] = ()
    owners: Mapping[str, PlanOwner] = field(default_factory=dict)
    terms: PlanTerms | None = None

    def __bool__(self) -> bool:
        """Whether the profile knows plans at all."""
        return self.terms is not None and bool(self.measures) and bool(self.targets)

    @cached_property
    def horizons(self) -> Mapping[int, PlanTarget]:
        """year → the target that holds by its end."""
        return {one.year: one for one in sorted(self.targets, key=lambda one: one.year)}

    def horizon_from(self, year: int) -> PlanTarget | None:
        """The nearest target that is not before a year; else the last."""
        later = [one for one in self.horizons.values() if one.year >= year]
        return later[0] if later else next(reversed(list(self.horizons.values())), None)

    def step_target(self, now: Decimal, since: int, target: PlanTarget, year: int) -> Decimal:
        """Yuan a head that a year must reach, worked backwards from the target (PLAN-3); whole yuan, rounded up.

        since: the year of the income now. A year at or after the target's asks for the target itself.
        """
        assert self.terms is not None
        if year >= target.year or now >= target.yuan:
            return target.yuan
        share = Decimal(max(0, year - since)) / Decimal(target.year - since)
        if self.terms.path == "rate" and now > 0:
            reached = now * (target.yuan / now) ** share
        else:
            reached = now + (target.yuan - now) * share
        return min(target.yuan, reached.quantize(Decimal(1), ROUND_CEILING))

    def offers(self, family: Family, benefits: Mapping[str, Benefit]) -> tuple[Offer, ...]:
        return tuple(offer(one, family, benefits) for one in self.measures.values())

    def means(self, family: Family, benefits: Mapping[str, Benefit], own: Decimal | None = None) -> Means:
        """own: yuan that the family says it can put in; else the profile's share of its net income."""
        assert self.terms is not None
        unknown: set[str] = set()
        days = self._days(family, unknown)
        land = {code: self._land(one, family, unknown) for code, one in self.lands.items()}
        if own is None:
            net = family.household.get("net_income")
            own = NOTHING if net is None else (max(NOTHING, Decimal(net)) * self.terms.own_share).quantize(Decimal(1))
        return Means(days, land, own, self.loan(family, benefits, unknown), tuple(sorted(unknown)))

    def _days(self, family: Family, unknown: set[str]) -> dict[str, Decimal]:
        assert self.terms is not None
        hands = NOTHING
        for own in family.members.values():
            group = own.get("labour_group")
            if group is None and not own.get("in_school"):
                unknown.add("person.labour")
            if group in ("able", "weak") and not own.get("in_school"):
                here = Decimal(WORK_MONTHS - min(WORK_MONTHS, int(own.get("work_months") or 0))) / WORK_MONTHS
                hands += here * (Decimal(1) if group == "able" else self.terms.weak)
        free = {code: hands * one.days for code, one in self.seasons.items()}
        for work in self.work:
            amount = _fact(family, work.fact) or NOTHING
            for code, days in work.days.items():
                free[code] -= amount * days
        return {code: max(NOTHING, days) for code, days in free.items()}

    def _land(self, land: Land, family: Family, unknown: set[str]) -> Decimal:
        has = _fact(family, land.fact)
        if has is None:
            unknown.add(land.fact)
            return NOTHING
        return max(NOTHING, has - land.kept_per_head * family.size)

    def loan(self, family: Family, benefits: Mapping[str, Benefit], unknown: set[str] | None = None) -> Decimal:
        """The most that the family may borrow: the amount of the loan's benefit, when it is granted (CRED-1)."""
        assert self.terms is not None
        benefit = benefits.get(self.terms.loan or "")
        terms = benefit.in_force(family.on) if benefit else None
        if terms is None or terms.yuan is None or not terms.complete:
            return NOTHING
        facts = {**family.facts, "given": terms.amounts}
        met = _together([_holds(one, facts) for one in terms.conditions])
        if met is None and unknown is not None:
            unknown |= weigh(terms.conditions, facts).asks
        if not met:
            return NOTHING
        yuan = terms.yuan.value(facts)
        return yuan if isinstance(yuan, Decimal) else NOTHING


def _fact(family: Family, path: str) -> Decimal | None:
    root, _, name = path.partition(".")
    found = family.facts.get(root, {}).get(name)
    return None if found is None or isinstance(found, bool | str) else Decimal(found)


def offer(measure: Measure, family: Family, benefits: Mapping[str, Benefit]) -> Offer:
    """What a measure is for one family: closed where a condition is not met or not known."""
    yuan = measure.yuan(benefits, family.on)
    met = _together([_holds(one, family.facts) for one in measure.conditions])
    if yuan is None:
        return Offer(measure, family, 0, NOTHING, NOTHING, met, why="no_amount")
    if met is not True:
        return Offer(measure, family, 0, *yuan, met)
    most, why = _most(measure, family), "most"
    people: tuple[Any, ...] = ()
    if measure.person is not None and most:
        told = {key: _holds(measure.person, {**family.facts, "person": own}) for key, own in family.members.items()}
        people = tuple(key for key, holds in told.items() if holds is True)
        if not people:
            return Offer(measure, family, 0, *yuan, None if None in told.values() else met, why="no_person")
        most = min(most, len(people))
    if most < measure.shape.least:
        return Offer(measure, family, 0, *yuan, met, people, why)
    return Offer(measure, family, most, *yuan, met, people)


def _holds(condition: Condition, facts: Mapping[str, Any]) -> bool | None:
    """One condition: None where it cannot be decided."""
    value = condition.expression.value(facts)
    return value if isinstance(value, bool) else None


def _together(met: list[bool | None]) -> bool | None:
    return False if False in met else None if None in met else True


def _most(measure: Measure, family: Family) -> int:
    """The most units of one family; nothing where the text that says so cannot be worked out."""
    if measure.most_of is None:
        return measure.shape.most
    told = measure.most_of.value(family.facts)
    return min(measure.shape.most, max(0, told)) if isinstance(told, int) and not isinstance(told, bool) else 0


def _weighed_members(condition: Condition, family: Family) -> Iterable[Outcome]:
    for own in family.members.values():
        yield from weigh((condition,), {**family.facts, "person": own}).outcomes


def counted(yuan: Decimal, comes: str, first: int, year: int) -> Decimal:
    """What of a yearly amount falls into a year. first: the month it first pays, as year × 12 + month − 1.

    Monthly: from that month on. Yearly: whole, in that month of each year.
    """
    months = min(12, max(0, (year + 1) * 12 - first))
    if comes == "yearly":
        return yuan if months else NOTHING
    return (yuan * months / 12).quantize(Decimal("0.01"))


def by_channel(lines: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Sums by channel of income, all four (PLAN-4)."""
    sums = dict.fromkeys(CHANNELS, NOTHING)
    for channel, yuan in lines:
        sums[channel] += yuan
    return sums


__all__ = ["CHANNELS", "Family", "Means", "Measure", "Offer", "Plans", "by_channel", "counted", "fixed_amount", "offer"]
