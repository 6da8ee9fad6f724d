"""Exact numbers in the place of CEL's doubles: at most 6 places behind the point and 20 digits before it.

Sums and differences are exact. Products and quotients are rounded to 6 places, a half away from zero. All three ways
of running a text keep to this; the width is what both engines of columns can reckon without losing a digit: Spark cuts
a product of decimals to 38 digits and, beyond that, to six places.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, InvalidOperation, Overflow

PLACES = 6
DIGITS = 26  # in all: a column is DECIMAL(26, 6), a product within range has at most 38 digits
WHOLE_LOW, WHOLE_HIGH = -(2**63), 2**63 - 1

EXACT = Context(prec=90, Emax=200, Emin=-200)  # wide enough for a product of two numbers without any rounding
_STEP = Decimal(1).scaleb(-PLACES)
_LIMIT = Decimal(10) ** (DIGITS - PLACES)


class OutOfRange(ArithmeticError):
    """A whole number beyond 64 bits, or a number beyond 20 digits before the point."""


def fit(number: Decimal) -> Decimal:
    """The number at no more than 6 places, rounded half away from zero; OutOfRange beyond 20 digits or not finite."""
    if not number.is_finite() or abs(number) >= _LIMIT:
        raise OutOfRange
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -PLACES:
        number = number.quantize(_STEP, ROUND_HALF_UP, EXACT)
        if abs(number) >= _LIMIT:
            raise OutOfRange
    return number


def whole(number: int) -> int:
    """The whole number if 64 bits hold it; OutOfRange if not."""
    if WHOLE_LOW <= number <= WHOLE_HIGH:
        return number
    raise OutOfRange


def places_of(number: Decimal) -> int:
    """How many places behind the point a number is written with, idle zeros aside."""
    exponent = number.normalize(EXACT).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def written_number(text: str) -> Decimal:
    """A number exactly as a text writes it, also with more places; OutOfRange when it is too large."""
    try:
        number = EXACT.create_decimal(text)
    except Overflow:
        raise OutOfRange from None
    if abs(number) >= _LIMIT:
        raise OutOfRange
    return number


def read_number(text: str) -> Decimal:
    """A number as written, such as 0.5 or 1e3. ValueError when it is none, OutOfRange when it is too large."""
    try:
        return fit(EXACT.create_decimal(text))
    except InvalidOperation:
        raise ValueError(text) from None
    except Overflow:
        raise OutOfRange from None


def truncated(number: Decimal) -> int:
    """Towards zero to a whole number; OutOfRange beyond 64 bits."""
    return whole(int(number.to_integral_value(ROUND_DOWN, EXACT)))


def spell(number: Decimal) -> str:
    """As people write it: no exponent, no idle zeros."""
    plain = format(number, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain in ("-0", "") else plain
