"""How the language reckons: the one definition that the evaluator follows and the columns of every engine repeat.

- A whole number (CEL int) has 64 bits; what leaves them fails. Division cuts towards zero, the remainder has the sign
  of the dividend, division by zero fails.
- A number (where CEL has double) is exact: below 10^20 in size with six decimal places, DECIMAL(26, 6) as a column.
  What is reckoned, read or converted is rounded to six places, halves away from zero, once after every single step;
  what grows to 10^20 or beyond fails, so does division by zero. There is no infinity and no NaN.
- A number as text has no zeros at the end and no exponent: 1500, 0.5, -2.25.

Six places and 26 digits are what both DuckDB and Spark reckon exactly: a product of two has at most 38 digits while it
is within range. Every function raises OverflowError, ZeroDivisionError or ValueError (not a number at all).
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal

PLACES, DIGITS = 6, 26
LEAST, MOST = -(2**63), 2**63 - 1
WHOLE_TEXT = re.compile(r"[+-]?[0-9]{1,40}")
NUMBER_TEXT = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?")

_CONTEXT = Context(prec=200, rounding=ROUND_HALF_UP)
_UNIT = Decimal(1).scaleb(-PLACES)


def number(value: Decimal | int) -> Decimal:
    """A value as a number of the language: six places, within range."""
    value = Decimal(value)
    if not value.is_finite():
        raise ValueError("not a number")
    if value and value.adjusted() >= DIGITS - PLACES:  # before it is rounded: no digits are written out for 1e9999
        raise OverflowError
    rounded = value.quantize(_UNIT, context=_CONTEXT)
    if rounded.adjusted() >= DIGITS - PLACES:
        raise OverflowError
    return rounded if rounded else _UNIT * 0  # no minus zero


def add(left: Decimal, right: Decimal) -> Decimal:
    return number(_CONTEXT.add(left, right))


def subtract(left: Decimal, right: Decimal) -> Decimal:
    return number(_CONTEXT.subtract(left, right))


def multiply(left: Decimal, right: Decimal) -> Decimal:
    return number(_CONTEXT.multiply(left, right))


def divide(left: Decimal, right: Decimal) -> Decimal:
    if not right:
        raise ZeroDivisionError
    return number(_CONTEXT.divide(left, right))


def whole(value: int) -> int:
    """A whole number that has 64 bits."""
    if not LEAST <= value <= MOST:
        raise OverflowError
    return value


def whole_divide(left: int, right: int) -> int:
    if not right:
        raise ZeroDivisionError
    size = abs(left) // abs(right)
    return whole(size if (left < 0) == (right < 0) else -size)


def whole_remainder(left: int, right: int) -> int:
    if not right:
        raise ZeroDivisionError
    size = abs(left) % abs(right)
    return -size if left < 0 else size


def cut(value: Decimal) -> int:
    """int(number): what stands before the point."""
    return whole(int(value))


def whole_of(text: str) -> int:
    """int(string): digits with or without a sign, nothing else."""
    if not WHOLE_TEXT.fullmatch(text):
        raise ValueError(text)
    return whole(int(text))


def number_of(text: str) -> Decimal:
    """double(string): digits with or without a sign and a point, no exponent."""
    if not NUMBER_TEXT.fullmatch(text):
        raise ValueError(text)
    return number(Decimal(text))


def text_of(value: Decimal) -> str:
    """string(number)."""
    return f"{value.normalize(_CONTEXT):f}"
