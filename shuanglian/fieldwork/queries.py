"""Reads of field work: one's own households and their visits, the log of an area and month. `seen_by` always."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber, Substr

from shuanglian.areas.models import PREFIX_LENGTHS, Area
from shuanglian.registry.models import Household, HouseholdLink

from . import access
from .models import (
    Ask,
    Attendance,
    Given,
    Inspection,
    KeptQuerySet,
    Matter,
    Post,
    Service,
    Visit,
    VisitQuerySet,
)
from .months import Month

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


# --- one's own ------------------------------------------------------------------------------------------------------
def households_of(user: User, on: date) -> QuerySet[Household]:
    """The households for which a cadre answers on a day, by village and number."""
    cadre = access.cadre_of(user)
    if cadre is None:
        return Household.objects.none()
    standing = cadre.pairings.standing_on(on).values("household")
    rows = Household.objects.standing().filter(pk__in=standing)
    return rows.select_related("village").order_by("area_code", "number")


def villages_of(user: User, on: date) -> QuerySet[Area]:
    """Villages where a cadre works on a day: by post, by the unit's link, by paired homes, by the township."""
    cadre = access.cadre_of(user)
    if cadre is None:
        return Area.objects.none()
    posts = Post.objects.standing_on(on).filter(cadre=cadre).values("village")
    links = cadre.unit.village_links.standing_on(on).values("village")
    homes = cadre.pairings.standing_on(on).values("household__village")
    there = Q(pk__in=posts) | Q(pk__in=links) | Q(pk__in=homes)
    if cadre.stationed_at_id is not None:
        there |= Q(parent=cadre.stationed_at_id)
    return Area.objects.current().filter(there, level=Area.Level.VILLAGE).select_related("parent").order_by("code")


def places_of(user: User, on: date) -> QuerySet[Area]:
    """Townships and villages that a leader may inspect: those linked to him, else all of his area (PAIR-7)."""
    rows = Area.objects.current().within(user.area).filter(level__gte=Area.Level.TOWNSHIP).select_related("parent")
    cadre = access.cadre_of(user)
    linked = cadre.led_townships.standing_on(on).values_list("township", flat=True) if cadre else []
    own = [*linked]
    return (rows.filter(Q(pk__in=own) | Q(parent__in=own)) if own else rows).order_by("code")


# --- visits of households ---------------------------------------------------------------------------------------------
def visits_seen_by(user: User) -> VisitQuerySet:
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
    for visit in sorted(ranked, key=lambda one: one.rank):
        found.setdefault(visit.household_id, []).append(visit)
    return found


def open_asks(households: Iterable[int], *, seen_by: User) -> dict[int, list[Ask]]:
    """What each household asked for and nobody answered, the oldest first, in one query."""
    found: dict[int, list[Ask]] = {}
    rows = access.asks_seen_by(seen_by).filter(household__in=list(households), state=Ask.State.OPEN)
    for ask in rows.order_by("on", "id"):
        found.setdefault(ask.household_id or 0, []).append(ask)
    return found


def files_of(household: Household) -> list[int]:
    """A file with those that were merged into it: visits stay with the file to which they were made."""
    files, new = [household.pk], [household.pk]
    merges = HouseholdLink.objects.filter(kind=HouseholdLink.Kind.MERGE, undone_at__isnull=True)
    while new := [pk for pk in merges.filter(target__in=new).values_list("source", flat=True) if pk not in files]:
        files += new
    return files


# --- the log of an area and month -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Log:
    """What stands in the log of an area and month, as querysets that its figures and lists share."""

    area: Area
    month: Month
    visits: QuerySet[Visit]
    days: QuerySet[Attendance]
    services: QuerySet[Service]
    matters: QuerySet[Matter]
    inspections: QuerySet[Inspection]


def log(area: Area, month: Month, *, seen_by: User, cadre: int | None = None, unit: int | None = None) -> Log:
    """Everything that counts in an area and month, as far as the reader sees; of one cadre or one unit if asked."""
    stretch = {"on__range": (month.first, month.last)}
    whose: dict[str, Any] = {}
    if cadre is not None:
        whose["cadre"] = cadre
    if unit is not None:
        whose["cadre__unit"] = unit
    led = {"leader" + key.removeprefix("cadre"): value for key, value in whose.items()}
    return Log(
        area, month,
        visits_seen_by(seen_by).within(area).filter(**stretch, **whose),
        access.attendance_seen_by(seen_by).within(area).standing().filter(**stretch, **whose),
        access.services_seen_by(seen_by).within(area).standing().filter(**stretch, **whose),
        _matters(access.matters_seen_by(seen_by).within(area)).filter(**stretch, **whose),
        access.inspections_seen_by(seen_by).within(area).standing().filter(**stretch, **led),
    )  # fmt: skip


