"""Moments and durations of the language: reading, writing, their parts. Exact to the microsecond, always in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .numbers import WHOLE_HIGH, OutOfRange, whole
from .outcomes import CannotWork

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
LONGEST = timedelta(microseconds=WHOLE_HIGH // 1000)  # 292 years: 64 bits of nanoseconds, the standard's limit
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_PIECE = re.compile(r"(\d+)(?:\.(\d*))?(h|ms|m|s|us|µs|μs|ns)|\.(\d+)(h|ms|m|s|us|µs|μs|ns)", re.ASCII)
_NANOSECONDS = {"h": 3_600 * 10**9, "m": 60 * 10**9, "s": 10**9, "ms": 10**6, "us": 10**3, "µs": 10**3, "μs": 10**3,
                "ns": 1}  # fmt: skip
_OFFSET = re.compile(r"([+-]?)(\d\d):(\d\d)", re.ASCII)


def read_moment(text: str) -> datetime:
    """2015-09-01T08:00:00+08:00; what is finer than a microsecond falls away."""
    found = _MOMENT.fullmatch(text)
    if not found:
        raise CannotWork("bad_timestamp")
    try:
        moment = datetime.fromisoformat(found[1] + ("+00:00" if found[3] == "Z" else found[3]))
        return moment.astimezone(UTC) + timedelta(microseconds=int((found[2] or "").ljust(6, "0")[:6]))
    except ValueError:
        raise CannotWork("bad_timestamp") from None
    except OverflowError:
        raise OutOfRange from None


def read_day(text: str) -> datetime:
    """2015-09-01: midnight UTC of that day."""
    if not _DAY.fullmatch(text):
        raise CannotWork("bad_date")
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        raise CannotWork("bad_date") from None


def from_seconds(seconds: int) -> datetime:
    return moved(EPOCH, _seconds(seconds))


def to_seconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(seconds=1)


def _seconds(seconds: int) -> timedelta:
    try:
        return timedelta(seconds=seconds)
    except OverflowError:
        raise OutOfRange from None


def read_span(text: str) -> timedelta:
    """1h30m, -1.5s, 0; what is finer than a microsecond falls away."""
    sign, rest = (-1, text[1:]) if text[:1] == "-" else (1, text[1:] if text[:1] == "+" else text)
    if rest == "0":
        return timedelta()
    total, at = 0, 0
    while at < len(rest):
        piece = _PIECE.match(rest, at)
        if not piece:
            raise CannotWork("bad_duration")
        unit = _NANOSECONDS[piece[3] or piece[5]]
        fraction = (piece[2] or piece[4] or "")[:18]
        total += int(piece[1] or "0") * unit + (int(fraction or "0") * unit) // 10 ** len(fraction)
        at = piece.end()
    if not rest:
        raise CannotWork("bad_duration")
    if total > 2 * WHOLE_HIGH * 10**3:
        raise OutOfRange
    return bounded(timedelta(microseconds=sign * (total // 1000)))


def bounded(span: timedelta) -> timedelta:
    if -LONGEST <= span <= LONGEST:
        return span
    raise OutOfRange


def moved(moment: datetime, span: timedelta) -> datetime:
    try:
        return moment + span
    except OverflowError:
        raise OutOfRange from None


def spell_moment(moment: datetime) -> str:
    text = moment.astimezone(UTC).replace(tzinfo=None).isoformat()
    return (text.rstrip("0") if "." in text else text) + "Z"


def spell_span(span: timedelta) -> str:
    """In seconds, as the standard writes it: 5400s, 1.5s."""
    microseconds = span // MICROSECOND
    seconds, rest = divmod(abs(microseconds), 10**6)
    fraction = f".{rest:06}".rstrip("0") if rest else ""
    return f"{'-' if microseconds < 0 else ''}{seconds}{fraction}s"


@cache
def zone(name: str) -> tzinfo:
    """Asia/Shanghai, +08:00, UTC."""
    if found := _OFFSET.fullmatch(name):
        offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
        if offset >= timedelta(hours=24):
            raise CannotWork("bad_zone")
        return timezone(-offset if found[1] == "-" else offset)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CannotWork("bad_zone") from None


def at_zone(moment: datetime, name: str) -> datetime:
    try:
        return moment.astimezone(zone(name))
    except OverflowError:
        raise OutOfRange from None


# Parts of a moment as the standard counts them: months and days of month from 0 (getDate from 1), Sunday is 0.
MOMENT_PARTS = {
    "getFullYear": lambda m: m.year,
    "getMonth": lambda m: m.month - 1,
    "getDate": lambda m: m.day,
    "getDayOfMonth": lambda m: m.day - 1,
    "getDayOfYear": lambda m: m.timetuple().tm_yday - 1,
    "getDayOfWeek": lambda m: m.isoweekday() % 7,
    "getHours": lambda m: m.hour,
    "getMinutes": lambda m: m.minute,
    "getSeconds": lambda m: m.second,
    "getMilliseconds": lambda m: m.microsecond // 1000,
}


def _towards_zero(span: timedelta, unit: timedelta) -> int:
    return -((-span) // unit) if span < timedelta() else span // unit


# Hours, minutes and seconds of a duration are the whole of it in that unit, milliseconds the part below a second.
SPAN_PARTS = {
    "getHours": lambda s: whole(_towards_zero(s, timedelta(hours=1))),
    "getMinutes": lambda s: whole(_towards_zero(s, timedelta(minutes=1))),
    "getSeconds": lambda s: whole(_towards_zero(s, timedelta(seconds=1))),
    "getMilliseconds": lambda s: (abs(s) // timedelta(milliseconds=1)) % 1000 * (-1 if s < timedelta() else 1),
}
