"""Why this one: one pair of a round, what it costs, who else could have been, and the office's hand."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.core import clock
from shuanglian.core.forms import says
from shuanglian.kernel.refusal import Refusal
from shuanglian.organisation.models import Cadre
from shuanglian.pairing import access, explaining, wording
from shuanglian.pairing.actions import rounds as verbs


@require_GET
@requires("pairing.view")
def pair(request: SignedIn, pk: int) -> HttpResponse:
    found = access.pair_to_see(request.user, pk)
    return render(request, "pairing/pair.html", {
        "pair": found, "round": found.round, "why": explaining.why(found), "reason": wording.reason(found.why),
        "band": wording.band_label(found.household.need_band), "km": wording.distance(found.km),
        "may_change": may(request.user, "pairing.propose") and found.round.is_open,
    })  # fmt: skip


@require_GET
@requires("pairing.view")
def link(request: SignedIn, pk: int) -> HttpResponse:
    """Why this unit for this village."""
    found = access.link_to_see(request.user, pk)
    return render(request, "pairing/link.html", {
        "link": found, "round": found.round, "why": explaining.why_link(found), "reason": wording.reason(found.why),
        "km": wording.distance(found.km), "may_change": may(request.user, "pairing.propose") and found.round.is_open,
    })  # fmt: skip


@require_POST
@requires("pairing.view", "pairing.propose")
def wish(request: SignedIn, pk: int) -> HttpResponse:
    """Pin or forbid this household's cadre (or another one named by number), with the reason."""
    found = access.pair_to_see(request.user, pk)
    access.round_to_change(request.user, found.round_id)
    number = request.POST.get("cadre", "").strip()
    cadre = Cadre.objects.within(found.round.area).filter(number=number).first() if number else found.cadre
    verb = verbs.pin if request.POST.get("kind") == "pin" else verbs.forbid
    if cadre is None:
        messages.error(request, _("本县没有这个编号"))
        return redirect("pairing:pair", pk)
    try:
        verb(round=found.round, cadre=cadre, household=found.household, why=request.POST.get("why", ""),
             by=request.user, at=clock.now())  # fmt: skip
        messages.success(request, _("已记下，重新计算后生效"))
    except Refusal as refusal:
        messages.error(request, says(refusal))
    return redirect("pairing:pair", pk)
