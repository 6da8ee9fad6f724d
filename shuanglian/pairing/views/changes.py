"""What is done to a round: solved, weighed, pinned, confirmed, published; and to pairs during the year."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shuanglian.accounts.rights import SignedIn, requires
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on, says, tell_errors, translated
from shuanglian.kernel.refusal import Refusal
from shuanglian.organisation.actions import cadres
from shuanglian.organisation.models import Cadre
from shuanglian.pairing import access, drawing
from shuanglian.pairing.actions import confirming, pairings, relatives, solving
from shuanglian.pairing.actions import rounds as verbs
from shuanglian.pairing.forms import (
    ConfirmForm,
    DayForm,
    EndForm,
    LeaveForm,
    RelativeForm,
    RepairForm,
    WeightsForm,
    WhyForm,
    WishForm,
)
from shuanglian.pairing.models import Round
from shuanglian.registry import access as registry_access


def to_tab(round: Round, tab: str = "") -> HttpResponse:
    address = reverse("pairing:round", args=[round.pk])
    return redirect(f"{address}?tab={tab}" if tab else address)


@require_POST
@requires("pairing.view", "pairing.propose")
def solve(request: SignedIn, pk: int) -> HttpResponse:
    found = access.round_to_change(request.user, pk)
    try:
        solving.order(round=found, by=request.user, at=clock.now())
    except Refusal as refusal:
        messages.error(request, says(refusal))
    return to_tab(found)


@require_POST
@requires("pairing.view", "pairing.propose")
def weights(request: SignedIn, pk: int) -> HttpResponse:
    """Keep the weights; the button says whether to solve again at once."""
    found = access.round_to_change(request.user, pk)
    form = WeightsForm(request.POST, round=found)
    if form.is_valid():
        with refusals_on(form):
            verbs.set_weights(round=found, weights=form.cleaned_data, by=request.user, at=clock.now())
            if "solve" in request.POST:
                solving.order(round=found, by=request.user, at=clock.now())
                return to_tab(found)
            messages.success(request, _("权重已保存，重新计算后生效"))
            return to_tab(found, "weights")
    context = {"round": found, "form": form, "may_change": True}
    return render(request, "pairing/weights.html", context, status=422)


@require_POST
@requires("pairing.view", "pairing.propose")
def day(request: SignedIn, pk: int) -> HttpResponse:
    found = access.round_to_change(request.user, pk)
    form = DayForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            verbs.set_day(round=found, on=form.cleaned_data["on"], by=request.user, at=clock.now())
            messages.success(request, _("生效日期已改，请重新计算"))
    tell_errors(request, form)
    return to_tab(found)


@require_POST
@requires("pairing.view", "pairing.propose")
def wish(request: SignedIn, pk: int) -> HttpResponse:
    found = access.round_to_change(request.user, pk)
    form = WishForm(request.POST, round=found)
    if form.is_valid():
        given = dict(form.cleaned_data)
        verb = verbs.pin if given.pop("kind") == "pin" else verbs.forbid
        with refusals_on(form):
            verb(round=found, by=request.user, at=clock.now(), **given)
            messages.success(request, _("已记下，重新计算后生效"))
    tell_errors(request, form)
    return to_tab(found, "wishes")


@require_POST
@requires("pairing.view", "pairing.propose")
def unwish(request: SignedIn, pk: int) -> HttpResponse:
    found = access.wish_to_change(request.user, pk)
    try:
        verbs.unwish(wish=found, by=request.user, at=clock.now())
    except Refusal as refusal:
        messages.error(request, says(refusal))
    return to_tab(found.round, "wishes")


@require_POST
@requires("pairing.view", "pairing.propose", "organisation.edit")
def leave(request: SignedIn, pk: int) -> HttpResponse:
    """Set a cadre on leave without leaving the proposal."""
    found = access.round_to_change(request.user, pk)
    form = LeaveForm(request.POST, round=found)
    if form.is_valid():
        with refusals_on(form):
            cadre: Cadre = form.cleaned_data["cadre"]
            verbs.note_change(round=found, what=f"leave:{cadre.number}", by=request.user, at=clock.now())
            cadres.set_away(by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("{name} 已登记离岗，重新计算后不再安排").format(name=cadre.name))
    tell_errors(request, form)
    return to_tab(found, "wishes")


@require_POST
@requires("pairing.view", "pairing.propose")
def discard(request: SignedIn, pk: int) -> HttpResponse:
    found = access.round_to_change(request.user, pk)
    try:
        verbs.discard(round=found, by=request.user, at=clock.now())
    except Refusal as refusal:
        messages.error(request, says(refusal))
        return to_tab(found)
    messages.success(request, _("“{name}”已放弃").format(name=found.name))
    return redirect("pairing:rounds")


@require_http_methods(["GET", "POST"])
@requires("pairing.view", "pairing.confirm")
def confirm(request: SignedIn, pk: int) -> HttpResponse:
    """The second person looks at the figures and the warnings, and confirms in his own name (four eyes)."""
    found = verbs.settled(access.round_to_confirm(request.user, pk))
    form = ConfirmForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            confirming.confirm(round=found, by=request.user, at=clock.now())
            messages.success(request, _("已确认。新的结对从 {on} 起生效").format(on=found.on))
            return to_tab(found)
    changes = solving.changes_since(found) if found.state == Round.State.PROPOSED else None
    return render(request, "pairing/confirm.html", {
        "round": found, "form": form, "totals": found.totals, "notes": drawing.notes(found.totals), "changes": changes,
        "change_lines": [translated(line) for line in changes.lines] if changes else [],
        "own_hand": request.user.pk in confirming.hands_in(found),
        "leaders": found.leaders.select_related("leader", "township").order_by("area_code", "change", "leader__number"),
    })  # fmt: skip


@require_POST
@requires("pairing.view", "pairing.publish")
def publish(request: SignedIn, pk: int) -> HttpResponse:
    found = access.round_to_publish(request.user, pk)
    try:
        confirmed = confirming.publish(round=found, by=request.user, at=clock.now())
    except Refusal as refusal:
        messages.error(request, says(refusal))
        return to_tab(found)
    messages.success(request, _("已公布。公示名单正在生成"))
    return redirect("jobs:detail", confirmed.job_id)


# ---- during the year -------------------------------------------------------------------------------------------------
@require_POST
@requires("pairing.view", "pairing.propose")
def repair(request: SignedIn, code: str) -> HttpResponse:
    """Work out new persons for what must move; the rest stays."""
    area = access.county_to_pair(request.user, code)
    form = RepairForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            on = form.cleaned_data["on"]
            return to_tab(pairings.repair(area=area, on=on, by=request.user, at=clock.now()))
    tell_errors(request, form)
    return redirect("pairing:rounds")


@require_http_methods(["GET", "POST"])
@requires("pairing.view", "pairing.propose")
def end(request: SignedIn, pk: int) -> HttpResponse:
    """End one pair with a reason."""
    found = access.pairing_to_change(request.user, pk)
    form = EndForm(request.POST or None, initial={"on": clock.today()})
    if form.is_valid():
        with refusals_on(form):
            pairings.end(pairing=found, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("已解除，请尽快为该户另行安排"))
            return redirect("registry:household", found.household_id)
    return render(request, "pairing/end.html", {"pairing": found, "form": form})


@require_http_methods(["GET", "POST"])
@requires("registry.view", "pairing.view", "pairing.propose")
def declare(request: SignedIn, pk: int) -> HttpResponse:
    """Declare that a cadre and a household are related."""
    household = registry_access.household(request.user, pk)
    form = RelativeForm(request.POST or None)
    if form.is_valid():
        cadre = Cadre.objects.within(request.user.area).filter(number=form.cleaned_data["cadre"]).first()
        if cadre is None:
            form.add_error("cadre", _("本区域没有这个编号"))
        else:
            relatives.declare(cadre=cadre, household=household, note=form.cleaned_data["note"], on=clock.today(),
                              by=request.user, at=clock.now())  # fmt: skip
            messages.success(request, _("已登记。若现由该干部负责，请重新安排"))
            return redirect("registry:household", household.pk)
    return render(request, "pairing/declare.html", {"household": household, "form": form})


@require_POST
@requires("pairing.view", "pairing.propose")
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    found = access.relative_to_change(request.user, pk)
    form = WhyForm(request.POST)
    if form.is_valid():
        relatives.withdraw(relative=found, why=form.cleaned_data["why"], by=request.user, at=clock.now())
    tell_errors(request, form)
    return redirect("registry:household", found.household_id)
