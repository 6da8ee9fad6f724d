"""Agreed by the family, judged by the unit, printed for signature; progress and reviews (PLAN-5)."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.attachments.answers import answer
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on, says, tell_errors
from shuanglian.kernel.refusal import Refusal
from shuanglian.plans import access, printing, wording
from shuanglian.plans.actions import plans as verbs
from shuanglian.plans.actions import progress as steps
from shuanglian.plans.forms import AgreeForm, ProgressForm, ReviewForm, WhyForm
from shuanglian.trail import trail


@requires("plans.view", "plans.write")
@require_http_methods(["GET", "HEAD", "POST"])
def agree(request: SignedIn, pk: int) -> HttpResponse:
    """What the family reads, and below it signs: on the screen, or on the printed paper that comes back as a scan."""
    plan = access.plan(request.user, pk, "plans.write")
    start = {"key": uuid4(), "shown": plan.digest, "on": clock.today(), "name": plan.household.head_name}
    form = AgreeForm(request.POST or None, request.FILES or None, initial=start)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        with refusals_on(form):
            verbs.agree(plan=plan, how=told["how"], image=form.image(), name=told["name"], on=told["on"],
                        shown=told["shown"], key=told["key"], by=request.user, at=clock.now())  # fmt: skip
            messages.success(request, _("农户已认可，内容指纹 {mark}。").format(mark=plan.mark))
            return redirect("plans:household", plan.household_id)
    return render(request, "plans/agree.html", {
        "plan": plan, "household": plan.household, "told": wording.shown(plan.content), "form": form,
    }, status=422 if form.is_bound else 200)  # fmt: skip


@requires("plans.view")
@require_safe
def agreement_file(request: SignedIn, pk: int) -> HttpResponse:
    """The signature or the signed paper, to whoever may see the plan."""
    return answer(access.agreement(request.user, pk).image)


@requires("plans.view", "plans.approve")
@require_POST
def approve(request: SignedIn, pk: int) -> HttpResponse:
    plan = access.plan(request.user, pk, "plans.approve")
    try:
        verbs.approve(plan=plan, shown=request.POST.get("shown", "")[:64], by=request.user, at=clock.now())
        messages.success(request, _("已审定。"))
    except Refusal as refusal:
        messages.error(request, says(refusal))
    return redirect("plans:household", plan.household_id)


@requires("plans.view", "plans.approve")
@require_POST
def send_back(request: SignedIn, pk: int) -> HttpResponse:
    plan = access.plan(request.user, pk, "plans.approve")
    form = WhyForm(request.POST)
    try:
        why = form.cleaned_data["why"] if form.is_valid() else ""
        verbs.send_back(plan=plan, shown=request.POST.get("shown", "")[:64], why=why, by=request.user, at=clock.now())
        messages.success(request, _("已退回，编制人会看到理由。"))
    except Refusal as refusal:
        messages.error(request, says(refusal))
    return redirect("plans:household", plan.household_id)


@requires("plans.view")
@require_safe
def pdf(request: SignedIn, pk: int) -> HttpResponse:
    """The form on A4, with the fingerprint that binds the signatures to it."""
    plan = access.plan(request.user, pk)
    response = HttpResponse(printing.pdf(plan), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="plan-{plan.household.number}-{plan.version}.pdf"'
    trail.write("plans.print", about=plan, by=request.user, at=clock.now(), digest=plan.digest)
    return response


@requires("plans.view", "plans.write")
@require_POST
def log(request: SignedIn, pk: int) -> HttpResponse:
    """So much of one measure is done."""
    line = access.measure(request.user, pk)
    form = ProgressForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            steps.log(plan_measure=line, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("已登记进展。"))
    tell_errors(request, form)
    return redirect("plans:household", line.plan.household_id)


@requires("plans.view", "plans.write")
@require_POST
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    found = access.progress(request.user, pk)
    form = WhyForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            steps.withdraw(progress=found, why=form.cleaned_data["why"], by=request.user, at=clock.now())
            messages.success(request, _("已撤回。"))
    tell_errors(request, form)
    return redirect("plans:household", found.measure.plan.household_id)


@requires("plans.view")
@require_POST
def review(request: SignedIn, pk: int) -> HttpResponse:
    """The yearly look at a plan: by its helper or by the unit."""
    plan = access.plan(request.user, pk)
    if not may(request.user, "plans.approve"):
        access.needs(request.user, "plans.write")
    form = ReviewForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            verbs.review(plan=plan, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("已登记回顾。"))
    tell_errors(request, form)
    return redirect("plans:household", plan.household_id)
