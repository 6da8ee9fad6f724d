"""An area's household plans: missing, copied, not agreed, not approved, short; the lists to work off (PLAN-1, 3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.areas.models import Area
from shuanglian.areas.queries import children
from shuanglian.core import clock
from shuanglian.core.profile import active, language
from shuanglian.jobs.actions import jobs
from shuanglian.organisation.queries import bound_to
from shuanglian.plans import access, queries, wording
from shuanglian.plans.tasks import LIST
from shuanglian.registry import queries as registry

from .common import place

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

REMEMBERED = 600  # seconds
ORDER = ("area_code", "id")
WORK = ("missing", "short", "copied", "not_agreed", "not_approved", "review")


@requires("plans.view")
@require_safe
def overview(request: SignedIn) -> HttpResponse:
    """How an area's plans stand, by region below, with what they add up to; a cadre sees his own households' list."""
    area = access.area(request.user, request.GET.get("area"))
    if bound_to(request.user) == "cadre":
        return redirect(f"{reverse('plans:list')}?kind=all")
    on, whole = clock.today(), bound_to(request.user) == "area"
    below = list(children(area)) if whole and area.level < Area.Level.VILLAGE else []
    kept = _kept(request.user, area, on)
    due = kept(queries.due, "due", seen_by=request.user, area=area, on=on)
    return render(request, "plans/overview.html", {
        **place(request, area), "due": due, "known": bool(active().plans), "address": "plans:overview",
        "work": [(kind, queries.KINDS[kind], due.counts[kind]) for kind in WORK],
        "rows": kept(queries.due_below, "below", seen_by=request.user, areas=below, on=on),
        "totals": kept(_totals, "totals", area=area) if whole else None,
    })  # fmt: skip


def _kept(user: User, area: Area, on: date) -> Callable[..., Any]:
    """Figures of a county and below are counted when they are looked at, those above it every ten minutes."""
    if area.level >= Area.Level.COUNTY or bound_to(user) != "area":
        return lambda read, _name, **asked: read(**asked)

    def read(figures: Callable[..., Any], name: str, **asked: Any) -> Any:
        return cache.get_or_set(f"plans:{name}:{area.code}:{on}:{language()}", lambda: figures(**asked), REMEMBERED)

    return read


def _totals(area: Area) -> dict[str, Any] | None:
    told = queries.totals_of(area)
    if not told.planned:
        return None
    channels = [(str(wording.CHANNELS[code]), told.channels.get(code, 0)) for code in wording.CHANNELS]
    measures = [(wording.measure_label(one.code), wording.unit_label(one.code), one) for one in told.measures]
    return {"told": told, "channels": channels, "measures": measures, "all": sum(told.channels.values())}


@requires("plans.view")
@require_safe
def listed(request: SignedIn) -> HttpResponse:
    """One list: the households, each with its plan."""
    area = access.area(request.user, request.GET.get("area"))
    kind = request.GET.get("kind", "all")
    kind = kind if kind in queries.KINDS else "all"
    rows = queries.listed(seen_by=request.user, area=area, kind=kind, on=clock.today())
    page = registry.paged(rows, order=ORDER, after=request.GET.get("after"))
    many, more = registry.at_most(rows)
    return render(request, "plans/list.html", {
        **place(request, area), "kind": kind, "title": queries.KINDS[kind], "page": page, "many": many, "more": more,
        "rows": queries.with_plans(page.rows), "address": "plans:list",
        "kinds": [(code, label, code == kind) for code, label in queries.KINDS.items()],
        "may_export": may(request.user, "registry.export"), "may_write": may(request.user, "plans.write"),
    })  # fmt: skip


@requires("plans.view", "registry.export")
@require_POST
def export(request: SignedIn) -> HttpResponse:
    """Order the list as a workbook; the page of the job says when it is there."""
    area = access.area(request.user, request.POST.get("area"))
    kind = request.POST.get("kind", "all")
    if kind not in queries.KINDS:
        return redirect("plans:overview")
    title = _("户帮扶计划{kind}名单 {area}").format(kind=queries.KINDS[kind], area=area.name)
    job = jobs.start(kind=LIST, title=title, params={"area": area.code, "kind": kind, "language": language()},
                     by=request.user, at=clock.now(), area_code=area.code)  # fmt: skip
    return redirect("jobs:detail", job.pk)


@requires("plans.view")
@require_safe
def catalogue(request: SignedIn) -> HttpResponse:
    """The catalogue in words: what each measure brings, takes, needs, and where its figures come from."""
    plans = active().on(clock.today()).plans
    told = [
        {"one": one, "label": one.label.in_(language()), "unit": one.shape.unit.in_(language()),
         "channel": wording.CHANNELS[one.shape.channel], "cost": one.cost,
         "funds": [(wording.fund_label(fund), yuan) for fund, yuan in one.shape.pays.items()],
         "amounts": one.yuan(active().benefits, clock.today()), "owner": wording.owner_label(one.shape.owner),
         "days": [(plans.seasons[code].label.in_(language()), days) for code, days in one.shape.days.items()],
         "land": [(plans.lands[code].label.in_(language()), mu) for code, mu in one.shape.land.items()],
         "says": [condition.says.in_(language()) for condition in one.conditions]
         + ([one.person.says.in_(language())] if one.person else []),
         "document": wording.document_label(one.shape.document), "figures": wording.document_label(one.shape.figures)}
        for one in plans.measures.values()
    ]  # fmt: skip
    return render(request, "plans/catalogue.html", {
        "measures": told, "terms": plans.terms,
        "targets": [(one.year, one.yuan, wording.document_label(one.document)) for one in plans.horizons.values()],
    })  # fmt: skip
