"""Duties in words: labels of the profile in the reader's language, states, where a figure is explained."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shuanglian.core import profile
from shuanglian.core.templatetags.ui import badge
from shuanglian.duties.reckoning import Line

register = template.Library()


@register.filter
def in_words(shape: Any) -> str:
    return str(shape.label.in_(profile.language()))


@register.filter
def named(label: Any) -> str:
    return str(label.in_(profile.language()))


@register.filter
def bare(value: Decimal) -> str:
    """A number without zeros behind the point."""
    return f"{Decimal(value).normalize():,f}"


@register.filter
def at(values: Sequence[Any], place: int) -> Any:
    return values[place]


@register.filter
def known_page(line: Line) -> str:
    return reverse(f"duties:known_{line.kind}", args=[line.number, line.code])


@register.filter
def person_page(line: Line) -> str:
    return reverse(f"duties:{line.kind}", args=[line.number])


@register.simple_tag
def state_badge(line: Line) -> SafeString:
    words = {"behind": _("落后"), "open": _("还没到期"), "met": _("已完成"), "none": _("不作要求")}
    kinds = {"behind": "danger", "open": "info", "met": "ok", "none": "secondary"}
    return badge(kinds[line.state], words[line.state])
