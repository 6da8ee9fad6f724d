"""A provision tried before it is in force: on one real family, and on an area by count. Nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from shuanglian.areas.models import Area
from shuanglian.core.profile import active
from shuanglian.kernel.ids import mask_name
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.measures.protecting import small
from shuanglian.registry import raw
from shuanglian.registry.models import Household, Person
from shuanglian.rules.benefits import Benefit
from shuanglian.rules.facts.build import build

from . import findings, whatif
from .telling import Told, tell

MOST_AT_ONCE = 100_000  # households counted while a page waits; more is a what-if's work


@dataclass(frozen=True)
class Tried:
    """What came out for one member (name masked) or, without a name, the household."""

    name: str
    told: Told
    yuan: Any


def on_family(benefit: Benefit, household: Household, on: date) -> list[Tried]:
    """One benefit decided for a real family, with reasons; names are masked."""
    people = Person.objects.filter(household=household).values_list("pk", "name")
    names = {pk: mask_name(name) for pk, name in people}
    found = findings.of_raw(raw.of_household(household.pk, on), on, {benefit.code: benefit})
    return [
        Tried(names.get(one.person, "") if one.person else "",
              tell(one.decision.to_json(), one.inputs, benefit, names), one.decision.yuan)
        for one in found
    ]  # fmt: skip


@dataclass(frozen=True)
class Counted:
    """How many a benefit reaches; None where there are too few to say."""

    all_households: int
    households: int | None
    people: int | None
    yuan: Any
    undecided: int | None
    least: int


def over_area(benefit: Benefit, area: Area, on: date) -> Counted:
    """How many of an area would get a benefit on a day, and what it would cost a year."""
    if Household.objects.within(area).filter(left_on__isnull=True).count() > MOST_AT_ONCE:
        raise Refusal("too_many_to_count", N_("户数太多，请用“政策测算”"))
    families = build(raw.of_area(area, on), on, active())
    protection = active().protection.get("figures")
    if protection is None:
        raise Refusal("no_protection", N_("方案没有规定统计公布的最少户数（benefits.toml 的 protection），不能测算"))
    least = protection.households
    asked = {benefit.code: whatif.as_on(benefit, on)}
    found = whatif.Reckoner(families, {"before": families.year["poverty_line"]}).of(asked, "before")
    granted, open_still = found.filter(pl.col("granted")), found.filter(pl.col("granted").is_null())
    homes, undecided = granted["household"].n_unique(), open_still["household"].n_unique()
    few = small(homes, least)
    yuan = granted["yuan"].sum() if benefit.pays == "money" else None
    return Counted(
        families.households.height, None if few else homes, None if few else granted.height, None if few else yuan,
        None if small(undecided, least) else undecided, least,
    )  # fmt: skip
