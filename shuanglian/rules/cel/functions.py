"""Every operator and function of the language: which types it takes, what it gives, and how it is worked out.

`work` gets plain values and returns one; OutOfRange and CannotWork say that there is none. Comparisons, `in`, `[]`
and logic take more types than a table holds: see compare.py and check.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from . import patterns, times
from .numbers import EXACT, PLACES, fit, read_number, spell, truncated, whole
from .outcomes import CannotWork
from .types import ANY, BOOL, DAY, NUMBER, SPAN, TEXT, WHOLE, Type, list_of

LONGEST_TEXT = LONGEST_LIST = 10_000


@dataclass(frozen=True)
class Overload:
    takes: tuple[Type, ...]
    gives: Type
    work: Callable[..., Any]


def _quotient(left: int, right: int) -> int:
    """Towards zero, as the standard divides whole numbers."""
    if right == 0:
        raise CannotWork("divide_by_zero")
    found = abs(left) // abs(right)
    return whole(found if (left < 0) == (right < 0) else -found)


def _remainder(left: int, right: int) -> int:
    """With the sign of the left one."""
    return left - right * _quotient(left, right)


def _divided(left: Decimal, right: Decimal) -> Decimal:
    if not right:
        raise CannotWork("divide_by_zero")
    return fit(EXACT.divide(left, right).quantize(_STEP, ROUND_HALF_UP, EXACT))


_STEP = Decimal(1).scaleb(-PLACES)


def _joined(left: Any, right: Any) -> Any:
    both = left + right
    if len(both) > LONGEST_TEXT:
        raise CannotWork("too_long")
    return both


def _read_whole(text: str) -> int:
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not (digits.isascii() and digits.isdigit()):
        raise CannotWork("bad_number")
    return whole(int(text)) if len(digits) < 40 else whole(2**64)


def _read_decimal(text: str) -> Decimal:
    if not text.isascii() or "_" in text or text != text.strip():
        raise CannotWork("bad_number")
    try:
        return read_number(text)
    except ValueError:
        raise CannotWork("bad_number") from None


_TRUTHS = {**dict.fromkeys(("true", "True", "TRUE", "t", "1"), True),
           **dict.fromkeys(("false", "False", "FALSE", "f", "0"), False)}  # fmt: skip


def _read_truth(text: str) -> bool:
    if (found := _TRUTHS.get(text)) is None:
        raise CannotWork("bad_bool")
    return found


def _sum_whole(numbers: list[int]) -> int:
    return whole(sum(numbers))


def _sum(numbers: list[Decimal]) -> Decimal:
    total = Decimal(0)
    for one in numbers:
        total = EXACT.add(total, one)
    return fit(total)


def _least(numbers: list[Any]) -> Any:
    if not numbers:
        raise CannotWork("empty_list")
    return min(numbers)


def _greatest(numbers: list[Any]) -> Any:
    if not numbers:
        raise CannotWork("empty_list")
    return max(numbers)


def _same(value: Any) -> Any:
    return value


_WHOLES, _NUMBERS, _LIST = list_of(WHOLE), list_of(NUMBER), list_of(ANY)

FUNCTIONS: dict[str, tuple[Overload, ...]] = {
    "+": (
        Overload((WHOLE, WHOLE), WHOLE, lambda a, b: whole(a + b)),
        Overload((NUMBER, NUMBER), NUMBER, lambda a, b: fit(EXACT.add(a, b))),
        Overload((TEXT, TEXT), TEXT, _joined),
        Overload((DAY, SPAN), DAY, times.moved),
        Overload((SPAN, DAY), DAY, lambda span, moment: times.moved(moment, span)),
        Overload((SPAN, SPAN), SPAN, lambda a, b: times.bounded(a + b)),
        Overload((_LIST, _LIST), _LIST, _joined),
    ),
    "-": (
        Overload((WHOLE, WHOLE), WHOLE, lambda a, b: whole(a - b)),
        Overload((NUMBER, NUMBER), NUMBER, lambda a, b: fit(EXACT.subtract(a, b))),
        Overload((DAY, DAY), SPAN, lambda a, b: times.bounded(a - b)),
        Overload((DAY, SPAN), DAY, lambda moment, span: times.moved(moment, -span)),
        Overload((SPAN, SPAN), SPAN, lambda a, b: times.bounded(a - b)),
        Overload((WHOLE,), WHOLE, lambda a: whole(-a)),
        Overload((NUMBER,), NUMBER, EXACT.minus),
    ),
    "*": (
        Overload((WHOLE, WHOLE), WHOLE, lambda a, b: whole(a * b)),
        Overload((NUMBER, NUMBER), NUMBER, lambda a, b: fit(EXACT.multiply(a, b))),
    ),
    "/": (Overload((WHOLE, WHOLE), WHOLE, _quotient), Overload((NUMBER, NUMBER), NUMBER, _divided)),
    "%": (Overload((WHOLE, WHOLE), WHOLE, _remainder),),
    "!": (Overload((BOOL,), BOOL, lambda a: not a),),
    "size": (Overload((TEXT,), WHOLE, len), Overload((_LIST,), WHOLE, len)),
    "contains": (Overload((TEXT, TEXT), BOOL, lambda text, part: part in text),),
    "startsWith": (Overload((TEXT, TEXT), BOOL, str.startswith),),
    "endsWith": (Overload((TEXT, TEXT), BOOL, str.endswith),),
    "matches": (Overload((TEXT, TEXT), BOOL, patterns.found),),
    "sum": (Overload((_WHOLES,), WHOLE, _sum_whole), Overload((_NUMBERS,), NUMBER, _sum)),
    "min": (Overload((_WHOLES,), WHOLE, _least), Overload((_NUMBERS,), NUMBER, _least)),
    "max": (Overload((_WHOLES,), WHOLE, _greatest), Overload((_NUMBERS,), NUMBER, _greatest)),
    "timestamp": (
        Overload((TEXT,), DAY, times.read_moment),
        Overload((WHOLE,), DAY, times.from_seconds),
        Overload((DAY,), DAY, _same),
    ),
    "date": (Overload((TEXT,), DAY, times.read_day),),
    "duration": (Overload((TEXT,), SPAN, times.read_span), Overload((SPAN,), SPAN, _same)),
    "int": (
        Overload((WHOLE,), WHOLE, _same),
        Overload((NUMBER,), WHOLE, truncated),
        Overload((TEXT,), WHOLE, _read_whole),
        Overload((DAY,), WHOLE, times.to_seconds),
    ),
    "double": (
        Overload((NUMBER,), NUMBER, _same),
        Overload((WHOLE,), NUMBER, Decimal),
        Overload((TEXT,), NUMBER, _read_decimal),
    ),
    "string": (
        Overload((TEXT,), TEXT, _same),
        Overload((BOOL,), TEXT, lambda value: "true" if value else "false"),
        Overload((WHOLE,), TEXT, str),
        Overload((NUMBER,), TEXT, spell),
        Overload((DAY,), TEXT, times.spell_moment),
        Overload((SPAN,), TEXT, times.spell_span),
    ),
    "bool": (Overload((BOOL,), BOOL, _same), Overload((TEXT,), BOOL, _read_truth)),
    "dyn": (Overload((ANY,), ANY, _same),),
}


def _part(take: Callable[[Any], int]) -> Callable[..., int]:
    return lambda moment, zone=None: take(moment if zone is None else times.at_zone(moment, zone))


for _name, _take in times.MOMENT_PARTS.items():
    FUNCTIONS[_name] = (Overload((DAY,), WHOLE, _take), Overload((DAY, TEXT), WHOLE, _part(_take)))
for _name, _take in times.SPAN_PARTS.items():
    FUNCTIONS[_name] = (*FUNCTIONS[_name], Overload((SPAN,), WHOLE, _take))

METHODS = frozenset({"size", "contains", "startsWith", "endsWith", "matches", "sum", "min", "max", *times.MOMENT_PARTS})
PLAIN = frozenset({"size", "matches", "timestamp", "date", "duration", "int", "double", "string", "bool", "dyn"})
LOOSE_ONLY = frozenset({"dyn"})
