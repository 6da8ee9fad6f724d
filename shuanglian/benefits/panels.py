"""The room's cards on other pages: what a family is owed, and the figures of a region and of the home page."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max
from django.http import HttpRequest
from django.template.loader import render_to_string

from shuanglian.accounts.rights import may
from shuanglian.areas.models import Area
from shuanglian.core.scoping import unscoped
from shuanglian.registry.models import Household, HouseholdYear, Transfer
from shuanglian.sheets.models import Batch

from . import catalogue, payment_queries, queries, scope
from .family import ORDER
from .models import Due, Payment

MOST = 8


def household_panel(request: HttpRequest, household: Household) -> str:
    """What the family is owed and has not, what is to be asked, what is under way; the way to its page."""
    user: Any = request.user
    if not may(user, "benefits.view"):
        return ""
    rows = Due.objects.filter(household=household).exclude(state=Due.State.ENDED).select_related("person")
    found = sorted(rows, key=lambda due: (ORDER[Due.State(due.state)], -due.period, due.pk))
    shown = [(due, catalogue.title(due.benefit)) for due in found[:MOST]]
    return render_to_string("benefits/panels/household.html", {
        "household": household, "rows": shown, "more": len(found) - len(shown),
    }, request)  # fmt: skip


def area_panel(request: HttpRequest, area: Area) -> str:
    """How many dues of a region stand where, with links to the lists."""
    user: Any = request.user
    return _counts(request, area) if may(user, "benefits.view") and user.area and user.area.contains(area) else ""


def home_panel(request: HttpRequest, _obj: Any = None) -> str:
    user: Any = request.user
    if not may(user, "benefits.view") or user.area is None:
        return ""
    return _counts(request, user.area)


def _counts(request: HttpRequest, area: Area) -> str:
    user: Any = request.user
    with unscoped():
        asked = scope.visible_dues(seen_by=user).within(area).exists()
    counts = queries.counts(seen_by=user, wanted=queries.Wanted(area=area)) if asked else {}
    return render_to_string("benefits/panels/counts.html", {
        "area": area, "round": queries.latest_round(area), "may_find": may(user, "benefits.find"),
        "counts": [(name, title, counts[name]) for name, title in queries.TITLES.items()] if counts else [],
    }, request)  # fmt: skip


def board_panel(request: HttpRequest, area: Area) -> str:
    """The village's board: which policies reach how many of its households this year (FUND-6); numbers, no names."""
    if area.level != Area.Level.VILLAGE:
        return ""
    rows = Due.objects.within(area).filter(state=Due.State.RECEIVED).order_by()
    last = rows.aggregate(last=Max("period"))["last"]
    counted = rows.filter(period=last).values_list("benefit").annotate(homes=Count("household", distinct=True))
    told = sorted(((catalogue.title(code), homes) for code, homes in counted), key=lambda one: (-one[1], one[0]))
    if not told:
        return ""
    return render_to_string("benefits/panels/board.html", {"year": last, "rows": told}, request)


def batch_panel(request: HttpRequest, batch: Batch) -> str:
    """After a payroll came in: how sure it is who its lines are, and the way to those to be looked at."""
    user: Any = request.user
    if batch.kind != "payments" or batch.state != Batch.State.ACCEPTED or not may(user, "benefits.view"):
        return ""
    found = payment_queries.by_match(seen_by=user, wanted=payment_queries.Wanted(batch=batch.pk))
    matching = may(user, "benefits.match")
    return render_to_string("benefits/panels/batch.html", {
        "batch": batch, "counts": [(label, found[state]) for state, label in Payment.Match.choices],
        "open": found[Payment.Match.OPEN], "chosen": found[Payment.Match.CHOSEN], "may_match": matching,
        "may_restore": matching and may(user, "imports.accept"),
    }, request)  # fmt: skip


def transfers_panel(request: HttpRequest, household: Household) -> str:
    """What payrolls prove the household was paid, by year and provision, beside what was declared (PLAN-4)."""
    user: Any = request.user
    if not may(user, "benefits.view"):
        return ""
    years: dict[int, list[tuple[str, Any]]] = {}
    for one in Transfer.objects.filter(household=household).order_by("-year", "source"):
        years.setdefault(one.year, []).append((catalogue.title(one.source), one.yuan))
    if not years:
        return ""
    records = {one.year: one for one in HouseholdYear.objects.filter(household=household, year__in=years)}
    told = [
        {"year": year, "lines": lines, "paid": sum(yuan for _title, yuan in lines), "account": year in records,
         "declared": records[year].transfer_declared if year in records else None,
         "counts": records[year].income_transfer if year in records else None}
        for year, lines in years.items()
    ]  # fmt: skip
    return render_to_string("benefits/panels/transfers.html", {"household": household, "years": told}, request)
