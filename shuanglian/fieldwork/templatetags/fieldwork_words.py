"""Words of field work in templates."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template

from shuanglian.core import clock, profile
from shuanglian.fieldwork import wording

register = template.Library()


@register.filter
def in_words(entry: Any) -> str:
    """A profile entry or label in the reader's language."""
    label = getattr(entry, "label", entry)
    return label.in_(profile.language()) if label else ""


@register.filter
def field_label(code: str, which: str) -> str:
    """The label of a code of one of field work's lists: tasks, posts, topics, asks, channels, prohibitions."""
    return wording.label(getattr(profile.active().fieldwork, which), code)


@register.filter
def days_old(on: date) -> int:
    return (clock.today() - on).days


@register.filter
def of_code(counts: dict[Any, Any], code: Any) -> Any:
    return counts.get(code)


@register.simple_tag
def prohibitions() -> list[Any]:
    """The eight prohibitions, in their order."""
    return list(profile.active().fieldwork.prohibitions.values())
