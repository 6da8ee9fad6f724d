"""What maps of regions show: borders from the shipped file, seats of townships and villages from the table."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.urls import reverse

from shuanglian.core.maps import Mark, Ring, Scene, Shape

from . import tree
from .models import Area
from .roads import road_points

BORDERS = Path(__file__).resolve().parent / "data" / "gansu_counties.geojson"


@lru_cache(maxsize=1)
def borders() -> dict[str, tuple[tuple[Ring, ...], tuple[float, float]]]:
    """County code → (rings of (lon, lat), its seat), from the shipped file."""
    found: dict[str, tuple[tuple[Ring, ...], tuple[float, float]]] = {}
    for feature in json.loads(BORDERS.read_text(encoding="utf-8"))["features"]:
        shape, said = feature["geometry"], feature["properties"]
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        rings = tuple(tuple((lon, lat) for lon, lat in ring) for polygon in polygons for ring in polygon)
        found[said["code"]] = (rings, (said["lon"], said["lat"]))
    return found


def scene_of(area: Area, detail: str) -> Scene:
    """The data of a map: "regions" are the counties below, "places" what lies directly below, "villages" both."""
    if detail == "regions" or area.level < Area.Level.COUNTY:
        return Scene(area.name, shapes=_counties(area))
    levels = {Area.Level.TOWNSHIP, Area.Level.VILLAGE} if detail == "villages" else {area.level + 1}
    return Scene(area.name, shapes=_outline(area), marks=_places(area, {int(level) for level in levels}))


def _border_of(area: Area) -> tuple[tuple[Ring, ...], tuple[float, float]] | None:
    """The region's border, or that of the region it was before its code changed."""
    known = borders()
    if area.code in known:
        return known[area.code]
    before = (
        Area.objects.filter(pk__in=tree.predecessors_of([area.pk])).order_by("-until").values_list("code", flat=True)
    )
    return next((known[code] for code in before if code in known), None)


def _counties(area: Area) -> tuple[Shape, ...]:
    """Every county below with its border; a city without counties (嘉峪关) has its own."""
    rows = Area.objects.current().within(area).filter(level__in=[Area.Level.CITY, Area.Level.COUNTY])
    rows = rows.exclude(kind=Area.Kind.VIRTUAL).order_by("code")
    shapes = []
    for row in rows:
        if found := borders().get(row.code) or (row.level == Area.Level.COUNTY and _border_of(row)):
            rings, seat = found
            shapes.append(Shape(row.code, row.short or row.name, rings, label_at=seat, href=_address(row)))
    return tuple(shapes)


def _outline(area: Area) -> tuple[Shape, ...]:
    if area.level != Area.Level.COUNTY or not (found := _border_of(area)):
        return ()
    return (Shape(area.code, area.name, found[0], muted=True),)


def _places(area: Area, levels: set[int]) -> tuple[Mark, ...]:
    rows = {row.pk: row for row in Area.objects.current().within(area).filter(level__in=levels)}
    marks = []
    for point in road_points(area):
        row = rows.get(point.area_id)
        if point.area_id == area.pk and area.level == Area.Level.TOWNSHIP:  # its office, to find one's way by
            at = point.lon, point.lat
            marks.append(Mark(area.code, area.name, *at, "seat", estimated=point.estimated, muted=True))
        if row is None or row.kind == Area.Kind.VIRTUAL:
            continue
        kind: Any = "township" if row.level == Area.Level.TOWNSHIP else "village"
        marks.append(Mark(
            row.code, row.name if row.level == Area.Level.TOWNSHIP else row.short, point.lon, point.lat, kind=kind,
            href=_address(row), estimated=point.estimated, labelled=kind == "township" or len(levels) == 1,
        ))  # fmt: skip
    # villages first, so that the seats are drawn on top of them
    return tuple(sorted(marks, key=lambda mark: (mark.kind != "village", mark.code)))


def _address(area: Area) -> str:
    return reverse("areas:detail", args=[area.code])
