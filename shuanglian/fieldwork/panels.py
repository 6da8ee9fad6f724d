"""Field work on other pages: of a household, a cadre, an area; the home page; the family's own page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from shuanglian.accounts.rights import may
from shuanglian.areas.models import Area
from shuanglian.core import clock
from shuanglian.organisation.models import Cadre
from shuanglian.organisation.queries import bound_to
from shuanglian.registry.models import Household

from . import access, queries, wording
from .months import month_of


def household_panel(request: HttpRequest, household: Household) -> str:
    """The last visits to a household and what it asked for that nobody has answered."""
    user: Any = request.user
    if not may(user, "fieldwork.view"):
        return ""
    files = queries.files_of(household)
    rows = queries.visits_seen_by(user).filter(household__in=files).select_related("cadre", "household")[:3]
    asks = access.asks_seen_by(user).filter(household__in=files, state="open").order_by("on", "id")[:5]
    return render_to_string("fieldwork/panels/household.html", {
        "household": household, "rows": wording.told(rows), "asks": asks,
        "may_visit": may(user, "fieldwork.record") and bound_to(user) == "cadre" and household.left_on is None,
    }, request)  # fmt: skip


def cadre_panel(request: HttpRequest, cadre: Cadre) -> str:
    """This month's work of a cadre, with his posts."""
    user: Any = request.user
    if not may(user, "fieldwork.view") or user.area is None:
        return ""
    on = clock.today()
    found = queries.log(user.area, month_of(on), seen_by=user, cadre=cadre.pk)
    posts = access.posts_seen_by(user).filter(cadre=cadre).not_over_on(on).select_related("village__parent")
    return render_to_string("fieldwork/panels/cadre.html", {
        "cadre": cadre, "figures": queries.figures(found), "posts": posts,
    }, request)  # fmt: skip


def area_panel(request: HttpRequest, area: Area) -> str:
    """This month's work in an area; for a village also who is stationed there."""
    user: Any = request.user
    if not may(user, "fieldwork.view") or user.area is None or not area.code.startswith(user.area.prefix):
        return ""
    on = clock.today()
    posts = access.posts_seen_by(user).filter(village=area).not_over_on(on).select_related("cadre__unit")
    return render_to_string("fieldwork/panels/area.html", {
        "area": area, "figures": queries.figures(queries.log(area, month_of(on), seen_by=user)),
        "village": area.level == Area.Level.VILLAGE, "posts": posts if area.level == Area.Level.VILLAGE else [],
    }, request)  # fmt: skip


def home_panel(request: HttpRequest, _obj: Any = None) -> str:
    """For a cadre whom to visit; for offices this month's work and what waits."""
    user: Any = request.user
    if not may(user, "fieldwork.view") or user.area is None:
        return ""
    on = clock.today()
    if bound_to(user) == "cadre":
        homes = queries.households_of(user, on)
        seen = queries.visits_seen_by(user).filter(household__in=homes.values("pk"), on__gte=month_of(on).first)
        told: dict[str, Any] = {"homes": homes.count(), "seen": seen.values("household").distinct().count()}
        return render_to_string("fieldwork/panels/home_cadre.html", told, request) if told["homes"] else ""
    asks = access.asks_seen_by(user).filter(state="open")
    return render_to_string("fieldwork/panels/home.html", {
        "figures": queries.figures(queries.log(user.area, month_of(on), seen_by=user)), "asks": asks.count(),
        "oldest": asks.order_by("on").values_list("on", flat=True).first(),
    }, request)  # fmt: skip


def card_panel(request: HttpRequest, code: str) -> str:
    """On the family's own page: the eight prohibitions."""
    return render_to_string("fieldwork/panels/card.html", {"code": code}, request)
