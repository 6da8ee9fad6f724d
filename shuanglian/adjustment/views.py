"""Pages of the yearly adjustment: rounds, one round by region, the list with its decisions, the year's movement."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.areas.models import Area
from shuanglian.areas.queries import children
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on, tell_errors
from shuanglian.core.paging import keyset
from shuanglian.core.profile import active, label, language
from shuanglian.jobs.actions import jobs
from shuanglian.jobs.models import Job
from shuanglian.kernel.refusal import Refusal
from shuanglian.registry import queries as registry
from shuanglian.registry.scope import visible

from . import access, queries, results
from .actions import items as item_verbs
from .actions import rounds as verbs
from .forms import AddForm, RoundForm
from .models import Item, Round
from .wording import AGREED, FLOW, REFUSED, grounds

ORDER = ("area_code", "id")


def _place(request: SignedIn, made: Round, area: Area) -> dict[str, Any]:
    top = request.user.area if request.user.area and made.area.contains(request.user.area) else made.area
    return {
        "area": area, "below": children(area) if area.level < Area.Level.VILLAGE else [],
        "above": area.parent if area.pk != top.pk else None, "round": made,
    }  # fmt: skip


def _area(request: SignedIn, made: Round) -> Area:
    """The region a page is about: within the reader's own and within the round."""
    found = access.area(request.user, request.GET.get("area") or request.POST.get("area"))
    return found if made.area.contains(found) else made.area


@requires("adjustment.view")
@require_http_methods(["GET", "HEAD", "POST"])
def rounds(request: SignedIn) -> HttpResponse:
    """All rounds around the reader, and the form that starts one."""
    may_run = may(request.user, "adjustment.run")
    if request.method == "POST":
        access.needs(request.user, "adjustment.run")
    year = active().year
    start = {"area": request.user.area, "year": year, "on": min(date(year, 12, 31), clock.today())}
    form = RoundForm(request.POST or None, seen_by=request.user, initial=start) if may_run else None
    if form is not None and form.is_valid():
        with refusals_on(form):
            made = verbs.start(by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("已开始，名单提出后这里显示。"))
            return redirect("adjustment:round", made.pk)
    return render(request, "adjustment/rounds.html", {"rows": queries.rounds(seen_by=request.user), "form": form})


@requires("adjustment.view")
@require_safe
def round_page(request: SignedIn, pk: int) -> HttpResponse:
    """One round in a region: how many of each kind, how far the regions below are."""
    made = access.a_round(request.user, pk)
    area = _area(request, made)
    rows = queries.items(seen_by=request.user, made=made, wanted=queries.Wanted(area))
    below = list(children(area)) if area.level < Area.Level.VILLAGE else []
    by_area = queries.below_counts(rows=rows, areas=below) if below else {}
    counted = queries.counts(rows)
    return render(request, "adjustment/round.html", {
        **_place(request, made, area), "address": "adjustment:round",
        "kinds": [(kind, Item.Kind(kind).label, told, sum(told.values())) for kind, told in counted.items()],
        "rows": [(one, [by_area[one.code][kind] for kind in queries.KINDS], by_area[one.code]["pending"])
                 for one in below],
        "pending": sum(told["pending"] for told in counted.values()), "may_run": may(request.user, "adjustment.run"),
        "own_job": made.job if made.job and made.job.by_id == request.user.pk else None, "here": "round",
        "add": AddForm(within=area, initial={"village": area if area.level == Area.Level.VILLAGE else None})
        if made.state == Round.State.OPEN and may(request.user, "adjustment.work") else None,
    })  # fmt: skip


@requires("adjustment.view")
@require_http_methods(["GET", "HEAD", "POST"])
def items(request: SignedIn, pk: int) -> HttpResponse:
    """The list with its grounds; whoever works it off decides each, with the reason, many in one sitting."""
    made = access.a_round(request.user, pk)
    area = _area(request, made)
    wanted = queries.Wanted(area, request.GET.get("kind", ""), request.GET.get("decision", ""))
    if request.method == "POST":
        access.needs(request.user, "adjustment.work")
        return _decide(request, made, area, wanted)
    rows = queries.items(seen_by=request.user, made=made, wanted=wanted)
    page = registry.paged(rows, order=ORDER, after=request.GET.get("after"), size=50)
    many, more = registry.at_most(rows)
    return render(request, "adjustment/items.html", {
        **_place(request, made, area), "wanted": wanted, "page": page, "many": many, "more": more, "here": "items",
        "rows": [(one, grounds(one), AGREED[one.kind], REFUSED[one.kind], label("cause", one.cause) if one.cause
                  else "") for one in page.rows],
        "kinds": [("", _("全部"), not wanted.kind),
                  *((code, word, code == wanted.kind) for code, word in Item.Kind.choices)],
        "decisions": [("", _("全部"), not wanted.decision),
                      *((code, word, code == wanted.decision) for code, word in Item.Decision.choices)],
        "may_work": made.state == Round.State.OPEN and may(request.user, "adjustment.work"),
        "address": "adjustment:items",
    })  # fmt: skip


