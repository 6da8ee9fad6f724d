"""Single values as columns: what every operator and function of functions.py is over Ibis. NULL: it cannot be decided.

How the types stand: bool, int64, DECIMAL with at most 26 digits and six places, string; a timestamp and a duration are
microseconds (int64), a timestamp counted from 1970 in UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.datatypes as dt

from .engines import NUMBER_COLUMN, literal, null, spell
from .numbers import PLACES
from .times import EPOCH, LONGEST, MICROSECOND
from .types import BOOL, DAY, NOTHING, NUMBER, SPAN, TEXT, WHOLE, Type

COLUMN: Mapping[Type, dt.DataType] = {
    BOOL: dt.boolean, WHOLE: dt.int64, NUMBER: NUMBER_COLUMN, TEXT: dt.string, DAY: dt.int64, SPAN: dt.int64,
    NOTHING: dt.boolean,
}  # fmt: skip
_SECOND, _MINUTE, _HOUR, _A_DAY = 10**6, 60 * 10**6, 3600 * 10**6, 86400 * 10**6
_FIRST, _LAST = ((datetime(*ymd, tzinfo=EPOCH.tzinfo) - EPOCH) // MICROSECOND for ymd in ((1, 1, 1), (9999, 12, 31)))
_LAST += _A_DAY - 1
_LONGEST = LONGEST // MICROSECOND
_FAR = 10**6 * _A_DAY  # 2700 years: added so that cutting towards zero is cutting downwards
YES, NO = ibis.literal(True), ibis.literal(False)


def undecided(kind: Type) -> Any:
    return null(COLUMN[kind])


def written(value: Any, kind: Type) -> Any:
    """A plain value of the language as a literal; None is undecided."""
    if value is None:
        return undecided(kind)
    if isinstance(value, datetime):
        return literal((value - EPOCH) // MICROSECOND, "int64")
    if isinstance(value, timedelta):
        return literal(value // MICROSECOND, "int64")
    if isinstance(value, Decimal):
        return _decimal(value)
    return literal(value, COLUMN[kind])


def _decimal(value: Decimal) -> Any:
    """As narrow as it is, so that comparing it does not widen a whole column."""
    _, digits, exponent = value.as_tuple()
    places = max(0, -int(exponent))
    width = max(len(digits) + max(0, int(exponent)), places, 1)
    return literal(value, dt.Decimal(width, places))


def fact(column: Any, kind: Type) -> Any:
    """A column of a table as the language's value of a type."""
    stands = column.type()
    if kind == DAY:
        word = "date_moment" if stands.is_date() else "zoned_moment" if stands.timezone else "moment"
        return spell(word, "int64", column)
    if kind == NUMBER:
        fits = stands.is_decimal() and stands.scale <= PLACES and stands.precision - stands.scale <= 20
        return column if fits else column.try_cast(NUMBER_COLUMN)
    wanted = COLUMN[kind]
    return column if stands.copy(nullable=True) == wanted else column.cast(wanted)


def choice(when: Any, then: Any, other: Any) -> Any:
    """The ternary: undecided while its condition is."""
    return when.cases((True, then), (False, other))


def guarded(sure: Any, value: Any) -> Any:
    """The value where `sure` holds (never NULL itself), undecided elsewhere; None: everywhere."""
    return value if sure is None else ibis.cases((sure, value))


def wide(value: Any) -> Any:
    """A number or a whole number as the full width."""
    return value if value.type() == NUMBER_COLUMN else value.cast(NUMBER_COLUMN)


def matched(left: Any, right: Any, kinds: tuple[Type, Type]) -> tuple[Any, Any]:
    """Two values ready to be compared: a whole number beside a number becomes one."""
    if set(kinds) == {WHOLE, NUMBER}:
        left, right = (wide(one) if kind == WHOLE else one for one, kind in zip((left, right), kinds, strict=True))
    if NUMBER in kinds:
        one, other = left.type(), right.type()
        places = max(one.scale, other.scale)
        common = dt.Decimal(max(one.precision - one.scale, other.precision - other.scale) + places, places)
        left, right = (value if value.type() == common else value.cast(common) for value in (left, right))
    return left, right


