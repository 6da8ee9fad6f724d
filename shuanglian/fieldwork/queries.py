"""Reads of field work. `seen_by` always."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from shuanglian.registry.models import Household

from . import access
from .models import Ask, Visit

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


def households_of(user: User, on: date) -> QuerySet[Household]:
    """The households for which a cadre answers on a day, by village and number."""
    cadre = access.cadre_of(user)
    if cadre is None:
        return Household.objects.none()
    standing = cadre.pairings.standing_on(on).values("household")
    return (
        Household.objects.standing().filter(pk__in=standing).select_related("village").order_by("area_code", "number")
    )


def visits_seen_by(user: User) -> QuerySet[Visit]:
    """Standing visits that a user may see (access.visits_seen_by: also those that do not count any more)."""
    return access.visits_seen_by(user).standing()


def last_visits(households: Iterable[int], *, seen_by: User, most: int = 3) -> dict[int, list[Visit]]:
    """The last standing visits of each household, the newest first, in one query."""
    ranked = (
        visits_seen_by(seen_by).filter(household__in=list(households)).select_related("cadre")
        .annotate(rank=Window(RowNumber(), partition_by="household_id",
                              order_by=[F("on").desc(), F("started_at").desc(), F("id").desc()]))
        .filter(rank__lte=most)
    )  # fmt: skip
    found: dict[int, list[Visit]] = {}
    for visit in ranked:
        found.setdefault(visit.household_id, []).append(visit)
    return {home: sorted(rows, key=lambda one: one.rank) for home, rows in found.items()}  # type: ignore[attr-defined]


def open_asks(households: Iterable[int], *, seen_by: User) -> dict[int, list[Ask]]:
    """What each household asked for and nobody answered, the oldest first, in one query."""
    found: dict[int, list[Ask]] = {}
    rows = access.asks_seen_by(seen_by).filter(household__in=list(households), state=Ask.State.OPEN)
    for ask in rows.order_by("on", "id"):
        found.setdefault(ask.household_id or 0, []).append(ask)
    return found
