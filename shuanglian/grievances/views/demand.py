"""One demand: what was asked, where it stands and why, its answers, its whole story, and what can be done (VOICE-3)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.attachments import answers as files
from shuanglian.attachments.actions.attachments import of
from shuanglian.core import clock, profile
from shuanglian.grievances import access, hooks, queries, wording
from shuanglian.grievances import forms as shapes
from shuanglian.grievances.access import VIEW
from shuanglian.grievances.actions import filing
from shuanglian.grievances.holders import Ground
from shuanglian.grievances.models import Demand
from shuanglian.trail import trail


@require_safe
@requires(VIEW)
def page(request: SignedIn, demand_id: int) -> HttpResponse:
    return shown(request, access.demand_to_see(request.user, demand_id))


def shown(request: SignedIn, demand: Demand, *, reveal: bool = False, **bound: Any) -> HttpResponse:
    """The page, with forms that were refused in place of empty ones."""
    today, user = clock.today(), request.user
    told = {
        "demand": demand, "today": today, "reveal": reveal,
        "holder": wording.holder(demand), "left": wording.left(demand, today),
        "category": wording.category(demand.category), "rung": wording.rung(demand.rung),
        "never": wording.never(demand.never) if demand.never else "", "asker": wording.asker(demand),
        "urgent": wording.urgency(demand.urgent) if demand.urgent else "",
        "files": list(of(demand).filter(gone_at=None)), "replies": _replies(demand), "steps": _steps(demand),
        "joined": list(demand.joined.select_related("household")[:200]) if demand.people > 1 else [],
        **_forms(request, demand, bound),
    }  # fmt: skip
    if access.joins(user, demand):
        found = queries.alike(village=demand.village, text=demand.text, on=demand.on, but=[demand.pk])
        seen = set(
            access.demands_seen_by(user).filter(pk__in=[one.pk for one, _share in found]).values_list("pk", flat=True)
        )
        told["alike"] = [(one, round(share * 100)) for one, share in found if one.pk in seen]
    if told["holds"]:
        told["matters"] = [(one, one.start(demand)) for one in hooks.matters() if may(user, one.permission)]
        told |= _file_changes(request, demand)
    status = 422 if any(form.errors for form in bound.values()) else 200
    return render(request, "grievances/demand.html", told, status=status)


def _file_changes(request: SignedIn, demand: Demand) -> dict[str, Any]:
    """Cases of the household that the demand can wait for, and the way to open one."""
    waits = set(filing.waits_for(demand))
    cases = [(one, f"{filing.MATTER}:{one.pk}" in waits) for one in filing.cases_of(demand)]
    opens = demand.household_id is not None and may(request.user, "procedures.act")
    return {"file_cases": cases, "opens_file": opens}


def _replies(demand: Demand) -> list[Any]:
    rows = queries.replies(demand)
    return [(one, list(of(one.answer).filter(gone_at=None))) for one in rows]


def _steps(demand: Demand) -> list[Any]:
    rows = demand.steps.select_related("by").order_by("id")
    return [(one, wording.rung(one.rung), wording.rung(one.to_rung)) for one in rows]


def _forms(request: SignedIn, demand: Demand, bound: dict[str, Any]) -> dict[str, Any]:
    """The forms of what this reader may do now; what he may not do has none."""
    user, is_open = request.user, demand.state == Demand.State.OPEN
    holds = is_open and access.holds(user, demand)
    directs = holds or (is_open and may(user, access.HANDLE) and access.stands_above(user, demand))
    takes = may(user, access.HANDLE) or may(user, access.TAKE)
    told: dict[str, Any] = {"holds": holds, "directs": directs}
    ground = Ground([demand], clock.today()) if directs else None
    ladder = profile.active().grievances.ladder
    if holds and ground is not None:
        above = ladder.above(ground.path(demand), demand.rung)
        where = ground.holder(demand, above) if above else None
        told |= {
            "solved": bound.get("solved") or shapes.SolvedForm(), "note": bound.get("note") or shapes.NoteForm(),
            "explained": bound.get("explained") or shapes.ExplainedForm(appeal=where.name if where else ""),
            "up": (bound.get("up") or shapes.UpForm()) if where else None, "above": where,
            "sort": bound.get("sort") or shapes.SortForm(demand=demand),
        }  # fmt: skip
    if ground is not None and (below := [one.code for one in ladder.below(ground.path(demand), demand.rung)]):
        told["back"] = bound.get("back") or shapes.BackForm(below=below)
    if directs and demand.department:
        told["move"] = bound.get("move") or shapes.MoveForm(demand=demand)
    newest = queries.replies(demand)[:1] if demand.state == Demand.State.ANSWERED else []
    if newest and takes:
        untold = newest[0].told_at is None
        told["tell"] = (bound.get("tell") or shapes.TellForm()) if untold else None
        told["word"] = (bound.get("word") or shapes.WordForm()) if not untold else None
    if demand.state == Demand.State.JOINED and may(user, access.HANDLE):
        told["part"] = bound.get("part") or shapes.WhyForm(prefix="part")
    return told


@require_safe
@requires(VIEW)
def file(request: SignedIn, demand_id: int, file_id: int) -> HttpResponse:
    """A photo or scan of the demand or of one of its answers."""
    demand = access.demand_to_see(request.user, demand_id)
    owners = [demand, *(one.answer for one in queries.replies(demand))]
    for owner in owners:
        if (found := of(owner).filter(pk=file_id, gone_at=None).first()) is not None:
            return files.answer(found)
    raise Http404


@require_POST
@requires(VIEW)
def phone(request: SignedIn, demand_id: int) -> HttpResponse:
    """The number somebody left: shown to whoever handles it, and the look is told in the trail (REG-1)."""
    demand = access.demand_to_handle(request.user, demand_id)
    trail.look("demand_phone", about=demand, by=request.user, at=clock.now())
    return shown(request, demand, reveal=True)
