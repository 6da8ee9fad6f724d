"""On other pages: unread messages on the home page, the way to one's choices on one's account."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from . import queries


def home_panel(request: HttpRequest, _obj: Any = None) -> str:
    user: Any = request.user
    rows = queries.told(queries.inbox(user).filter(read_at=None)[:3])
    if not rows:
        return ""
    return render_to_string("notifications/panels/home.html", {"rows": rows, "n": queries.unread(user)}, request)


def me_panel(request: HttpRequest, _obj: Any = None) -> str:
    return render_to_string("notifications/panels/me.html", {}, request)
