"""Rounds: every policy asked of every family of an area on a day; started here, kept with what they found (BEN-8)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.benefits import access, catalogue, queries
from shuanglian.benefits.actions import rounds as verbs
from shuanglian.benefits.due_forms import RoundForm
from shuanglian.benefits.models import Round
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on
from shuanglian.core.paging import keyset
from shuanglian.jobs.models import Job


@requires("benefits.view")
@require_http_methods(["GET", "HEAD", "POST"])
def rounds(request: SignedIn) -> HttpResponse:
    """All rounds of the reader's area, and the form that starts one."""
    may_find = may(request.user, "benefits.find")
    if request.method == "POST":
        access.needs(request.user, "benefits.find")
    start = {"area": request.user.area, "on": clock.today()}
    form = RoundForm(request.POST or None, seen_by=request.user, initial=start) if may_find else None
    if form is not None and form.is_valid():
        with refusals_on(form):
            told = form.cleaned_data
            made = verbs.start(area=told["area"], on=told["on"], by=request.user, at=clock.now())
            messages.success(request, _("核查已开始，完成后这里显示结果。"))
            return redirect("benefits:round", made.pk)
    page = keyset(queries.rounds(seen_by=request.user), order=("-id",), after=request.GET.get("after"), size=30)
    return render(request, "benefits/rounds.html", {
        "page": page, "rows": [(one, state_of(one)) for one in page.rows], "form": form,
    })  # fmt: skip


def state_of(made: Round) -> tuple[str, Any]:
    """(badge, words): a round whose work was cancelled or failed says so, also where it could not write it down."""
    job = made.job
    if made.state != Round.State.DONE and job is not None and job.state in (Job.State.CANCELLED, Job.State.FAILED):
        return job.state, job.get_state_display()
    if made.state == Round.State.WAITING and job is not None and job.state == Job.State.RUNNING:
        return Round.State.RUNNING, Round.State.RUNNING.label
    return made.state, made.get_state_display()


@requires("benefits.view")
@require_safe
def round_page(request: SignedIn, pk: int) -> HttpResponse:
    """One round: how far it is, or what it found, benefit by benefit."""
    made = access.a_round(request.user, pk)
    figures = made.figures if made.state == Round.State.DONE else None
    rows = _rows(figures["benefits"]) if figures else []
    return render(request, "benefits/round.html", {
        "round": made, "state": state_of(made), "figures": figures, "rows": rows,
        "total": sum((row["yuan"] for row in rows), Decimal(0)),
        "own_job": made.job if made.job and made.job.by_id == request.user.pk else None,
        "seconds": (made.job.finished_at - made.job.started_at).total_seconds()
        if made.job and made.job.finished_at and made.job.started_at else None,
    })  # fmt: skip


def _rows(told: dict[str, Any]) -> list[dict[str, Any]]:
    """Benefits in the order of the catalogue, then those no longer known; those nobody gets or asks about too."""
    order = {code: place for place, code in enumerate(catalogue.benefits())}
    rows = []
    for code in sorted(told, key=lambda one: order.get(one, len(order))):
        one, known = told[code], catalogue.benefit(code)
        rows.append({
            "code": code, "title": catalogue.title(code), "department": catalogue.department(known.department)
            if known else "", "granted": one.get("granted", 0), "ask": one.get("ask", 0), "known": known is not None,
            "incomplete": one.get("incomplete", 0), "yuan": Decimal(one.get("yuan") or 0),
            "money": known is not None and known.pays == "money",
        })  # fmt: skip
    return rows


patterns: list[Any] = [
    path("checks/", rounds, name="rounds"),
    path("checks/<int:pk>/", round_page, name="round"),
]
