"""Maps as inline SVG, made on the server: outlines and places with classes of value, legend, title and description.

Nothing but class names decides the look (areas/map.css: map-q0 … map-q5), so the strict content policy holds; values
are also written out, colour never stands alone. `draw` is pure: data in, SVG out. `county_map` and `province_map` ask a
source for the data of a region; the room of regions registers it. Points are drawn as they are given (the shipped
ones are GCJ-02), north up, degrees of longitude shortened by the cosine of the latitude.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

Number = int | float | Decimal
Kind = Literal["count", "share", "km", "yuan"]
Ring = Sequence[tuple[float, float]]

CLASSES = 5
SHARE_BREAKS = (0.5, 0.8, 0.95, 1.0)  # under half, under 80 %, under 95 %, nearly all, all
MARGIN, TOP, LEGEND_HEIGHT, LETTER = 14.0, 28.0, 34.0, 13.0
RADIUS = {"seat": 7.0, "township": 6.0, "village": 3.5}


@dataclass(frozen=True)
class Shape:
    """A bordered region: rings of (lon, lat), the first of each part its outside; where its label goes."""

    code: str
    name: str
    rings: tuple[Ring, ...]
    label_at: tuple[float, float] | None = None
    value: Number | None = None
    href: str = ""
    muted: bool = False  # drawn for orientation only


@dataclass(frozen=True)
class Mark:
    """A place: (lon, lat), its value, whether its point is an estimate; `labelled` writes the name beside it."""

    code: str
    name: str
    lon: float
    lat: float
    kind: Literal["seat", "township", "village"] = "township"
    value: Number | None = None
    href: str = ""
    estimated: bool = False
    labelled: bool = True
    muted: bool = False  # drawn for orientation only


@dataclass(frozen=True)
class Scene:
    """Everything a map shows."""

    name: str
    shapes: tuple[Shape, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def things(self) -> list[Shape | Mark]:
        """What may bear a value: every region and place that is not there for orientation only."""
        shapes = [shape for shape in self.shapes if not shape.muted]
        return [*shapes, *(mark for mark in self.marks if not mark.muted)]


@dataclass(frozen=True)
class Scale:
    """Upper bounds of the classes but the last; a value equal to a bound belongs to the class above it."""

    breaks: tuple[float, ...]
    kind: Kind = "count"

    def class_of(self, value: Number | None) -> str:
        """map-q1 (lowest) to map-q5, map-q0 for unknown; few classes spread over the whole ladder."""
        if value is None:
            return "map-q0"
        step = bisect_right(self.breaks, float(value))
        return f"map-q{1 + round(step * (CLASSES - 1) / len(self.breaks)) if self.breaks else CLASSES}"

    def steps(self) -> list[tuple[str, str]]:
        """(class, label) from low to high, for the legend."""
        if not self.breaks:
            return []
        words = [shown(bound, self.kind) for bound in self.breaks]
        labels = [f"< {words[0]}", *(f"{low} – {high}" for low, high in pairwise(words))]
        whole = self.kind == "share" and self.breaks[-1] >= 1
        return list(
            zip(map(self.class_of, self._samples()), [*labels, words[-1] if whole else f"≥ {words[-1]}"], strict=True)
        )

    def _samples(self) -> list[float]:
        return [self.breaks[0] - 1, *self.breaks]


def scale_of(values: Iterable[Number | None], kind: Kind = "count", breaks: Sequence[Number] | None = None) -> Scale:
    """Classes for values: given bounds, the usual ones for shares, else fifths of the values, rounded."""
    if breaks is not None:
        return Scale(tuple(sorted({float(bound) for bound in breaks}))[: CLASSES - 1], kind)
    if kind == "share":
        return Scale(SHARE_BREAKS, kind)
    known = sorted(float(value) for value in values if value is not None)
    if not known or known[0] == known[-1]:
        return Scale((), kind)
    fifths = [_plain(known[len(known) * step // CLASSES]) for step in range(1, CLASSES)]
    return Scale(tuple(sorted({bound for bound in fifths if known[0] < bound <= known[-1]})), kind)


def _plain(value: float) -> float:
    """Two leading figures, so that a legend reads 1,200 and not 1,187."""
    if value == 0:
        return 0.0
    digits = 1 - math.floor(math.log10(abs(value)))
    return round(value, digits)


def shown(value: Number | None, kind: Kind = "count") -> str:
    """A value as people read it: 1,234 · 87.5% · 12.3 · — for unknown."""
    if value is None:
        return "—"
    if kind == "share":
        return f"{round(float(value) * 100, 1):g}%"
    return f"{float(value):,.1f}" if kind == "km" else f"{float(value):,.0f}"


# --- drawing --------------------------------------------------------------------------------------------------------


def draw(
    scene: Scene, *, title: str = "", desc: str = "", unit: str = "", scale: Scale | None = None, width: int = 640,
    ident: str = "map",
) -> SafeString:  # fmt: skip
    """A scene as one <svg>; "" when there is nothing with a place. `ident` makes the ids of this page's maps differ.

    With links inside it is a labelled group whose places can be reached by keyboard; without it is one image.
    """
    frame = _frame(scene, width)
    if frame is None:
        return SafeString("")
    valued = scale is not None
    scale = scale or Scale(())
    linked = any(thing.href for thing in scene.things)
    parts = [
        format_html(
            '<title id="{0}-title">{1}</title><desc id="{0}-desc">{2}</desc>', ident, title or scene.name, desc
        ),
        _drawn_shapes(scene.shapes, frame, scale, unit, valued),
        _drawn_marks(scene.marks, frame, scale, unit, valued),
        _labels(scene, frame, scale, valued),
        _legend(scene, frame, scale, unit, valued),
    ]
    return format_html(
        '<svg class="map" viewBox="0 0 {} {}" role="{}" aria-labelledby="{}" aria-describedby="{}">{}</svg>',
        width, round(frame.height + LEGEND_HEIGHT * valued), "group" if linked else "img",
        f"{ident}-title", f"{ident}-desc", format_html_join("", "{}", ((part,) for part in parts)),
    )  # fmt: skip


@dataclass(frozen=True)
class _Frame:
    """From degrees to the drawing's units."""

    west: float
    north: float
    per_lon: float
    per_lat: float
    width: float
    height: float
    left: float

    def xy(self, lon: float, lat: float) -> tuple[float, float]:
        return self.left + (lon - self.west) * self.per_lon, TOP + (self.north - lat) * self.per_lat


