"""Regions up and down: by code, children, chain, history, tags; points and distances (ORG-1, ORG-2, ORG-7)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When

from .models import PREFIX_LENGTHS, Area, AreaSuccession, AreaTag
from .table import whole_code

EARTH_KM = 6371.0
UP = "parent__parent__parent__parent"

Basis = Literal["own", "township", "county", "above", "none"]


def by_code(code: str, on: date | None = None) -> Area | None:
    """The region that a code means now, or meant on a day; short codes are filled up. None when it means nothing."""
    rows = Area.objects.filter(code=whole_code(code)).select_related(UP)
    return (rows.on(on) if on else rows.current()).first()


def at_code(code: str, since: date | None = None) -> Area | None:
    """The region of a code for its page: the current one, else the last that bore it; or the one since a day."""
    rows = Area.objects.filter(code=whole_code(code)).select_related(UP)
    if since:
        return rows.filter(since=since).first()
    return rows.order_by(Case(When(until__isnull=True, then=Value(0)), default=Value(1)), "-until").first()


def children(area: Area) -> QuerySet[Area]:
    """The regions directly below that stand now, by code; below a closed region those that stood to its end.

    Groupings with nothing below them (市辖区) are left out; `has_children` says whether there is more to open.
    """
    rows = Area.objects.filter(parent=area)
    rows = rows.current() if area.stands else rows.filter(Q(until__isnull=True) | Q(until__gte=area.until))
    more = Exists(Area.objects.filter(parent=OuterRef("pk"), until__isnull=True))
    return rows.annotate(has_children=more).exclude(kind=Area.Kind.VIRTUAL, has_children=False).order_by("code")


def chain(area: Area) -> list[Area]:
    """From the province down to the region itself (ORG-2)."""
    links = [area]
    while links[0].parent is not None and len(links) < len(PREFIX_LENGTHS) + 1:
        links.insert(0, links[0].parent)
    return links


def path_of(area: Area, *, below: Area | None = None) -> str:
    """The names from the top, or from below another region, joined: 通渭县 马营镇 东关村民委员会."""
    links = chain(area)
    if below is not None:
        links = [link for link in links if len(link.prefix) > len(below.prefix)] or links[-1:]
    return " ".join(link.name for link in links if link.kind != Area.Kind.VIRTUAL)


def counts_below(area: Area) -> dict[int, int]:
    """How many regions of each lower level stand below, groupings and dummies not counted."""
    rows = Area.objects.current().within(area).filter(level__gt=area.level, kind=Area.Kind.REAL)
    return dict(rows.order_by().values_list("level").annotate(Count("pk")))


# --- points ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Point:
    """A place in degrees and where it was taken from: the region's own point, or that of the one above."""

    lon: float
    lat: float
    basis: Basis

    @property
    def own(self) -> bool:
        return self.basis == "own"


def located(area: Area) -> Point | None:
    """The region's point with its basis: own, else the township's, the county's, else higher up; None if nowhere."""
    for link in reversed(chain(area)):
        if link.lon is not None and link.lat is not None:
            words: dict[int, Basis] = {Area.Level.TOWNSHIP: "township", Area.Level.COUNTY: "county"}
            return Point(link.lon, link.lat, "own" if link is area else words.get(link.level, "above"))
    return None


def point(area: Area) -> tuple[float, float] | None:
    """(lon, lat) with fall-back to the township, then the county; None when nothing above has a point either."""
    place = located(area)
    return (place.lon, place.lat) if place else None


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance of two (lon, lat) points in kilometres, on a sphere of 6,371 km (haversine)."""
    lon1, lat1, lon2, lat2 = (math.radians(degrees) for degrees in (*one, *other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


# --- history and tags -----------------------------------------------------------------------------------------------


def successions(area: Area) -> list[AreaSuccession]:
    """Every step of a region's past and future, oldest first: what it came from and what became of it (区划沿革)."""
    found: dict[int, AreaSuccession] = {}
    for start, end in (("old", "new"), ("new", "old")):
        rows, seen = {area.pk}, {area.pk}
        while rows:
            steps = AreaSuccession.objects.filter(**{f"{start}__in": rows}).select_related("old", "new")
            fresh = {step.pk: step for step in steps if step.pk not in found}
            found |= fresh
            rows = {getattr(step, f"{end}_id") for step in fresh.values()} - seen
            seen |= rows
    return sorted(found.values(), key=lambda step: (step.on, step.old.code, step.new.code))


def standing_for(code: str) -> Area | None:
    """The region that stands now for a code of any time: itself, or its only heir; None when it was split or ended."""
    if area := by_code(code):
        return area
    old = at_code(code)
    while old is not None and not old.stands:
        heirs = {step.new for step in AreaSuccession.objects.filter(old=old).select_related(f"new__{UP}")}
        old = heirs.pop() if len(heirs) == 1 else None
    return old


def predecessors_of(areas: Iterable[int]) -> set[int]:
    """Keys of the regions that live on in some others, however many steps back."""
    found: set[int] = set()
    rows = set(areas)
    while rows:
        back = set(AreaSuccession.objects.filter(new__in=rows).values_list("old", flat=True))
        rows = back - found
        found |= rows
    return found


def tags_of(area: Area, on: date | None = None) -> QuerySet[AreaTag]:
    """A region's tags, those in force first (ORG-7); on a day: only those in force then."""
    rows = AreaTag.objects.filter(area=area).order_by(
        Case(When(until__isnull=True, then=Value(0)), default=Value(1)), "-since", "tag"
    )
    return rows.filter(since__lte=on).filter(Q(until__isnull=True) | Q(until__gte=on)) if on else rows


def tagged(tag: str, within: Area | None, on: date) -> QuerySet[Area]:
    """Regions at or below one that bear a tag on a day (ORG-7)."""
    marks = AreaTag.objects.filter(area=OuterRef("pk"), tag=tag, since__lte=on).filter(
        Q(until__isnull=True) | Q(until__gte=on)
    )
    return Area.objects.current().within(within).filter(Exists(marks)).order_by("code")
