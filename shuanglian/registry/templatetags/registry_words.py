"""Words of the register for its pages: need, why two entries look alike, plain numbers."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import template

from shuanglian.registry.alike import words
from shuanglian.registry.ledger import need_label

register = template.Library()


@register.filter
def need_words(band: Any) -> str:
    """What a band of need is called in the profile."""
    return need_label(int(band))


@register.filter
def alike_words(why: str) -> str:
    """Why two entries may be one, in the reader's language."""
    return words(why)


@register.filter
def plain_number(value: Any) -> str:
    """A measure without needless zeros; unknown is a dash."""
    if value is None or value == "":
        return "—"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


@register.filter
def day_or_text(value: Any) -> str:
    """A day as 2015-06-20, anything else as it is, nothing as a dash."""
    if value is None or value == "":
        return "—"
    return value.isoformat() if isinstance(value, date) else str(value)
