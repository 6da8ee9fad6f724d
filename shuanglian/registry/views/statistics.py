"""The standard tables: a region, a year, a table; share beside count, last year, the regions below; all as xlsx."""

from __future__ import annotations

import io
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.areas.models import Area
from shuanglian.core import charts, clock
from shuanglian.core.export import book_of
from shuanglian.core.forms import says
from shuanglian.core.profile import active, language
from shuanglian.jobs.actions import jobs
from shuanglian.kernel.refusal import Refusal
from shuanglian.registry import access, statistics, statistics_sheets
from shuanglian.registry.statistics import Sheet
from shuanglian.rules.statistics import WHOLE, Line
from shuanglian.rules.statistics_shapes import Statistic
from shuanglian.trail import trail

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Shown:
    """One line of the table: counts of this year and the year before; None where it is protected."""

    label: str
    whole: bool
    hidden: bool
    n: int | None
    share: Decimal | None
    amount: Decimal | None
    mean: Decimal | None
    before: int | None
    change: int | None


@dataclass(frozen=True)
class Asked:
    area: Area
    year: int
    safe: bool


@requires("statistics.view")
@require_safe
def tables(request: SignedIn) -> HttpResponse:
    """One table of a region and a year, with the regions below it (REP-2; domain 2.8)."""
    asked = _asked(request, request.GET)
    try:
        sheet = _sheet(asked)
    except Refusal as refusal:
        return render(request, "registry/statistics_wait.html", {
            "area": asked.area, "year": asked.year, "why": says(refusal), "safe": asked.safe})  # fmt: skip
    offered = sheet.tables
    table = next((one for one in offered if one.code == request.GET.get("table")), offered[0] if offered else None)
    shown = {
        "area": asked.area, "year": asked.year, "safe": asked.safe, "sheet": sheet, "table": table,
        "must": statistics.protected(request.user), "years": statistics.years(active(), clock.today()),
        "offered": [(one.code, one.label.in_(language())) for one in offered],
        "above": asked.area.parent if asked.area != request.user.area else None,
        "may_list": may(request.user, "registry.view"),
    }  # fmt: skip
    if table is not None:
        shown |= _table(sheet, table)
    return render(request, "registry/statistics.html", shown)


@requires("statistics.view")
@require_POST
def export(request: SignedIn) -> HttpResponse:
    """All tables of a region and a year as one workbook, a sheet a table, ready to print."""
    asked = _asked(request, request.POST)
    try:
        sheet = _sheet(asked)
    except Refusal as refusal:
        messages.error(request, says(refusal))
        return redirect(f"{reverse('registry:statistics')}?area={asked.area.code}&year={asked.year}")
    buffer = io.BytesIO()
    book_of(buffer, statistics_sheets.sheets(sheet))
    trail.write("registry.statistics", about=asked.area, by=request.user, at=clock.now(), area_code=asked.area.code,
                year=asked.year, protected=asked.safe)  # fmt: skip
    name = f"statistics_{asked.area.code}_{asked.year}{'_public' if asked.safe else ''}.xlsx"
    return HttpResponse(buffer.getvalue(), content_type=XLSX, headers={
        "Content-Disposition": f'attachment; filename="{name}"'})  # fmt: skip


@requires("statistics.view")
@require_POST
def count_now(request: SignedIn) -> HttpResponse:
    """Count the counties that wait for the night, in the background."""
    area = access.area(request.user, request.POST.get("area"))
    job = jobs.start(kind="registry.statistics", title=_("汇总统计表：{area}").format(area=area.name), by=request.user,
                     params={"area": area.code}, at=clock.now(), area_code=area.code)  # fmt: skip
    return redirect("jobs:detail", job.pk)


def _asked(request: SignedIn, told: Any) -> Asked:
    area = access.area(request.user, told.get("area"))
    offered = statistics.years(active(), clock.today())
    text = told.get("year", "")
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 and int(text) in offered else None
    default = active().year if active().year in offered else offered[0]
    return Asked(area, year or default, bool(told.get("safe")) or statistics.protected(request.user))


def _sheet(asked: Asked) -> Sheet:
    return statistics.sheet(asked.area, asked.year, clock.today(), active(), safe=asked.safe)


def _table(sheet: Sheet, table: Statistic) -> dict[str, Any]:
    lines = sheet.lines(table)
    rows = [shown_line(sheet, table, line) for line in lines]
    whole = shown_line(sheet, table, Line(WHOLE, table.label, table.unit))
    return {
        "title": table.label.in_(language()), "note": table.note if language() == "zh" else "", "rows": rows,
        "whole": whole, "amount": table.amount.in_(language()) if table.amount else "", "unit": unit_label(table.unit),
        "chart": _chart(sheet, rows) if len(rows) > 1 else "", "below": _below(sheet, table, lines),
        "headings": [line.label.in_(language()) for line in lines], "hidden": any(row.hidden for row in rows),
        "document": active().documents[table.document].title.in_(language()),
    }  # fmt: skip


def shown_line(sheet: Sheet, table: Statistic, line: Line) -> Shown:
    """One line with its share of everybody whom the table is about and the change on the year before."""
    now, before = (sheet.cell(table.code, sheet.area, line.code, on) for on in (sheet.on, sheet.before))
    whole = sheet.cell(table.code, sheet.area, WHOLE, sheet.on)
    if now is None or before is None:
        return Shown(_label(line, table), line.whole, True, None, None, None, None, None, None)
    whole_of = whole[1 if line.unit != table.unit else 0] if whole else 0
    share = Decimal(now[0]) / whole_of if whole_of else None
    mean = now[2] / now[0] if now[2] is not None and now[0] else None
    return Shown(_label(line, table), line.whole, False, now[0], share, now[2], mean, before[0], now[0] - before[0])


def _label(line: Line, table: Statistic) -> str:
    return _("合计") if line.code == WHOLE else line.label.in_(language())


def _chart(sheet: Sheet, rows: list[Shown]) -> str:
    bars = [charts.Bars(row.label, row.before, row.n) for row in rows if not row.hidden]
    sides = (str(sheet.before.year), str(sheet.on.year))
    return charts.pairs(bars, title=_("与上年比较"), sides=sides, shown=lambda n: f"{n:,.0f}", ident="statistics")


def _below(sheet: Sheet, table: Statistic, lines: list[Line]) -> list[tuple[Area, list[int | None]]]:
    """Every region below with the counts of its lines and, at the end, of everybody."""
    told = []
    for area in sheet.below:
        cells = [sheet.cell(table.code, area, code, sheet.on) for code in (*(line.code for line in lines), WHOLE)]
        told.append((area, [None if cell is None else cell[0] for cell in cells]))
    return told


def unit_label(unit: str) -> str:
    return {"persons": _("人"), "households": _("户"), "villages": _("个村")}[unit]
