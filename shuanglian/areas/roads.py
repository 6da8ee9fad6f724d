"""Points of a county's places for pairing: known ones as they are, the others spread around what they belong to.

Only 517 of Gansu's 17,432 villages have a point. With every other village on its township's seat all distances inside
a township would be nought, and no pairing could tell a near village from a far one. The unknown ones are therefore laid
out on a spiral around the seat (the sunflower's: even spacing, no two alike), always in the same way. That is an
estimate and marked as such; the spiral's disc gives each village its usual share of land. A township without a point
is laid out around the county town in the same manner, and its villages around it.
"""

import math
from dataclasses import dataclass

from .models import Area
from .tree import chain, located

KM_PER_DEGREE = 111.195  # on a sphere of 6,371 km
GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
KM2_PER_VILLAGE = 8.0  # Tongwei: 2,908 km² and 342 villages
KM2_PER_TOWNSHIP = 160.0  # Tongwei: 2,908 km² and 18 townships
SHARE = {Area.Level.TOWNSHIP: KM2_PER_TOWNSHIP, Area.Level.VILLAGE: KM2_PER_VILLAGE}


@dataclass(frozen=True, slots=True)
class RoadPoint:
    """Where a place lies, in degrees; `estimated` when it is not the region's own but laid out beside its seat."""

    area_id: int
    code: str
    level: int
    lon: float
    lat: float
    estimated: bool


def road_points(area: Area) -> list[RoadPoint]:
    """The seat of a county, its townships and villages, ordered by code, each with a point of its own.

    A township gives what of its county's lies in it, a city or province all its counties. The same regions give the
    same points in whatever order they were loaded. Places above which no point is known at all are left out.
    """
    top = next((link for link in chain(area) if link.level == Area.Level.COUNTY), area)
    rows = list(
        Area.objects.current().within(top).filter(level__gte=Area.Level.COUNTY)
        .select_related("parent__parent__parent__parent").order_by("code")
    )  # fmt: skip
    places: dict[int, tuple[float, float]] = {}
    estimated: set[int] = set()
    for level in sorted({row.level for row in rows}):
        _lay_out([row for row in rows if row.level == level], places, estimated)
    return [
        RoadPoint(row.pk, row.code, row.level, *places[row.pk], row.pk in estimated)
        for row in rows if row.pk in places and area.contains(row)
    ]  # fmt: skip


def _lay_out(rows: list[Area], places: dict[int, tuple[float, float]], estimated: set[int]) -> None:
    """Place the regions of one level; those above them have their places by now."""
    lost: dict[int | None, list[Area]] = {}
    for row in rows:
        if row.lon is not None and row.lat is not None:
            places[row.pk] = row.lon, row.lat
        else:
            lost.setdefault(row.parent_id, []).append(row)
    for parent_id, group in lost.items():
        seat = places.get(parent_id or 0)
        if seat is None and (found := located(group[0])):
            seat = found.lon, found.lat
        if seat is None:
            continue
        share = SHARE.get(Area.Level(group[0].level), KM2_PER_TOWNSHIP)
        for at, row in enumerate(group):
            places[row.pk] = _beside(seat, at, share)
            estimated.add(row.pk)


def _beside(seat: tuple[float, float], at: int, share: float) -> tuple[float, float]:
    """The at-th place on a spiral around a seat, each with `share` km² of land; none is at the seat itself."""
    radius = math.sqrt(share * (at + 1) / math.pi)
    angle = (at + 1) * GOLDEN_ANGLE
    lon, lat = seat
    north, east = radius * math.sin(angle), radius * math.cos(angle)
    return round(lon + east / (KM_PER_DEGREE * math.cos(math.radians(lat))), 6), round(lat + north / KM_PER_DEGREE, 6)
