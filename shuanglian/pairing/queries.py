"""Reads: rounds and what stands in them, who is responsible for whom, how far everybody is covered (PAIR-1, ORG-2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from shuanglian.areas.models import Area, below
from shuanglian.core import profile
from shuanglian.organisation.models import Absence, Cadre, Unit
from shuanglian.organisation.queries import bound_to
from shuanglian.registry.models import Household

from . import access, facts, wording
from .models import (
    AreaCoverage,
    LeaderLink,
    LinkQuerySet,
    Pairing,
    ProposedLeader,
    ProposedLink,
    ProposedPair,
    Relative,
    Round,
    VillageLink,
    Wish,
)

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

TOWNSHIP_DIGITS = 9
FOR_GOOD = (Absence.Kind.RETIRED, Absence.Kind.TRANSFERRED)


def rounds(*, seen_by: User) -> QuerySet[Round]:
    """Rounds of the reader's counties, the newest first."""
    return access.rounds_seen_by(seen_by).select_related("area", "by", "confirmed_by").order_by("-year", "-id")


def pairs(
    *,
    round: Round,
    change: str = "",
    slot: str = "",
    why: str = "",
    place: str = "",
    unit: int | None = None,
    cadre: int | None = None,
    text: str = "",
) -> QuerySet[ProposedPair]:
    """Pairs of a round, narrowed; `place` is a significant code of a township or village."""
    rows = ProposedPair.objects.filter(round=round).select_related(
        "household__village", "cadre__unit", "last_cadre__unit"
    )
    if change:
        rows = rows.filter(change=change)
    if slot:
        rows = rows.filter(slot=slot, cadre__isnull=False)
    if why:
        rows = rows.filter(why=why)
    if place:
        rows = rows.filter(below(place))
    if unit:
        rows = rows.filter(cadre__unit=unit)
    if cadre:
        rows = rows.filter(cadre=cadre)
    if text := text.strip():
        found = Q(household__head_name__contains=text) | Q(cadre__name__contains=text) | Q(household__number=text)
        rows = rows.filter(found)
    return rows


@dataclass(frozen=True)
class PlaceRow:
    """One township or village of a round. km are means over its pairs."""

    area: Area
    households: int
    paired: int
    fallback: int
    none: int
    km: float | None
    poor: bool
    exit: bool
    units: tuple[ProposedLink, ...]
    missing: str = ""  # why no unit could be found

    @property
    def covered(self) -> bool:
        return self.paired == self.households


def village_rows(*, round: Round, township: str) -> list[PlaceRow]:
    """Villages of a township in a round with their households and linked units, in three queries."""
    prefix = township[:TOWNSHIP_DIGITS]
    areas = list(Area.objects.on(round.on).filter(below(prefix, "code"), level=Area.Level.VILLAGE).order_by("code"))
    counted = {row["area_code"]: row for row in _counted(round, prefix).values("area_code", *_SUMS)}
    links: dict[str, list[ProposedLink]] = {}
    for link in ProposedLink.objects.filter(below(prefix), round=round).select_related("unit").order_by("unit__code"):
        links.setdefault(link.area_code, []).append(link)
    marks = round.totals.get("villages", {})
    poor, leaving = set(marks.get("poor_codes", ())), set(marks.get("exit_codes", ()))
    missing = marks.get("missing", {})
    rows = []
    for area in areas:
        row = counted.get(area.code, {})
        if not row and area.code not in poor and area.code not in links:
            continue
        rows.append(PlaceRow(
            area, row.get("households") or 0, row.get("paired") or 0, row.get("fallback") or 0, row.get("none") or 0,
            row["km"] / row["paired"] if row.get("paired") else None, area.code in poor, area.code in leaving,
            tuple(links.get(area.code, ())), wording.reason(missing.get(area.code, "")),
        ))  # fmt: skip
    return rows


_PAIRED = Q(cadre__isnull=False) & ~Q(change=ProposedPair.Change.ENDED)
_SUMS = {
    "households": Count("id", filter=~Q(change=ProposedPair.Change.ENDED)),
    "paired": Count("id", filter=_PAIRED),
    "fallback": Count("id", filter=_PAIRED & Q(slot=ProposedPair.Slot.FALLBACK)),
    "none": Count("id", filter=Q(change=ProposedPair.Change.NONE)),
    "km": Sum("km", filter=_PAIRED),
}


