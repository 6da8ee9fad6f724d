"""How regions are written out in templates: also what a picker holds, a region, its key, its code or what was typed."""

from typing import Any

from django import template

from shuanglian.areas import queries
from shuanglian.areas.forms import shown
from shuanglian.areas.models import Area

register = template.Library()


@register.filter
def area_path(value: Any) -> str:
    """The names from the county down, as the picker writes and understands them: 通渭县 马营镇 东关村民委员会."""
    if isinstance(value, tuple):
        code, text = value
        return text or area_path(code)
    area = _area(value)
    return shown(area) if area else ""


@register.filter
def area_code(value: Any) -> str:
    """The 12-digit code of what a picker holds; "" when only a text was typed."""
    if isinstance(value, tuple):
        return str(value[0])
    area = _area(value)
    return area.code if area else ""


def _area(value: Any) -> Area | None:
    if isinstance(value, Area) or not value:
        return value or None
    if isinstance(value, int):
        return Area.objects.select_related(queries.UP).filter(pk=value).first()
    return queries.by_code(str(value))
