"""The lists from owed to received, worked off by ticking; what is to be asked, fact by fact; the export (BEN-7, 8)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.benefits import access, catalogue, due_forms, queries, scope, telling
from shuanglian.benefits.actions import bulk
from shuanglian.benefits.models import Due
from shuanglian.core import clock
from shuanglian.core.forms import says
from shuanglian.jobs.actions import jobs
from shuanglian.registry import access as registry
from shuanglian.registry.queries import paged

from .common import place

MOST_TICKED = 500


@requires("benefits.view")
@require_safe
def dues(request: SignedIn) -> HttpResponse:
    """One list with its filters; the counts of all lists above it."""
    area = registry.area(request.user, request.GET.get("area"))
    form = due_forms.DuesFilter(request.GET)
    wanted = form.wanted(request.GET.get("list", ""), area, request.GET.get("fact", ""))
    page = paged(queries.dues(seen_by=request.user, wanted=wanted), order=wanted.by, after=request.GET.get("after"))
    counts = queries.counts(seen_by=request.user, wanted=wanted)
    ticking = wanted.which in ("owed", "ask", "surplus") and may(request.user, "benefits.apply")
    return render(request, "benefits/dues.html", {
        **place(request, area), "form": form, "wanted": wanted, "page": page, "rows": _rows(page.rows),
        "tabs": [(name, title, counts[name]) for name, title in queries.TITLES.items()],
        "total": counts[wanted.which], "which": wanted.which, "title": queries.TITLES[wanted.which],
        "ticking": ticking and wanted.which != "surplus", "fact": telling.label_of(wanted.fact) if wanted.fact else "",
        "questions": _questions(request, wanted) if wanted.which == "ask" and not wanted.fact else [],
        "filtering": any(request.GET.get(name) for name in form.fields if name != "order"),
        "may_export": may(request.user, "registry.export"), "round": queries.latest_round(area),
    })  # fmt: skip


def _rows(found: list[Due]) -> list[dict[str, Any]]:
    kept = queries.latest_decisions(due.pk for due in found)
    names = queries.names_of(kept)
    rows = []
    for due in found:
        known, decision = catalogue.benefit(due.benefit), kept.get(due.pk)
        told = telling.tell(decision.reasons, decision.inputs, known, names) if decision else None
        rows.append({
            "due": due, "title": catalogue.title(due.benefit), "period": catalogue.period_label(known, due.period),
            "department": catalogue.department(due.department), "told": told, "why": why_of(due, told),
            "asks": [telling.label_of(path) for path in due.asks],
            "points": known is not None and known.pays == "points",
        })  # fmt: skip
    return rows


def why_of(due: Due, told: telling.Told | None) -> str:
    """The reason of a row in words: the department's where it refused, else the rule's with its facts."""
    if due.state in (Due.State.REFUSED, Due.State.APPEALED) and due.reason:
        return due.reason
    if told is None:
        return _("还没有认定过")
    return told.why_not


def _questions(request: SignedIn, wanted: queries.Wanted) -> list[dict[str, Any]]:
    return [
        {"fact": one.fact, "label": telling.label_of(one.fact), "households": one.households, "dues": one.dues}
        for one in queries.questions(seen_by=request.user, wanted=wanted)
    ]


@requires("benefits.view", "benefits.apply")
@require_POST
def apply_many(request: SignedIn) -> HttpResponse:
    """Apply for all that were ticked: first what with which papers and when, then done."""
    ticked = [int(one) for one in request.POST.getlist("due") if one.isdecimal() and len(one) < 18][:MOST_TICKED]
    rows = scope.visible_dues(seen_by=request.user).filter(pk__in=ticked)
    found = list(rows.select_related("household__village", "person").order_by("area_code", "id"))
    back = _back(request)
    if not found:
        messages.error(request, _("没有勾选任何一项。"))
        return redirect(back)
    sent = request.POST if "on" in request.POST else None
    form = due_forms.BulkForm(sent, dues=found, initial={"on": clock.today()})
    if form.is_valid():
        told = bulk.apply_all(dues=found, by=request.user, at=clock.now(), **form.given())
        done = len(told.done)
        if done:
            messages.success(request, ngettext("已代为申请 {n} 项。", "已代为申请 {n} 项。", done).format(n=done))
        for due, refusal in told.refused:
            who = due.person or due.household
            messages.error(request, f"{who} · {catalogue.title(due.benefit)}：{says(refusal)}")
        return redirect(back)
    return render(request, "benefits/apply_many.html", {
        "form": form, "rows": [(due, catalogue.title(due.benefit)) for due in found], "back": back,
        "area": request.user.area,
    })  # fmt: skip


def _back(request: SignedIn) -> str:
    """Where the list was that one came from; only an address of this site."""
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}) and back.startswith("/benefits/")
    return back if safe else "benefits:dues"


@requires("benefits.view", "registry.export")
@require_POST
def export(request: SignedIn) -> HttpResponse:
    """The whole list as a workbook, made in the background, told in the trail."""
    area = registry.area(request.user, request.POST.get("area"))
    wanted = due_forms.DuesFilter(request.POST).wanted(request.POST.get("list", ""), area, request.POST.get("fact", ""))
    access.needs(request.user, "benefits.view")
    params = {**asdict(wanted), "area": area.code, "language": get_language() or "zh-hans"}
    title = f"{queries.TITLES[wanted.which]}：{area.name}"
    job = jobs.start(kind="benefits.dues", title=title, params=params, by=request.user, at=clock.now(),
                     area_code=area.code)  # fmt: skip
    messages.success(request, _("名单正在生成，完成后可以下载。"))
    return redirect("jobs:detail", job.pk)


patterns: list[Any] = [
    path("dues/", dues, name="dues"),
    path("dues/apply/", apply_many, name="apply_many"),
    path("dues/export/", export, name="export_dues"),
]
