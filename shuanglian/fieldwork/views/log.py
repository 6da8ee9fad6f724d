"""The log: of an area, a village (its diary), a cadre, a household; days without a home; asks; the workbook."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.areas.models import Area
from shuanglian.core import clock, profile
from shuanglian.core.paging import keyset
from shuanglian.fieldwork import access, queries, wording
from shuanglian.fieldwork.models import Ask
from shuanglian.fieldwork.months import Month, asked
from shuanglian.jobs.actions import jobs
from shuanglian.organisation.queries import bound_to, visible_cadres
from shuanglian.registry import access as registry

ORDER = ("-on", "-started_at", "-id")


def month_in(request: SignedIn) -> Month:
    return asked(request.GET.get("month", ""), clock.today())


@require_safe
@requires("fieldwork.view")
def log(request: SignedIn) -> HttpResponse:
    """What was done in an area and month: figures, the six tasks, the regions below, the visits."""
    if bound_to(request.user) == "cadre":
        return redirect("fieldwork:mine")
    area, month = registry.area(request.user, request.GET.get("area")), month_in(request)
    found = queries.log(area, month, seen_by=request.user)
    page = keyset(found.visits.select_related("cadre__unit", "household"), order=ORDER, after=request.GET.get("after"))
    tasks = queries.by_task(found)
    return render(request, "fieldwork/log.html", {
        "area": area, "month": month, "figures": queries.figures(found), "page": page, "rows": wording.told(page.rows),
        "tasks": [(one, tasks.get(code, 0)) for code, one in profile.active().fieldwork.tasks.items()],
        "below": queries.by_area(found), "villages": wording.villages(page.rows), "today": clock.today(),
        "may_export": may(request.user, "registry.export"),
    })  # fmt: skip


@require_safe
@requires("fieldwork.view")
def village(request: SignedIn, code: str) -> HttpResponse:
    """A village's diary of a month, day by day, ready to print (FIELD-3)."""
    area, month = access.village_to_see(request.user, code), month_in(request)
    found = queries.log(area, month, seen_by=request.user)
    on = clock.today()
    posts = access.posts_seen_by(request.user).filter(village=area).standing_on(on).select_related("cadre__unit")
    return render(request, "fieldwork/village.html", {
        "area": area, "month": month, "figures": queries.figures(found), "posts": posts, "today": on,
        "diary": wording.diary(found, queries.homes_entered(found.days)),
    })  # fmt: skip


@require_safe
@requires("fieldwork.view")
def cadre(request: SignedIn, pk: int) -> HttpResponse:
    """A cadre's log of a month."""
    whose = get_object_or_404(visible_cadres(seen_by=request.user).select_related("unit__area"), pk=pk)
    own, month = request.user.area, month_in(request)
    assert own is not None  # whoever sees a cadre has an area
    found = queries.log(own, month, seen_by=request.user, cadre=whose.pk)
    posts = access.posts_seen_by(request.user).filter(cadre=whose).select_related("village__parent").order_by("-since")
    return render(request, "fieldwork/cadre.html", {
        "whose": whose, "month": month, "figures": queries.figures(found), "posts": posts, "today": clock.today(),
        "diary": wording.diary(found, queries.homes_entered(found.days)),
    })  # fmt: skip


@require_safe
@requires("fieldwork.view")
def household(request: SignedIn, pk: int) -> HttpResponse:
    """All visits to a household, those of files merged into it too."""
    home = registry.household(request.user, pk)
    files = queries.files_of(home)
    rows = queries.visits_seen_by(request.user).filter(household__in=files).select_related("cadre__unit", "household")
    page = keyset(rows, order=ORDER, after=request.GET.get("after"))
    return render(request, "fieldwork/household.html", {
        "household": home, "page": page, "rows": wording.told(page.rows),
        "asks": access.asks_seen_by(request.user).filter(household__in=files), "may_visit": may_visit(request, pk),
    })  # fmt: skip


def may_visit(request: SignedIn, pk: int) -> bool:
    """Whether the reader may log a visit to a household today."""
    try:
        return bool(access.household_to_visit(request.user, pk, clock.today()))
    except (PermissionDenied, Http404):
        return False


@require_safe
@requires("fieldwork.view")
def unentered(request: SignedIn) -> HttpResponse:
    """Days in a village on which no home was entered (FIELD-3)."""
    area, month = registry.area(request.user, request.GET.get("area")), month_in(request)
    found = queries.log(area, month, seen_by=request.user)
    rows = queries.without_homes(found.days).select_related("cadre__unit", "village__parent")
    return render(request, "fieldwork/unentered.html", {
        "area": area, "month": month, "page": keyset(rows, order=("-on", "-id"), after=request.GET.get("after")),
        "all": found.days.count(), "empty_days": rows.count(), "today": clock.today(),
    })  # fmt: skip


@require_safe
@requires("fieldwork.view")
def asks(request: SignedIn) -> HttpResponse:
    """What people asked for, the oldest unanswered first (VOICE-1)."""
    area = registry.area(request.user, request.GET.get("area"))
    rows = access.asks_seen_by(request.user).within(area).filter(state=Ask.State.OPEN)
    known, category = profile.active().fieldwork.asks, request.GET.get("category", "")
    if category in known:
        rows = rows.filter(category=category)
    page = keyset(rows.select_related("household", "by", "visit"), order=("on", "id"), after=request.GET.get("after"))
    return render(request, "fieldwork/asks.html", {
        "area": area, "page": page, "count": rows.count(), "categories": known, "category": category,
        "villages": wording.villages(page.rows),
    })  # fmt: skip


@require_POST
@requires("fieldwork.view", "registry.export")
def export(request: SignedIn) -> HttpResponse:
    """Order the log of an area and month as a workbook; it is made in the background and told in the trail."""
    area = registry.area(request.user, request.POST.get("area"))
    month = asked(request.POST.get("month", ""), clock.today())
    params: dict[str, Any] = {"area": area.code, "month": str(month), "language": get_language() or "zh-hans"}
    title = _("工作日志：{area} {month}").format(area=area.name, month=month)
    job = jobs.start(kind="fieldwork.export", title=title, params=params, by=request.user, at=clock.now(),
                     area_code=area.code)  # fmt: skip
    messages.success(request, _("正在导出，完成后可以下载。"))
    return redirect("jobs:detail", job.pk)


def villages_in(actor: Any) -> Any:
    """Villages of the reader's area, for choices."""
    rows = Area.objects.current().within(actor.area).filter(level=Area.Level.VILLAGE)
    return rows.select_related("parent").order_by("code")
