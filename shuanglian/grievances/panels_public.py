"""The doors to demands on other pages: a family's card, a village's board, and for staff the poster of a village."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from shuanglian.accounts.rights import may
from shuanglian.areas.models import Area
from shuanglian.benefits.models import Card
from shuanglian.core.profile import active
from shuanglian.core.scoping import unscoped

from . import queries_public as queries
from .access import VIEW


def card_panel(request: HttpRequest, code: str) -> str:
    """On the family's own page: ask, and how many answers wait for its word."""
    if not active().grievances.runs:
        return ""
    with unscoped():
        card = Card.objects.select_related("household").filter(code=code, closed_at=None).first()
        waiting = queries.waiting(card.household) if card is not None else 0
    return render_to_string("grievances/panels/card.html", {"code": code, "waiting": waiting}, request)


def board_panel(request: HttpRequest, area: Area) -> str:
    """On a village's board: where to ask for something."""
    if not active().grievances.runs:
        return ""
    return render_to_string("grievances/panels/board.html", {"area": area}, request)


def poster_panel(request: HttpRequest, area: Area) -> str:
    """For staff of a village or above it: its public page and the sheet for its board."""
    user: Any = request.user
    if not active().grievances.runs or not may(user, VIEW) or user.area is None or not user.area.contains(area):
        return ""
    if area.level != Area.Level.VILLAGE:
        return ""
    return render_to_string("grievances/panels/poster.html", {"area": area}, request)
