"""Pages: what is done and due of oneself, of everybody in an area, of one unit; how a figure is known."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.areas.models import Area, below
from shuanglian.areas.queries import children
from shuanglian.benefits.due_forms import day_given
from shuanglian.core import clock, profile
from shuanglian.core.forms import refusals_on
from shuanglian.organisation.queries import bound_to, visible_units
from shuanglian.pairing.models import VillageLink
from shuanglian.registry import access as registry

from . import access, balance, knowing, queries
from .actions import settling
from .forms import SettleForm
from .reckoning import Line

SIZE = 50


def _on(request: SignedIn) -> date:
    return min(day_given(request.GET.get("on"), clock.today()), clock.today())


def _units(request: SignedIn) -> set[int]:
    """Numbers of the units that the reader may look at; others are named without a link."""
    return set(access.units_seen(request.user).values_list("pk", flat=True))


def _place(request: SignedIn, area: Area, on: date) -> dict[str, Any]:
    own = request.user.area
    return {"area": area, "on": on, "above": area.parent if own is not None and area.pk != own.pk else None}


@requires("duties.view")
@require_safe
def overview(request: SignedIn) -> HttpResponse:
    """An area: each duty, the regions below, the units; above counties from what was kept at night."""
    if bound_to(request.user) != "area":
        return redirect("duties:mine")
    area, on = registry.area(request.user, request.GET.get("area")), _on(request)
    below = list(children(area)) if area.level < Area.Level.VILLAGE else []
    told = {**_place(request, area, on), "whole": area.level < Area.Level.COUNTY, "known": profile.active().duties}
    if told["whole"]:
        told |= {"sums": queries.kept(area=area, on=on), "rows": queries.kept_below(areas=below, on=on),
                 "kept_on": queries.kept_on(area)}  # fmt: skip
    else:
        lines = queries.lines(seen_by=request.user, area=area, on=on)
        told |= {"sums": queries.summed(lines), "rows": queries.by_place(lines, below) if below else [],
                 "units": queries.by_unit(lines)[:20], "late": queries.in_order(lines)[:10]}  # fmt: skip
        told["late"] = [one for one in told["late"] if one.state == "behind"]
        told["seen_units"] = _units(request)
    return render(request, "duties/overview.html", told)


@requires("duties.view")
@require_safe
def mine(request: SignedIn) -> HttpResponse:
    """What the reader himself (or his unit) has done and still owes."""
    on = _on(request)
    unit = access.unit_of(request.user) if bound_to(request.user) == "unit" else None
    if unit is not None:
        return redirect("duties:unit", unit)
    lines = queries.own(request.user, on)
    return render(request, "duties/mine.html", {"lines": queries.in_order(lines), "on": on, "own": True})


@requires("duties.view")
@require_safe
def people(request: SignedIn) -> HttpResponse:
    """People and units of an area, those behind first; of one duty, state or unit when asked for."""
    area, on = registry.area(request.user, request.GET.get("area")), _on(request)
    known, duty = profile.active().duties, request.GET.get("duty", "")
    state, unit, page = request.GET.get("state", ""), request.GET.get("unit", ""), request.GET.get("page", "1")
    if area.level < Area.Level.COUNTY:
        return redirect(f"{reverse('duties:overview')}?area={area.code}")
    lines = queries.lines(seen_by=request.user, area=area, on=on)
    chosen = [
        one for one in queries.in_order(lines)
        if (not duty or one.code == duty) and (not state or one.state == state)
        and (not unit.isdecimal() or one.person.unit == int(unit))
    ]  # fmt: skip
    start = (int(page) - 1) * SIZE if page.isascii() and page.isdecimal() and 0 < len(page) < 6 and int(page) else 0
    return render(request, "duties/people.html", {
        **_place(request, area, on), "lines": chosen[start : start + SIZE], "many": len(chosen), "duties": known,
        "duty": duty if duty in known else "", "state": state, "unit": unit, "number": start // SIZE + 1,
        "next": start // SIZE + 2 if len(chosen) > start + SIZE else None, "previous": start // SIZE or None,
        "states": STATES(), "seen_units": _units(request),
    })  # fmt: skip


def STATES() -> list[tuple[str, str]]:
    return [("behind", _("落后")), ("open", _("还没到期")), ("met", _("已完成")), ("none", _("不作要求"))]


@requires("duties.view")
@require_safe
def person(request: SignedIn, pk: int, kind: str) -> HttpResponse:
    """One person's lines."""
    on, asked = _on(request), access.asked_of(request.user, kind, pk)
    lines = queries.of(asked, on)
    if not lines:
        messages.info(request, _("这一天没有任务。"))
        return redirect("duties:mine" if bound_to(request.user) != "area" else "duties:overview")
    return render(request, "duties/mine.html", {
        "lines": queries.in_order(lines), "on": on, "whose": lines[0].person, "seen_units": _units(request),
    })  # fmt: skip


