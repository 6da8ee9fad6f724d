"""What makes a visit hard to believe, with the figures that say so. A doubt is a reason to look, never a finding."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from .lookback_shapes import Doubt

EARTH_KM = 6371.0
Place = tuple[float, float]  # longitude, latitude


class Doubted(NamedTuple):
    """Code of a doubt of the profile, and its figures (rounded, plain values)."""

    code: str
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """A visit as far as it can be doubted. Moments are local (aware or not, but alike); `place` lon, lat or None."""

    at: datetime
    sent_at: datetime | None = None
    place: Place | None = None
    photo_at: datetime | None = None
    photo_place: Place | None = None
    has_photo: bool = True
    home: Place | None = None
    village: Place | None = None
    visit: int = 0


def km_between(one: Place, other: Place) -> float:
    """Kilometres along the great circle (haversine)."""
    lon1, lat1, lon2, lat2 = map(math.radians, (*one, *other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def doubts_of(
    seen: Seen, limits: Mapping[str, Doubt], *, before: Seen | None = None, after: Seen | None = None,
    same_photo: int | None = None,
) -> list[Doubted]:  # fmt: skip
    """Every doubt of the profile that one visit meets; before, after: the same person's visits next to it in time.

    same_photo: another visit that brought the same photo. A doubt that the profile does not name is not raised.
    """
    found = [*_of_photo(seen, limits, same_photo), *_of_place(seen, limits), *_of_time(seen, limits)]
    for other in (before, after):
        if other is not None:
            found += _of_pair(seen, other, limits)
    return [one for one in found if one.code in limits]


def _of_photo(seen: Seen, limits: Mapping[str, Doubt], same_photo: int | None) -> list[Doubted]:
    found = [Doubted("same_photo", {"visit": same_photo})] if same_photo is not None else []
    if seen.has_photo and seen.photo_at is None:
        found.append(Doubted("photo_undated", {}))
    if seen.photo_at is not None:
        apart = abs(seen.at - seen.photo_at) / timedelta(minutes=1)
        if _over(apart, limits.get("photo_old")):
            found.append(Doubted("photo_old", {"minutes": round(apart)}))
    if seen.photo_place and seen.place:
        found += _too_far("photo_elsewhere", seen.photo_place, seen.place, limits)
    return found


def _of_place(seen: Seen, limits: Mapping[str, Doubt]) -> list[Doubted]:
    if seen.place is None:
        return [Doubted("no_position", {})]
    if seen.home:
        return _too_far("far_home", seen.place, seen.home, limits)
    return _too_far("far_village", seen.place, seen.village, limits) if seen.village else []


def _of_time(seen: Seen, limits: Mapping[str, Doubt]) -> list[Doubted]:
    found, hour = [], Decimal(seen.at.hour) + Decimal(seen.at.minute) / 60
    early, late = limits.get("too_early"), limits.get("too_late")
    if early and early.limit is not None and hour < early.limit:
        found.append(Doubted("too_early", {"time": f"{seen.at:%H:%M}"}))
    if late and late.limit is not None and hour >= late.limit:
        found.append(Doubted("too_late", {"time": f"{seen.at:%H:%M}"}))
    if seen.sent_at is not None:
        hours = (seen.sent_at - seen.at) / timedelta(hours=1)
        if _over(hours, limits.get("sent_late")):
            found.append(Doubted("sent_late", {"hours": round(hours)}))
    return found


def _of_pair(seen: Seen, other: Seen, limits: Mapping[str, Doubt]) -> list[Doubted]:
    minutes = abs(seen.at - other.at) / timedelta(minutes=1)
    short = limits.get("too_short")
    found = []
    if short and short.limit is not None and minutes < short.limit:
        found.append(Doubted("too_short", {"minutes": round(minutes, 1), "visit": other.visit}))
    if seen.place and other.place:
        km = km_between(seen.place, other.place)
        fast = limits.get("too_fast")
        # a hundred metres are within what a phone errs by; nobody is too fast for them
        if fast and fast.limit is not None and km > 0.1 and km > float(fast.limit) * minutes / 60:
            found.append(Doubted("too_fast", {"km": round(km, 1), "minutes": round(minutes, 1), "visit": other.visit}))
    return found


def _too_far(code: str, one: Place, other: Place, limits: Mapping[str, Doubt]) -> list[Doubted]:
    km = km_between(one, other)
    return [Doubted(code, {"km": round(km, 1)})] if _over(km, limits.get(code)) else []


def _over(value: float, doubt: Doubt | None) -> bool:
    return doubt is not None and doubt.limit is not None and value > float(doubt.limit)
