"""The watch over policies on other pages: what waits on the home page, what a household's page can open."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from shuanglian.accounts.rights import may
from shuanglian.benefits import catalogue
from shuanglian.core.profile import active
from shuanglian.registry.models import Household

from . import access, queries


def home_panel(request: HttpRequest, _obj: Any = None) -> str:
    """What waits for the reader: reports to decide, families alike to look at."""
    user: Any = request.user
    if user.area is None or not may(user, access.VIEW) or not active().policywatch.runs:
        return ""
    reports = queries.waiting_for(user).count() if may(user, access.HANDLE) else 0
    alike = queries.alike(seen_by=user, area=user.area).count() if may(user, access.CHECK) else 0
    if not reports and not alike:
        return ""
    return render_to_string("policywatch/panels/home.html", {"reports": reports, "alike": alike}, request)


def household_panel(request: HttpRequest, household: Household) -> str:
    """What was told of policies for a household, and the door to tell more."""
    user: Any = request.user
    if not may(user, access.VIEW) or not active().policywatch.runs:
        return ""
    rows = access.reports_seen_by(user).filter(household=household).order_by("-id")[:5]
    told = [(one, catalogue.title(one.benefit)) for one in rows]
    may_report = may(user, access.REPORT) and household.left_on is None
    if not told and not may_report:
        return ""
    return render_to_string("policywatch/panels/household.html", {
        "household": household, "rows": told, "may_report": may_report,
    }, request)  # fmt: skip
