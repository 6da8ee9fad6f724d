"""The written half of data quality: the shapes of [[checks]] and [[exceptions]] in roster.toml (REG-7, REP-2)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from .condition_shapes import Facts
from .profile_shapes import Amount, Code, Count, Day, Flag, Label, Shape, Sourced, Text, Whole

Kind = Literal["condition", "same_phone", "same_bank", "same_id", "columns"]


def _answer(value: object) -> object:
    """true and false are themselves; a word is kept for the choice below."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


class CheckCase(Shape):
    """One family, member or village on a day, and whether the rule complains: a rule's cases are its tests.

    complains: true, false, or "ask" where the facts do not decide; then, as in a register, nobody is complained about.
    """

    on: Day | None = None
    person: Facts | None = None
    household: Facts = {}
    village: Facts = {}
    year: Facts = {}
    complains: Annotated[Literal["yes", "no", "ask"], BeforeValidator(_answer)]
    note: Text | None = None


class Check(Sourced):
    """A rule of data quality; `nos` are its numbers in quality_rules_cn.csv, none for a rule of ours.

    kind condition: `when` is the condition under which it complains of one person, household or village. same_phone,
    same_bank, same_id: two standing households (or people) share a number. columns: only rosters are asked.
    `account` marks those that the page of the income account asks (PLAN-4).
    params and the low and high of `limits` are the amounts that `when` calls given.NAME, given.LIMIT_low, …_high.
    """

    label: Label
    nos: tuple[Whole, ...]
    level: Literal["household", "person", "village", "cadre", "unit", "link"]
    severity: Literal["error", "warning"]
    kind: Kind = "columns"
    when: Text | None = None
    params: dict[Code, Whole | Amount] = {}
    limits: tuple[Code, ...] = ()
    cases: tuple[CheckCase, ...] = ()
    account: Flag = False

    @model_validator(mode="after")
    def _whole(self) -> Check:
        if (self.kind == "condition") != (self.when is not None):
            raise ValueError("when_and_kind")
        return self


class ExceptionTerms(Sourced):
    """How an accepted exception from a rule stands: days until it is looked at again, characters of its reason."""

    label: Label
    days: Annotated[int, Field(ge=1, le=3660)]
    reason: Count


__all__ = ["Check", "CheckCase", "ExceptionTerms", "Kind"]