def _frame(scene: Scene, width: int) -> _Frame | None:
    points = [(mark.lon, mark.lat) for mark in scene.marks]
    points += [point for shape in scene.shapes for ring in shape.rings for point in ring]
    if not points:
        return None
    west, east = min(lon for lon, _lat in points), max(lon for lon, _lat in points)
    south, north = min(lat for _lon, lat in points), max(lat for _lon, lat in points)
    shrink = math.cos(math.radians((south + north) / 2))
    across, down = max((east - west) * shrink, 0.01), max(north - south, 0.01)
    inner = width - 2 * MARGIN
    per_lat = min(inner / across, inner / down)  # never higher than wide
    return _Frame(
        west,
        north,
        per_lat * shrink,
        per_lat,
        width,
        down * per_lat + TOP + MARGIN,
        MARGIN + (inner - across * per_lat) / 2,
    )


def _drawn_shapes(shapes: Sequence[Shape], frame: _Frame, scale: Scale, unit: str, valued: bool) -> SafeString:
    return format_html_join("", "{}", ((_drawn_shape(shape, frame, scale, unit, valued),) for shape in shapes))


def _drawn_shape(shape: Shape, frame: _Frame, scale: Scale, unit: str, valued: bool) -> SafeString:
    path = "".join(
        "M" + "L".join("{:.1f} {:.1f}".format(*frame.xy(lon, lat)) for lon, lat in ring) + "Z" for ring in shape.rings
    )
    says = _says(shape.name, shape.value, scale, unit, valued and not shape.muted)
    look = "map-outline" if shape.muted else f"map-region {scale.class_of(shape.value) if valued else 'map-plain'}"
    body = format_html('<path class="{}" d="{}"><title>{}</title></path>', look, path, says)
    return _link(shape.href, says, body)


def _drawn_marks(marks: Sequence[Mark], frame: _Frame, scale: Scale, unit: str, valued: bool) -> SafeString:
    return format_html_join("", "{}", ((_drawn_mark(mark, frame, scale, unit, valued),) for mark in marks))


def _drawn_mark(mark: Mark, frame: _Frame, scale: Scale, unit: str, valued: bool) -> SafeString:
    x, y = frame.xy(mark.lon, mark.lat)
    valued = valued and not mark.muted
    says = _says(mark.name, mark.value, scale, unit, valued)
    if mark.estimated:
        says = _("{place}（位置为估计）").format(place=says)
    value_class = "" if mark.muted else f" {scale.class_of(mark.value) if valued else 'map-plain'}"
    look = f"map-mark map-{mark.kind}{value_class}"
    body = format_html(
        '<circle class="{}{}" cx="{}" cy="{}" r="{}"><title>{}</title></circle>',
        look, " map-estimated" if mark.estimated else "", f"{x:.1f}", f"{y:.1f}", RADIUS[mark.kind], says,
    )  # fmt: skip
    return _link(mark.href, says, body)


def _says(name: str, value: Number | None, scale: Scale, unit: str, valued: bool) -> str:
    return f"{name} {shown(value, scale.kind)}{unit}" if valued else name


def _link(href: str, says: str, body: SafeString) -> SafeString:
    return format_html('<a class="map-link" href="{}" aria-label="{}">{}</a>', href, says, body) if href else body


