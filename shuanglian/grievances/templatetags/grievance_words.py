"""Words of demands in templates."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext as _

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


@register.filter
def ran_out(text: str) -> str:
    """Why a demand climbed, from what its step keeps ("2015-07-13 / 3"): the last day, and how many days it had."""
    day, _slash, days = text.partition(" / ")
    return _("期限 {day}（{days} 个工作日）内没有答复").format(day=day, days=days)
