"""The typed shapes of a profile's pairing, roster and ledger entries."""

from typing import Annotated, Literal

from pydantic import Field, Strict, model_validator

from .profile_shapes import Amount, Code, Count, Flag, Label, Named, Sourced, Text, Whole, Words
from .quality_shapes import Check, ExceptionTerms

HouseholdFact = Literal[
    "income_per_head", "income_to_line", "members", "labour_share", "ill", "disabled", "pupils", "elderly",
    "labour", "unsafe_house", "unsafe_water", "main_cause", "other_causes", "household_class", "exit_mark",
]  # fmt: skip
VillageFact = Literal[
    "poor_households", "poor_people", "poverty_rate", "exit_this_year", "poor_village", "key_poor_county",
    "unpaved_road", "unsafe_water_households", "unsafe_houses", "km_to_town",
]  # fmt: skip


class Weight(Sourced):
    """One term of the objective: whole units of cost, default value and the range an office may choose from."""

    label: Label
    step: Literal["households", "units", "leaders"]
    meaning: Label
    unit: Label
    value: Whole
    low: Whole
    high: Whole


class NeedRule(Sourced):
    """Points towards need when one fact passes one test; of one group only the highest counts (PAIR-5)."""

    says: Label
    group: Code
    fact: str
    points: Count
    below: Amount | None = None
    at_least: Amount | None = None
    is_true: Flag | None = None
    any_of: Words | None = None
    code_list: Code | None = None

    @model_validator(mode="after")
    def _one_test(self) -> "NeedRule":
        if sum(test is not None for test in (self.below, self.at_least, self.is_true, self.any_of)) != 1:
            raise ValueError("one_test")
        return self


class HouseholdNeed(NeedRule):
    """A rule of need over the facts of one household."""

    fact: HouseholdFact


class VillageNeed(NeedRule):
    """A rule of need over the facts of one village."""

    fact: VillageFact


class Bands(Sourced):
    """Points to band: band i begins at the i-th number, which must rise from 0."""

    begins: Annotated[tuple[Count, ...], Field(min_length=2)]
    labels: tuple[Label, ...]

    @model_validator(mode="after")
    def _rising(self) -> "Bands":
        if self.begins[0] != 0 or any(b <= a for a, b in zip(self.begins, self.begins[1:], strict=False)):
            raise ValueError("bands_rise")
        if len(self.labels) != len(self.begins):
            raise ValueError("bands_labels")
        return self


class Leaders(Sourced):
    """How many townships and exit villages a leader of a level answers for (PAIR-7)."""

    level: Text
    townships_per_leader: Annotated[int, Strict(), Field(ge=1)]
    leaders_per_township: Annotated[int, Strict(), Field(ge=1)]
    exit_villages_per_leader: Annotated[int, Strict(), Field(ge=1)]


class Coverage(Sourced):
    """How many units a village and how many responsible persons a household must have (PAIR-1)."""

    at_least: Count
    at_most: Count | None = None


Severity = Literal["error", "warning"]


class Limit(Sourced):
    """Lowest and highest value that is plausible in a roster's column; beyond it a finding."""

    label: Label
    unit: Label
    low: Amount | None = None
    high: Amount | None = None
    severity: Severity


class SetAside(Sourced):
    """Rules of quality_rules_cn.csv that a roster cannot answer, and why."""

    nos: Annotated[tuple[Whole, ...], Field(min_length=1)]
    why: Label


class Column(Sourced):
    """A column of the poverty ledger (REG-8); `core` marks the four that the rule names."""

    label: Label
    order: Count
    core: Flag
    personal: Flag
    width: Annotated[int, Strict(), Field(ge=2, le=80)]
    levels: Words


__all__ = [
    "Bands", "Check", "Column", "Coverage", "ExceptionTerms", "HouseholdNeed", "Leaders", "Limit", "Named", "NeedRule",
    "SetAside", "Severity", "VillageNeed", "Weight",
]  # fmt: skip