def _matters(rows: KeptQuerySet) -> KeptQuerySet:
    """Those that count: a visit's matters go with the visit."""
    standing = Visit.objects.standing().filter(pk=OuterRef("visit"))
    return rows.standing().filter(Q(visit=None) | Exists(standing))


def without_homes(days: QuerySet[Attendance]) -> QuerySet[Attendance]:
    """Days in the village on which the cadre entered no home (FIELD-3)."""
    entered = Visit.objects.standing().filter(
        cadre=OuterRef("cadre"), on=OuterRef("on"), area_code=OuterRef("area_code"), entered=True
    )
    return days.filter(~Exists(entered))


def homes_entered(days: Iterable[Attendance]) -> dict[int, int]:
    """How many homes each cadre entered on each day in the village, in one query."""
    page = list(days)
    rows = Visit.objects.standing().filter(
        cadre__in={one.cadre_id for one in page}, on__in={one.on for one in page},
        area_code__in={one.area_code for one in page}, entered=True,
    ).values("cadre", "on", "area_code").annotate(homes=Count("household", distinct=True))  # fmt: skip
    known = {(row["cadre"], row["on"], row["area_code"]): row["homes"] for row in rows}
    return {one.pk: known.get((one.cadre_id, one.on, one.area_code), 0) for one in page}


@dataclass(frozen=True)
class Figures:
    """The figures of a log. given: what goods were worth as far as that was told; days: sum of technicians' days."""

    visits: int
    homes: int
    entered: int
    cadres: int
    village_days: int
    empty_days: int
    services: int
    service_days: Decimal
    matters: int
    given: Decimal
    inspections: int


def figures(found: Log) -> Figures:
    counted = found.visits.aggregate(
        visits=Count("pk"), homes=Count("household", distinct=True), entered=Count("pk", filter=Q(entered=True)),
        cadres=Count("cadre", distinct=True),
    )  # fmt: skip
    served = found.services.aggregate(services=Count("pk"), service_days=Sum("days", default=Decimal(0)))
    worth = Given.objects.filter(visit__in=found.visits.values("pk")).aggregate(yuan=Sum("yuan", default=Decimal(0)))
    return Figures(
        **counted, **served, village_days=found.days.count(), empty_days=without_homes(found.days).count(),
        matters=found.matters.count(), given=worth["yuan"], inspections=found.inspections.count(),
    )  # fmt: skip


def by_task(found: Log) -> dict[str, int]:
    """How many visits served each of the six tasks; one visit may serve several (FIELD-1)."""
    rows = found.visits.order_by().values_list("tasks", flat=True)
    counts: dict[str, int] = {}
    for tasks in rows.iterator(chunk_size=5000):
        for task in tasks:
            counts[task] = counts.get(task, 0) + 1
    return counts


@dataclass(frozen=True)
class Line:
    """One region below: visits, homes, days in villages, days without a home, services."""

    area: Area
    visits: int
    homes: int
    village_days: int
    empty_days: int
    services: int


def by_area(found: Log) -> list[Line]:
    """The regions right below, in five queries whatever their number; a village has none."""
    if found.area.level >= Area.Level.VILLAGE:
        return []
    below = Area.objects.current().filter(parent=found.area).order_by("code")
    length = PREFIX_LENGTHS[found.area.level + 1]
    count = {
        "visits": _counted(found.visits, length, Count("pk")),
        "homes": _counted(found.visits, length, Count("household", distinct=True)),
        "village_days": _counted(found.days, length, Count("pk")),
        "empty_days": _counted(without_homes(found.days), length, Count("pk")),
        "services": _counted(found.services, length, Count("pk")),
    }
    return [Line(area, **{name: known.get(area.prefix, 0) for name, known in count.items()}) for area in below]


def _counted(rows: QuerySet[Any], length: int, what: Count) -> dict[str, int]:
    grouped = rows.order_by().annotate(place=Substr("area_code", 1, length)).values("place").annotate(n=what)
    return {row["place"]: row["n"] for row in grouped}
