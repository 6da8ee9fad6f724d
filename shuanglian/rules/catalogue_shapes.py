"""The written half of household plans: targets, seasons, land, labour, the catalogue of measures (PLAN-3, PLAN-4)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from .condition_shapes import ConditionShape, Facts
from .profile_shapes import Amount, Code, Count, Day, Label, Named, Shape, Sourced, Text, Whole, Words

Channel = Literal["wage", "operating", "property", "transfer"]
Some = Annotated[Amount, Field(ge=Decimal(0))]
Share = Annotated[Amount, Field(ge=Decimal(0), le=Decimal(1))]
Month = Annotated[int, Field(ge=1, le=12)]


class PlanTarget(Named):
    """What a household is to reach by the end of a year: yuan of net income per head and year (PLAN-3)."""

    year: Whole
    yuan: Annotated[Amount, Field(gt=Decimal(0))]


class Season(Named):
    """A part of the year that field work comes in: its months, and the days that one full worker has in it."""

    order: Count
    months: Annotated[tuple[Month, ...], Field(min_length=1)]
    days: Count


class Land(Named):
    """A kind of land that measures take: the fact that says how much a family has, what stays with food (mu a head).

    Without a fact nobody's is known, and no measure on it is proposed.
    """

    fact: Text
    kept_per_head: Some = Decimal(0)


class StandingWork(Named):
    """Work that a family has already: days in each season for one unit of a fact (a mu that it farms)."""

    fact: Text
    days: dict[Code, Some]


class PlanTerms(Sourced):
    """How plans are reckoned.

    path: from the income now to the target by equal amounts or equal rates a year. counts: which estimate of a measure
    must close the gap. own_share: of a year's net income, what a family can put in itself. loan: the benefit whose
    amount is the most that it can borrow. kinds: different measures that the assistant proposes at most. weak: what one
    who is weak does of a full worker's days. text_least, alike: from how many characters on, and from what likeness,
    two families' texts count as copied. review_months: after so many a plan is due to be looked at again.
    """

    path: Literal["even", "rate"]
    counts: Literal["low", "likely"]
    own_share: Share
    loan: Code | None = None
    kinds: Annotated[int, Field(ge=1, le=12)]
    weak: Share
    text_least: Count
    alike: Share
    review_months: Annotated[int, Field(ge=1, le=36)] = 12


class PlanOwner(Named):
    """Who may answer for a measure of a plan."""

    order: Count


def _answer(value: object) -> object:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


class MeasureCase(Shape):
    """One family on a day, whether the measure is open to it, with how many units; a measure's cases are its tests."""

    on: Day
    household: Facts = {}
    members: tuple[Facts, ...] = ()
    village: Facts = {}
    offered: Annotated[Literal["yes", "no", "ask"], BeforeValidator(_answer)]
    most: Count | None = None
    note: Text | None = None


class MeasureShape(Named):
    """One kind of measure ("one more mu of fruit"): what a unit brings a year, takes, needs, and who may have it.

    low, likely: yuan of net income a unit and year, cautious and likely; of a `benefit` they are its amount on the day
    (BEN-1), written in its own file. figures: the document that gives the amounts (`document` is where the measure
    itself stands). comes: "monthly" from the month it begins to pay, or "yearly", whole, in that month of each year.
    months: until it first pays. pays: fund → yuan a unit; "own" is the family's, and may be lent. days: season → days a
    unit and year. land: land → mu a unit. least, most: units of one family; most_of: the same as a text over the
    household's facts. person: each unit takes one member of whom this holds, and no other unit takes the same.
    all_of: conditions over the household. excludes, needs: other measures.
    """

    order: Count
    unit: Label
    channel: Channel
    low: Some | None = None
    likely: Some | None = None
    benefit: Code | None = None
    figures: Text
    comes: Literal["monthly", "yearly"]
    months: Annotated[int, Field(ge=0, le=120)]
    pays: dict[Code, Some] = {}
    days: dict[Code, Some] = {}
    land: dict[Code, Some] = {}
    least: Annotated[int, Field(ge=1)] = 1
    most: Annotated[int, Field(ge=1, le=1000)]
    most_of: Text | None = None
    person: ConditionShape | None = None
    all_of: tuple[ConditionShape, ...] = ()
    excludes: Words = ()
    needs: Words = ()
    owner: Code
    plain: Label | None = None
    cases: tuple[MeasureCase, ...] = ()

    @model_validator(mode="after")
    def _figures(self) -> MeasureShape:
        given = self.low is not None and self.likely is not None
        if given == (self.benefit is not None):
            raise ValueError("amount_or_benefit")
        if given and self.low > self.likely:  # type: ignore[operator]
            raise ValueError("low_above_likely")
        if self.least > self.most:
            raise ValueError("least_above_most")
        return self
