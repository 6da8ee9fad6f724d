"""What is done with a village's plan: submitted, agreed by the meeting, approved or sent back; what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, requires
from shuanglian.attachments.actions import attachments
from shuanglian.attachments.answers import answer
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on, says, tell_errors
from shuanglian.kernel.refusal import Refusal
from shuanglian.plans import access, village_queries
from shuanglian.plans.actions import villages as verbs
from shuanglian.plans.actions.villages import Meeting
from shuanglian.plans.forms import WhyForm
from shuanglian.plans.models import VillagePlan
from shuanglian.plans.village_drafts import HORIZON, YEARLY
from shuanglian.plans.village_forms import MeetingForm, ResultForm

from .village import address, page


def _done(request: SignedIn, plan: VillagePlan, verb: Callable[..., Any], said: str, **more: Any) -> HttpResponse:
    try:
        verb(plan=plan, shown=request.POST.get("shown", "")[:64], by=request.user, at=clock.now(), **more)
        messages.success(request, said)
    except Refusal as refusal:
        messages.error(request, says(refusal))
    return redirect(address(plan))


@requires("plans.view", "plans.village")
@require_POST
def submit(request: SignedIn, pk: int) -> HttpResponse:
    plan = access.village_plan(request.user, pk, "plans.village")
    return _done(request, plan, verbs.submit, _("已提交，等村民会议。"))


@requires("plans.view", "plans.village")
@require_POST
def agree(request: SignedIn, pk: int) -> HttpResponse:
    """The meeting's numbers or minutes are written down."""
    plan = access.village_plan(request.user, pk, "plans.village")
    form = MeetingForm(request.POST, request.FILES)
    if form.is_valid():
        told = form.cleaned_data
        meeting = Meeting(told["on"], told["entitled"], told["present"], told["in_favour"], told["against"],
                          attachments.bytes_of(told["scan"]) if told["scan"] else b"")  # fmt: skip
        with refusals_on(form):
            verbs.agree(plan=plan, meeting=meeting, shown=told["shown"], by=request.user, at=clock.now())
            messages.success(request, _("已登记：村民会议通过。"))
            return redirect(address(plan))
    if village_queries.plan_of(plan.village, plan.series) != plan:  # a newer version: nothing to try again
        tell_errors(request, form)
        return redirect(address(plan))
    for error in form.non_field_errors():
        messages.error(request, str(error))
    return page(request, plan.village, YEARLY if plan.series else HORIZON, plan.series, form)  # what was typed stays


@requires("plans.view", "plans.endorse")
@require_POST
def approve(request: SignedIn, pk: int) -> HttpResponse:
    return _done(request, access.village_plan_to_judge(request.user, pk), verbs.approve, _("已审定。"))


@requires("plans.view", "plans.endorse")
@require_POST
def send_back(request: SignedIn, pk: int) -> HttpResponse:
    form = WhyForm(request.POST)
    why = form.cleaned_data["why"] if form.is_valid() else ""
    return _done(request, access.village_plan_to_judge(request.user, pk), verbs.send_back,
                 _("已退回，村里会看到理由。"), why=why)  # fmt: skip


@requires("plans.view")
@require_safe
def minutes(request: SignedIn, pk: int) -> HttpResponse:
    """The scanned minutes, to whoever may see the plan."""
    act = access.village_minutes(request.user, pk)
    assert act.image is not None
    return answer(act.image)


@requires("plans.view", "plans.village")
@require_POST
def log(request: SignedIn, pk: int) -> HttpResponse:
    """How far one line is."""
    line = access.village_line(request.user, pk)
    form = ResultForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            verbs.log(line=line, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("已登记进展。"))
    tell_errors(request, form)
    return redirect(address(line.plan))
