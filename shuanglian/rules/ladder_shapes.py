"""The written half of the ladder of demands: rungs, categories, urgency, terms, calendar (VOICE-1 … VOICE-3)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from .condition_shapes import Facts, GivenShape
from .profile_shapes import Amount, Code, Count, Day, Flag, Label, Named, Shape, Text, Words

Holder = Literal["cadre", "unit", "office", "department"]
AtLevel = Literal["village", "township", "county", "city", "province"]
Days = Annotated[int, Field(ge=1, le=366)]
Share = Annotated[Amount, Field(gt=0, le=1)]
WAYS: tuple[str, ...] = ("cadre", "unit", "office", "department")


def _answer(value: object) -> object:
    """true and false are themselves; a word is kept for the choice below."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


class DemandCase(Shape):
    """One demand by its facts, and whether the condition holds; "ask": it is not known."""

    demand: Facts
    met: Annotated[Literal["yes", "no", "ask"], BeforeValidator(_answer)]
    note: Text | None = None


class RungShape(Named):
    """One rung of the ladder: who holds a demand there, for how many working days, urgent ones for how many.

    holder: the cadre responsible, his unit, an office of `level`, or the department of the category at `level`.
    when: over the facts of a demand (demand.FACT): without it every demand comes here; not met, it is passed over.
    remind: so many working days before the limit whoever holds it is reminded.
    """

    order: Count
    holder: Holder
    level: AtLevel | None = None
    days: Days
    urgent_days: Days
    remind: Count = 1
    when: Text | None = None
    given: dict[Code, GivenShape] = {}
    cases: tuple[DemandCase, ...] = ()

    @model_validator(mode="after")
    def _levelled(self) -> RungShape:
        if (self.level is None) != (self.holder in ("cadre", "unit")):
            raise ValueError("rung_level")
        return self


class UrgencyShape(Named):
    """What makes a demand urgent, whatever was ticked: a condition over its facts; the "three nevers" always."""

    order: Count
    when: Text
    given: dict[Code, GivenShape] = {}
    cases: tuple[DemandCase, ...] = ()


class Never(Named):
    """One of the "three nevers" (BEN-7): plain, how people would say it; words that make a clerk look."""

    order: Count
    plain: Label
    words: Words = ()


class DemandCategory(Named):
    """What a demand is about. department: who owns it (a code of `departments`); asks: codes of field work's asks.

    plain: how people would say it; words: by which a category is proposed while somebody speaks, never decided.
    sealed: it takes the road of safe complaints from its first second (VOICE-6).
    matter: what else it can open ("policy", "dispute"): the room that takes it up; of a sealed one the kind of letter.
    """

    order: Count
    plain: Label
    words: Words = ()
    department: Code | None = None
    asks: Words = ()
    sealed: Flag = False
    matter: Code | None = None


class DemandTerms(Named):
    """Numbers of the whole: how long people are waited for, how long a number can be followed, what a form may hold.

    silence_days: working days after the answer reached somebody until silence is recorded. follow_days: calendar days
    that a closed demand can still be followed. moves: times a demand may be sent back or sideways before the office
    above must agree. alike: from which likeness on two texts of one village are offered to be joined, within join_days.
    per_hour: forms from one address; a village may share one. held_from: from so many in an hour they are kept aside
    for a clerk to look through. seconds: a form sent sooner was filled in by a machine, and is kept aside too.
    """

    silence_days: Days
    follow_days: Days
    moves: Count
    longest: Annotated[int, Field(ge=50, le=4000)]
    files: Count
    file_mb: Annotated[int, Field(ge=1, le=20)]
    alike: Share
    join_days: Days
    per_hour: Annotated[int, Field(ge=1)]
    held_from: Annotated[int, Field(ge=1)]
    seconds: Count
    score: Annotated[int, Field(ge=2, le=10)]


class Calendar(Named):
    """Which country's working days count; an empty country counts Monday to Friday."""

    country: str


class CalendarDay(Named):
    """A day on which this place works or does not, whatever the country's calendar says."""

    day: Day
    works: Flag


LISTS: dict[str, type[Named]] = {
    "rungs": RungShape,
    "urgencies": UrgencyShape,
    "nevers": Never,
    "demand_categories": DemandCategory,
    "demand_terms": DemandTerms,
    "calendars": Calendar,
    "calendar_days": CalendarDay,
}
