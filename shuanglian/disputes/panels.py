"""Mediation on the home page: what waits for the reader, and whether his village has looked round this month."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from shuanglian.accounts.rights import may
from shuanglian.areas.models import Area
from shuanglian.core import clock
from shuanglian.core.profile import active

from . import access, queries


def home_panel(request: HttpRequest, _obj: Any = None) -> str:
    user: Any = request.user
    if user.area is None or not active().disputes.runs or not may(user, access.MEDIATE):
        return ""
    waiting, missing = queries.waiting_for(user).count(), False
    if may(user, access.SCREEN) and user.area.level == Area.Level.VILLAGE:
        rows = queries.screening(seen_by=user, area=user.area, month=clock.today().replace(day=1))
        missing = any(one.missing for one in rows)
    if not waiting and not missing:
        return ""
    return render_to_string("disputes/panels/home.html", {"waiting": waiting, "missing": missing}, request)
