"""The catalogue of provisions and one provision's page: what the papers say, by day, with sources, gaps, conflicts."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.benefits import catalogue, provisions, queries
from shuanglian.core import clock
from shuanglian.registry import access as registry

from .common import day_of, place


@requires("benefits.view")
@require_safe
def policies(request: SignedIn) -> HttpResponse:
    """All provisions by kind, as they stand on a day; what is announced for later is said as well."""
    area = registry.area(request.user, request.GET.get("area"))
    on = day_of(request, area)
    department = request.GET.get("department", "")
    shown = [provisions.provision(one, on) for one in catalogue.benefits().values()]
    if department:
        shown = [one for one in shown if one.benefit.department == department]
    groups = [(label, [one for one in shown if one.benefit.kind == code]) for code, label in catalogue.choices("kind")]
    counts = queries.by_benefit(seen_by=request.user, wanted=queries.Wanted(area=area))
    return render(request, "benefits/policies.html", {
        **place(request, area), "on": on, "today": clock.today(), "department": department,
        "groups": [(label, [(one, counts.get(one.benefit.code)) for one in some]) for label, some in groups if some],
        "departments": catalogue.choices("department"), "total": len(shown),
        "incomplete": sum(1 for one in shown if one.now and not one.now.complete),
        "disputed": sum(1 for one in shown if one.now and one.now.conflicts),
        "round": queries.latest_round(area), "may_find": may(request.user, "benefits.find"),
    })  # fmt: skip


@requires("benefits.view")
@require_safe
def policy(request: SignedIn, code: str) -> HttpResponse:
    """One provision: terms of all days, worked cases, and whom of the reader's area it touches."""
    known = catalogue.benefit(code)
    if known is None:
        raise Http404
    area = registry.area(request.user, request.GET.get("area"))
    on = day_of(request, area)
    told = queries.by_benefit(seen_by=request.user, wanted=queries.Wanted(area=area, benefit=code)).get(code, {})
    return render(request, "benefits/policy.html", {
        **place(request, area), "on": on, "today": clock.today(), "shown": provisions.provision(known, on),
        "cases": provisions.cases(known), "round": queries.latest_round(area),
        "counts": [(name, title, told.get(name, 0)) for name, title in queries.TITLES.items()],
    })  # fmt: skip


patterns: list[Any] = [
    path("", policies, name="policies"),
    path("policies/<slug:code>/", policy, name="policy"),
]