@requires("duties.view")
@require_safe
def units(request: SignedIn) -> HttpResponse:
    """Units of an area with the six tasks: who never does one is seen (FIELD-1)."""
    area, on = registry.area(request.user, request.GET.get("area")), _on(request)
    here = below(area.prefix) | Q(pk__in=VillageLink.objects.within(area).values("unit"))
    rows = {one.pk: one for one in visible_units(seen_by=request.user).filter(here)}
    found = balance.balances(list(rows), date(on.year, 1, 1), on)
    tasks = profile.active().fieldwork.tasks
    told = [(rows[pk], one, [one.counts.get(code, 0) for code in tasks]) for pk, one in found.items()]
    told.sort(key=lambda one: (-len(one[1].never), one[1].visits, one[0].name))
    return render(request, "duties/units.html", {
        **_place(request, area, on), "rows": told[:300], "many": len(told),
        "tasks": [one.short.in_(profile.language()) for one in tasks.values()],
    })  # fmt: skip


@requires("duties.view")
@require_safe
def unit(request: SignedIn, pk: int) -> HttpResponse:
    """One unit: five landed checks, the six tasks, its own duties and its people's (FIELD-4)."""
    found, on = access.unit_to_see(request.user, pk), _on(request)
    if bound_to(request.user) == "cadre":
        raise Http404
    lines = queries.of(access.Asked(unit=found.pk), on)
    tasks, told = profile.active().fieldwork.tasks, balance.balances([found.pk], date(on.year, 1, 1), on)[found.pk]
    return render(request, "duties/unit.html", {
        "unit": found, "on": on, "lines": queries.in_order(lines)[:300], "checks": balance.landed(found, lines, on),
        "tasks": [(one.label.in_(profile.language()), told.counts.get(code, 0)) for code, one in tasks.items()],
        "visits": told.visits, "seen_units": {found.pk},
    })  # fmt: skip


@requires("duties.view")
@require_http_methods(["GET", "HEAD", "POST"])
def known(request: SignedIn, pk: int, kind: str, duty: str) -> HttpResponse:
    """How one figure is known: posts, days away, entries; what was settled, and the form that settles."""
    on, asked = _on(request), access.asked_of(request.user, kind, pk)
    line = _line(queries.of(asked, on), kind, pk, duty)
    if line is None:
        raise Http404
    form = _settle(request, line)
    if form is not None and form.is_valid():
        with refusals_on(form):
            settling.settle(line=line, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("已核定。"))
            return redirect(f"{request.path}?on={on.isoformat()}")
    return render(request, "duties/known.html", {
        "line": line, "on": on, "known": knowing.behind(line, asked, seen_by=request.user), "form": form,
        "settlings": queries.settlings(line), "condition": _condition(line),
    }, status=422 if form is not None and form.errors else 200)  # fmt: skip


def _condition(line: Line) -> str:
    """Which entries count, in the reader's words; "" where every one does."""
    made = line.duty.condition
    return made.expression.sentence(profile.language(), profile.active().codes) if made else ""


def _line(lines: list[Line], kind: str, pk: int, duty: str) -> Line | None:
    return next((one for one in lines if one.key == (kind, pk) and one.code == duty), None)


def _settle(request: SignedIn, line: Line) -> SettleForm | None:
    allowed = access.may_settle(request.user, line.person.place) and request.user.pk not in line.person.accounts
    if request.method == "POST" and not allowed:
        access.needs(request.user, "duties.set")
        raise Http404
    return SettleForm(request.POST or None, initial={"need": f"{line.need.normalize():f}"}) if allowed else None


__all__ = ["known", "may", "mine", "overview", "people", "person", "unit", "units"]
