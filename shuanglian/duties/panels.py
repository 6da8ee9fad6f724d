"""On other pages: what is due of oneself on the home page, of a cadre and of a unit on theirs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from shuanglian.accounts.rights import may
from shuanglian.core import clock
from shuanglian.organisation.models import Cadre, Unit
from shuanglian.organisation.queries import bound_to

from . import queries
from .book import Asked


def home_panel(request: HttpRequest, _obj: Any = None) -> str:
    """One's own lines that are not done; offices have the overview."""
    user: Any = request.user
    if not may(user, "duties.view") or user.area is None:
        return ""
    rows = [one for one in queries.own(user, clock.today()) if one.state in ("behind", "open")]
    if not rows:
        return ""
    return render_to_string("duties/panels/home.html", {"lines": queries.in_order(rows)[:4]}, request)


def cadre_panel(request: HttpRequest, cadre: Cadre) -> str:
    user: Any = request.user
    if not may(user, "duties.view") or user.area is None:
        return ""
    rows = [one for one in queries.of(Asked(cadre=cadre.pk), clock.today()) if one.state != "none"]
    return render_to_string("duties/panels/home.html", {
        "lines": queries.in_order(rows), "cadre": cadre,
    }, request) if rows else ""  # fmt: skip


def unit_panel(request: HttpRequest, unit: Unit) -> str:
    user: Any = request.user
    if not may(user, "duties.view") or bound_to(user) == "cadre":
        return ""
    return render_to_string("duties/panels/unit.html", {"unit": unit}, request)
