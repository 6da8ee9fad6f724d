"""Campaigns: the list, a new one, the overview with its drill-down by area and day."""

from __future__ import annotations

from typing import Any

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
from shuanglian.core.profile import active
from shuanglian.kernel.refusal import Refusal
from shuanglian.lookback import access, charts, queries
from shuanglian.lookback.actions import campaigns as verbs
from shuanglian.lookback.forms import CampaignForm
from shuanglian.lookback.models import Campaign
from shuanglian.organisation.queries import bound_to


@require_safe
@requires("lookback.view")
def campaigns(request: SignedIn) -> HttpResponse:
    """Every campaign the reader works in or sees; a cadre goes straight to the own list."""
    if bound_to(request.user) == "cadre":
        return redirect("lookback:mine")
    rows = list(access.campaigns_seen_by(request.user)[:50])
    return render(request, "lookback/campaigns.html", {
        "rows": rows, "may_run": may(request.user, "lookback.run") and _orders(request.user.area),
    })  # fmt: skip


def _orders(area: Area | None) -> bool:
    return area is not None and Area.Level.COUNTY <= area.level <= Area.Level.TOWNSHIP


@requires("lookback.view", "lookback.run")
def new(request: SignedIn) -> HttpResponse:
    """Order a campaign for the reader's own county or township."""
    area = request.user.area
    if area is None or not _orders(area):
        messages.error(request, _("回头看由县或乡镇部署。"))
        return redirect("lookback:campaigns")
    if not active().lookback.kinds:
        messages.error(request, _("方案里没有回头看。"))
        return redirect("lookback:campaigns")
    form = CampaignForm(request.POST or None, initial={"ordered_by": f"{area.name}", "since": clock.today()})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = verbs.open(area=area, by=request.user, at=clock.now(), **form.cleaned_data)
            return redirect("lookback:campaign", made.pk)
    return render(request, "lookback/new.html", {"form": form, "area": area})


@require_safe
@requires("lookback.view")
def overview(request: SignedIn, campaign_id: int) -> HttpResponse:
    """How far it is, area by area and day by day, who is late; in a village every household."""
    campaign = access.campaign_to_see(request.user, campaign_id)
    area = access.area_in(request.user, campaign, request.GET.get("area"))
    on = clock.today()
    days = queries.days(campaign, area, on)
    return render(request, "lookback/campaign.html", {
        **frame(request, campaign, area, "campaign"), "whole": queries.whole(campaign, area), "days": days,
        "below": queries.below(campaign, area), "chart": charts.progress(days, campaign),
        "by_day": queries.by_day_and_place(campaign, area, on), "shown_days": queries.days_of(campaign, on),
        "late": queries.late(campaign, area, on), "findings": profile.active().lookback.findings.values(),
        "village": _village(request, campaign, area), "share": queries.elapsed(campaign, on),
        "may_end": may(request.user, "lookback.run") and campaign.area_code.startswith(_prefix(request)),
        "over": on >= campaign.until,
    })  # fmt: skip


def _prefix(request: SignedIn) -> str:
    return request.user.area.prefix if request.user.area else "-"


def _village(request: SignedIn, campaign: Campaign, area: Area) -> Any:
    if area.level < Area.Level.VILLAGE:
        return None
    rows = queries.rows_of(campaign, area).select_related("cadre", "user")
    return keyset(rows, order=("number", "id"), after=request.GET.get("after"))


def frame(request: SignedIn, campaign: Campaign, area: Area, tab: str) -> dict[str, Any]:
    """What every page of a campaign shows: head, tabs, where it is in the tree."""
    runs = may(request.user, "lookback.run")
    sees_draws = area.level < Area.Level.VILLAGE or campaign.state == Campaign.State.CLOSED
    tabs = [("campaign", _("进度"), True), ("lists", _("名单"), runs), ("waiting", _("待确认"), runs),
            ("follow", _("进入程序"), True), ("draws", _("抽查"), sees_draws), ("results", _("结果"), True),
            ("doubts", _("疑点"), True)]  # fmt: skip
    return {
        "campaign": campaign, "area": area, "tab": tab, "tabs": [(name, label) for name, label, shown in tabs if shown],
        "may_run": runs, "running": campaign.state == Campaign.State.RUNNING,
    }  # fmt: skip


@require_POST
@requires("lookback.view", "lookback.run")
def refresh(request: SignedIn, campaign_id: int) -> HttpResponse:
    """Take in whoever came onto the register since."""
    campaign = access.campaign_to_end(request.user, campaign_id)
    try:
        added = verbs.refresh(campaign=campaign, by=request.user, at=clock.now())
        messages.success(request, ngettext("补入 %(n)s 户。", "补入 %(n)s 户。", added) % {"n": added})
    except Refusal as refusal:
        messages.error(request, says(refusal))
    return redirect("lookback:campaign", campaign.pk)


@require_POST
@requires("lookback.view", "lookback.run")
def close(request: SignedIn, campaign_id: int) -> HttpResponse:
    """End a campaign whose last day has come."""
    campaign = access.campaign_to_end(request.user, campaign_id)
    try:
        verbs.close(campaign=campaign, by=request.user, at=clock.now())
        messages.success(request, _("回头看已结束。"))
    except Refusal as refusal:
        messages.error(request, says(refusal))
    return redirect("lookback:campaign", campaign.pk)
