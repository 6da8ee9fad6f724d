"""What came out: rates and disagreements, what waits for confirmation, what is doubtful; the workbook."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.core import clock, profile
from shuanglian.core.forms import says
from shuanglian.core.paging import keyset
from shuanglian.jobs.actions import jobs
from shuanglian.kernel.refusal import Refusal
from shuanglian.lookback import access, queries, wording
from shuanglian.lookback import results as reads
from shuanglian.lookback.actions import opening
from shuanglian.lookback.actions import visits as verbs

from .campaigns import frame


@require_safe
@requires("lookback.view")
def results(request: SignedIn, campaign_id: int) -> HttpResponse:
    """Rates with their intervals against the limits, area by area, and where visit and re-check disagree."""
    campaign = access.campaign_to_see(request.user, campaign_id)
    area = access.area_in(request.user, campaign, request.GET.get("area"))
    levels = reads.levels_drawn(campaign, area)
    level = request.GET.get("level", "")
    level = level if level in levels else (levels[-1] if levels else "")
    known, (whole, parts) = profile.active().lookback, reads.rates(campaign, area, level)
    areas = queries.children(area)
    return render(request, "lookback/results.html", {
        **frame(request, campaign, area, "results"), "level": level,
        "levels": [known.rechecks[code] for code in levels], "rates": whole,
        "below": [(areas[place], found) for place, found in parts.items() if place in areas],
        "agreement": reads.agreement(campaign, area), "findings": known.findings,
    })  # fmt: skip


@require_safe
@requires("lookback.view")
def behind(request: SignedIn, campaign_id: int, rate: str) -> HttpResponse:
    """How a rate is known: the households that show it, or with `which=told` all that were counted."""
    campaign = access.campaign_to_see(request.user, campaign_id)
    area = access.area_in(request.user, campaign, request.GET.get("area"))
    limits, level = profile.active().lookback.rates, request.GET.get("level", "")
    if rate not in limits or (level and level not in reads.levels_drawn(campaign, area)):
        raise Http404
    shown_only = request.GET.get("which") != "told"
    rows = queries.behind(
        seen_by=request.user, campaign=campaign, area=area, limit=limits[rate], level=level, shown_only=shown_only
    )
    page = keyset(rows, order=("area_code", "id"), after=request.GET.get("after"))
    return render(request, "lookback/behind.html", {
        **frame(request, campaign, area, "results"), "rate": limits[rate], "level": level, "shown_only": shown_only,
        "of": profile.active().lookback.rechecks[level] if level else None,
        "page": page, "count": rows.count(), "rows": [wording.told(row) for row in page],
    })  # fmt: skip


@require_safe
@requires("lookback.view")
def doubts(request: SignedIn, campaign_id: int) -> HttpResponse:
    """Visits that are hard to believe, each with its reasons; how many by reason."""
    campaign = access.campaign_to_see(request.user, campaign_id)
    area = access.area_in(request.user, campaign, request.GET.get("area"))
    rows, code = queries.doubtful(seen_by=request.user, campaign=campaign, area=area), request.GET.get("code", "")
    if code in profile.active().lookback.doubts:
        rows = rows.filter(doubts__contains=[{"code": code}])
    page = keyset(rows, order=("-visited_at", "-id"), after=request.GET.get("after"))
    counts = queries.doubts_counted(seen_by=request.user, campaign=campaign, area=area)
    known = profile.active().lookback.doubts
    return render(request, "lookback/doubts.html", {
        **frame(request, campaign, area, "doubts"), "page": page, "rows": [wording.told(row) for row in page],
        "counts": [(known[one], count) for one, count in counts.items() if one in known], "code": code,
    })  # fmt: skip


@requires("lookback.view", "lookback.run")
def waiting(request: SignedIn, campaign_id: int) -> HttpResponse:
    """Findings to confirm, many at once: ticked ones are confirmed, those refused stay with the reason."""
    campaign = access.campaign_to_run(request.user, campaign_id)
    area = access.area_in(request.user, campaign, request.GET.get("area"))
    rows = queries.waiting(seen_by=request.user, campaign=campaign, area=area)
    if request.method == "POST":
        _confirm_many(request, [int(pk) for pk in request.POST.getlist("rows") if pk.isdecimal()])
        return redirect(f"{reverse('lookback:waiting', args=[campaign.pk])}?{request.GET.urlencode()}")
    page = keyset(rows, order=("area_code", "id"), after=request.GET.get("after"))
    return render(request, "lookback/waiting.html", {
        **frame(request, campaign, area, "waiting"), "page": page, "rows": [wording.told(row) for row in page],
    })  # fmt: skip


@require_safe
@requires("lookback.view")
def follow(request: SignedIn, campaign_id: int) -> HttpResponse:
    """Confirmed findings that ask for a case: the village proposes it, everybody sees whether it has."""
    campaign = access.campaign_to_see(request.user, campaign_id)
    area = access.area_in(request.user, campaign, request.GET.get("area"))
    page = keyset(queries.following(seen_by=request.user, campaign=campaign, area=area), order=("case", "id"),
                  after=request.GET.get("after"))  # fmt: skip
    titles = profile.active().procedures
    rows = [(wording.told(row), titles.get(opening.procedure_of(row)), wording.case_href(row)) for row in page]
    return render(request, "lookback/follow.html", {
        **frame(request, campaign, area, "follow"), "page": page, "rows": rows,
        "may_propose": may(request.user, "procedures.act") and may(request.user, "lookback.visit"),
    })  # fmt: skip


@require_POST
@requires("lookback.view", "procedures.act")
def open_case(request: SignedIn, visit_id: int) -> HttpResponse:
    """Open the case that a confirmed finding asks for."""
    found = access.visit_to_see(request.user, visit_id)
    try:
        opening.open_case(visit=found, by=request.user, at=clock.now())
        messages.success(request, _("已提出办理：%(name)s") % {"name": found.assignment.name})
    except Refusal as refusal:
        messages.error(request, says(refusal))
    return redirect("lookback:follow", found.campaign_id)


def _confirm_many(request: SignedIn, picked: list[int]) -> None:
    done = 0
    for pk in picked[:200]:
        found = access.visit_to_handle(request.user, pk)
        try:
            verbs.confirm(visit=found, by=request.user, at=clock.now())
            done += 1
        except Refusal as refusal:
            messages.error(request, f"{found.assignment.name}：{says(refusal)}")
    if done:
        messages.success(request, ngettext("已确认 %(n)s 条。", "已确认 %(n)s 条。", done) % {"n": done})


@require_POST
@requires("lookback.view", "registry.export")
def export(request: SignedIn, campaign_id: int) -> HttpResponse:
    """Order the campaign's list of an area as a workbook; it is made in the background and told in the trail."""
    campaign = access.campaign_to_see(request.user, campaign_id)
    area = access.area_in(request.user, campaign, request.GET.get("area"))
    params = {"campaign": campaign.pk, "area": area.code, "language": get_language() or "zh-hans",
              "rows": queries.rows_of(campaign, area).count()}  # fmt: skip
    job = jobs.start(kind="lookback.export", title=f"{area.name} {campaign.name}", params=params, by=request.user,
                     at=clock.now(), area_code=area.code)  # fmt: skip
    messages.success(request, _("正在导出，完成后可以下载。"))
    return redirect("jobs:detail", job.pk)
