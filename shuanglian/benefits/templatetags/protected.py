"""Figures that may be hidden: a count of few families as "<5", any other as a dash."""

from decimal import Decimal
from typing import Any

from django import template

from shuanglian.core.templatetags.ui import UNKNOWN, figure, percent, yuan

register = template.Library()


@register.filter
def counted(value: Any, least: int) -> str:
    """A count of families or of people in them; None names too few."""
    return f"<{least}" if value is None else figure(value)


@register.simple_tag
def measured(value: Any, kind: str, least: int) -> str:
    """A figure of a scenario by its kind: count, yuan, percent, number; "" is none at all."""
    if value == "":
        return UNKNOWN
    if kind == "count":
        return counted(value, least)
    if kind == "percent":
        return percent(value, 2)
    return yuan(value) if kind == "yuan" else UNKNOWN if value is None else f"{Decimal(str(value)):.4f}"
