"""What if: scenarios, their changes, their figures, two of them side by side, and as a workbook."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, requires
from shuanglian.benefits import access, picturing, scenario_export
from shuanglian.benefits.actions import scenarios as verbs
from shuanglian.benefits.models import Scenario
from shuanglian.benefits.scenario_forms import ChangesForm, ScenarioForm
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on, says
from shuanglian.core.paging import keyset
from shuanglian.jobs.models import Job
from shuanglian.kernel.refusal import Refusal
from shuanglian.trail import trail

from .common import default_day

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_COMPARED = 60  # scenarios offered for comparing, the latest


@requires("benefits.scenario")
@require_safe
def scenarios(request: SignedIn) -> HttpResponse:
    """The scenarios of the reader's area, the newest first."""
    rows = Scenario.objects.within(request.user.area).select_related("area", "by", "job")
    page = keyset(rows, order=("-id",), after=request.GET.get("after"), size=30)
    done = [one for one in page.rows if one.state == Scenario.State.DONE]
    return render(request, "benefits/scenarios.html", {
        "page": page, "rows": [(one, state_of(one)) for one in page.rows], "comparable": len(done) > 1, "done": done,
    })  # fmt: skip


def state_of(made: Scenario) -> tuple[str, Any]:
    """(badge, words): work that was cancelled or failed says so, also where it could not write it down."""
    job = made.job
    if (
        made.state == Scenario.State.RUNNING
        and job is not None
        and job.state in (Job.State.CANCELLED, Job.State.FAILED)
    ):
        return job.state, job.get_state_display()
    return made.state, made.get_state_display()


@requires("benefits.scenario")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn) -> HttpResponse:
    area, today = request.user.area, clock.today()
    day = default_day(area)
    form = ScenarioForm(request.POST or None, seen_by=request.user, initial={
        "area": area, "against": day, "on": max(day, date(today.year, 1, 1)) if day == today else day,
    })  # fmt: skip
    if form.is_valid():
        with refusals_on(form):
            made = verbs.create(by=request.user, at=clock.now(), **form.cleaned_data)
            return redirect("benefits:scenario_changes", made.pk)
    return render(request, "benefits/scenario_new.html", {"form": form}, status=_status(form))


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200


@requires("benefits.scenario")
@require_http_methods(["GET", "HEAD", "POST"])
def changes(request: SignedIn, pk: int) -> HttpResponse:
    """What it changes; one button keeps it, the other has it worked out at once."""
    found = access.scenario(request.user, pk)
    form = ChangesForm(request.POST or None, scenario=found)
    if form.is_valid():
        with refusals_on(form):
            found = verbs.change(scenario=found, changes=form.changes(), by=request.user, at=clock.now())
            if "run" in request.POST:
                verbs.order(scenario=found, by=request.user, at=clock.now())
            return redirect("benefits:scenario", found.pk)
    return render(request, "benefits/scenario_changes.html", {
        "scenario": found, "form": form, "groups": list(form.groups()), "line": form["line"],
        "drafts": form["drafts"] if "drafts" in form.fields else None,
    }, status=_status(form))  # fmt: skip


@requires("benefits.scenario")
@require_safe
def scenario(request: SignedIn, pk: int) -> HttpResponse:
    """What a scenario changes and, once it is worked out, what comes of it."""
    found = access.scenario(request.user, pk)
    context = {
        "scenario": found, "state": state_of(found), "changes": picturing.changes(found),
        "own_job": found.job if found.job and found.job.by_id == request.user.pk and found.state != "done" else None,
    }  # fmt: skip
    if found.state == Scenario.State.DONE:
        result = found.result
        context |= {
            "result": result, "least": result["least"], "benefits": picturing.benefit_rows(result),
            "funds": picturing.cost_rows(result, "funds"), "departments": picturing.cost_rows(result, "departments"),
            "groups": picturing.groups(found), "drawings": picturing.drawings(found),
            "headline": picturing.headline(result),
        }  # fmt: skip
    return render(request, "benefits/scenario.html", context)


