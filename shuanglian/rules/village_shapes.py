"""The written half of village plans: leading industries, village works, indicators, what must add up (PLAN-2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from .profile_shapes import Amount, Code, Count, Flag, Label, Named, Shape, Sourced, Text, Words

Some = Annotated[Amount, Field(ge=Decimal(0))]
Share = Annotated[Amount, Field(ge=Decimal(0), le=Decimal(1))]
# What the register knows of a village: sums over its households on the register and their members. known: of how many.
REGISTER = frozenset({
    "households", "people", "net_income", "accounted_people", "accounted_households", "gini", "house_area",
    "housed_people", "house_unsafe", "house_known", "water_safe", "water_known", "toilet", "toilet_known",
    "medical_insured", "medical_known", "pension_insured", "pension_known", "adults", "schooled", "schooling_years",
})  # fmt: skip
SUM = re.compile(r"(?P<root>register|village(?:_(?P<year>\d{4}))?)\.(?P<field>[a-z_]+)")


class Industry(Named):
    """An industry that a village may lead with (IND-1), and the measures of household plans that belong to it."""

    order: Count
    measures: Words = ()


class VillageWork(Named):
    """A measure or project of a village. serves: measures of household plans that cannot do without it, once at least
    `from_households` of the village plan one of them. leading: what it brings counts for the leading industry."""

    order: Count
    unit: Label | None = None
    owner: Code
    leading: Flag = False
    serves: Words = ()
    from_households: Annotated[int, Field(ge=1)] = 1


class Quotient(Shape):
    """part by whole; without a whole the part itself. Names of sums: "register.people" of the households on the
    register, "village.people" of the latest village form, "village_2000.people" of the form of that year."""

    part: Text
    whole: Text | None = None

    @property
    def names(self) -> Words:
        return (self.part, self.whole) if self.whole else (self.part,)

    @model_validator(mode="after")
    def _names(self) -> Quotient:
        for name in self.names:
            told = SUM.fullmatch(name)
            if told is None or (told["root"] == "register" and told["field"] not in REGISTER):
                raise ValueError("no_such_sum")
        return self


class Way(Shape):
    """One way to work out an indicator: the mean of quotients, times `times`.

    of: whom the value tells of, the whole village or its households on the register; a plan may state the village's
    own number in place of the latter. known: of how many that count how many are known; below `least` nothing is told.
    """

    of: Literal["village", "register"]
    mean: Annotated[tuple[Quotient, ...], Field(min_length=1)]
    times: Some = Decimal(1)
    known: tuple[Quotient, ...] = ()
    least: Share = Decimal(0)
    says: Label

    @property
    def names(self) -> Words:
        return tuple(dict.fromkeys(name for one in (*self.mean, *self.known) for name in one.names))


class VillageIndicator(Named):
    """One indicator of a village's plan (PLAN-2). better: more, less, or within `low` to `target`.

    ways: how its value now is worked out, the first that can be; without one it is stated by hand, with its source, and
    `why` says why the product cannot know it. group: the heading it stands under.
    """

    order: Count
    group_label: Label
    unit: Label
    better: Literal["more", "less", "between"]
    target: Some
    low: Some | None = None
    weight: Some = Decimal(1)
    ways: tuple[Way, ...] = ()
    why: Label | None = None

    @model_validator(mode="after")
    def _band(self) -> VillageIndicator:
        if (self.better == "between") != (self.low is not None):
            raise ValueError("low_of_between")
        return self


class Schooling(Shape):
    """Years of schooling: of whom, from which age on, and code of the register's lists → years.

    A person at school counts by `at_school`, anybody else by `completed`.
    """

    from_age: Count
    completed: Mapping[str, Count]
    at_school: Mapping[str, Count]


class VillageTerms(Sourced):
    """How village plans are reckoned and agreed.

    villages: who must have one, each village that a unit is linked to or each with households on the register. free:
    funds that no sum is set for (the families' own, bank credit). quorum, majority: shares of those entitled who must
    be there, and of those there who must be for it. approves: levels whose office approves. text_least, alike: from how
    many letters and what likeness on two villages' texts count as copied.
    """

    villages: Literal["linked", "registered"] = "linked"
    free: Words = ()
    quorum: Share
    majority: Share
    approves: Words
    text_least: Count
    alike: Share
    schooling: Schooling | None = None


CHECKS = (
    "target_low", "income_short", "homes_missing", "homes_not_agreed", "leaving_unplanned", "cost_over", "work_missing",
    "industry_smaller", "below_present", "below_step", "after_end",
)  # fmt: skip


class VillageCheck(Named):
    """One thing that must add up. code: one of the eleven that village_sums works out; tolerance: by how much it may
    miss (yuan a head, yuan, a share, degrees). says, cure: what is wrong where, the cure; {names} are filled in."""

    order: Count
    tolerance: Some = Decimal(0)
    says: Label
    cure: Label

    @model_validator(mode="after")
    def _known(self) -> VillageCheck:
        if self.code not in CHECKS:
            raise ValueError("no_such_check")
        return self


LISTS: dict[str, type[Shape]] = {
    "industries": Industry, "village_works": VillageWork, "village_indicators": VillageIndicator,
    "village_terms": VillageTerms, "village_checks": VillageCheck,
}  # fmt: skip
