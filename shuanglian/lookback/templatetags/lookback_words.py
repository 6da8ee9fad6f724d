"""Words of the look-back in templates."""

from __future__ import annotations

from typing import Any

from django import template

from shuanglian.core import profile
from shuanglian.measures.shares import Interval

register = template.Library()


@register.filter
def in_words(entry: Any) -> str:
    """A profile entry or label in the reader's language."""
    label = getattr(entry, "label", entry) or None
    return label.in_(profile.language()) if label is not None else ""


@register.filter
def finding_label(code: str) -> str:
    found = profile.active().lookback.findings.get(code)
    return found.label.in_(profile.language()) if found else code


@register.filter
def of_code(counts: dict[str, int], code: str) -> int:
    return counts.get(code, 0)


@register.filter
def bounds(interval: Interval | None) -> str:
    """1.2 % – 4.7 %."""
    return f"{interval.low:.1%} – {interval.high:.1%}" if interval else "—"


@register.filter
def village_name(names: dict[str, str], code: str) -> str:
    return names.get(code, code)
