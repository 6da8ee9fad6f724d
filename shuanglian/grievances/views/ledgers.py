"""Ledgers of demands: mine, the area's; where demands gather; a month; the ladder as it stands (VOICE-1, VOICE-2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.core import clock, profile
from shuanglian.core.paging import keyset
from shuanglian.fieldwork import months
from shuanglian.grievances import queries, wording
from shuanglian.grievances.access import VIEW
from shuanglian.grievances.models import Demand
from shuanglian.jobs.actions import jobs
from shuanglian.organisation.queries import bound_to
from shuanglian.registry import access as registry

LOOK_BACK = 180  # days that heat and causes look at where nobody says since when


def state_labels() -> dict[str, str]:
    return {
        "mine": _("要我办的"), "open": _("办理中"), "late": _("超期"), "climbed": _("逾期上转的"),
        "reopened": _("不认可又打开的"), "untold": _("答复了还没告知"), "waiting": _("等群众回话"), "closed": _("办结"),
        "held": _("待筛查"),
    }  # fmt: skip


def wanted_of(request: SignedIn) -> queries.Wanted:
    """What the address asks for; anything unknown is left out."""
    state = request.GET.get("state", "")
    category = request.GET.get("category", "")
    return queries.Wanted(
        state if state in queries.STATES else ("mine" if may(request.user, "grievances.handle") else "open"),
        category if category in profile.active().grievances.categories else "",
        request.GET.get("urgent") == "1", request.GET.get("text", "").strip()[:40],
    )  # fmt: skip


@require_safe
@requires(VIEW)
def ledger(request: SignedIn) -> HttpResponse:
    """The demands of an area by state, what has the least time left first."""
    area, wanted, today = registry.area(request.user, request.GET.get("area")), wanted_of(request), clock.today()
    rows = queries.ledger(seen_by=request.user, area=area, wanted=wanted, on=today)
    page = keyset(rows, order=queries.order_of(wanted.state), after=request.GET.get("after"))
    counts = queries.counted(seen_by=request.user, area=area, on=today)
    sifts, labels = may(request.user, "grievances.sift"), state_labels()
    return render(request, "grievances/ledger.html", {
        "area": area, "page": page, "wanted": wanted, "today": today,
        "rows": [(one, wording.holder(one), wording.left(one, today)) for one in page],
        "states": [(code, labels[code], counts[code]) for code in queries.STATES if code != "held"],
        "held": counts["held"] if sifts else 0,
        "categories": [(code, wording.category(code)) for code in profile.active().grievances.open_categories],
    })  # fmt: skip


@require_safe
@requires(VIEW)
def heat(request: SignedIn) -> HttpResponse:
    """Where demands gather, by category, and what is asked again and again."""
    area, today = registry.area(request.user, request.GET.get("area")), clock.today()
    since = today - timedelta(days=LOOK_BACK)
    rows = queries.heat(seen_by=request.user, area=area, since=since, until=today, on=today)
    codes = [code for code in profile.active().grievances.open_categories if any(one.came.get(code) for one in rows)]
    most = max((n for one in rows for n in one.came.values()), default=1)
    return render(request, "grievances/heat.html", {
        "area": area, "since": since, "until": today, "categories": [(code, wording.category(code)) for code in codes],
        "rows": [(one, [(wording.category(code), n := one.came.get(code, 0), -(-5 * n // most)) for code in codes])
                 for one in rows],
        "causes": [(one, wording.category(one.category)) for one in
                   queries.causes(seen_by=request.user, area=area, since=since, until=today)],
    })  # fmt: skip


@require_safe
@requires(VIEW)
def month(request: SignedIn) -> HttpResponse:
    """A month's extract for the report: by category, what came and what became of it."""
    area, today = registry.area(request.user, request.GET.get("area")), clock.today()
    chosen = months.asked(request.GET.get("month", ""), today)
    rows = queries.month(seen_by=request.user, area=area, since=chosen.first, until=chosen.last, on=today)
    return render(request, "grievances/month.html", {
        "area": area, "month": chosen, "rows": [(wording.category(one.category), one) for one in rows],
        "total": sum(one.came for one in rows), "today": today,
        "may_export": may(request.user, "registry.export"),
    })  # fmt: skip


@require_POST
@requires(VIEW, "registry.export")
def export(request: SignedIn) -> HttpResponse:
    """Order the ledger and the month's extract as a workbook; made in the background, told in the trail."""
    area = registry.area(request.user, request.POST.get("area"))
    chosen = months.asked(request.POST.get("month", ""), clock.today())
    params: dict[str, Any] = {"area": area.code, "month": str(chosen), "language": get_language() or "zh-hans"}
    title = _("诉求台账：{area} {month}").format(area=area.name, month=chosen)
    job = jobs.start(kind="grievances.export", title=title, params=params, by=request.user, at=clock.now(),
                     area_code=area.code)  # fmt: skip
    messages.success(request, _("正在导出，完成后可以下载。"))
    return redirect("jobs:detail", job.pk)


@require_safe
@requires(VIEW)
def ladder(request: SignedIn) -> HttpResponse:
    """The ladder of this programme: who holds a demand, how long, what is urgent, with its sources."""
    programme, lang = profile.active().grievances, profile.language()
    return render(request, "grievances/ladder.html", {
        "rungs": [(one.shape, one.shape.label.in_(lang), one.shape.note) for one in programme.ladder.rungs],
        "urgencies": [one.shape.label.in_(lang) for one in programme.ladder.urgencies],
        "nevers": [one.label.in_(lang) for one in programme.nevers.values()], "terms": programme.terms,
        "categories": [(one.label.in_(lang), wording.department(one.department or "")) for one in
                       programme.open_categories.values()],
        "calendar": profile.active().working_days.country, "known": profile.active().working_days.known(
            clock.today().year), "bound": bound_to(request.user), "door": Demand.Door.choices,
    })  # fmt: skip
