"""The look-back on other pages: on the home page what is to do, on a household's page what was found."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from shuanglian.accounts.rights import may
from shuanglian.core import clock
from shuanglian.organisation.queries import bound_to
from shuanglian.registry.models import Household

from . import access, queries, wording
from .models import Assignment


def home_panel(request: HttpRequest, _obj: Any = None) -> str:
    """The campaign that runs: for visitors the own list, for offices how far it is and what waits."""
    user: Any = request.user
    campaign = queries.running_for(user) if may(user, "lookback.view") else None
    if campaign is None:
        count = queries.running_below(user) if may(user, "lookback.view") and bound_to(user) == "area" else 0
        return render_to_string("lookback/panels/home_many.html", {"count": count}, request) if count else ""
    on, own = clock.today(), queries.mine(seen_by=user, campaign=campaign)
    told: dict[str, Any] = {
        "campaign": campaign, "left": max(0, (campaign.until - on).days + 1),
        "todo": own.filter(visited_on=None).count() if may(user, "lookback.visit") else 0,
        "again": queries.to_recheck(seen_by=user, campaign=campaign).filter(assignment__rechecked="").count(),
    }  # fmt: skip
    if bound_to(user) == "area":
        area = access.area_in(user, campaign, None)
        told |= {"whole": queries.whole(campaign, area), "plan": queries.elapsed(campaign, on), "area": area}
        if may(user, "lookback.run"):
            told["waiting"] = queries.waiting(seen_by=user, campaign=campaign, area=area).count()
    return render_to_string("lookback/panels/home.html", told, request)


def household_panel(request: HttpRequest, household: Household) -> str:
    """What each campaign found at this household."""
    user: Any = request.user
    if not may(user, "lookback.view"):
        return ""
    rows = Assignment.objects.filter(household=household).select_related("campaign", "cadre", "user").order_by(
        "-campaign__since"
    )[:5]  # fmt: skip
    seen = access.visits_seen_by(user).filter(assignment__in=[row.pk for row in rows]).select_related("by")
    visits: dict[int, list[Any]] = {}
    for visit in seen:
        visits.setdefault(visit.assignment_id, []).append(wording.told(visit))
    return render_to_string("lookback/panels/household.html", {
        "rows": [(row, visits.get(row.pk, [])) for row in rows],
    }, request)  # fmt: skip
