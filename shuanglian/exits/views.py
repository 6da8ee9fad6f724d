"""Pages of exit: an area's figures and lists, one household, one area, the plan, the standards in words."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.areas.models import Area
from shuanglian.areas.queries import children
from shuanglian.benefits.due_forms import AnswersForm, day_given
from shuanglian.benefits.family import Open
from shuanglian.benefits.telling import document, label_of
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on, tell_errors
from shuanglian.core.paging import SIZE, keyset
from shuanglian.core.profile import active, language
from shuanglian.kernel.refusal import Refusal
from shuanglian.organisation.queries import bound_to
from shuanglian.registry import queries as registry
from shuanglian.registry.actions import statements
from shuanglian.rules.exits import Ask

from . import access, looking, proposing, queries
from .actions import checks, plans, proposals
from .forms import CheckForm, FigureForm, TargetForm, VillageLeavesForm
from .models import ExitCheck, Standing, VillageExit

ORDER = ("area_code", "id")


def default_day(area: Area | None) -> date:
    """The day a page speaks of when none is asked for: that of the last check, else today."""
    last = queries.latest_check(area) if area else None
    return last.on if last is not None else clock.today()


def _place(request: SignedIn, area: Area) -> dict[str, Any]:
    own = request.user.area
    return {
        "area": area, "below": children(area) if area.level < Area.Level.VILLAGE else [],
        "above": area.parent if own is not None and area.pk != own.pk else None,
    }  # fmt: skip


# --- the room's first page --------------------------------------------------------------------------------------------
@requires("exits.view")
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: SignedIn) -> HttpResponse:
    """An area: who may leave, who may not and why, what is not known; by region below; the form that starts a check."""
    may_plan = may(request.user, "exits.plan")
    if request.method == "POST":
        access.needs(request.user, "exits.plan")
    area = access.area(request.user, request.GET.get("area"))
    form = CheckForm(request.POST or None, seen_by=request.user, initial={"area": area, "on": default_day(area)})
    if may_plan and form.is_valid():
        with refusals_on(form):
            told = form.cleaned_data
            checks.start(area=told["area"], on=told["on"], by=request.user, at=clock.now())
            messages.success(request, _("核对已开始，完成后这里显示结果。"))
            return redirect(f"{reverse('exits:overview')}?area={told['area'].code}")
    check = queries.latest_check(area)
    running = queries.checks(seen_by=request.user).exclude(state=ExitCheck.State.DONE).first()
    return render(request, "exits/overview.html", {
        **_place(request, area), "check": check, "form": form if may_plan else None, "address": "exits:overview",
        **(_figures(request, check, area) if check else {}), "running": running,
        "own_job": running.job if running and running.job and running.job.by_id == request.user.pk else None,
        "level": looking.LEVELS.get(Area.Level(area.level)),
    })  # fmt: skip


def _figures(request: SignedIn, check: ExitCheck, area: Area) -> dict[str, Any]:
    counts = queries.counts(seen_by=request.user, check=check, area=area)
    whole = bound_to(request.user) == "area"
    rows = list(children(area)) if whole and area.level < Area.Level.VILLAGE else []
    by_area = queries.below_counts(check=check, areas=rows) if rows else {}
    told = queries.reasons(seen_by=request.user, check=check, area=area)
    known = active().on(check.on).exits.conditions("household")
    return {
        "counts": [(state, Standing.State(state).label, *counts[state]) for state in queries.STATES],
        "rows": [(one, by_area[one.code]) for one in rows],
        "in_the_way": [(code, _says(known, code), n) for code, n in told["in_the_way"].items()],
        "open": [(code, _says(known, code), n) for code, n in told["open"].items()],
        "asks": [(path, label_of(path), n) for path, n in told["asks"].items()],
        "total": sum(n for n, _people in counts.values()),
    }


def _says(known: dict[str, Ask], code: str) -> str:
    return known[code].says.in_(language()) if code in known else code


@requires("exits.view")
@require_safe
def households(request: SignedIn) -> HttpResponse:
    """The households of the last check: ready to leave, not ready because, undecided because."""
    area = access.area(request.user, request.GET.get("area"))
    check = queries.latest_check(area)
    if check is None:
        return redirect(f"{reverse('exits:overview')}?area={area.code}")
    state = request.GET.get("state", "ready")
    wanted = queries.Wanted(area, state, request.GET.get("condition", ""), request.GET.get("fact", ""))
    rows = queries.standings(seen_by=request.user, check=check, wanted=wanted)
    page = registry.paged(rows, order=ORDER, after=request.GET.get("after"), size=SIZE)
    many, more = registry.at_most(rows)
    known = active().on(check.on).exits.conditions("household")
    told = [
        (one, [_says(known, code) for code in one.in_the_way], [_says(known, code) for code in one.open],
         [label_of(path) for path in one.asks]) for one in page.rows
    ]  # fmt: skip
    proposed = proposing.open_cases([one.household_id for one in page.rows])
    return render(request, "exits/households.html", {
        **_place(request, area), "check": check, "wanted": wanted, "page": page, "rows": told, "many": many,
        "more": more, "states": [(code, label, code == state) for code, label in Standing.State.choices],
        "condition": _says(known, wanted.condition) if wanted.condition else "",
        "fact": label_of(wanted.fact) if wanted.fact else "", "address": "exits:households", "proposed": proposed,
        "may_propose": state == "ready" and area.level == Area.Level.VILLAGE and proposing.may_propose(request.user),
    })  # fmt: skip


@requires("exits.view")
@require_POST
def propose(request: SignedIn) -> HttpResponse:
    """Open a case of leaving for the households chosen: they go the whole procedure, the register is not touched."""
    area = access.area(request.user, request.POST.get("area"))
    chosen = [access.household(request.user, int(pk)) for pk in request.POST.getlist("household") if pk.isdecimal()]
    back = f"{reverse('exits:households')}?area={area.code}"
    if not chosen:
        messages.error(request, _("请先选择要提名的户。"))
        return redirect(back)
    names = {one.pk: one.head_name for one in chosen}
    try:
        made, left_out = proposals.propose(households=chosen, village=area, by=request.user, at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    if made is not None:
        said = _("已建立批次 {number}，{n} 户按评议、公示、核查、本人认可的步骤办理。")
        messages.success(request, said.format(number=made.number, n=len(chosen) - len(left_out)))
    for pk, why in list(left_out.items())[:10]:
        messages.error(request, f"{names[pk]}：{why}")
    return redirect(back)


# --- one household ----------------------------------------------------------------------------------------------------
@requires("exits.view")
@require_http_methods(["GET", "HEAD", "POST"])
def household(request: SignedIn, pk: int) -> HttpResponse:
    """Which conditions hold, with the fact, its source and day; what is missing, and the form that states it."""
    found = access.household(request.user, pk)
    on = day_given(request.GET.get("on") or request.POST.get("as_of"), default_day(found.village))
    looked = looking.household(found, on)
    may_state = may(request.user, "benefits.state")
    if request.method == "POST":
        access.needs(request.user, "benefits.state")
    form = _answers(request, looked.questions, on) if may_state else None
    if form is not None and form.is_valid():
        given = form.answers()
        if not given:
            form.add_error(None, _("请至少回答一项。"))
        with refusals_on(form):
            if given:
                told = form.cleaned_data
                statements.state_of_family(household=found, answers=form.told(), on=told["on"], source=told["source"],
                                           note=told["note"], by=request.user, at=clock.now())  # fmt: skip
                messages.success(request, _("已记下 {n} 项情况。").format(n=len(given)))
                return redirect(f"{reverse('exits:household', args=[pk])}?on={on.isoformat()}")
    return render(request, "exits/household.html", {
        "household": found, "looked": looked, "on": on, "form": form, "kept": queries.standing_of(found),
        "line": active().lines(on.year), "may_edit": may(request.user, "registry.edit"),
        "cases": proposing.cases_of(found), "state_label": Standing.State(looked.state).label,
        "stands": found.left_on is None and found.removed_on is None,
    })  # fmt: skip


def _answers(request: SignedIn, questions: tuple[Open, ...], on: date) -> AnswersForm | None:
    """A fact of the village is stated by who answers for the village as a whole."""
    whole = bound_to(request.user) == "area"
    asked = [one for one in questions if one.record != "village" or whole]
    if not asked:
        return None
    start = {"on": min(on, clock.today()), "source": "visit"}
    return AnswersForm(request.POST or None, questions=asked, initial=start)


# --- one village, township or county ----------------------------------------------------------------------------------
@requires("exits.view")
@require_http_methods(["GET", "HEAD", "POST"])
def area_page(request: SignedIn, code: str) -> HttpResponse:
    """A village, township or county held to its standard, with its figures; what is missing can be given here."""
    found = access.an_area(request.user, code)
    on = day_given(request.GET.get("on") or request.POST.get("as_of"), default_day(found))
    village = found.level == Area.Level.VILLAGE
    looked = looking.village(found, on) if village else looking.area(found, on)
    form, permission = None, "villages.edit" if village else "exits.plan"
    if request.method == "POST":
        access.needs(request.user, permission)
    if may(request.user, permission):
        start = {"on": min(on, clock.today())}
        form = _answers(request, looked.questions, on) if village else FigureForm(request.POST or None, initial=start)
    if form is not None and form.is_valid():
        with refusals_on(form):
            if _given(request, found, form):
                messages.success(request, _("已记下。"))
                return redirect(f"{reverse('exits:area', args=[code])}?on={on.isoformat()}")
    left = VillageExit.objects.filter(village=found).first() if village else None
    return render(request, "exits/area.html", {
        "area": found, "looked": looked, "on": on, "form": form, "village": village, "left": left,
        "figures": [] if village else queries.figures_given(found), "names": _figure_names(),
        "may_leave": village and left is None and looked.state == "ready" and may(request.user, "exits.plan"),
        "leave_form": VillageLeavesForm(initial={"on": min(on, clock.today())}),
        "may_fill": village and may(request.user, "villages.edit"), "fill_year": min(on, clock.today()).year,
        "state_label": Standing.State(looked.state).label,
    })  # fmt: skip


def _figure_names() -> dict[str, str]:
    from shuanglian.rules.exit_areas import GIVEN

    return {name: zh if language() == "zh" else en for name, zh, en, _unit in GIVEN}


def _given(request: SignedIn, found: Area, form: Any) -> bool:
    told, at = form.cleaned_data, clock.now()
    if isinstance(form, FigureForm):
        plans.give_figure(area=found, by=request.user, at=at, **told)
        return True
    given = form.answers()
    if not given:
        form.add_error(None, _("请至少回答一项。"))
    with transaction.atomic():
        for one, value in given:
            statements.state(about=found, fact=one.fact, value=value, on=told["on"], source=told["source"],
                             note=told["note"], by=request.user, at=at)  # fmt: skip
    return bool(given)


@requires("exits.plan")
@require_POST
def village_leaves(request: SignedIn, code: str) -> HttpResponse:
    found = access.an_area(request.user, code, "exits.plan")
    form = VillageLeavesForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            plans.village_leaves(village=found, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("已登记退出。"))
    tell_errors(request, form)
    return redirect("exits:area", code)


# --- plan and standards -----------------------------------------------------------------------------------------------
@requires("exits.view")
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: SignedIn) -> HttpResponse:
    """The plan by year against what was done; the office writes a new version of a year (IDX-3)."""
    area = access.area(request.user, request.GET.get("area"))
    if request.method == "POST":
        access.needs(request.user, "exits.plan")
    may_plan = may(request.user, "exits.plan")
    years = queries.plan(area)
    form = TargetForm(request.POST or None, area=area, initial=_start(request, years))
    if may_plan and form.is_valid():
        with refusals_on(form):
            plans.set_target(area=area, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("已保存为新的一版。"))
            return redirect(f"{reverse('exits:plan')}?area={area.code}")
    year = request.GET.get("year", "")
    chosen = int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else None
    left = queries.left_in(seen_by=request.user, area=area, year=chosen) if chosen else None
    page = keyset(left, order=("left_on", "id"), after=request.GET.get("after")) if left is not None else None
    return render(request, "exits/plan.html", {
        **_place(request, area), "years": years, "form": form if may_plan else None, "address": "exits:plan",
        "page": page,
        "year": chosen, "versions": queries.versions(area, chosen) if chosen else [],
        "villages": queries.villages_due(area=area, year=chosen) if chosen and area.level >= Area.Level.COUNTY else [],
    })  # fmt: skip


def _start(request: SignedIn, years: list[queries.Year]) -> dict[str, Any]:
    year = request.GET.get("year", "")
    known = next((one for one in years if str(one.year) == year), None)
    if known is None:
        return {}
    return {"year": known.year, "villages": known.villages, "people": known.people,
            "townships": known.target.townships if known.target else []}  # fmt: skip


@requires("exits.view")
@require_safe
def standards(request: SignedIn) -> HttpResponse:
    """The standards of every level in force on a day, in words, with their sources."""
    on = day_given(request.GET.get("on"), default_day(request.user.area))
    exits = active().on(on).exits
    shown = [
        (one, one.shape.label.in_(language()), document(one.shape.document), [
            (ask.says.in_(language()), ask.evidence.in_(language()), ask.shape.when) for ask in one.asks
        ]) for level in ("household", "village", "township", "county") for one in exits.of(level)
    ]  # fmt: skip
    lines = [(year, active().lines(year)) for year in sorted({on.year - 1, on.year, on.year + 1})]
    return render(request, "exits/standards.html", {"on": on, "shown": shown, "lines": lines})
