"""A village's plan: the newest version and what it comes to, writing a new one, older versions, the paper (PLAN-6)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.areas.models import Area
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on, says
from shuanglian.core.profile import active
from shuanglian.kernel.refusal import Refusal
from shuanglian.pairing.models import VillageLink
from shuanglian.plans import (
    access,
    summing,
    village_comparing,
    village_drafts,
    village_printing,
    village_queries,
    village_wording,
)
from shuanglian.plans.actions import villages as verbs
from shuanglian.plans.models import VillagePlan
from shuanglian.plans.village_drafts import HORIZON, YEARLY, KnownVillage, VillageDraft
from shuanglian.plans.village_forms import MeetingForm, VillageLines, VillagePlanForm, started
from shuanglian.plans.village_indicator_forms import IndicatorsForm, begun
from shuanglian.rules.village_sums import Homes
from shuanglian.trail import trail


def shown(plan: VillagePlan) -> dict[str, Any]:
    """One version for a page or on paper: its words, what it comes to with the household plans as they stand."""
    homes = _homes(plan, plan.until)
    acts = {one.word: one for one in plan.acts.select_related("by", "image")}
    return {
        "plan": plan, "told": village_wording.shown(plan.content, homes, village_queries.results_of(plan)),
        "acts": acts, "rows": list(plan.lines.all()),
        "leaving": [row for row in summing.leaving_by_year(plan.village) if row["exit_year"] <= plan.until],
    }  # fmt: skip


def _asked(request: SignedIn, village: Area) -> tuple[str, int]:
    """(kind, series) that an address asks for: the plan to the horizon, or a year's."""
    if request.GET.get("kind", HORIZON) != YEARLY:
        return HORIZON, 0
    year = request.GET.get("year", "")
    known = year.isascii() and year.isdecimal() and len(year) == 4
    return YEARLY, int(year) if known else village_drafts.year_for(village, clock.today())


@requires("plans.view")
@require_safe
def village(request: SignedIn, code: str) -> HttpResponse:
    """A village's plan of one kind, or what is needed before there can be one."""
    place = access.village(request.user, code)
    return page(request, place, *_asked(request, place))


def page(request: SignedIn, place: Area, kind: str, series: int, meeting: MeetingForm | None = None) -> HttpResponse:
    """The page of a village's plan; `meeting`: the form of its meeting as it came back, with what is wrong with it."""
    plan = village_queries.plan_of(place, series)
    year = series or village_drafts.year_for(place, clock.today())
    context: dict[str, Any] = {
        "village": place, "kind": kind, "year": year, "series": series, "why_not": _why_not(place, year, kind),
        "may_write": may(request.user, "plans.village"), "known": bool(active().villages), "today": clock.today(),
        "years": [one.series for one in village_queries.newest_of(place) if one.series],
        "units": _units(place),
    }  # fmt: skip
    if plan is not None:
        mine = plan.by_id == request.user.pk
        context |= shown(plan) | {
            "versions": village_queries.versions(plan), "copied": plan.copied_from_id is not None,
            "other": _other(request, plan), "may_judge": access.may_endorse(request.user) and not mine,
            "meeting": meeting or MeetingForm(initial={"shown": plan.digest, "on": clock.today()}),
            "in_force": _in_force(plan),
        }  # fmt: skip
    return render(request, "plans/village.html", context, status=422 if meeting else 200)


def _units(village: Area) -> list[str]:
    links = VillageLink.objects.open().filter(village=village).select_related("unit").order_by("pk")
    return [one.unit.name for one in links]


def _other(request: SignedIn, plan: VillagePlan) -> VillagePlan | None:
    """The plan with the same words, for whoever may see it."""
    if plan.copied_from_id is None:
        return None
    rows = access.village_plans_seen_by(request.user).filter(pk=plan.copied_from_id)
    return rows.select_related("village").first()


def _in_force(plan: VillagePlan) -> VillagePlan | None:
    """The newest approved version, where the newest version is not."""
    rows = VillagePlan.objects.filter(village=plan.village_id, series=plan.series, approved_on__isnull=False)
    return rows.exclude(pk=plan.pk).order_by("-version").first()


def _why_not(place: Area, year: int, kind: str) -> str:
    """Why no plan can be reckoned for this village now, in words; empty when one can."""
    on = clock.today()
    try:
        village_drafts.rules_on(on)
        village_drafts.known(place, year, on)
    except Refusal as refusal:
        return says(refusal)
    return ""


@requires("plans.view", "plans.village")
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: SignedIn, code: str) -> HttpResponse:
    """The form: begun from the newest version, or from the longer plan and what last year left over."""
    place = access.village(request.user, code, "plans.village")
    kind, series = _asked(request, place)
    year = series or village_drafts.year_for(place, clock.today())
    if why := _why_not(place, year, kind):
        messages.error(request, why)
        return redirect("plans:village", place.code)
    desk = _Desk(place, kind, year)
    if request.method != "POST":
        return _page(request, desk, *desk.begin(fill="fill" in request.GET))
    form = VillagePlanForm(request.POST, kind=kind, plans=desk.plans, rules=desk.rules)
    lines: Any = VillageLines(request.POST, prefix="l", form_kwargs={"plans": desk.plans, "rules": desk.rules})
    indicators = IndicatorsForm(request.POST, prefix="i", rules=desk.rules, told=desk.told)
    if form.is_valid() & lines.is_valid() & indicators.is_valid():
        with refusals_on(form):
            made = verbs.write(village=place, draft=form.draft(lines.lines(), indicators.drafts()),
                               base=form.cleaned_data["base"], why=form.cleaned_data["why"],
                               key=form.cleaned_data["key"], by=request.user, at=clock.now())  # fmt: skip
            messages.success(request, _("已保存为第 {version} 版。").format(version=made.version))
            return redirect(address(made))
    return _page(request, desk, form, lines, indicators, status=422)


