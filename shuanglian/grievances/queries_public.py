"""Reads for doors without a log-in: by a number, of a family's own card, a village in numbers. Ask as the owner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from shuanglian.areas.models import Area, below
from shuanglian.core.clock import day_of
from shuanglian.core.profile import active
from shuanglian.fieldwork.queries import files_of
from shuanglian.pairing.models import VillageLink

from . import numbers
from .models import ENDED, Demand, DemandQuerySet, Reply

if TYPE_CHECKING:
    from shuanglian.registry.models import Household

FEWEST = 5  # where the profile says nothing
MONTHS = 12
PARTS = ("village__parent", "cadre", "unit", "joined_to__unit", "joined_to__cadre", "household")


def followed(number: str, on: date) -> Demand | None:
    """A demand by its number, until so many days after its end."""
    wanted = numbers.number_digest(number)
    rows = Demand.objects.select_related(*PARTS).filter(number_digest=wanted) if wanted else Demand.objects.none()
    return next((one for one in rows if is_followed(one, on)), None)


def is_followed(demand: Demand, on: date) -> bool:
    if demand.state not in ENDED or demand.closed_at is None:
        return True
    return on <= day_of(demand.closed_at) + timedelta(days=active().grievances.terms.follow_days)


def own(household: Household, on: date) -> list[Demand]:
    """What a household asked, by whatever door, with the files merged into it; the newest first."""
    rows = Demand.objects.filter(household__in=files_of(household)).select_related(*PARTS).order_by("-at", "-pk")
    return [one for one in rows[:60] if is_followed(one, on)]


def waiting(household: Household) -> int:
    """How many of a household's demands have an answer that waits for its word."""
    rows: DemandQuerySet = Demand.objects.filter(household__in=files_of(household))
    return int(rows.waiting().count())


def units_of(village: Area, on: date) -> list[str]:
    """Names of the units linked to a village."""
    links = VillageLink.objects.standing_on(on).filter(village=village).order_by("-unit__leads", "unit__code")
    return list(links.values_list("unit__name", flat=True))


# --- a village in numbers ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Figure:
    """One category of the year before this month. came, answered: at least so many; None: too few to be told."""

    category: str
    came: int
    answered: int | None


def fewest() -> int:
    """The smallest group that the profile lets figures speak of."""
    return min((one.households for one in active().protection.values()), default=FEWEST)


def stretch(on: date) -> tuple[date, date]:
    """The twelve months that are over, both ends in: a figure that grew today would tell of today."""
    until = on.replace(day=1) - timedelta(days=1)
    return date(until.year - 1, until.month, 1) + timedelta(days=_month_days(until.year - 1, until.month)), until


def _month_days(year: int, month: int) -> int:
    after = date(year + month // 12, month % 12 + 1, 1)
    return (after - date(year, month, 1)).days


def figures(area: Area, on: date) -> Sequence[Figure]:
    """What was asked and answered there, by category, in the profile's order.

    Told are whole steps of `fewest`, counted down, and only where so many different people asked: one demand more or
    less is not to be seen, so nobody can tell from them whether somebody's words came here or went the safe road.
    """
    since, until = stretch(on)
    least = fewest()
    rows = Demand.objects.filter(below(area.prefix), on__range=(since, until)).exclude(state=Demand.State.REFUSED)
    counted = rows.order_by().values_list("category").annotate(
        n=Count("pk"), who=Count(Coalesce("household_id", -F("pk")), distinct=True),
        answered=Count("pk", filter=Q(Exists(Reply.objects.filter(demand=OuterRef("pk"))))),
    )  # fmt: skip
    found = {category: (n, answered) for category, n, who, answered in counted if who >= least}
    return [
        Figure(code, found[code][0] // least * least, found[code][1] // least * least or None)
        for code in active().grievances.open_categories
        if code in found
    ]
