"""Who has whom: lists by person, households put on another list, claimants added."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.models import User
from shuanglian.accounts.rights import SignedIn, requires
from shuanglian.areas.models import Area, below
from shuanglian.core import clock, profile
from shuanglian.core.forms import says
from shuanglian.core.paging import keyset
from shuanglian.kernel.refusal import Refusal
from shuanglian.lookback import access, queries
from shuanglian.lookback.actions import assignments as verbs
from shuanglian.lookback.forms import ClaimForm, ReassignForm
from shuanglian.organisation.queries import visible_cadres

from .campaigns import frame


@require_safe
@requires("lookback.view", "lookback.run")
def lists(request: SignedIn, campaign_id: int) -> HttpResponse:
    """Lists by person; those of one person or of nobody opened, to tick and put elsewhere."""
    return _show(request, campaign_id, None, ClaimForm())


def _show(request: SignedIn, campaign_id: int, form: ReassignForm | None, claim_form: ClaimForm) -> HttpResponse:
    campaign = access.campaign_to_run(request.user, campaign_id)
    area = access.area_in(request.user, campaign, request.GET.get("area"))
    rows = queries.rows_of(campaign, area).filter(visited_on=None).select_related("cadre", "user")
    who = request.GET.get("who", "nobody")
    if who == "nobody":
        rows = rows.filter(queries.NOBODY)
    elif who[:1] == "c" and who[1:].isdecimal():
        rows = rows.filter(cadre_id=int(who[1:]))
    elif who[:1] == "u" and who[1:].isdecimal():
        rows = rows.filter(user_id=int(who[1:]))
    return render(request, "lookback/lists.html", {
        **frame(request, campaign, area, "lists"), "people": queries.lists(campaign, area), "who": who,
        "page": keyset(rows, order=("area_code", "number", "id"), after=request.GET.get("after")),
        "form": form or ReassignForm(**_choosable(request)), "claim_form": claim_form,
        "most": profile.active().lookback.kinds[campaign.kind].most,
        "below": queries.below(campaign, area), "is_village": area.level == Area.Level.VILLAGE,
    })  # fmt: skip


def _choosable(request: SignedIn) -> dict[str, object]:
    roles = [code for code, role in profile.active().roles.items() if "lookback.visit" in role.may]
    prefix = request.user.area.prefix if request.user.area else "-"
    users = User.objects.filter(below(prefix, "area__code"), is_active=True, role__in=roles)
    return {"cadres": visible_cadres(seen_by=request.user).filter(until=None), "users": users}


@require_POST
@requires("lookback.view", "lookback.run")
def reassign(request: SignedIn, campaign_id: int) -> HttpResponse:
    """Put the ticked households on another list."""
    campaign = access.campaign_to_run(request.user, campaign_id)
    form = ReassignForm(request.POST, **_choosable(request))
    picked = [int(pk) for pk in request.POST.getlist("rows") if pk.isdecimal()]
    rows = list(access.assignments_seen_by(request.user).filter(campaign=campaign, pk__in=picked))
    if not form.is_valid() or not rows:
        messages.error(request, _("请勾选要调整的户，并填写核查人和原因。"))
    else:
        try:
            moved = verbs.reassign(campaign=campaign, rows=rows, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, ngettext("已调整 %(n)s 户。", "已调整 %(n)s 户。", moved) % {"n": moved})
        except Refusal as refusal:
            messages.error(request, says(refusal))
    return redirect(f"{reverse('lookback:lists', args=[campaign.pk])}?{request.GET.urlencode()}")


@require_POST
@requires("lookback.view", "lookback.visit")
def claim(request: SignedIn, campaign_id: int) -> HttpResponse:
    """Put somebody who is not on the register on a list; the village's own account may do it, too."""
    campaign = access.campaign_to_see(request.user, campaign_id)
    area = access.area_in(request.user, campaign, request.GET.get("area"))
    form = ClaimForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请填写姓名和理由。"))
    else:
        try:
            made = verbs.claim(campaign=campaign, village=area, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("已列入核查名单：%(name)s") % {"name": made.name})
        except Refusal as refusal:
            messages.error(request, says(refusal))
    return redirect(f"{reverse('lookback:campaign', args=[campaign.pk])}?area={area.code}")
