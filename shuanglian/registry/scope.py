"""Which rows a reader sees at all: the area, then what rooms above narrow for units and cadres."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from shuanglian.core import narrowing
from shuanglian.organisation.queries import bound_to as bound_to

from .models import Household, HouseholdSuspicion, Person, Suspicion

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


def visible(*, seen_by: User) -> Any:
    """Households (a HouseholdQuerySet) at or below the reader's area. Who is tied to a unit or to himself sees only
    what an upper room grants him; while no room says what that is, nothing."""
    rows = Household.objects.within(seen_by.area)
    tied = bound_to(seen_by)
    if tied == "":
        return rows.none()
    narrower = narrowing.narrowed("registry.household", rows, seen_by)
    return rows.none() if tied != "area" and narrower is rows else narrower


def visible_people(*, seen_by: User) -> QuerySet[Person]:
    """Members of visible households."""
    people = Person.objects.within(seen_by.area)
    if bound_to(seen_by) == "area":
        return people
    return people.filter(household__in=visible(seen_by=seen_by).values("pk"))


def visible_suspicions(*, seen_by: User) -> QuerySet[Suspicion]:
    """Possible duplicates of which the reader sees both sides."""
    return _both_sides(Suspicion, seen_by)


def visible_file_suspicions(*, seen_by: User) -> QuerySet[HouseholdSuspicion]:
    """Files that may be one household, of which the reader sees both."""
    return _both_sides(HouseholdSuspicion, seen_by)


def _both_sides(noun: type[Any], seen_by: User) -> QuerySet[Any]:
    if seen_by.area is None or bound_to(seen_by) != "area":
        return noun.objects.none()
    prefix = seen_by.area.prefix
    return noun.objects.filter(
        area_code__gte=prefix, area_code__lt=f"{prefix}:",
        other__area_code__gte=prefix, other__area_code__lt=f"{prefix}:",
    )  # fmt: skip
