"""Words of demands in templates."""

from __future__ import annotations

from typing import Any

from django import template

from shuanglian.core import profile
from shuanglian.grievances import wording

register = template.Library()


@register.filter
def in_words(entry: Any) -> str:
    """A profile entry or label in the reader's language."""
    label = getattr(entry, "label", entry)
    return label.in_(profile.language()) if label else ""


@register.filter
def category_label(code: str) -> str:
    return wording.category(code)


@register.filter
def never_label(code: str) -> str:
    return wording.never(code)


@register.filter
def rung_label(code: str) -> str:
    return wording.rung(code)


@register.filter
def asked_by(demand: Any) -> str:
    return wording.asker(demand)
