"""Reads of the exits room: the check that holds for an area, its lists and figures, the plan against what is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import ExtractYear, Left

from shuanglian.areas.models import PREFIX_LENGTHS, Area
from shuanglian.core.profile import active
from shuanglian.core.scoping import unscoped
from shuanglian.pairing.models import ExitVillage
from shuanglian.registry import scope
from shuanglian.registry.models import Household

from .models import AreaFigure, ExitCheck, PlanTarget, Standing, VillageExit

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

STATES = tuple(Standing.State.values)


def latest_check(area: Area) -> ExitCheck | None:
    """The last finished check that held every household of an area to the standards: its own or one around it."""
    around = Q(area_code=area.code)
    for digits in (2, 4, 6, 9):
        around |= Q(area_code=area.code[:digits].ljust(12, "0"))
    with unscoped():  # a township reads the day of its county's check; no figures of it
        done = ExitCheck.objects.filter(around, state=ExitCheck.State.DONE)
        return done.select_related("area", "by").order_by("-on", "-id").first()


def checks(*, seen_by: User) -> QuerySet[ExitCheck]:
    return ExitCheck.objects.within(seen_by.area).select_related("area", "by", "job")


@dataclass(frozen=True)
class Wanted:
    """What a reader asked of the list: state, a condition in the way or open, a fact to be asked."""

    area: Area
    state: str = "ready"
    condition: str = ""
    fact: str = ""


def standings(*, seen_by: User, check: ExitCheck, wanted: Wanted) -> QuerySet[Standing]:
    """The households of a check, filtered, those the reader sees."""
    rows = Standing.objects.within(wanted.area).filter(check_of=check)
    if scope.bound_to(seen_by) != "area":
        rows = rows.filter(household__in=scope.visible(seen_by=seen_by).values("pk"))
    if wanted.state in STATES:
        rows = rows.filter(state=wanted.state)
    if wanted.condition:
        rows = rows.filter(Q(in_the_way__contains=[wanted.condition]) | Q(open__contains=[wanted.condition]))
    if wanted.fact:
        rows = rows.filter(asks__contains=[wanted.fact])
    return rows.select_related("household__village__parent")


def counts(*, seen_by: User, check: ExitCheck, area: Area) -> dict[str, tuple[int, int]]:
    """state → households, people, of what the reader sees of an area."""
    rows = standings(seen_by=seen_by, check=check, wanted=Wanted(area, state="")).order_by()
    told = dict.fromkeys(STATES, (0, 0))
    for row in rows.values("state").annotate(n=Count("pk"), people=Sum("size")):
        told[row["state"]] = (row["n"], row["people"] or 0)
    return told


def below_counts(*, check: ExitCheck, areas: Sequence[Area]) -> dict[str, dict[str, int]]:
    """code of each area → state → households."""
    if not areas:
        return {}
    digits = PREFIX_LENGTHS[areas[0].level]
    parent = areas[0].parent
    rows = Standing.objects.filter(check_of=check).within(parent) if parent else Standing.objects.none()
    told: dict[str, dict[str, int]] = {}
    grouped = rows.order_by().annotate(key=Left("area_code", digits)).values("key", "state").annotate(n=Count("pk"))
    for row in grouped:
        told.setdefault(row["key"], dict.fromkeys(STATES, 0))[row["state"]] = row["n"]
    return {area.code: told.get(area.prefix, dict.fromkeys(STATES, 0)) for area in areas}


def reasons(*, seen_by: User, check: ExitCheck, area: Area) -> dict[str, dict[str, int]]:
    """in_the_way, open, asks → code → households, most first, of an area; the whole check's are kept with it."""
    if area.pk == check.area_id and scope.bound_to(seen_by) == "area":
        return {name: dict(check.figures.get(name, {})) for name in ("in_the_way", "open", "asks")}
    rows = standings(seen_by=seen_by, check=check, wanted=Wanted(area, state="")).order_by()
    told: dict[str, dict[str, int]] = {}
    for name in ("in_the_way", "open", "asks"):
        found: dict[str, int] = {}
        for codes in rows.values_list(name, flat=True):
            for code in codes:
                found[code] = found.get(code, 0) + 1
        told[name] = dict(sorted(found.items(), key=lambda pair: -pair[1]))
    return told


