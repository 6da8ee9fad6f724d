"""The visitor's pages, made for a phone: my list, the form at the door; and one visit with its evidence."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.areas.models import Area
from shuanglian.attachments.actions import attachments
from shuanglian.attachments.answers import answer
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on, says
from shuanglian.kernel.refusal import Refusal
from shuanglian.lookback import access, queries, wording
from shuanglian.lookback.actions import visits as verbs
from shuanglian.lookback.forms import VisitForm, WhyForm, local_now
from shuanglian.lookback.models import Visit

MOST = 400


@require_safe
@requires("lookback.view")
def mine(request: SignedIn) -> HttpResponse:
    """Whom I must visit, those not visited first; whom I must check again."""
    campaign = queries.running_for(request.user)
    rows = list(queries.mine(seen_by=request.user, campaign=campaign)[: MOST + 1]) if campaign else []
    villages = {one.code: one.name for one in Area.objects.current().filter(code__in={row.area_code for row in rows})}
    return render(request, "lookback/mine.html", {
        "campaign": campaign, "rows": [(row, villages.get(row.area_code, "")) for row in rows[:MOST]],
        "more": len(rows) > MOST, "todo": sum(row.visited_on is None for row in rows),
        "again": list(queries.to_recheck(seen_by=request.user, campaign=campaign)[:MOST]) if campaign else [],
        "left": (campaign.until - clock.today()).days + 1 if campaign else 0,
        "may_visit": may(request.user, "lookback.visit"),
    })  # fmt: skip


@require_safe
@requires("lookback.view")
def assignment(request: SignedIn, assignment_id: int) -> HttpResponse:
    """One household in the campaign: first visit and re-check side by side."""
    found = access.assignment_to_see(request.user, assignment_id)
    seen = access.visits_seen_by(request.user).filter(assignment=found).select_related("by")
    drawn = access.drawn_seen_by(request.user).filter(assignment=found).exists()
    village = Area.objects.current().filter(code=found.area_code).select_related("parent").first()
    return render(request, "lookback/assignment.html", {
        "assignment": found, "campaign": found.campaign, "village": village, "drawn": drawn,
        "visits": [wording.told(visit) for visit in seen],
        "may_visit": may(request.user, "lookback.visit") and not found.visited_on,
        "may_recheck": drawn and may(request.user, "lookback.recheck") and not found.rechecked,
    })  # fmt: skip


@requires("lookback.view", "lookback.visit")
def first(request: SignedIn, assignment_id: int) -> HttpResponse:
    """The form at the door."""
    return _record(request, assignment_id, Visit.Role.FIRST)


@requires("lookback.view", "lookback.recheck")
def recheck(request: SignedIn, assignment_id: int) -> HttpResponse:
    """The same form for the level above; it does not show what the first visit found."""
    return _record(request, assignment_id, Visit.Role.RECHECK)


def _record(request: SignedIn, assignment_id: int, role: str) -> HttpResponse:
    found = access.assignment_to_visit(request.user, assignment_id, role)
    at = clock.now()
    form = VisitForm(
        request.POST or None, request.FILES or None, assignment=found, initial={"visited_at": local_now(at)}
    )
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            kept = verbs.record(assignment=found, role=role, by=request.user, at=at, **form.told())
            messages.success(request, _("已登记：%(name)s") % {"name": found.name})
            return redirect("lookback:mine") if role == Visit.Role.FIRST else redirect("lookback:seen", kept.pk)
    return render(request, "lookback/visit_form.html", {
        "assignment": found, "form": form, "role": role, "campaign": found.campaign,
        "village": Area.objects.current().filter(code=found.area_code).first(),
    })  # fmt: skip


@require_safe
@requires("lookback.view")
def visit(request: SignedIn, visit_id: int) -> HttpResponse:
    """One visit: finding, answers, evidence, doubts, and what became of it."""
    found = access.visit_to_see(request.user, visit_id)
    return render(request, "lookback/visit.html", _shown(request, found, WhyForm()))


def _shown(request: SignedIn, found: Visit, form: WhyForm) -> dict[str, Any]:
    handles = may(request.user, "lookback.run") and found.by_id != request.user.pk
    return {
        "told": wording.told(found), "visit": found, "campaign": found.campaign, "form": form,
        "case_href": wording.case_href(found),
        "may_handle": handles and found.state == Visit.State.WAITING,
        "own": found.by_id == request.user.pk and found.state == Visit.State.WAITING,
    }  # fmt: skip


@require_safe
@requires("lookback.view")
def photo(request: SignedIn, visit_id: int) -> HttpResponse:
    """The photo of a visit, to whoever may see the visit."""
    found = access.visit_to_see(request.user, visit_id)
    kept = attachments.of(found).filter(purpose="visit").first()
    if kept is None:
        raise Http404
    return answer(kept)


@require_POST
@requires("lookback.view", "lookback.run")
def confirm(request: SignedIn, visit_id: int) -> HttpResponse:
    """The township stands by a finding."""
    found = access.visit_to_handle(request.user, visit_id)
    try:
        verbs.confirm(visit=found, by=request.user, at=clock.now(), note=request.POST.get("note", "")[:200])
        messages.success(request, _("已确认。"))
    except Refusal as refusal:
        messages.error(request, says(refusal))
    return redirect("lookback:seen", found.pk)


@require_POST
@requires("lookback.view", "lookback.run")
def reject(request: SignedIn, visit_id: int) -> HttpResponse:
    """The township does not take a finding over, and says why."""
    found = access.visit_to_handle(request.user, visit_id)
    form = WhyForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            verbs.reject(visit=found, why=form.cleaned_data["why"], by=request.user, at=clock.now())
            messages.success(request, _("已登记为未采纳。"))
            return redirect("lookback:seen", found.pk)
    return render(request, "lookback/visit.html", _shown(request, found, form))
