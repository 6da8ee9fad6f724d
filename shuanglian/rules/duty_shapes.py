"""The written half of duties: who owes what, how much, in what period, what counts for it (FIELD-2, FIELD-4)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from .condition_shapes import Facts, GivenShape
from .profile_shapes import Amount, Code, Count, Label, Named, Shape, Text, Words

Counted = Literal["visits", "visit_days", "homes", "village_days", "services", "service_days", "inspections", "studies"]
Per = Literal["month", "quarter", "year"]
Rounding = Literal["down", "half_up", "up"]


def _answer(value: object) -> object:
    """true and false are themselves; a word is kept for the choice below."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


class DutyCase(Shape):
    """One entry by its facts, and whether it counts; "ask": it is not known, then it counts for the person."""

    entry: Facts
    counts: Annotated[Literal["yes", "no", "ask"], BeforeValidator(_answer)]
    note: Text | None = None


class DutyShape(Named):
    """One duty. Exactly one of posts (codes of fieldwork's posts), roles, `paired` and `units` says whose it is.

    counts: what is counted · when: which entries count (entry.FACT) · least: how much in a whole period · rounding:
    of what is owed for a part of it. A homes duty asks that so many households of one's own were reached.
    """

    order: Count
    posts: Words = ()
    roles: Words = ()
    paired: bool = False
    units: bool = False
    counts: Counted
    when: Text | None = None
    given: dict[Code, GivenShape] = {}
    least: Annotated[Amount, Field(gt=0)]
    per: Per
    rounding: Rounding = "down"
    unit: Label
    cases: tuple[DutyCase, ...] = ()

    @model_validator(mode="after")
    def _one_owner(self) -> DutyShape:
        if sum(map(bool, (self.posts, self.roles, self.paired, self.units))) != 1:
            raise ValueError("one_owner")
        return self


class Landed(Named):
    """One of the five checks that things have landed (五个落实到位); `asks`: what it is worked out from."""

    order: Count
    asks: Literal["goals", "decisions", "plans", "visits", "tasks"]


class Reminding(Named):
    """Reminders of duties: so many days before a period ends, and never from `quiet_from` to `quiet_to` o'clock."""

    days_before: Count
    quiet_from: Annotated[int, Field(ge=0, le=23)]
    quiet_to: Annotated[int, Field(ge=0, le=23)]


__all__ = ["Counted", "DutyCase", "DutyShape", "Landed", "Reminding"]
