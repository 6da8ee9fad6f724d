"""What the pages of this room share: the day they speak of, the region and where one may go from it."""

from __future__ import annotations

from datetime import date
from typing import Any

from shuanglian.accounts.rights import SignedIn
from shuanglian.areas.models import Area
from shuanglian.areas.queries import children
from shuanglian.benefits import queries
from shuanglian.benefits.due_forms import day_given
from shuanglian.core import clock


def day_of(request: SignedIn, area: Area | None) -> date:
    """The day asked for in the address; else today, or, while this year nobody has asked the policies of the area's
    families yet, the day on which that was done last."""
    return day_given(request.GET.get("on") or request.POST.get("as_of"), default_day(area))


def default_day(area: Area | None) -> date:
    today = clock.today()
    last = queries.latest_round(area) if area else None
    return last.on if last is not None and last.on.year < today.year else today


def place(request: SignedIn, area: Area) -> dict[str, Any]:
    """For the choice of a region in a filter: the one above, those below."""
    own = request.user.area
    return {
        "area": area, "below": children(area) if area.level < Area.Level.VILLAGE else [],
        "above": area.parent if own is not None and area != own else None,
    }  # fmt: skip