def _within(value: Any, low: int, high: int) -> Any:
    return ibis.cases((value.between(low, high), value))


def _spans(word: str) -> Callable[[Any, Any], Any]:
    return lambda left, right: _within(spell(word, "int64", left, right), -_LONGEST, _LONGEST)


def _moments(word: str) -> Callable[[Any, Any], Any]:
    return lambda left, right: _within(spell(word, "int64", left, right), _FIRST, _LAST)


def _word(word: str, kind: Any) -> Callable[..., Any]:
    return lambda *parts: spell(word, kind, *parts)


def _full(text: Any, pattern: str) -> Any:
    return spell("matches", "boolean", text, literal(rf"\A(?:{pattern})\z", "string"))


def _whole_of(text: Any) -> Any:
    return ibis.cases((_full(text, "[+-]?[0-9]{1,39}"), text.try_cast("int64")))


def _number_of(text: Any) -> Any:
    return ibis.cases((_full(text, r"[+-]?(?:[0-9]{1,39}\.?[0-9]{0,39}|\.[0-9]{1,39})"), text.try_cast(NUMBER_COLUMN)))


def _truth_of(text: Any) -> Any:
    yes, no = ("true", "True", "TRUE", "t", "1"), ("false", "False", "FALSE", "f", "0")
    return text.cases(*((word, True) for word in yes), *((word, False) for word in no))


def _spelled_number(value: Any) -> Any:
    """No zeros at the end, no exponent."""
    return spell("replace", "string", wide(value).cast("string"), literal(r"\.?0+$", "string"), literal("", "string"))


def _cut(value: Any, by: int) -> Any:
    return spell("quotient", "int64", value, literal(by, "int64"))


def _rest(value: Any, by: int) -> Any:
    return spell("remainder", "int64", value, literal(by, "int64"))


def _down(value: Any, by: int) -> Any:
    """Cut downwards, also before 1970."""
    return _cut(value + _FAR, by) - _FAR // by


def _date(moment: Any) -> Any:
    return spell("date", "date", _down(moment, _A_DAY))


def _in_day(moment: Any) -> Any:
    return _rest(moment + _FAR, _A_DAY)


MOMENT_PARTS: Mapping[str, Callable[[Any], Any]] = {
    "getFullYear": lambda m: _date(m).year().cast("int64"),
    "getMonth": lambda m: _date(m).month().cast("int64") - 1,
    "getDate": lambda m: _date(m).day().cast("int64"),
    "getDayOfMonth": lambda m: _date(m).day().cast("int64") - 1,
    "getDayOfYear": lambda m: _date(m).day_of_year().cast("int64") - 1,
    "getDayOfWeek": lambda m: _rest(_cut(m + _FAR, _A_DAY) + 4 - 10**6 % 7, 7),  # 1970 began on a Thursday
    "getHours": lambda m: _cut(_in_day(m), _HOUR),
    "getMinutes": lambda m: _cut(_rest(_in_day(m), _HOUR), _MINUTE),
    "getSeconds": lambda m: _cut(_rest(_in_day(m), _MINUTE), _SECOND),
    "getMilliseconds": lambda m: _cut(_rest(_in_day(m), _SECOND), 1000),
}
SPAN_PARTS: Mapping[str, Callable[[Any], Any]] = {
    "getHours": lambda s: _cut(s, _HOUR),
    "getMinutes": lambda s: _cut(s, _MINUTE),
    "getSeconds": lambda s: _cut(s, _SECOND),
    "getMilliseconds": lambda s: _cut(_rest(s, _SECOND), 1000),
}


def _digits(value: Any, width: int) -> Any:
    return value.cast("string").lpad(width, "0")


def _fraction(micros: Any) -> Any:
    """.5 of 500000 microseconds, nothing of none."""
    text = spell("replace", "string", _digits(micros, 6), literal("0+$", "string"), literal("", "string"))
    return ibis.cases((micros == 0, literal("", "string")), else_=literal(".", "string") + text)