def _decide(request: SignedIn, made: Round, area: Area, wanted: queries.Wanted) -> HttpResponse:
    """Decisions of a page: `decision-ID` and `why-ID`; one reason for all in `why`."""
    common = request.POST.get("why", "").strip()
    asked = {
        int(name.removeprefix("decision-")): (str(value), request.POST.get(f"why-{name[9:]}", "").strip() or common)
        for name, value in request.POST.items()
        if name.startswith("decision-") and name[9:].isdecimal() and value
    }
    mine = queries.items(seen_by=request.user, made=made, wanted=queries.Wanted(area)).filter(pk__in=asked)
    asked = {pk: asked[pk] for pk in mine.values_list("pk", flat=True)}
    address = reverse("adjustment:items", args=[made.pk])
    back = f"{address}?area={area.code}&kind={wanted.kind}&decision={wanted.decision}"
    if not asked:
        messages.error(request, _("请先选择办理或不办理。"))
        return redirect(back)
    try:
        done = item_verbs.decide(made=made, wanted=asked, by=request.user, at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    if done.decided:
        messages.success(request, _("已处理 {n} 个对象。").format(n=len(done.decided)))
    names = dict(Item.objects.filter(pk__in=done.refused).values_list("pk", "name"))
    for pk, why in list(done.refused.items())[:10]:
        messages.error(request, f"{names[pk]}：{why}")
    return redirect(back)


@requires("adjustment.work")
@require_POST
def add(request: SignedIn, pk: int) -> HttpResponse:
    made = access.a_round(request.user, pk, "adjustment.work")
    area = _area(request, made)
    form = AddForm(request.POST, within=area)
    if form.is_valid():
        with refusals_on(form):
            item_verbs.add(made=made, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("已列入名单。"))
    tell_errors(request, form)
    return redirect(f"{reverse('adjustment:round', args=[pk])}?area={area.code}")


@requires("adjustment.run")
@require_POST
def close(request: SignedIn, pk: int) -> HttpResponse:
    made = access.a_round(request.user, pk, "adjustment.run")
    try:
        verbs.close(made=made, by=request.user, at=clock.now())
        messages.success(request, _("动态调整已结束。"))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("adjustment:round", pk)


# --- the year's movement ----------------------------------------------------------------------------------------------
@requires("adjustment.view")
@require_safe
def movement(request: SignedIn, pk: int) -> HttpResponse:
    """Ins, outs and stays of the year, by region and by cause; every level is the sum of the one below."""
    made = access.a_round(request.user, pk)
    area = _area(request, made)
    told = results.movement(area, made.year, clock.today())
    below = children(area) if area.level < Area.Level.VILLAGE else []
    by_area = told.by_area(below)
    return render(request, "adjustment/movement.html", {
        **_place(request, made, area), "address": "adjustment:movement", "here": "movement", "heads": FLOW,
        "rows": [(one, _named(by_area[one.code])) for one in below], "total": _named(told.of(area.prefix)),
        "causes": [(cause, label("cause", cause) if cause else _("未填"), _named(flow))
                   for cause, flow in told.by_cause().items()],
        "may_export": may(request.user, "registry.export"), "until": min(clock.today(), date(made.year, 12, 31)),
    })  # fmt: skip


def _named(flow: results.Flow) -> list[tuple[str, int, int]]:
    """Each part of a flow with its name, so that the figure leads to its households."""
    return [(one.name, *getattr(flow, one.name)) for one in fields(results.Flow)]


@requires("adjustment.view", "registry.view")
@require_safe
def moved(request: SignedIn, pk: int) -> HttpResponse:
    """The households behind one figure of the movement."""
    made = access.a_round(request.user, pk)
    area = _area(request, made)
    flow, cause = request.GET.get("flow", ""), request.GET.get("cause")
    words = dict(zip((one.name for one in fields(results.Flow)), FLOW, strict=True))
    if flow not in words:
        raise Http404
    ids = results.households(area, made.year, clock.today(), flow, cause)
    rows = visible(seen_by=request.user).filter(pk__in=ids).select_related("village__parent")
    page = keyset(rows, order=("area_code", "id"), after=request.GET.get("after"))
    return render(request, "adjustment/moved.html", {
        **_place(request, made, area), "address": "adjustment:movement", "here": "movement", "page": page,
        "flow": words[flow], "cause": (label("cause", cause) if cause else _("未填")) if cause is not None else "",
        "count": len(ids), "until": min(clock.today(), date(made.year, 12, 31)),
    })  # fmt: skip


@requires("registry.export")
@require_POST
def export(request: SignedIn, pk: int) -> HttpResponse:
    """Order the workbook: movement by region, by cause, and the list with its decisions."""
    made = access.a_round(request.user, pk)
    area = _area(request, made)
    title = _("动态调整结果：{area} {year}").format(area=area.name, year=made.year)
    job: Job = jobs.start(
        kind="adjustment.table", title=title, by=request.user, at=clock.now(), area_code=area.code,
        params={"round": made.pk, "area": area.code, "language": language()},
    )  # fmt: skip
    return redirect("jobs:detail", job.pk)
