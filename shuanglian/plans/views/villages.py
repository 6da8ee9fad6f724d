"""An area's village plans: missing, copied, not agreed, not approved, not adding up; list and workbook (PLAN-1)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.areas.models import Area
from shuanglian.areas.queries import children
from shuanglian.core import clock
from shuanglian.core.profile import active, language
from shuanglian.jobs.actions import jobs
from shuanglian.organisation.queries import bound_to
from shuanglian.plans import access, village_queries, village_wording
from shuanglian.plans.village_drafts import HORIZON, YEARLY
from shuanglian.plans.village_tasks import VILLAGES
from shuanglian.registry import queries as registry

from .common import place

ORDER = ("code", "id")


def _asked(told: Any, area: Area) -> tuple[str, int, str]:
    """(kind, year, list) that somebody asks for."""
    kind = YEARLY if told.get("kind") == YEARLY else HORIZON
    year = told.get("year", "")
    known = year.isascii() and year.isdecimal() and len(year) == 4
    show = told.get("show", "all")
    return (
        kind, int(year) if known else village_queries.year_of(area, clock.today()),
        show if show in village_queries.LISTS else "all",
    )  # fmt: skip


@requires("plans.view")
@require_safe
def villages(request: SignedIn) -> HttpResponse:
    """The figures of an area by region below, and its villages of one list; above a county only the figures."""
    area = access.area(request.user, request.GET.get("area"))
    kind, year, show = _asked(request.GET, area)
    context: dict[str, Any] = {
        **place(request, area), "known": bool(active().villages), "kind": kind, "year": year, "show": show,
        "address": "plans:villages", "kinds": [(HORIZON, _("规划")), (YEARLY, _("年度计划"))],
        "lists": list(village_queries.LISTS.items()), "may_write": may(request.user, "plans.village"),
        "may_export": may(request.user, "registry.export"),
    }  # fmt: skip
    if context["known"]:
        context |= _figures(request, area, 0 if kind == HORIZON else year, show)
    return render(request, "plans/villages.html", context)


def _figures(request: SignedIn, area: Area, series: int, show: str) -> dict[str, Any]:
    whole = bound_to(request.user) == "area"
    below = list(children(area)) if whole and area.level < Area.Level.TOWNSHIP else []
    if area.level < Area.Level.COUNTY:
        parts = village_queries.counted_below(seen_by=request.user, areas=below, series=series)
        return {"standing": village_queries.together(parts), "parts": parts, "page": None}
    rows = village_queries.rows_of(seen_by=request.user, area=area, series=series)
    listed = {one.village.pk: one for one in rows if show in one.lists}
    page = registry.paged(Area.objects.filter(pk__in=listed), order=ORDER, after=request.GET.get("after"))
    told = [(one, [village_wording.fault(fault) for fault in one.reckoned.faults] if one.reckoned else [])
            for one in (listed[village.pk] for village in page.rows)]  # fmt: skip
    return {
        "standing": village_queries.standing(rows), "parts": village_queries.standing_below(rows, below), "page": page,
        "told": told, "many": len(listed),
    }  # fmt: skip


@requires("plans.view", "registry.export")
@require_POST
def export(request: SignedIn) -> HttpResponse:
    """Order the list as a workbook; the page of the job says when it is there."""
    area = access.area(request.user, request.POST.get("area"))
    kind, year, show = _asked(request.POST, area)
    if area.level < Area.Level.COUNTY:
        return redirect("plans:villages")
    title = _("村计划{show}名单 {area}").format(show=village_queries.LISTS[show], area=area.name)
    job = jobs.start(
        kind=VILLAGES, title=title, by=request.user, at=clock.now(), area_code=area.code,
        params={"area": area.code, "series": 0 if kind == HORIZON else year, "show": show, "language": language()},
    )  # fmt: skip
    return redirect("jobs:detail", job.pk)
