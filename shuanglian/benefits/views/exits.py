"""The page on leaving poverty by policy at once: what each class of the allowance comes to against the line."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.benefits import oneoff, queries
from shuanglian.core.profile import active
from shuanglian.registry import access as registry

from .common import place


@requires("benefits.view")
@require_safe
def one_time_exit(request: SignedIn) -> HttpResponse:
    """Standards against lines, year by year, and whom of the area it touches in one of them (BEN-1, IDX-2)."""
    area = registry.area(request.user, request.GET.get("area"))
    known = oneoff.years()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 and int(asked) in known else active().year
    all_years = oneoff.standards(known)
    unclassed, unknown = oneoff.unclassed(seen_by=request.user, area=area, year=year)
    return render(request, "benefits/one_time_exit.html", {
        **place(request, area), "year": year, "years": known, "standards": all_years,
        "reached": [oneoff.reach(seen_by=request.user, area=area, standard=one)
                    for one in all_years if one.year == year],
        "unclassed": unclassed, "unknown": unknown,
        "round": queries.latest_round(area), "may_find": may(request.user, "benefits.find"),
    })  # fmt: skip


patterns: list[Any] = [path("one-time-exit/", one_time_exit, name="one_time_exit")]