def _counted(round: Round, prefix: str) -> QuerySet[ProposedPair, Any]:
    rows = ProposedPair.objects.filter(below(prefix), round=round).order_by()
    return rows.values("area_code").annotate(**_SUMS)


def unit_rows(*, round: Round) -> list[dict[str, Any]]:
    """Units of a round: villages linked, cadres with households, households carried; in three queries."""
    links: dict[int, list[ProposedLink]] = {}
    for link in ProposedLink.objects.filter(round=round).select_related("village").order_by("area_code"):
        links.setdefault(link.unit_id, []).append(link)
    carried = (
        ProposedPair.objects.filter(round=round, cadre__isnull=False).exclude(change=ProposedPair.Change.ENDED)
        .order_by().values("cadre__unit")
        .annotate(households=Count("id"), cadres=Count("cadre", distinct=True),
                  fallback=Count("id", filter=Q(slot=ProposedPair.Slot.FALLBACK)))
    )  # fmt: skip
    loads: dict[int, dict[str, Any]] = {row["cadre__unit"]: dict(row) for row in carried}
    units = Unit.objects.filter(Q(pk__in=links) | Q(pk__in=loads)).order_by("code")
    return [
        {"unit": unit, "links": links.get(unit.pk, []), **{key: loads.get(unit.pk, {}).get(key, 0) for key in
         ("households", "cadres", "fallback")}}
        for unit in units
    ]  # fmt: skip


def people_of(*, round: Round, show: str = "", text: str = "") -> QuerySet[Cadre]:
    """Cadres of the county with their load in a round. show: "" all, load, free, fallback, away."""
    mine = ProposedPair.objects.filter(round=round, cadre=OuterRef("pk")).exclude(change=ProposedPair.Change.ENDED)
    load = mine.order_by().values("cadre").annotate(n=Count("id")).values("n")
    extra = mine.filter(slot=ProposedPair.Slot.FALLBACK).order_by().values("cadre").annotate(n=Count("id")).values("n")
    rows: QuerySet[Any] = Cadre.objects.within(round.area).select_related("unit", "stationed_at").annotate(
        load=Coalesce(Subquery(load), 0), extra=Coalesce(Subquery(extra), 0)
    )  # fmt: skip
    if show == "load":
        rows = rows.filter(Exists(mine))
    elif show == "free":
        rows = rows.filter(~Exists(mine))
    elif show == "fallback":
        rows = rows.filter(Exists(mine.filter(slot=ProposedPair.Slot.FALLBACK)))
    if text := text.strip():
        rows = rows.filter(Q(name__contains=text) | Q(number__startswith=text) | Q(unit__name__contains=text))
    return rows


def wishes(*, round: Round) -> QuerySet[Wish]:
    return round.wishes.select_related("cadre__unit", "household__village", "unit", "village", "by").order_by("-at")


# ---- what holds now --------------------------------------------------------------------------------------------------
def visible_pairings(*, seen_by: User) -> LinkQuerySet:
    """Pairings at or below the reader's area; a unit sees its own cadres', a cadre his own."""
    rows = Pairing.objects.within(seen_by.area)
    match bound_to(seen_by):
        case "area":
            return rows
        case "unit":
            return rows.filter(cadre__unit__accounts__user=seen_by)
        case "cadre":
            return rows.filter(cadre__user=seen_by)
    return rows.none()


def households_of(*, cadre: Cadre, on: date) -> QuerySet[Pairing]:
    """Whom a cadre answers for on a day (or will, from a day to come), with what a visit needs; village by village."""
    return (
        Pairing.objects.not_over_on(on)
        .filter(cadre=cadre)
        .select_related("household__village__parent")
        .order_by("area_code", "household__number")
    )


def history_of(*, household: Household) -> QuerySet[Pairing]:
    """Everybody who answered for a household, the present one first (REG-10)."""
    return household.pairings.select_related("cadre__unit", "round").order_by(
        F("until").desc(nulls_first=True), "-since"
    )


def coverage_of(area: Area) -> AreaCoverage | None:
    return AreaCoverage.objects.filter(area=area).first()


@dataclass(frozen=True)
class Chain:
    """Who answers for a region (ORG-2): units linked to it, leaders of its township, persons of its households."""

    links: list[VillageLink]
    leaders: list[LeaderLink]
    persons: list[dict[str, Any]]