@requires("benefits.scenario")
@require_POST
def run(request: SignedIn, pk: int) -> HttpResponse:
    found = access.scenario(request.user, pk)
    _try(request, lambda: verbs.order(scenario=found, by=request.user, at=clock.now()))
    return redirect("benefits:scenario", pk)


@requires("benefits.scenario")
@require_POST
def copy(request: SignedIn, pk: int) -> HttpResponse:
    """A second one to change further."""
    found = access.scenario(request.user, pk)
    title = _("{title}（副本）").format(title=found.title)
    made = _try(request, lambda: verbs.copy(scenario=found, title=title, by=request.user, at=clock.now()))
    return redirect("benefits:scenario_changes", made.pk if made else pk)


@requires("benefits.scenario")
@require_POST
def remove(request: SignedIn, pk: int) -> HttpResponse:
    found = access.scenario(request.user, pk)
    try:
        verbs.remove(scenario=found, by=request.user, at=clock.now())
    except Refusal as refusal:
        messages.error(request, says(refusal))
        return redirect("benefits:scenario", pk)
    messages.success(request, _("已删除"))
    return redirect("benefits:scenarios")


def _try(request: SignedIn, verb: Any) -> Any:
    """A verb behind a button without a form: what it refuses is said on the next page."""
    try:
        return verb()
    except Refusal as refusal:
        messages.error(request, says(refusal))
        return None


@requires("benefits.scenario")
@require_safe
def compare(request: SignedIn) -> HttpResponse:
    """Two scenarios side by side, each against what stands."""
    done = Scenario.objects.within(request.user.area).filter(state=Scenario.State.DONE).select_related("area")
    offered = list(done.defer("result").order_by("-id")[:MOST_COMPARED])
    wanted = [request.GET.get(name, "") for name in ("a", "b")]
    chosen = [
        done.filter(pk=int(one)).first() if one.isascii() and one.isdigit() and len(one) < 10 else None
        for one in wanted
    ]
    one, other = chosen
    rows = []
    if one and other:
        pairs = zip(picturing.headline(one.result), picturing.headline(other.result), strict=True)
        rows = [{"label": a[0], "kind": a[1], "cells": [a[2], a[3], b[2], b[3]]} for a, b in pairs]
    return render(request, "benefits/scenario_compare.html", {
        "offered": offered, "one": one, "other": other, "rows": rows,
        "changes": [(made, picturing.changes(made)) for made in chosen if made],
        "least": one.result["least"] if one else None,
    })  # fmt: skip


@requires("benefits.scenario")
@require_safe
def export(request: SignedIn, pk: int) -> HttpResponse:
    """All figures as a workbook."""
    found = access.scenario(request.user, pk)
    if found.state != Scenario.State.DONE:
        messages.error(request, _("还没有结果，先开始测算"))
        return redirect("benefits:scenario", pk)
    buffer = io.BytesIO()
    scenario_export.write(buffer, found)
    trail.write("benefits.scenarios.export", about=found, by=request.user, at=clock.now())
    return HttpResponse(buffer.getvalue(), content_type=XLSX, headers={
        "Content-Disposition": content_disposition_header(True, f"{found.title}.xlsx") or "attachment",
    })  # fmt: skip


patterns = [
    path("scenarios/", scenarios, name="scenarios"),
    path("scenarios/new/", new, name="scenario_new"),
    path("scenarios/compare/", compare, name="scenario_compare"),
    path("scenarios/<int:pk>/", scenario, name="scenario"),
    path("scenarios/<int:pk>/changes/", changes, name="scenario_changes"),
    path("scenarios/<int:pk>/run/", run, name="scenario_run"),
    path("scenarios/<int:pk>/copy/", copy, name="scenario_copy"),
    path("scenarios/<int:pk>/remove/", remove, name="scenario_remove"),
    path("scenarios/<int:pk>/export/", export, name="scenario_export"),
]