def _labels(scene: Scene, frame: _Frame, scale: Scale, valued: bool) -> SafeString:
    """Names beside their places, the important first; one that would cover another is left out (its title says it)."""
    taken: list[tuple[float, float, float, float]] = []
    written = []
    for name, lon, lat, away, value in _label_wishes(scene):
        x, y = frame.xy(lon, lat)
        text = f"{name} {shown(value, scale.kind)}" if valued and value is not None else name
        half = sum(LETTER if ord(letter) > 0x2E7F else LETTER * 0.6 for letter in text) / 2
        x = min(max(x, half + 2), frame.width - half - 2)
        box = (x - half, y - away - LETTER, x + half, y - away + 3)
        if not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            taken.append(box)
            written.append((f"{x:.1f}", f"{y - away:.1f}", text))
    return format_html_join("", '<text class="map-label" x="{}" y="{}" aria-hidden="true">{}</text>', written)


def _label_wishes(scene: Scene) -> list[tuple[str, float, float, float, Number | None]]:
    marks = sorted((mark for mark in scene.marks if mark.labelled), key=lambda mark: (-RADIUS[mark.kind], mark.code))
    wishes = [(mark.name, mark.lon, mark.lat, RADIUS[mark.kind] + 3, mark.value) for mark in marks]
    return wishes + [
        (shape.name, *shape.label_at, -LETTER / 2, shape.value)
        for shape in scene.shapes
        if shape.label_at and not shape.muted
    ]


def _legend(scene: Scene, frame: _Frame, scale: Scale, unit: str, valued: bool) -> SafeString:
    if not valued:
        return SafeString("")
    entries = scale.steps()
    if any(thing.value is None for thing in scene.things):
        entries = [("map-q0", _("无数据")), *entries]
    top = frame.height + 10
    room = (frame.width - 2 * MARGIN) / max(len(entries), 1)
    boxes = []
    for at, (look, label) in enumerate(entries):
        left = MARGIN + at * room
        text = label + unit if look != "map-q0" and scale.kind != "share" else label
        boxes.append((look, f"{left:.1f}", f"{top:.1f}", f"{left + 20:.1f}", f"{top + 11:.1f}", text))
    key = (
        '<rect class="map-key {}" x="{}" y="{}" width="14" height="14" rx="2"/>'
        '<text class="map-text" x="{}" y="{}">{}</text>'
    )
    return format_html('<g class="map-legend">{}</g>', format_html_join("", key, boxes))


# --- from a region --------------------------------------------------------------------------------------------------

Source = Callable[[Any, str], Scene]
_sources: list[Source] = []


def register_source(source: Source) -> None:
    """Where maps of regions get their data: source(area, "places" or "regions") → Scene without values."""
    _sources[:] = [source]


def county_map(
    area: Any, values: Mapping[str, Number | None] | None = None, *, kind: Kind = "count", unit: str = "",
    breaks: Sequence[Number] | None = None, title: str = "", ident: str = "", detail: str = "places",
) -> SafeString:  # fmt: skip
    """The map of one county (outline, townships) or township (villages) with values by code.

    `detail` "villages" puts the villages of a county on it as well. "" when no place of it is known.
    """
    return _mapped(area, detail, values, kind=kind, unit=unit, breaks=breaks, title=title, ident=ident)


def province_map(
    area: Any, values: Mapping[str, Number | None] | None = None, *, kind: Kind = "count", unit: str = "",
    breaks: Sequence[Number] | None = None, title: str = "", ident: str = "",
) -> SafeString:  # fmt: skip
    """The counties of a province or city in the colours of their values (by county code)."""
    return _mapped(area, "regions", values, kind=kind, unit=unit, breaks=breaks, title=title, ident=ident)


def _mapped(
    area: Any, detail: str, values: Mapping[str, Number | None] | None, *, kind: Kind, unit: str,
    breaks: Sequence[Number] | None, title: str, ident: str,
) -> SafeString:  # fmt: skip
    if not _sources:
        return SafeString("")
    scene = _sources[0](area, detail)
    if values is not None:
        scene = _with_values(scene, values)
    numbers = [thing.value for thing in scene.things]
    scale = scale_of(numbers, kind, breaks) if values is not None else None
    desc = _("{count} 个地点；同样的数字见表格。").format(count=len(scene.marks) or len(scene.shapes))
    return draw(scene, title=title or _("{name}地图").format(name=scene.name), desc=desc, unit=unit, scale=scale,
                ident=ident or f"map-{area.code}")  # fmt: skip


def _with_values(scene: Scene, values: Mapping[str, Number | None]) -> Scene:
    marks = tuple(mark if mark.muted else replace(mark, value=values.get(mark.code)) for mark in scene.marks)
    shapes = tuple(shape if shape.muted else replace(shape, value=values.get(shape.code)) for shape in scene.shapes)
    return replace(scene, shapes=shapes, marks=marks)
