"""The room's cards on other pages: where a household stands, an area's figures, a village against its standard."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from shuanglian.accounts.rights import may
from shuanglian.areas.models import Area
from shuanglian.core.profile import active, language
from shuanglian.organisation.queries import bound_to
from shuanglian.registry.models import Household

from . import queries
from .models import Standing, VillageExit


def household_panel(request: HttpRequest, household: Household) -> str:
    """What the last check found, and the way to the page that says why."""
    user: Any = request.user
    if not may(user, "exits.view"):
        return ""
    kept = queries.standing_of(household)
    known = active().on(kept.check_of.on).exits.conditions("household") if kept else {}
    said = [known[code].says.in_(language()) for code in kept.in_the_way if code in known] if kept else []
    unsure = [known[code].says.in_(language()) for code in kept.open if code in known] if kept else []
    return render_to_string("exits/panels/household.html", {
        "household": household, "kept": kept, "in_the_way": said, "open": unsure,
    }, request)  # fmt: skip


def area_panel(request: HttpRequest, area: Area) -> str:
    """How many households of a region may leave by the last check, with links to the lists."""
    user: Any = request.user
    if not may(user, "exits.view") or user.area is None or not user.area.contains(area) or bound_to(user) != "area":
        return ""
    check = queries.latest_check(area)
    counts = queries.counts(seen_by=user, check=check, area=area) if check else {}
    return render_to_string("exits/panels/area.html", {
        "area": area, "check": check, "own": area.level >= Area.Level.COUNTY,
        "counts": [(state, Standing.State(state).label, counts[state][0]) for state in queries.STATES] if check else [],
        "left": VillageExit.objects.filter(village=area).first() if area.level == Area.Level.VILLAGE else None,
    }, request)  # fmt: skip


def village_panel(request: HttpRequest, area: Area) -> str:
    """On the village form's page: the way to the standard."""
    return render_to_string("exits/panels/village.html", {"area": area}, request) if may(
        request.user, "exits.view"  # type: ignore[arg-type]
    ) else ""  # fmt: skip
