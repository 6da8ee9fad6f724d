"""The room's cards on other pages: objections that wait, what hangs on a region's board."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from shuanglian.accounts.rights import may
from shuanglian.areas.models import Area
from shuanglian.core import clock

from . import queries
from .models import Notice


def home_panel(request: HttpRequest, _obj: Any = None) -> str:
    """Objections to be answered, the overdue ones named."""
    user: Any = request.user
    if not may(user, "notices.answer") or user.area is None:
        return ""
    waiting, late = queries.waiting(seen_by=user, on=clock.today())
    if not waiting:
        return ""
    return render_to_string("notices/panels/home.html", {"waiting": waiting, "late": late}, request)


def area_panel(request: HttpRequest, area: Area) -> str:
    """What is up in a region, and the village's public board."""
    user: Any = request.user
    if not may(user, "notices.view") or user.area is None or not user.area.contains(area):
        return ""
    up = Notice.objects.within(area).current(clock.today()).count()
    if not up and area.level != Area.Level.VILLAGE:
        return ""
    return render_to_string("notices/panels/area.html", {"area": area, "up": up}, request)
