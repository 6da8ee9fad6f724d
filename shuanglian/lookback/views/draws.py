"""Draws: announced, drawn with the public number, checked by anybody, handed out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.areas.models import Area
from shuanglian.core import clock, profile
from shuanglian.core.forms import refusals_on, says
from shuanglian.core.paging import keyset
from shuanglian.kernel.refusal import Refusal
from shuanglian.lookback import access
from shuanglian.lookback.actions import draws as verbs
from shuanglian.lookback.forms import AnnounceForm, HandOutForm, PublicForm
from shuanglian.lookback.models import Draw, Drawn
from shuanglian.rules.draws import SCRIPT
from shuanglian.trail import trail

from .campaigns import frame as around


@requires("lookback.view")
def draws(request: SignedIn, campaign_id: int) -> HttpResponse:
    """A campaign's draws, and a new one to announce."""
    campaign = access.campaign_to_see(request.user, campaign_id)
    area = access.area_in(request.user, campaign, request.GET.get("area"))
    form = AnnounceForm(request.POST or None, today=clock.today()) if may(request.user, "lookback.run") else None
    if request.method == "POST" and form is not None and form.is_valid():
        with refusals_on(form):
            made = verbs.announce(campaign=campaign, area=area, by=request.user, at=clock.now(), **form.told())
            return redirect("lookback:draw", made.pk)
    return render(request, "lookback/draws.html", {
        **around(request, campaign, area, "draws"), "form": form if area.level < Area.Level.VILLAGE else None,
        "rows": access.draws_seen_by(request.user).filter(campaign=campaign).order_by("number")[:200],
        "levels": profile.active().lookback.rechecks.values(),
    })  # fmt: skip


@requires("lookback.view")
def draw(request: SignedIn, draw_id: int) -> HttpResponse:
    """One draw: list and digest, public number and seed, who is drawn, whether it holds; how to repeat it."""
    found = access.draw_to_see(request.user, draw_id)
    runs = may(request.user, "lookback.run")
    form = PublicForm(request.POST or None) if runs and not found.seed else None
    if request.method == "POST" and form is not None and form.is_valid():
        with refusals_on(form):
            verbs.draw(draw=found, public=form.cleaned_data["public"], by=request.user, at=clock.now())
            return redirect("lookback:draw", found.pk)
    rows = Drawn.objects.filter(draw=found).select_related("assignment", "checker")
    return render(request, "lookback/draw.html", {
        **around(request, found.campaign, found.area, "draws"), "draw": found, "form": form, "script": SCRIPT,
        "page": keyset(rows, order=("area_code", "rank", "id"), after=request.GET.get("after")) if found.seed else None,
        "count": rows.count(), "done": rows.exclude(assignment__rechecked="").count(),
        "nobody": rows.filter(checker=None, assignment__rechecked="").count(), "villages": _names(found),
        "level": profile.active().lookback.rechecks.get(found.level), "verified": verbs.verified(found),
        "hand_out": HandOutForm(area=found.area) if runs and found.seed else None,
    })  # fmt: skip


def _names(found: Draw) -> dict[str, str]:
    rows = Area.objects.current().within(found.area).filter(level=Area.Level.VILLAGE)
    return dict(rows.values_list("code", "name"))


@require_safe
@requires("lookback.view")
def frame(request: SignedIn, draw_id: int) -> HttpResponse:
    """The list that was drawn from, as its digest was taken of it: numbers only, no names."""
    found = access.draw_to_see(request.user, draw_id)
    trail.write("lookback.export", about=found, by=request.user, at=clock.now(), what="frame", rows=found.frame_size)
    response = HttpResponse(found.frame.encode(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="frame-{found.campaign.code}-{found.number}.csv"'
    return response


@require_POST
@requires("lookback.view", "lookback.run")
def hand_out(request: SignedIn, draw_id: int) -> HttpResponse:
    """Share the drawn households out."""
    found = access.draw_to_run(request.user, draw_id)
    form = HandOutForm(request.POST, area=found.area)
    if not form.is_valid():
        messages.error(request, _("请选择抽查人。"))
        return redirect("lookback:draw", found.pk)
    try:
        left = verbs.hand_out(draw=found, checkers=list(form.cleaned_data["checkers"]), by=request.user, at=clock.now())
        if left:
            told = ngettext("%(n)s 户没有合适的抽查人（须回避）。", "%(n)s 户没有合适的抽查人（须回避）。", left)
            messages.warning(request, told % {"n": left})
        else:
            messages.success(request, _("已全部分配。"))
    except Refusal as refusal:
        messages.error(request, says(refusal))
    return redirect("lookback:draw", found.pk)