def _spelled_moment(moment: Any) -> Any:
    parts = {name: part(moment) for name, part in MOMENT_PARTS.items() if name != "getMilliseconds"}
    day = (
        _digits(parts["getFullYear"], 4) + "-" + _digits(parts["getMonth"] + 1, 2) + "-" + _digits(parts["getDate"], 2)
    )
    clock = (
        _digits(parts["getHours"], 2) + ":" + _digits(parts["getMinutes"], 2) + ":" + _digits(parts["getSeconds"], 2)
    )
    return day + "T" + clock + _fraction(_rest(_in_day(moment), _SECOND)) + "Z"


def _spelled_span(span: Any) -> Any:
    size = span.abs()
    sign = ibis.cases((span < 0, literal("-", "string")), else_=literal("", "string"))
    return sign + _cut(size, _SECOND).cast("string") + _fraction(_rest(size, _SECOND)) + "s"


def _same(value: Any) -> Any:
    return value


# name → what it takes → how it is worked out; lists are column_lists.py's
WORK: Mapping[str, Mapping[tuple[Type, ...], Callable[..., Any]]] = {
    "+": {
        (WHOLE, WHOLE): _word("whole_add", "int64"), (NUMBER, NUMBER): _word("add", NUMBER_COLUMN),
        (TEXT, TEXT): lambda a, b: a + b, (DAY, SPAN): _moments("whole_add"), (SPAN, DAY): _moments("whole_add"),
        (SPAN, SPAN): _spans("whole_add"),
    },
    "-": {
        (WHOLE, WHOLE): _word("whole_subtract", "int64"), (NUMBER, NUMBER): _word("subtract", NUMBER_COLUMN),
        (DAY, DAY): _spans("whole_subtract"), (DAY, SPAN): _moments("whole_subtract"),
        (SPAN, SPAN): _spans("whole_subtract"),
        (WHOLE,): lambda a: spell("whole_subtract", "int64", literal(0, "int64"), a), (NUMBER,): lambda a: -wide(a),
    },
    "*": {(WHOLE, WHOLE): _word("whole_multiply", "int64"), (NUMBER, NUMBER): _word("multiply", NUMBER_COLUMN)},
    "/": {(WHOLE, WHOLE): _word("whole_divide", "int64"), (NUMBER, NUMBER): _word("divide", NUMBER_COLUMN)},
    "%": {(WHOLE, WHOLE): _word("whole_remainder", "int64")},
    "!": {(BOOL,): _word("not", "boolean")},
    "size": {(TEXT,): lambda a: a.length().cast("int64")},
    "contains": {(TEXT, TEXT): lambda a, b: a.contains(b)},
    "startsWith": {(TEXT, TEXT): lambda a, b: a.startswith(b)},
    "endsWith": {(TEXT, TEXT): lambda a, b: a.endswith(b)},
    "timestamp": {(DAY,): _same, (WHOLE,): lambda a: _moments("whole_multiply")(a, literal(_SECOND, "int64"))},
    "duration": {(SPAN,): _same},
    "int": {
        (WHOLE,): _same, (NUMBER,): _word("cut", "int64"), (TEXT,): _whole_of, (DAY,): lambda a: _down(a, _SECOND),
    },
    "double": {(NUMBER,): _same, (WHOLE,): wide, (TEXT,): _number_of},
    "string": {
        (TEXT,): _same, (BOOL,): lambda a: choice(a, literal("true", "string"), literal("false", "string")),
        (WHOLE,): lambda a: a.cast("string"), (NUMBER,): _spelled_number, (DAY,): _spelled_moment,
        (SPAN,): _spelled_span,
    },
    "bool": {(BOOL,): _same, (TEXT,): _truth_of},
    **{name: {(DAY,): part} for name, part in MOMENT_PARTS.items()},
}  # fmt: skip
WORK = {name: {**work, **({(SPAN,): SPAN_PARTS[name]} if name in SPAN_PARTS else {})} for name, work in WORK.items()}
