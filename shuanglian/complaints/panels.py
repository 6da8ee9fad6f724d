"""The doors to safe letters on other pages: a family's card, a village's board. The same for every reader."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from shuanglian.areas.models import Area
from shuanglian.core.profile import active
from shuanglian.notices.showing import supervision


def card_panel(request: HttpRequest, code: str) -> str:
    """On the family's own page: where to say that something was not right."""
    if active().complaints.terms is None:
        return ""
    return render_to_string("complaints/panels/card.html", {"code": code}, request)


def board_panel(request: HttpRequest, area: Area) -> str:
    """On the village's board: the letter, the telephone, both without a name."""
    if active().complaints.terms is None:
        return ""
    office, phone = supervision()
    return render_to_string("complaints/panels/board.html", {"area": area, "office": office, "phone": phone}, request)
