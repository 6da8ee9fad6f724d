"""The democratic evaluation on one page: who came, each household's votes, minutes, photo (REG-4)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shuanglian.accounts.rights import SignedIn, requires
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on
from shuanglian.core.profile import language
from shuanglian.procedures import access, facts, queries, rules
from shuanglian.procedures.actions import meetings
from shuanglian.procedures.actions.meetings import Sitting, Votes
from shuanglian.procedures.forms import MeetingForm
from shuanglian.procedures.models import Case, CaseList
from shuanglian.rules.procedures import Step


@requires("procedures.act")
def of_list(request: SignedIn, pk: int, step: str) -> HttpResponse:
    """All cases of a list in one sitting."""
    of = access.case_list(request.user, pk, "procedures.act")
    cases = list(queries.cases_of(of).filter(step=step).select_related("area", "edition").order_by("pk"))
    return _meeting(request, cases, step, of=of)


@requires("procedures.act")
def of_case(request: SignedIn, pk: int, step: str) -> HttpResponse:
    case = access.case(request.user, pk, "procedures.act")
    return _meeting(request, [case] if case.step == step else [], step)


def _meeting(request: SignedIn, cases: list[Case], step: str, of: CaseList | None = None) -> HttpResponse:
    if not cases:
        raise Http404
    at_step = rules.of_case(cases[0]).step(step)
    if at_step.kind != "evaluation" or len({case.area_id for case in cases}) > 1:
        raise Http404
    form = MeetingForm(request.POST or None, request.FILES or None, at_step, clock.today())
    votes = _votes(request, cases) if request.method == "POST" else {}
    if form.is_valid():
        with refusals_on(form):
            _record(request, form, cases, at_step, votes, of)
            return redirect("procedures:list", of.pk) if of else redirect("procedures:case", cases[0].pk)
    shown = [{"case": case, "votes": votes.get(case.pk)} for case in cases]
    return render(request, "procedures/meeting.html", {
        "form": form, "cases": shown, "step": at_step, "label": at_step.label.in_(language()), "list": of,
        "case": cases[0], "quorum": at_step.shape.quorum, "majority": at_step.shape.majority,
    }, status=400 if form.errors else 200)  # fmt: skip


def _votes(request: SignedIn, cases: list[Case]) -> dict[int, Votes]:
    """The votes written beside each case; a case without any was not put to the vote."""

    def number(name: str) -> int:
        text = request.POST.get(name, "").strip()
        return int(text) if text.isdecimal() and len(text) < 6 else 0

    return {
        case.pk: Votes(number(f"for_{case.pk}"), number(f"against_{case.pk}"), number(f"abstained_{case.pk}"))
        for case in cases
        if request.POST.get(f"for_{case.pk}", "").strip()
    }


def _record(
    request: SignedIn, form: MeetingForm, cases: list[Case], step: Step, votes: dict[int, Votes], of: CaseList | None
) -> None:
    sitting: dict[str, Any] = form.sitting(cases[0].area)
    _held, moved = meetings.decide(
        step=step.code, sitting=Sitting(**sitting), votes=votes, on=form.cleaned_data["on"], by=request.user,
        at=clock.now(), papers=form.papers(), of=of,
    )  # fmt: skip
    lost = sum(case.stand == Case.Stand.REFUSED for case in moved.done)
    said = _("已登记评议会：{passed} 户通过，{lost} 户未通过")
    messages.success(request, said.format(passed=len(moved.done) - lost, lost=lost))


@requires("procedures.view")
@require_safe
def meeting(request: SignedIn, pk: int) -> HttpResponse:
    """A sitting as it was recorded."""
    held = access.evaluation(request.user, pk)
    papers = facts.papers_of(f"procedures.evaluation:{held.pk}")
    return render(request, "procedures/meeting_held.html", {
        "held": held, "votes": held.votes.select_related("case").order_by("case"), "room": "lists",
        "papers": [one for some in papers.values() for one in some],
    })  # fmt: skip


patterns = [
    path("lists/<int:pk>/<slug:step>/meeting/", of_list, name="meeting_list"),
    path("cases/<int:pk>/<slug:step>/meeting/", of_case, name="meeting_case"),
    path("meetings/<int:pk>/", meeting, name="meeting"),
]
