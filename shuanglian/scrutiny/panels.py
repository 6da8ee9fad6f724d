"""Scrutiny on other pages: what waits on the home page, the question on a family's own page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from shuanglian.accounts.rights import may
from shuanglian.benefits.models import Card
from shuanglian.core import clock
from shuanglian.core.scoping import unscoped

from . import queries
from .actions import call_backs
from .models import Flag


def home_panel(request: HttpRequest, _obj: Any = None) -> str:
    """For a cadre what he is asked to explain; for reviewers what waits for a finding."""
    user: Any = request.user
    if user.area is None or not (may(user, "scrutiny.view") or may(user, "scrutiny.answer")):
        return ""
    counts = queries.counted(seen_by=user)
    told = {"open": counts.get(Flag.State.OPEN, 0), "answered": counts.get(Flag.State.ANSWERED, 0),
            "reviews": may(user, "scrutiny.view")}  # fmt: skip
    if not told["open"] and not told["answered"]:
        return ""
    return render_to_string("scrutiny/panels/home.html", told, request)


def card_panel(request: HttpRequest, code: str) -> str:
    """Whether somebody came on a day: shown while it is asked, on the page behind the card's code."""
    with unscoped():
        card = Card.objects.filter(code=code, closed_at=None).select_related("household").first()
        asked = call_backs.waiting_for(household=card.household, on=clock.today()) if card else None
    return render_to_string("scrutiny/panels/card.html", {"code": code, "asked": asked}, request) if asked else ""
