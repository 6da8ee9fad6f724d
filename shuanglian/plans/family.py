"""A household as plans see it: facts, members, account and helper, read once; what the file already says (REG-1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from shuanglian.core.profile import active
from shuanglian.pairing.models import Pairing
from shuanglian.registry import raw
from shuanglian.registry.models import Household, HouseholdYear, Person
from shuanglian.rules.catalogue import Family
from shuanglian.rules.facts.build import build

CHANNELS = {
    "wage": "income_wage", "operating": "income_operating", "property": "income_property",
    "transfer": "income_transfer",
}  # fmt: skip
LANDS = ("land_cultivated", "land_orchard", "land_forest", "land_returned", "land_pasture", "land_water")
LABOUR = ("able", "weak", "unable")


@dataclass(frozen=True)
class Known:
    """Everything a plan takes from the file. account: its latest year up to the day, or None; helper: who answers."""

    household: Household
    family: Family
    people: tuple[Person, ...]
    account: HouseholdYear | None
    helper: Pairing | None

    @property
    def size(self) -> int:
        return len(self.people) or self.household.size

    @property
    def income(self) -> Decimal | None:
        return self.account.income_per_head if self.account else None

    @property
    def names(self) -> list[str]:
        """Names that a text of this plan may speak of, and another family's copy of it would not."""
        return [self.household.head_name, *(one.name for one in self.people), self.household.village.name,
                self.household.group]  # fmt: skip

    def labour(self) -> dict[str, int]:
        """How many can work fully, weakly, not at all; members at school count as not."""
        groups = [self.family.members.get(one.pk, {}) for one in self.people]
        told = dict.fromkeys(LABOUR, 0)
        for own in groups:
            told["unable" if own.get("in_school") else own.get("labour_group") or "unable"] += 1
        return told


def known(household: Household, on: date) -> Known:
    """One household on a day."""
    return of([household], on)[household.pk]


def of(households: Collection[Household], on: date) -> dict[int, Known]:
    """Several at once: a fixed number of queries however many."""
    pks = [one.pk for one in households]
    families = {
        key: Family(facts, members, on)
        for key, members, facts in build(raw.of_households(pks, on), on, active()).each()
    }  # fmt: skip
    people: dict[int, list[Person]] = {pk: [] for pk in pks}
    there = Q(since__lte=on) & (Q(left_on=None) | Q(left_on__gt=on))
    for person in Person.objects.filter(there, household__in=pks).order_by("pk"):
        people[person.household_id].append(person)
    years = HouseholdYear.objects.filter(household__in=pks, year__lte=on.year, income_per_head__isnull=False)
    accounts = {row.household_id: row for row in years.order_by("year")}
    helpers = {
        row.household_id: row
        for row in Pairing.objects.standing_on(on).filter(household__in=pks).select_related("cadre__unit")
    }
    return {
        one.pk: Known(one, families[one.pk], tuple(people[one.pk]), accounts.get(one.pk), helpers.get(one.pk))
        for one in households
    }  # fmt: skip


def diagnosis(told: Known) -> dict[str, Any]:
    """What the file says of a family, in plain values: nothing of it is typed again into the plan (PLAN-3)."""
    household, account = told.household, told.account
    return {
        "main_cause": household.main_cause, "other_causes": list(household.other_causes),
        "labour": told.labour(), "wish": household.wish, "loan_need": household.loan_need,
        "land": _amounts(account, LANDS), "income": _amounts(account, [*CHANNELS.values(), "operating_cost"]),
        "kind": household.kind, "house_unsafe": account.house_unsafe if account else None,
        "water_safe": account.water_safe if account else None,
    }  # fmt: skip


def _amounts(account: HouseholdYear | None, names: Collection[str]) -> Mapping[str, str]:
    values = {name: getattr(account, name) for name in names} if account else {}
    return {name: str(value) for name, value in values.items() if value is not None}
