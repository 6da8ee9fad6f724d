"""Leaders and townships: shown, proposed, changed by hand; a second person confirms them with the round (PAIR-7)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.core import clock, profile
from shuanglian.core.forms import refusals_on, says, tell_errors
from shuanglian.kernel.refusal import Refusal
from shuanglian.pairing import access, queries
from shuanglian.pairing.actions import leaders as verbs
from shuanglian.pairing.actions import rounds
from shuanglian.pairing.forms import LeaderForm
from shuanglian.pairing.models import Round

from .changes import to_tab


def context(request: SignedIn, round: Round) -> dict[str, Any]:
    """The townships with their leaders, who else could be one, and the form to add one."""
    rules = profile.active().on(round.on).pairing.leaders
    rule = rules.get("county") or next(iter(rules.values()), None)
    rows = verbs.wanted(area=round.area, on=round.on, rule=rule) if rule else []
    found = verbs.candidates(area=round.area, on=round.on, rule=rule) if rule else []
    links = queries.leaders_of(round=round)
    return {
        "townships": [{"place": row, "links": links.get(row.area.pk, [])} for row in rows],
        "candidates": len(found), "form": LeaderForm(round=round),
        "may_propose_leaders": may(request.user, "pairing.propose") and round.state in rounds.IN_WORK,
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
            messages.success(request, _("已列入方案，复核确认后生效"))
    tell_errors(request, form)
    return to_tab(found, "leaders")


@require_POST
@requires("pairing.view", "pairing.propose")
def assign(request: SignedIn, pk: int) -> HttpResponse:
    found = access.round_to_change(request.user, pk)
    try:
        done = verbs.assign(round=found, by=request.user, at=clock.now())
        words = _("保留 {kept}，新联系 {begun}，结束 {ended}，仍缺 {vacant}；复核确认后生效")
        messages.success(request, words.format(**done))
    except Refusal as refusal:
        messages.error(request, says(refusal))
    return to_tab(found, "leaders")


@require_POST
@requires("pairing.view", "pairing.propose")
def unlink(request: SignedIn, pk: int) -> HttpResponse:
    """Take one off: a standing link is to end with the round, a proposed one is dropped."""
    found = access.round_to_change(request.user, pk)
    form = LeaderForm(request.POST, round=found)
    if form.is_valid():
        with refusals_on(form):
            verbs.unlink(round=found, by=request.user, at=clock.now(), **form.cleaned_data)
    tell_errors(request, form)
    return to_tab(found, "leaders")
