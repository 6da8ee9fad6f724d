"""The written half of exit: standards of four levels and the exit plan by year (IDX-2, IDX-3, BEN-7; exits.toml)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from .condition_shapes import ConditionShape, Facts, GivenShape
from .profile_shapes import Amount, Code, Count, Day, Label, Named, Shape, Text, Whole, Words

GivenName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]


class ExitCondition(ConditionShape):
    """One condition: what must hold (of a set of `blocks`: what keeps from leaving), and the paper that proves it."""

    code: Code
    evidence: Label


def _answer(value: object) -> object:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


class ExitCase(Shape):
    """One household or area on a day, and what must come out; a standard's cases are its tests."""

    on: Day
    household: Facts = {}
    village: Facts = {}
    area: Facts = {}
    year: Facts = {}
    meets: Annotated[Literal["yes", "no", "ask"], BeforeValidator(_answer)]
    unmet: tuple[Text, ...] | None = None  # codes of the conditions that keep from leaving
    asks: tuple[Text, ...] | None = None
    note: Text | None = None


class StandardShape(Named):
    """A set of conditions of one level, every one a veto, with its days of force.

    standard: all must hold. blocks: none may hold ("cannot exit"). Both sets in force on a day are asked.
    """

    level: Literal["household", "left", "village", "township", "county"]  # left: a household that left before
    kind: Literal["standard", "blocks"]
    given: dict[GivenName, GivenShape] = {}
    all_of: Annotated[tuple[ExitCondition, ...], Field(min_length=1)]
    cases: tuple[ExitCase, ...] = ()

    @model_validator(mode="after")
    def _codes_once(self) -> StandardShape:
        codes = [one.code for one in self.all_of]
        if len(codes) != len(set(codes)):
            raise ValueError("condition_twice")
        return self


class DepartmentList(Named):
    """Whose payments make somebody who is not on the register a household that may have been missed (REG-3).

    benefits: the provisions whose payrolls are looked at; cause: of poverty, as it would be entered (REG-2); least:
    yuan of the year in all.
    """

    benefits: Annotated[tuple[Code, ...], Field(min_length=1)]
    cause: Text
    least: Amount = Decimal(0)


class ExitTarget(Named):
    """What a year's exit plan asks for (IDX-3): villages and people out, townships named for the year."""

    year: Whole
    villages: Count
    people: Count
    townships: Words = ()
