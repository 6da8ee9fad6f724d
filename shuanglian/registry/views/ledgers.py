"""The poverty ledger on screen and the order to print it (REG-8)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.areas.models import Area
from shuanglian.areas.queries import children
from shuanglian.core import clock
from shuanglian.jobs.actions import jobs
from shuanglian.organisation.queries import bound_to
from shuanglian.registry import access, ledger, queries
from shuanglian.registry.forms import LedgerOrderForm


@requires("registry.view")
@require_safe
def ledger_page(request: SignedIn) -> HttpResponse:
    """Cause, helper, measures and exit date at a glance, by village, township or county."""
    area = access.area(request.user, request.GET.get("area"))
    return _show(request, area, LedgerOrderForm(may_reveal=may(request.user, "registry.reveal")))


@requires("registry.view", "registry.export")
@require_POST
def print_ledger(request: SignedIn) -> HttpResponse:
    """Order the ledger as a workbook or PDF; it is made in the background and told in the trail."""
    area = access.area(request.user, request.POST.get("area"))
    form = LedgerOrderForm(request.POST, may_reveal=may(request.user, "registry.reveal"))
    if not form.is_valid():
        return _show(request, area, form)
    params = form.params(area, get_language() or "zh-hans")
    job = jobs.start(
        kind="registry.ledger", title=ledger.title(area), params=params, by=request.user, at=clock.now(),
        area_code=area.code,
    )  # fmt: skip
    messages.success(request, _("台账正在生成，完成后可以下载。"))
    return redirect("jobs:detail", job.pk)


def _show(request: SignedIn, area: Area, form: LedgerOrderForm) -> HttpResponse:
    columns = ledger.columns_for(area)
    rows = queries.households(seen_by=request.user, wanted=queries.Wanted(area=area))
    page = queries.paged(rows, order=queries.ORDERS["area"], after=request.GET.get("after"))
    return render(request, "registry/ledger.html", {
        "area": area, "own": request.user.area, "form": form, "page": page,
        "figures": queries.figures(area) if bound_to(request.user) == "area" else None,
        "columns": ledger.headings(columns), "lines": _lines(page.rows, columns),
        "below": children(area) if area.level < Area.Level.VILLAGE else [],
        "above": area.parent if area != request.user.area else None, "title": ledger.title(area),
        "may_export": may(request.user, "registry.export"),
    })  # fmt: skip


def _lines(rows: list[Any], columns: list[Any]) -> list[tuple[Any, list[tuple[Any, Any, str]]]]:
    """(household, [(heading, value, code)]). The running number of a page that may begin anywhere is left out."""
    helped = ledger.helpers([household.pk for household in rows])
    wanted, headings = ledger.codes(columns), ledger.headings(columns)
    lines = []
    for household in rows:
        values = ledger.values(ledger.Line(0, household, helped.get(household.pk)), wanted)
        cells = [
            (heading, "" if code == "number" else value, code)
            for heading, value, code in zip(headings, values, wanted, strict=True)
        ]
        lines.append((household, cells))
    return lines
