"""Facts as they come in, made the language's values: what is of another kind than its type says fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from .numbers import OutOfRange, fit, whole
from .outcomes import CannotWork, Failed, Unknown
from .times import bounded, read_day, read_moment, read_span
from .types import ANY, BOOL, DAY, NUMBER, SPAN, TEXT, WHOLE, Type

WRONG = Failed("wrong_type")


def _bool(value: Any) -> Any:
    return value if value.__class__ is bool else WRONG


def _whole(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value != int(value):
        return WRONG
    return whole(int(value))


def _number(value: Any) -> Any:
    if value.__class__ is Decimal:
        return fit(value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return WRONG
    return fit(Decimal(repr(value)) if isinstance(value, float) else Decimal(value))


def _text(value: Any) -> Any:
    return value if isinstance(value, str) else WRONG


def _day(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, str):
        return read_day(value) if len(value) <= 10 else read_moment(value)
    return WRONG


def _span(value: Any) -> Any:
    if isinstance(value, str):
        return read_span(value)
    return bounded(value) if isinstance(value, timedelta) else WRONG


def _any(value: Any) -> Any:
    if isinstance(value, bool | str | timedelta | Mapping):
        return value
    if isinstance(value, list | tuple):
        return [_any(one) for one in value]
    if isinstance(value, int):
        return whole(value)
    if isinstance(value, float | Decimal):
        return _number(value)
    return _day(value)


_TAKES: Mapping[Type, Callable[[Any], Any]] = {
    BOOL: _bool, WHOLE: _whole, NUMBER: _number, TEXT: _text, DAY: _day, SPAN: _span, ANY: _any,
}  # fmt: skip


def taker(kind: Type, path: str) -> Callable[[Any], Any]:
    """What makes a known fact of a type the language's value, Failed, or Unknown when part of a list is not known."""
    take = _list(kind.of, path) if kind.of else _TAKES.get(kind, _record)

    def taken(value: Any) -> Any:
        try:
            return take(value)
        except OutOfRange:
            return Failed("overflow")
        except (CannotWork, ValueError, ArithmeticError):
            return WRONG

    return taken


def _record(value: Any) -> Any:
    return value if isinstance(value, Mapping) else WRONG


def _list(of: Type, path: str) -> Callable[[Any], Any]:
    take = taker(of, path)

    def taken(value: Any) -> Any:
        if not isinstance(value, list | tuple):
            return WRONG
        if any(one is None for one in value):
            return Unknown(frozenset([path]))
        found = [take(one) for one in value]
        bad = next((one for one in found if one.__class__ is Failed or one.__class__ is Unknown), None)
        return found if bad is None else bad

    return taken
