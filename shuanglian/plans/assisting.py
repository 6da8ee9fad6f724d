"""The assistant: a family's file and the catalogue become a whole-number problem, and what comes out becomes a draft.

found = suggest(known, terms, on, own=None, starts=day)
found.draft_lines(…)      the cheapest set that closes the gap, or the one that closes most of it
found.telling             why these, what binds, what the next best would cost, why not the others
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from shuanglian.matching.plan_problem import Choice, Option, PlanProblem, hand_out
from shuanglian.matching.plan_solver import solve
from shuanglian.matching.plan_telling import Telling, tell
from shuanglian.rules.benefits import Benefit
from shuanglian.rules.catalogue import Family, Means, Offer, Plans, counted

from .drafts import DraftLine
from .reckoning import Terms, month_of

DAY, MU = 10, 100  # tenths of a day, hundredths of a mu: rows are whole numbers
MONEY = "money"


@dataclass(frozen=True)
class Closed:
    """A measure that is not open to the family, or not in time. why: "unmet", "asks", "late", "needs" or Offer.why."""

    offer: Offer
    why: str


@dataclass(frozen=True)
class Case:
    """A family's problem beside what it was made of; offers: by option."""

    problem: PlanProblem
    offers: tuple[Offer, ...]
    closed: tuple[Closed, ...]
    means: Means


@dataclass(frozen=True)
class Suggestion:
    """What the assistant proposes, and why."""

    case: Case
    telling: Telling
    starts: date

    @property
    def choice(self) -> Choice:
        return self.telling.choice

    def draft_lines(self) -> tuple[DraftLine, ...]:
        """The lines of a draft, with the members who do what needs a person."""
        people = hand_out(self.case.problem, self.choice.units)
        return tuple(
            DraftLine(offer.measure.code, units, self.starts, people=some)
            for offer, units, some in zip(self.case.offers, self.choice.units, people, strict=True) if units
        )  # fmt: skip

    @property
    def loan(self) -> Decimal:
        """What of the family's own part must be borrowed: beyond its own money."""
        return max(Decimal(0), Decimal(self.choice.own) - self.case.means.own)


def case(
    plans: Plans, family: Family, benefits: Mapping[str, Benefit], terms: Terms, *, starts: date,
    own: Decimal | None = None,
) -> Case:  # fmt: skip
    """The problem of one family: gap, what each open measure brings in the year of the horizon, and what it takes."""
    assert plans.terms is not None
    means = plans.means(family, benefits, own)
    rows = (*plans.seasons, *plans.lands, MONEY)
    room = (*(_down(means.days[code], DAY) for code in plans.seasons),
            *(_down(means.land[code], MU) for code in plans.lands), _down(means.own + means.loan, 1))  # fmt: skip
    offers, closed, gains = [], [], []
    for offer in plans.offers(family, benefits):
        gain = _gain(offer, terms, starts)
        if why := _why_closed(offer, gain):
            closed.append(Closed(offer, why))
        else:
            offers.append(offer)
            gains.append(gain)
    while without := [one for one in offers if set(one.measure.shape.needs) - {two.measure.code for two in offers}]:
        closed += [Closed(one, "needs") for one in without]
        gains = [gain for one, gain in zip(offers, gains, strict=True) if one not in without]
        offers = [one for one in offers if one not in without]
    options = tuple(_option(one, gain, plans) for one, gain in zip(offers, gains, strict=True))
    place = {one.measure.code: n for n, one in enumerate(offers)}
    excludes = {(min(n, place[other]), max(n, place[other])) for n, one in enumerate(offers)
                for other in one.measure.shape.excludes if other in place}  # fmt: skip
    needs = [(n, place[other]) for n, one in enumerate(offers) for other in one.measure.shape.needs]
    gap = int(terms.gap.to_integral_value(ROUND_CEILING))
    problem = PlanProblem(gap, options, rows, room, plans.terms.kinds, tuple(sorted(excludes)), tuple(needs))
    return Case(problem, tuple(offers), tuple(closed), means)


def _down(amount: Decimal, scale: int) -> int:
    return int((amount * scale).to_integral_value(ROUND_FLOOR))


def _up(amount: Decimal, scale: int = 1) -> int:
    return int((amount * scale).to_integral_value(ROUND_CEILING))


def _gain(offer: Offer, terms: Terms, starts: date) -> int:
    shape = offer.measure.shape
    yuan = offer.low if terms.counts == "low" else offer.likely
    return _down(counted(yuan, shape.comes, month_of(starts) + shape.months, terms.horizon), 1)


def _why_closed(offer: Offer, gain: int) -> str:
    if not offer.open:
        return offer.why or ("asks" if offer.met is None else "unmet")
    yearly = max(offer.low, offer.likely)
    return "late" if yearly and not gain else ""


def _option(offer: Offer, gain: int, plans: Plans) -> Option:
    shape, measure = offer.measure.shape, offer.measure
    uses = (*(_up(shape.days.get(code, Decimal(0)), DAY) for code in plans.seasons),
            *(_up(shape.land.get(code, Decimal(0)), MU) for code in plans.lands), _up(measure.own))  # fmt: skip
    people = frozenset(offer.people) if measure.person is not None else None
    return Option(shape.code, gain, _up(measure.cost), _up(measure.own), offer.most, uses, shape.least, people)


def best(of: Case) -> Choice:
    """The choice alone, without its explanation."""
    return solve(of.problem)


def suggest(
    plans: Plans, family: Family, benefits: Mapping[str, Benefit], terms: Terms, *, starts: date,
    own: Decimal | None = None,
) -> Suggestion:  # fmt: skip
    """The cheapest feasible set for one family, explained."""
    made = case(plans, family, benefits, terms, starts=starts, own=own)
    return Suggestion(made, tell(made.problem), starts)
