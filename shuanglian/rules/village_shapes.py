"""The written half of village plans: leading industries, village works, indicators, what must add up (PLAN-2)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from .profile_shapes import Amount, Code, Count, Flag, Label, Named, Shape, Sourced, Text, Words

Some = Annotated[Amount, Field(ge=Decimal(0))]
Share = Annotated[Amount, Field(ge=Decimal(0), le=Decimal(1))]
# What the register knows of a village: sums over its households on the register and their members.
REGISTER = frozenset({
    "households", "people", "net_income", "house_area", "housed_people", "house_unsafe", "house_known", "water_safe",
    "water_known", "toilet", "toilet_known", "medical_insured", "medical_known", "pension_insured", "pension_known",
})  # fmt: skip


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


class VillageIndicator(Named):
    """One indicator of a village's plan (PLAN-2). better: more, less, or within `low` to `target`.

    part, whole: names of sums, "register.people" or "village.people" (the village form); their quotient times `times`
    is the value now. Without a part it is stated by hand, with its source. group: the heading it stands under.
    """

    order: Count
    group_label: Label
    unit: Label
    better: Literal["more", "less", "between"]
    target: Some
    low: Some | None = None
    weight: Some = Decimal(1)
    part: Words = ()
    whole: Text | None = None
    times: Some = Decimal(1)

    @model_validator(mode="after")
    def _names(self) -> VillageIndicator:
        for name in (*self.part, *((self.whole,) if self.whole else ())):
            root, _, field = name.partition(".")
            if root not in ("register", "village") or (root == "register" and field not in REGISTER):
                raise ValueError("no_such_sum")
        if (self.better == "between") != (self.low is not None):
            raise ValueError("low_of_between")
        return self


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
