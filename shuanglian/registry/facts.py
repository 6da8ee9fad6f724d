"""Rows into plain facts for the rules of need (PAIR-5): one household, or thousands at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from shuanglian.core.profile import active
from shuanglian.rules.profile import Profile

from .models import Household, HouseholdYear, Person

OLD = 60  # years: from then on the law on the elderly counts a person as elderly; what it weighs, the profile says


def of(household: Household, people: Iterable[Person], year: HouseholdYear | None, on: date) -> dict[str, Any]:
    """The facts of one household (the names of rules.profile_weights.HouseholdFact). Unknown stays None."""
    standing = [person for person in people if person.left_on is None]
    groups = grouped(active())
    told: dict[str, Any] = {
        "income_per_head": year.income_per_head if year else household.income_per_head,
        "members": len(standing) or household.size or None,
        "unsafe_house": year.house_unsafe if year else None,
        "unsafe_water": _unsafe_water(year),
        "main_cause": household.main_cause or None,
        "other_causes": len(household.other_causes),
        "household_class": household.kind or None,
        "exit_mark": household.status or None,
    }
    if standing:
        told |= {
            "ill": sum(_any(person.health, groups["ill"]) for person in standing),
            "disabled": sum(_any(person.health, groups["disabled"]) for person in standing),
            "pupils": sum(person.schooling in groups["pupil"] for person in standing),
            "elderly": sum(_age(person.born_on, on) >= OLD for person in standing),
            "labour": sum(person.labour in groups["fit"] for person in standing) if _told(standing) else None,
        }
    return told


def on_day(year: int | None, otherwise: date) -> date:
    """The day on which need is judged: the last of the account's year, else the given day."""
    return date(year, 12, 31) if year else otherwise


def grouped(profile: Profile) -> Mapping[str, frozenset[str]]:
    """Codes that mean one thing to the rules: ill, disabled, healthy; able, weak, fit (both), unable; pupil."""
    found: dict[str, set[str]] = {name: set() for name in ("ill", "disabled", "healthy", "able", "weak", "unable")}
    for list_name in ("health", "labour_skill"):
        for item in profile.codes[list_name]:
            if item.group:
                found.setdefault(item.group, set()).add(item.code)
    found["fit"] = found["able"] | found["weak"]
    found["pupil"] = {item.code for item in profile.codes["schooling"] if item.group != "preschool"}
    return {name: frozenset(codes) for name, codes in found.items()}


def _any(codes: Iterable[str], group: frozenset[str]) -> bool:
    return any(code in group for code in codes)


def _told(people: list[Person]) -> bool:
    return any(person.labour for person in people)


def _age(born_on: date | None, on: date) -> int:
    """Full years on a day; nobody's birthday is unknown here: without one a person counts as new-born."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day)) if born_on else 0


def _unsafe_water(year: HouseholdYear | None) -> bool | None:
    """Not safe; where that is not stated, hard to come by."""
    if year is None:
        return None
    return year.water_hard if year.water_safe is None else not year.water_safe