def chain_of(area: Area, *, on: date, limit: int = 30) -> Chain:
    """The line of responsibility at a region of county level or below; above it the leaders stand on its children."""
    within = below(area.prefix)
    links: QuerySet[VillageLink] = VillageLink.objects.none()
    persons: list[dict[str, Any]] = []
    if area.level >= Area.Level.TOWNSHIP:
        links = VillageLink.objects.standing_on(on).filter(within).select_related("unit", "village")
        links = links.order_by("area_code", "unit__code")[:limit]
    if area.level == Area.Level.VILLAGE:
        counted = (
            Pairing.objects.standing_on(on)
            .filter(within)
            .order_by()
            .values("cadre", "cadre__name", "cadre__unit__name", "cadre__rank")
        )
        persons = list(counted.annotate(n=Count("id")).order_by("-n", "cadre__number")[:limit])
    leaders: QuerySet[LeaderLink] = LeaderLink.objects.none()
    if area.level >= Area.Level.COUNTY:
        place = Q(area_code=f"{area.code[:TOWNSHIP_DIGITS]}000") if area.level > Area.Level.COUNTY else within
        leaders = LeaderLink.objects.standing_on(on).filter(place).select_related("leader__unit", "township")
        leaders = leaders.order_by("area_code", "leader__number")[:limit]
    return Chain(list(links), list(leaders), persons)


@dataclass(frozen=True)
class LeaderLine:
    """One leader at a township, as a round would have it; `change`: new, ended, or nothing for one who stays."""

    leader: Cadre
    change: str


def leaders_of(*, round: Round) -> dict[int, list[LeaderLine]]:
    """Township id → its leaders now, with what a round that is still in work would change."""
    links = LeaderLink.objects.within(round.area).open().select_related("leader__unit").order_by("leader__number")
    marks = {} if round.is_kept else {
        (row.leader_id, row.township_id): row for row in round.leaders.select_related("leader__unit")
    }  # fmt: skip
    found: dict[int, list[LeaderLine]] = {}
    for link in links:
        mark = marks.pop((link.leader_id, link.township_id), None)
        found.setdefault(link.township_id, []).append(LeaderLine(link.leader, mark.change if mark else ""))
    for mark in marks.values():
        if mark.change == ProposedLeader.Change.NEW:
            found.setdefault(mark.township_id, []).append(LeaderLine(mark.leader, mark.change))
    return found


def unit_villages(*, unit: Unit, on: date) -> QuerySet[VillageLink]:
    links = VillageLink.objects.not_over_on(on).filter(unit=unit)
    return links.select_related("village__parent").order_by("area_code")


def unit_people(*, unit: Unit, on: date) -> QuerySet[Cadre]:
    """The unit's cadres with how many households each answers for on a day or will."""
    load = Count("pairings", filter=Q(pairings__until__isnull=True) | Q(pairings__until__gte=on))
    return unit.cadres.filter(Q(until__isnull=True) | Q(until__gte=on)).annotate(load=load).order_by("-load", "number")


def without_person(*, area: Area, on: date) -> QuerySet[Household]:
    """Standing households that nobody answers for on a day or will."""
    pair = Pairing.objects.not_over_on(on).filter(household=OuterRef("pk"))
    return Household.objects.standing().within(area).filter(~Exists(pair))


def must_move(*, area: Area, on: date) -> QuerySet[Pairing]:
    """Open pairings that cannot stay: the cadre left, is away for good, exempt or a relative; the household is gone
    or moved."""
    exempt = Q(cadre__occupation__in=profile.active().on(on).exempt_occupations)
    related = Q(Exists(Relative.objects.filter(cadre=OuterRef("cadre"), household=OuterRef("household"))))
    for_good = Absence.objects.filter(facts.in_force(on), cadre=OuterRef("cadre"), kind__in=FOR_GOOD)
    cadre_gone = Q(cadre__until__lt=on) | Q(Exists(for_good))
    household_gone = Q(household__left_on__lte=on) | Q(household__removed_on__lte=on)
    moved = ~Q(household__area_code=F("area_code"))
    return Pairing.objects.within(area).open().filter(cadre_gone | household_gone | moved | exempt | related)


def townships_of(round: Round, codes: Iterable[str]) -> dict[str, Area]:
    return {area.code: area for area in Area.objects.on(round.on).filter(code__in=list(codes))}
