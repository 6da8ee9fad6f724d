"""What a phone or a form tells, read with care: texts, moments, days, places, amounts. Anything unfit is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any

from shuanglian.core import clock, profile
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
MOST_YUAN = Decimal(10_000_000)
MOST_OFF = 10 * 366 * 86_400  # seconds: a clock that is further off tells nothing


def wrong(field: str) -> Refusal:
    """A number that cannot be; `field`: its name, a sentence of the catalogue."""
    return Refusal("no_such_amount", N_("{field}不对"), field=Said(field))


def unknown(field: str) -> Refusal:
    return Refusal("unknown_code", N_("{field}：方案里没有这一项"), field=Said(field))


def text(value: Any, most: int, field: str) -> str:
    """A text without what the database cannot keep; refused when it is too long, so that nothing is cut off unseen."""
    told = CONTROLS.sub("", str(value or "")).encode("utf-8", "replace").decode().strip()
    if len(told) > most:
        raise Refusal("too_long", N_("{field}太长：最多 {most} 字"), field=Said(field), most=most)
    return told


def moment(value: datetime | None) -> datetime | None:
    """An aware moment of this century."""
    if value is None:
        return None
    if value.tzinfo is None or not 2000 <= value.year <= 2100:
        raise Refusal("no_such_time", N_("时间不对，请检查手机的日期和时间"))
    return value


def clock_off(value: Any) -> int | None:
    """Seconds that a phone's clock is ahead of the server's; None when that is not known or tells nothing."""
    if value is None or isinstance(value, bool):
        return None
    try:
        seconds = int(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return seconds if abs(seconds) <= MOST_OFF else None


def righted(told: datetime, off: int | None) -> datetime:
    """A phone's moment by the server's clock."""
    return told - timedelta(seconds=off or 0)


def ahead() -> timedelta:
    return timedelta(minutes=profile.active().fieldwork.limit("ahead") or 0)


def day(on: date, at: datetime) -> date:
    """A day that is not to come, and not longer ago than may still be entered."""
    today = clock.day_of(at + ahead())
    if on > today:
        raise Refusal("ahead_of_time", N_("日期还没有到"))
    oldest = profile.active().fieldwork.limit("oldest")
    if oldest is not None and (today - on).days > oldest:
        raise Refusal("too_long_ago", N_("最早只能补登 {days} 天以内的"), days=oldest)
    return on


def not_ahead(told: datetime | None, off: int | None, at: datetime) -> None:
    if told is not None and righted(told, off) > at + ahead():
        raise Refusal("ahead_of_time", N_("时间还没有到，请检查手机的日期和时间"))


def place(position: Any) -> tuple[float | None, float | None, float | None]:
    """(longitude, latitude, accuracy in metres) or three None; an accuracy that cannot be is not known."""
    if position is None:
        return None, None, None
    try:
        lon, lat, *rest = (None if part is None else float(part) for part in position)
    except (TypeError, ValueError):
        raise Refusal("no_such_place", N_("定位不对，请重新定位")) from None
    if lon is None or lat is None or not (abs(lon) <= 180 and abs(lat) <= 90):
        raise Refusal("no_such_place", N_("定位不对，请重新定位"))
    accuracy = rest[0] if rest else None
    return lon, lat, accuracy if accuracy is not None and isfinite(accuracy) and 0 <= accuracy <= 1e6 else None


def yuan(value: Any, field: str, *, signed: bool = False) -> Decimal | None:
    """An amount with two places; None when nothing was told."""
    if value in (None, ""):
        return None
    amount = number(value, field)
    if abs(amount) > MOST_YUAN or (amount < 0 and not signed):
        raise wrong(field)
    return amount


def number(value: Any, field: str, *, most: Decimal = MOST_YUAN) -> Decimal:
    """A finite number with two places."""
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        raise wrong(field) from None
    if not found.is_finite() or abs(found) > most:
        raise wrong(field)
    return found.quantize(Decimal("0.01"))


def whole(value: Any, field: str, *, most: int) -> int:
    """A whole number from 0."""
    found = number(value if value not in (None, "") else 0, field)
    if found != int(found) or not 0 <= found <= most:
        raise wrong(field)
    return int(found)


def code(value: Any, known: Mapping[str, Any], field: str) -> str:
    """A code of one of the profile's lists."""
    if not isinstance(value, str) or value not in known:
        raise unknown(field)
    return value
