"""Small words for the pages of units and cadres."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def of(told: Mapping[Any, Any], key: Any) -> Any:
    """The value of a key, or nothing."""
    return told.get(key)
