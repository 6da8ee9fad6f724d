"""Demands on other pages: what waits for the reader, what a household asked, what an area asks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from shuanglian.accounts.rights import may
from shuanglian.core import clock
from shuanglian.registry.models import Household

from . import access, queries, wording
from .wording import quarrels


def home_panel(request: HttpRequest, _obj: Any = None) -> str:
    """What waits for the reader, and what is late in his area."""
    user: Any = request.user
    if user.area is None or not may(user, access.VIEW):
        return ""
    counts = queries.counted(seen_by=user, area=user.area, on=clock.today())
    if not any(counts[name] for name in ("mine", "late", "untold", "open")):
        return ""
    return render_to_string("grievances/panels/home.html", {"counts": counts}, request)


def household_panel(request: HttpRequest, household: Household) -> str:
    """What this household asked, the newest first."""
    user: Any = request.user
    if not may(user, access.VIEW):
        return ""
    rows = access.demands_seen_by(user).filter(household=household).exclude(category__in=quarrels())
    rows = rows.select_related("cadre", "unit")[:10]
    told = [(one, wording.holder(one), wording.left(one, clock.today())) for one in rows]
    return render_to_string("grievances/panels/household.html", {"rows": told, "household": household}, request)


def area_panel(request: HttpRequest, area: Any) -> str:
    """How many demands are open in an area, and how many of them are late."""
    user: Any = request.user
    if not may(user, access.VIEW):
        return ""
    rows = access.demands_seen_by(user).within(area).open()
    told = {"area": area, "open": rows.count(), "late": rows.late(clock.today()).count()}
    return render_to_string("grievances/panels/area.html", told, request) if told["open"] else ""
