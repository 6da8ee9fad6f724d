"""待我办理: what waits for the reader, on the home page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from shuanglian.accounts.rights import may
from shuanglian.core import clock

from . import queries, showing


def home_panel(request: HttpRequest, _obj: Any = None) -> str:
    user: Any = request.user
    if not may(user, "procedures.act") or user.area is None:
        return ""
    counted = queries.by_step(queries.waiting(seen_by=user, on=clock.today()))
    lines = [
        {"procedure": code, "step": step, "title": showing.title(code), "label": showing.step_label(code, step),
         "many": many}
        for (code, step), many in sorted(counted.items())
    ]  # fmt: skip
    return render_to_string("procedures/panels/home.html", {"lines": lines, "many": sum(counted.values())}, request)