def address(plan: VillagePlan) -> str:
    """The page of a plan's newest version."""
    page = reverse("plans:village", args=[plan.area_code])
    return f"{page}?kind=yearly&year={plan.series}" if plan.series else page


def _page(
    request: SignedIn, desk: _Desk, form: VillagePlanForm, lines: Any, indicators: IndicatorsForm, *, status: int = 200
) -> HttpResponse:  # fmt: skip
    return render(request, "plans/village_write.html", {
        "village": desk.village, "kind": desk.kind, "year": desk.year, "form": form, "lines": lines,
        "indicators": indicators, "known": desk.told, "plan": desk.last, "horizon": desk.horizon,
        "carried": sum((one.gain for one in desk.told.homes.measures.values()), village_drafts.NOTHING),
        "may_fill": desk.kind == YEARLY and (desk.horizon is not None or desk.before is not None),
    }, status=status)  # fmt: skip


class _Desk:
    """What the form of one village needs, read once."""

    def __init__(self, place: Area, kind: str, year: int) -> None:
        self.village, self.kind, self.year, self.on = place, kind, year, clock.today()
        self.rules, self.plans = village_drafts.rules_on(self.on), active().on(self.on).plans
        target = self.plans.horizon_from(year)
        assert target is not None
        self.told: KnownVillage = village_drafts.known(place, year if kind == YEARLY else target.year, self.on)
        self.last = village_queries.plan_of(place, year if kind == YEARLY else 0)
        self.horizon = village_queries.plan_of(place, 0) if kind == YEARLY else None
        self.before = village_queries.plan_of(place, year - 1) if kind == YEARLY else None

    def begin(self, *, fill: bool) -> tuple[VillagePlanForm, Any, IndicatorsForm]:
        """From the newest version; without one (or asked for) from the longer plan and last year's."""
        draft = village_drafts.draft_of(self.last) if self.last is not None and not fill else self._fresh()
        initial: dict[str, Any] = {
            "base": self.last.version if self.last else 0, "year": draft.year, "until": draft.until,
            "industry": draft.industry, "target": draft.target, "path": draft.path, "plan": draft.plan,
            **{f"fund_{code}": yuan for code, yuan in draft.funds.items()},
        }  # fmt: skip
        form = VillagePlanForm(initial=initial, kind=self.kind, plans=self.plans, rules=self.rules)
        lines = VillageLines(prefix="l", initial=started(draft.lines),
                             form_kwargs={"plans": self.plans, "rules": self.rules})  # fmt: skip
        indicators = IndicatorsForm(prefix="i", initial=dict(begun(draft.indicators)), rules=self.rules, told=self.told)
        return form, lines, indicators

    def _fresh(self) -> VillageDraft:
        if self.kind == HORIZON:
            return village_drafts.for_horizon(self.year, self.plans, self.rules, self.told)
        return village_drafts.for_year(
            self.year, self.told, self.plans, self.rules, horizon=self.horizon, last=self.before,
            done=village_queries.done_of(self.village),
        )  # fmt: skip


@requires("plans.view")
@require_safe
def version(request: SignedIn, pk: int) -> HttpResponse:
    """One version as it was kept, reckoned with the household plans as they stand."""
    plan = access.village_plan(request.user, pk)
    return render(request, "plans/village_version.html", {
        **shown(plan), "village": plan.village, "versions": village_queries.versions(plan), "newest": address(plan),
    })  # fmt: skip


@requires("plans.view")
@require_safe
def compare(request: SignedIn, pk: int, other: int) -> HttpResponse:
    """Two versions of one plan of a village side by side: what was added, removed, changed."""
    plan = access.village_plan(request.user, pk)
    rows = access.village_plans_seen_by(request.user).filter(village=plan.village_id, series=plan.series)
    beside = get_object_or_404(rows.select_related("by").exclude(pk=plan.pk), pk=other)
    old, new = sorted((plan, beside), key=lambda one: one.version)
    parts = village_comparing.compared(old, new, (_homes(plan, old.until), _homes(plan, new.until)))
    return render(request, "plans/village_compare.html", {
        "village": plan.village, "plan": plan, "old": old, "new": new, "parts": parts, "newest": address(plan),
        "differing": sum(part.differing for part in parts),
    })  # fmt: skip


def _homes(plan: VillagePlan, until: int) -> Homes:
    return summing.homes(plan.village, until).get(plan.area_code, Homes())


@requires("plans.view")
@require_safe
def pdf(request: SignedIn, pk: int) -> HttpResponse:
    """The plan on A4, with the fingerprint that the meeting's signatures are bound to."""
    plan = access.village_plan(request.user, pk)
    told = shown(plan)
    response = HttpResponse(village_printing.pdf(plan, told["told"], told["acts"]), content_type="application/pdf")
    name = f"village-plan-{plan.area_code}-{plan.series or plan.until}-{plan.version}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    trail.write("plans.print", about=plan, by=request.user, at=clock.now(), digest=plan.digest)
    return response
