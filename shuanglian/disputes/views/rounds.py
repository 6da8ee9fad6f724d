"""The monthly look-round of villages, and figures that nobody can be guessed from (VOICE-5)."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.areas.models import Area
from shuanglian.core import clock
from shuanglian.core.profile import active
from shuanglian.disputes import access, queries
from shuanglian.disputes.actions import screening as verbs
from shuanglian.disputes.queries import label
from shuanglian.registry import access as registry
from shuanglian.rules.disputes import UPWARD


@require_safe
@requires(access.VIEW)
def screening(request: SignedIn) -> HttpResponse:
    """Which villages have looked round in a month, and which have not."""
    area, month = registry.area(request.user, request.GET.get("area")), _month(request.GET.get("month", ""))
    whole = area.level >= Area.Level.TOWNSHIP
    rows = queries.screening(seen_by=request.user, area=area, month=month) if whole else []
    parts = [] if whole else queries.screening_below(seen_by=request.user, area=area, month=month)
    own = area.level == Area.Level.VILLAGE and may(request.user, access.SCREEN)
    return render(request, "disputes/screening.html", {
        "area": area, "month": month, "rows": rows, "parts": parts,
        "whole": len(rows) if whole else sum(one.whole for one in parts),
        "missing": sum(one.missing for one in (rows if whole else parts)),
        "before": _other(month, -1), "after": _other(month, 1) if _other(month, 1) <= clock.today() else None,
        "may_say": own and rows and rows[0].missing, "terms": active().disputes.terms,
        "entering": may(request.user, access.REPORT), "counted": may(request.user, access.MEDIATE),
    })  # fmt: skip


@require_POST
@requires(access.VIEW, access.SCREEN)
def looked(request: SignedIn) -> HttpResponse:
    """The village says that it looked round and found nothing."""
    month = _month(request.POST.get("month", ""))
    own = request.user.area
    if own is not None and own.level == Area.Level.VILLAGE:
        verbs.looked(village=own, month=month, by=request.user, at=clock.now())
        messages.success(request, _("已记下：本月排查过，没有发现纠纷。"))
    return redirect("disputes:screening")


def _month(told: str) -> date:
    """The first day of a month as YYYY-MM, this month's when it is none or still to come."""
    this = clock.today().replace(day=1)
    try:
        return min(date.fromisoformat(f"{told}-01"), this)
    except ValueError:
        return this


def _other(month: date, by: int) -> date:
    whole = month.year * 12 + month.month - 1 + by
    return date(whole // 12, whole % 12 + 1, 1)


@require_safe
@requires(access.VIEW)
def figures(request: SignedIn) -> HttpResponse:
    """Kind by kind how many, and at which level they were settled; small numbers are not shown."""
    area = registry.area(request.user, request.GET.get("area"))
    told = request.GET.get("year", "")
    this = clock.today().year
    year = int(told) if told.isascii() and told.isdecimal() and 2000 <= int(told[:4]) <= this else this
    known = active().disputes
    rows = queries.figures(seen_by=request.user, area=area, year=year)
    return render(request, "disputes/figures.html", {
        "area": area, "year": year, "before": year - 1, "terms": known.terms,
        "levels": [label(known.rungs, one) for one in UPWARD],
        "rows": [(one, label(known.kinds, one.kind), [one.levels[level] for level in UPWARD]) for one in rows],
    })  # fmt: skip