def standing_of(household: Household) -> Standing | None:
    """What the last check found of a household."""
    with unscoped():  # the check is its county's; the household is one that the reader was let in to
        rows = Standing.objects.filter(household=household, check_of__state=ExitCheck.State.DONE)
        return rows.select_related("check_of").order_by("-check_of__on", "-id").first()


# --- the plan ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Year:
    """One year of an area's plan against what was done: villages due and left, people planned and left."""

    year: int
    target: PlanTarget | None
    villages: int | None
    people: int | None
    townships: tuple[str, ...]
    due_villages: int
    left_villages: int
    left_households: int
    left_people: int


def plan(area: Area) -> list[Year]:
    """The years of an area's plan, in order: targets set by the office, else those of the profile for its own county.

    Done is what the register says: households whose day of leaving lies in the year, with the size they left with.
    """
    targets: dict[int, PlanTarget] = {}
    for one in PlanTarget.objects.filter(area=area).order_by("version"):
        targets[one.year] = one
    written = active().exits.targets if area.code.startswith(active().area_code) and area.level == 3 else {}
    due = _by_year(ExitVillage.objects.filter(area_code__gte=area.prefix, area_code__lt=f"{area.prefix}:"), "year")
    left_villages = _by_year(VillageExit.objects.within(area).annotate(year=ExtractYear("on")), "year")
    left = {
        row["year"]: (row["n"], row["persons"] or 0)
        for row in Household.objects.within(area).filter(left_on__isnull=False).order_by()
        .annotate(year=ExtractYear("left_on")).values("year").annotate(n=Count("pk"), persons=Sum("size"))
    }  # fmt: skip
    years = sorted({*targets, *written, *due, *left_villages, *left})
    told = []
    for year in years:
        target, said = targets.get(year), written.get(year)
        names = _names(target.townships) if target else tuple(said.townships) if said else ()
        households, people = left.get(year, (0, 0))
        told.append(Year(
            year, target, target.villages if target else said.villages if said else None,
            target.people if target else said.people if said else None, names, due.get(year, 0),
            left_villages.get(year, 0), households, people,
        ))  # fmt: skip
    return told


def _by_year(rows: Any, name: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(name).annotate(n=Count("pk")))


def _names(codes: Sequence[str]) -> tuple[str, ...]:
    rows = Area.objects.current().filter(code__in=codes).order_by("code") if codes else []
    return tuple(one.name for one in rows)


def versions(area: Area, year: int) -> list[PlanTarget]:
    return list(PlanTarget.objects.filter(area=area, year=year).select_related("by").order_by("-version"))


def figures_given(area: Area) -> list[AreaFigure]:
    return list(AreaFigure.objects.filter(area_code=area.code).select_related("by").order_by("name", "-on", "-id"))


def villages_due(*, area: Area, year: int | None = None) -> list[tuple[Area, int, date | None]]:
    """The poor villages that are due to leave, with their year and the day they left."""
    rows = ExitVillage.objects.filter(area_code__gte=area.prefix, area_code__lt=f"{area.prefix}:")
    if year is not None:
        rows = rows.filter(year=year)
    left: Mapping[int, date] = dict(VillageExit.objects.within(area).values_list("village_id", "on"))
    found = rows.select_related("village__parent").order_by("year", "area_code")
    return [(one.village, one.year, left.get(one.village_id)) for one in found]


def left_in(*, seen_by: User, area: Area, year: int) -> QuerySet[Household]:
    """The households behind the figure of a year: who left in it, as far as the reader sees them."""
    rows = scope.visible(seen_by=seen_by).within(area).filter(left_on__year=year)
    return rows.select_related("village__parent")  # type: ignore[no-any-return]
