"""Leaders and townships: shown, assigned, changed by hand (PAIR-7)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.core import clock, profile
from shuanglian.core.forms import refusals_on, says
from shuanglian.kernel.refusal import Refusal
from shuanglian.pairing import access, queries
from shuanglian.pairing.actions import leaders as verbs
from shuanglian.pairing.forms import LeaderForm
from shuanglian.pairing.models import LeaderLink, Round

from .changes import to_tab, told


def context(request: SignedIn, round: Round) -> dict[str, Any]:
    """The townships with their leaders, who else could be one, and the form to add one."""
    rules = profile.active().on(round.on).pairing.leaders
    rule = rules.get("county") or next(iter(rules.values()), None)
    rows = verbs.wanted(area=round.area, on=round.on, rule=rule) if rule else []
    links: dict[int, list[LeaderLink]] = {}
    for link in queries.leaders_of(area=round.area):
        links.setdefault(link.township_id, []).append(link)
    found = verbs.candidates(area=round.area, on=round.on, level=rule.level) if rule else []
    return {
        "townships": [{"place": row, "links": links.get(row.area.pk, [])} for row in rows],
        "candidates": len(found), "form": LeaderForm(round=round),
        "may_propose_leaders": may(request.user, "pairing.propose") and round.state != Round.State.DISCARDED,
    }  # fmt: skip


@require_POST
@requires("pairing.view", "pairing.propose")
def leaders(request: SignedIn, pk: int) -> HttpResponse:
    """Add one by hand."""
    found = access.round_to_change(request.user, pk)
    form = LeaderForm(request.POST, round=found)
    if form.is_valid():
        with refusals_on(form):
            verbs.link(round=found, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("已增加"))
    told(request, form)
    return to_tab(found, "leaders")


@require_POST
@requires("pairing.view", "pairing.propose")
def assign(request: SignedIn, pk: int) -> HttpResponse:
    found = access.round_to_change(request.user, pk)
    done = verbs.assign(round=found, by=request.user, at=clock.now())
    messages.success(request, _("保留 {kept}，新联系 {begun}，结束 {ended}，仍缺 {vacant}").format(**done))
    return to_tab(found, "leaders")


@require_POST
@requires("pairing.view", "pairing.propose")
def end(request: SignedIn, pk: int) -> HttpResponse:
    link = access.leader_link_to_change(request.user, pk)
    try:
        verbs.end(link=link, on=clock.today(), by=request.user, at=clock.now())
    except Refusal as refusal:
        messages.error(request, says(refusal))
    number = request.POST.get("round", "")
    if number.isdecimal() and len(number) < 18:
        return to_tab(get_object_or_404(access.rounds_seen_by(request.user), pk=int(number)), "leaders")
    return redirect("pairing:rounds")
