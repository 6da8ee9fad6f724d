"""Fields of a household that a phone may correct: their values as text, their tokens (docs/phone.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shuanglian.core.profile import active
from shuanglian.core.secrets import digest
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.registry.actions.numbers import telephone

TOKEN = 12  # hex digits: enough to tell two values of one field apart


def fields() -> Mapping[str, Any]:
    """What the profile lets a phone correct: code → PhoneField."""
    return active().phone.fields


def current(household: Any, field: str) -> str:
    """What the register holds, as text; a position as "lon,lat" with six places (a tenth of a metre)."""
    if field == "position":
        return "" if household.lon is None or household.lat is None else _place(household.lon, household.lat)
    return str(getattr(household, field) or "")


def read(field: str, told: Any) -> str:
    """A value as a phone or a form tells it, in the register's own way; a Refusal when it cannot be."""
    known = fields().get(field)
    if known is None:
        raise Refusal("unknown_field", N_("手机上不能改这一项"))
    if known.kind == "position":
        return _position(told)
    if not isinstance(told, str):
        raise Refusal("bad_value", N_("{field}不对"), field=known.label)
    text = telephone(told) if known.kind == "telephone" else told.strip()
    if known.most is not None and len(text) > known.most:
        raise Refusal("too_long", N_("{field}太长：最多 {most} 字"), field=known.label, most=known.most)
    return text


def _position(told: Any) -> str:
    lon, lat = (getattr(told, "lon", None), getattr(told, "lat", None))
    if isinstance(told, str) and told.count(",") == 1:
        try:
            lon, lat = (float(part) for part in told.split(","))
        except ValueError:
            lon = lat = None
    if lon is None or lat is None or not (abs(lon) <= 180 and abs(lat) <= 90):
        raise Refusal("no_such_place", N_("定位不对，请重新定位"))
    return _place(lon, lat)


def columns(field: str, value: str) -> dict[str, Any]:
    """The register's columns of a field's value."""
    if field != "position":
        return {field: value}
    if not value:
        return {"lon": None, "lat": None}
    lon, lat = value.split(",")
    return {"lon": float(lon), "lat": float(lat)}


def token(field: str, value: str) -> str:
    """By what a value is known without being told: keyed, so that a number cannot be guessed from it."""
    return digest(f"phone {field} {value}")[:TOKEN]


def _place(lon: float, lat: float) -> str:
    return f"{lon:.6f},{lat:.6f}"
