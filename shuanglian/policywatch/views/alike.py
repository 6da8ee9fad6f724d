"""Families alike: listed, marked by ticking, brought in line with their benefits, written out; the end (VOICE-4)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.benefits import catalogue
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on, tell_errors
from shuanglian.core.paging import keyset
from shuanglian.jobs.actions import jobs
from shuanglian.policywatch import access, queries
from shuanglian.policywatch.actions import alike as verbs
from shuanglian.policywatch.forms import CloseForm, MarkForm
from shuanglian.policywatch.models import Alike
from shuanglian.registry import access as registry

MOST_TICKED = 500


@require_safe
@requires(access.VIEW)
def of(request: SignedIn, report_id: int) -> HttpResponse:
    """The families alike of one report."""
    found = access.report_to_see(request.user, report_id)
    state = request.GET.get("state", "")
    rows = queries.alike(seen_by=request.user, report=found, state=state)
    return _list(request, rows, state, {"report": found, "title": catalogue.title(found.benefit),
                 "progress": queries.progress_of(queries.alike(seen_by=request.user, report=found)),
                 "handles": access.handles(request.user, found), "closing": CloseForm()})  # fmt: skip


@require_safe
@requires(access.VIEW)
def mine(request: SignedIn) -> HttpResponse:
    """Every family alike of the reader's area that is still to be looked at, whatever village told of it first."""
    area, state = registry.area(request.user, request.GET.get("area")), request.GET.get("state", "")
    rows = queries.alike(seen_by=request.user, area=area, state=state)
    return _list(request, rows, state, {"area": area})


def _list(request: SignedIn, rows: Any, state: str, more: dict[str, Any]) -> HttpResponse:
    page = keyset(rows, order=("area_code", "id"), after=request.GET.get("after"))
    return render(request, "policywatch/alike.html", {
        "page": page, "state": state, "states": Alike.State.choices, "form": MarkForm(),
        "rows": [(one, catalogue.title(one.due.benefit)) for one in page],
        "may_check": may(request.user, access.CHECK), "may_export": may(request.user, "registry.export"), **more,
    })  # fmt: skip


@require_POST
@requires(access.VIEW, access.CHECK)
def mark(request: SignedIn) -> HttpResponse:
    """What was found of the ticked families; their benefits are moved on through the benefits' own verbs."""
    ticked = [int(one) for one in request.POST.getlist("row") if one.isdecimal() and len(one) < 18][:MOST_TICKED]
    rows = list(access.alike_seen_by(request.user).filter(pk__in=ticked).order_by("pk"))
    form = MarkForm(request.POST)
    if not rows:
        messages.error(request, _("没有勾选任何一户。"))
    elif form.is_valid():
        with refusals_on(form):
            done = _mark(request, rows, form.cleaned_data["deed"], form.cleaned_data["why"])
            messages.success(request, ngettext("已登记 {n} 项。", "已登记 {n} 项。", done).format(n=done))
    tell_errors(request, form)
    return redirect(_back(request))


def _mark(request: SignedIn, rows: list[Alike], deed: str, why: str) -> int:
    by: dict[str, Any] = {"by": request.user, "at": clock.now()}
    needed = {"applied": "benefits.apply", "approved": "benefits.decide"}
    if deed in needed:
        registry.needs(request.user, needed[deed])
    match deed:
        case "check":
            return verbs.check(rows=rows, why=why, **by)
        case "aside":
            return verbs.set_aside(rows=rows, why=why, **by)
    return verbs.correct(rows=rows, verb="" if deed == "moved" else deed, why=why, **by)


def _back(request: SignedIn) -> str:
    """Where the list was; only an address of this room."""
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}) and back.startswith("/policywatch/")
    return back if safe else "policywatch:alike"


@require_POST
@requires(access.HANDLE)
def look(request: SignedIn, report_id: int) -> HttpResponse:
    """Bring the list in line with the benefits: who moved on, who came into the case."""
    found = access.report_to_handle(request.user, report_id)
    moved = verbs.settle(report=found, by=request.user, at=clock.now())
    new = verbs.look(report=found, by=request.user, at=clock.now()) if found.state == found.State.CHECKING else 0
    messages.success(request, _("已按应享情况更新：{moved} 项有变动，新增 {new} 项。").format(moved=moved, new=new))
    return redirect("policywatch:alike_of", found.pk)


@require_POST
@requires(access.HANDLE)
def close(request: SignedIn, report_id: int) -> HttpResponse:
    """The end of a report, when everybody alike is done."""
    found = access.report_to_handle(request.user, report_id)
    form = CloseForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            verbs.close(report=found, by=request.user, at=clock.now(), looked=form.cleaned_data["looked"])
            messages.success(request, _("已办结。"))
            return redirect("policywatch:report", found.pk)
    tell_errors(request, form)
    return redirect("policywatch:alike_of", found.pk)


@require_POST
@requires(access.VIEW, "registry.export")
def export(request: SignedIn, report_id: int) -> HttpResponse:
    """The whole list as a workbook, made in the background, told in the trail."""
    found = access.report_to_see(request.user, report_id)
    job = jobs.start(
        kind="policywatch.alike", title=_("同类户：{policy}").format(policy=catalogue.title(found.benefit)),
        params={"report": found.pk, "language": get_language() or "zh-hans"}, by=request.user, at=clock.now(),
    )  # fmt: skip
    messages.success(request, _("名单正在生成，完成后可以下载。"))
    return redirect("jobs:detail", job.pk)
