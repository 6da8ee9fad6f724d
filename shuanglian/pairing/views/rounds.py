"""The list of rounds and the proposal page with its parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.areas.models import Area
from shuanglian.core import clock, profile
from shuanglian.core.forms import refusals_on
from shuanglian.core.paging import keyset
from shuanglian.organisation.models import Cadre, Unit
from shuanglian.pairing import access, comparing, drawing, queries, wording
from shuanglian.pairing.actions import rounds as verbs
from shuanglian.pairing.forms import DayForm, LeaveForm, NewRoundForm, RepairForm, WeightsForm, WishForm, default_day
from shuanglian.pairing.models import ProposedPair, Round, Solution
from shuanglian.registry.models import Household

from . import leaders

TABS = {
    "overview": lazy("总览"), "places": lazy("乡镇和村"), "units": lazy("单位"), "people": lazy("干部"),
    "pairs": lazy("结对明细"), "weights": lazy("权重"), "wishes": lazy("人工调整"), "leaders": lazy("领导包乡"),
    "versions": lazy("历次结果"),
}  # fmt: skip


@require_GET
@requires("pairing.view")
def rounds(request: SignedIn) -> HttpResponse:
    """Every round of the reader's counties, the newest first; below the county who answers for whom; one's own list."""
    if not access.bound_to_area(request.user):
        return redirect("pairing:mine")
    if request.user.area is not None and request.user.area.level > Area.Level.COUNTY:
        return _standing(request)
    page = keyset(queries.rounds(seen_by=request.user), order=("-year", "-id"), after=request.GET.get("after"), size=30)
    may_propose = may(request.user, "pairing.propose")
    area, on = request.user.area, clock.today()
    pairs = area is not None and area.level == Area.Level.COUNTY and queries.visible_pairings(seen_by=request.user)
    return render(request, "pairing/rounds.html", {
        "page": page, "may_propose": may_propose, "county": area,
        "repair": RepairForm(initial={"on": on}) if may_propose and pairs and pairs.open().exists() else None,
    })  # fmt: skip


def _standing(request: SignedIn) -> HttpResponse:
    """For a township or village: the responsible persons of its households."""
    rows = queries.visible_pairings(seen_by=request.user).not_over_on(clock.today())
    rows = rows.select_related("household__village", "cadre__unit")
    page = keyset(rows, order=("area_code", "id"), after=request.GET.get("after"))
    return render(request, "pairing/standing.html", {"page": page, "area": request.user.area})


@requires("pairing.view", "pairing.propose")
def new(request: SignedIn) -> HttpResponse:
    """Open a round: county, year, day, name."""
    today = clock.today()
    own = request.user.area
    year = profile.active().year
    form = NewRoundForm(request.POST or None, initial={
        "area": own.code if own and own.level == Area.Level.COUNTY else "", "year": year,
        "on": default_day(year, today), "name": _("{year} 年度结对").format(year=year),
    })  # fmt: skip
    if form.is_valid():
        area = access.county_to_pair(request.user, form.cleaned_data["area"])
        given = {key: form.cleaned_data[key] for key in ("year", "on", "name")}
        with refusals_on(form):
            found = verbs.open(area=area, by=request.user, at=clock.now(), **given)
            return redirect("pairing:round", found.pk)
    return render(request, "pairing/new.html", {"form": form, "county": own})


@require_GET
@requires("pairing.view")
def round_page(request: SignedIn, pk: int) -> HttpResponse:
    """The proposal: the full page, or only the part that was asked for."""
    found = verbs.settled(access.round_to_see(request.user, pk))
    tab = request.GET.get("tab", "overview")
    if tab not in TABS:
        raise Http404
    may_change = may(request.user, "pairing.propose") and found.is_open
    context = {
        "round": found, "tab": tab, "tabs": TABS, "template": f"pairing/tabs/{tab}.html", "may_change": may_change,
        "may_confirm": may(request.user, "pairing.confirm"), "may_publish": may(request.user, "pairing.publish"),
        "hand": found.by_id == request.user.pk or found.changed_by_id == request.user.pk,
        **PARTS[tab](request, found),
    }  # fmt: skip
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "pairing/tab.html", context)
    return render(request, "pairing/round.html", context)


@require_GET
@requires("pairing.view")
def status(request: SignedIn, pk: int) -> HttpResponse:
    """How far the calculation is; when it is over, the whole page is asked for anew."""
    found = verbs.settled(access.round_to_see(request.user, pk))
    if found.state != Round.State.SOLVING:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "pairing/status.html", {"round": found})


@require_GET
@requires("pairing.view")
def villages(request: SignedIn, pk: int, township: str) -> HttpResponse:
    """The villages of one township, asked for when its row is opened."""
    found = access.round_to_see(request.user, pk)
    if not township.startswith(found.area.prefix) or not township.isdigit() or len(township) != 12:
        raise Http404
    rows = queries.village_rows(round=found, township=township)
    return render(request, "pairing/villages.html", {"round": found, "rows": rows, "township": township})


@require_GET
@requires("pairing.view", "pairing.propose")
def find(request: SignedIn, pk: int, kind: str) -> HttpResponse:
    """What fits the letters typed so far, as choices of a data list: cadres, households, units, villages."""
    found = access.round_to_see(request.user, pk)
    text = next((value.strip() for value in map(typed(request), request.GET) if value.strip()), "")
    return render(request, "pairing/choices.html", {"choices": _choices(found, kind, text) if text else []})


def _choices(round: Round, kind: str, text: str) -> list[tuple[str, str]]:
    match kind:
        case "cadre":
            cadres = Cadre.objects.within(round.area).filter(
                Q(name__contains=text) | Q(number__startswith=text) | Q(pinyin__startswith=text.lower())
            ).select_related("unit")[:15]  # fmt: skip
            return [(one.number, f"{one.name} · {one.unit.name}") for one in cadres]
        case "household":
            households = Household.objects.within(round.area).filter(
                Q(head_name__contains=text) | Q(number__startswith=text) | Q(head_pinyin__startswith=text.lower())
            ).select_related("village")[:15]  # fmt: skip
            return [(one.number, f"{one.head_name} · {one.village.name}") for one in households]
        case "unit":
            units = Unit.objects.within(round.area).filter(
                Q(name__contains=text) | Q(code__startswith=text) | Q(pinyin__startswith=text.lower())
            )[:15]
            return [(one.code, one.name) for one in units]
        case "village":
            places = Area.objects.on(round.on).within(round.area).filter(
                Q(name__contains=text) | Q(code__startswith=text) | Q(pinyin__startswith=text.lower()),
                level=Area.Level.VILLAGE,
            ).select_related("parent")[:15]  # fmt: skip
            return [(one.code, f"{one.name} · {one.parent}") for one in places]
    raise Http404


@require_GET
@requires("pairing.view")
def compare(request: SignedIn, pk: int) -> HttpResponse:
    """Two solvings side by side: of this round, or of this and another one of the same county."""
    found = access.round_to_see(request.user, pk)
    mine = Solution.objects.filter(round__in=queries.rounds(seen_by=request.user).filter(area_code=found.area_code))
    shown = list(
        mine.select_related("round", "by").defer("packed").order_by("-round__year", "-round_id", "-version")[:40]
    )
    here = [one for one in shown if one.round_id == found.pk]
    chosen = [_number(request.GET.get(name)) for name in ("a", "b")]
    defaults = [here[1].pk if len(here) > 1 else None, here[0].pk if here else None]
    wanted = [number or default or 0 for number, default in zip(chosen, defaults, strict=True)]
    one, other = (mine.filter(pk=number).select_related("round").first() for number in wanted)
    difference = comparing.compare(one, other) if one and other else None
    page = None
    if difference:
        page = difference.page(_number(request.GET.get("from")) or 0)
    return render(request, "pairing/compare.html", {
        "round": found, "solutions": shown, "one": one, "other": other, "difference": difference, "page": page,
        "figures": drawing.figures(difference) if difference else [],
        "weights": drawing.weights(difference) if difference else [],
    })  # fmt: skip


def typed(request: HttpRequest) -> Callable[[str], str]:
    """Reads one word of the query; what no text can hold is a bad request."""

    def word(name: str) -> str:
        value = request.GET.get(name, "")
        if "\0" in value:
            raise BadRequest(_("查询中有无效字符。"))
        return value

    return word


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 18 else None


# ---- parts of the proposal page --------------------------------------------------------------------------------------
def _overview(request: HttpRequest, round: Round) -> dict[str, Any]:
    totals = round.totals
    what = "villages" if request.GET.get("map") == "villages" else "households"
    return {
        "totals": totals, "drawing": drawing.county(round, what) if totals else "", "map": what,
        "day": DayForm(initial={"on": round.on}), "notes": drawing.notes(totals), "ranks": drawing.ranks(totals),
        "reasons": drawing.reasons(totals), "bands": drawing.bands(totals), "terms": drawing.terms(totals),
    }  # fmt: skip


def _places(request: HttpRequest, round: Round) -> dict[str, Any]:
    rows = round.totals.get("townships", [])
    areas = queries.townships_of(round, [row["code"] for row in rows])
    return {"rows": [{**row, "area": areas.get(row["code"])} for row in rows]}


def _units(request: HttpRequest, round: Round) -> dict[str, Any]:
    return {"rows": queries.unit_rows(round=round)}


def _people(request: HttpRequest, round: Round) -> dict[str, Any]:
    show, text = map(typed(request), ("show", "text"))
    rows = queries.people_of(round=round, show=show, text=text)
    page = keyset(rows, order=("number",), after=request.GET.get("after"))
    return {"page": page, "people": drawing.with_quota(page.rows, round), "show": show, "text": text}


def _pairs(request: HttpRequest, round: Round) -> dict[str, Any]:
    wanted = {name: typed(request)(name) for name in ("change", "slot", "why", "place", "text")}
    unit, cadre = _number(request.GET.get("unit")), _number(request.GET.get("cadre"))
    rows = queries.pairs(round=round, unit=unit, cadre=cadre, **wanted)
    page = keyset(rows, order=("area_code", "id"), after=request.GET.get("after"))
    return {
        "page": page, "rows": drawing.pair_rows(page.rows), **wanted, "unit": unit or "", "cadre": cadre or "",
        "changes": ProposedPair.Change.choices, "slots": ProposedPair.Slot.choices,
        "why_label": wording.reason(wanted["why"]),
    }  # fmt: skip


def _weights(request: HttpRequest, round: Round) -> dict[str, Any]:
    return {"form": WeightsForm(round=round)}


def _wishes(request: HttpRequest, round: Round) -> dict[str, Any]:
    return {
        "wishes": queries.wishes(round=round), "form": WishForm(round=round), "leave": LeaveForm(round=round),
        "may_set_leave": may(request.user, "organisation.edit"),  # type: ignore[arg-type]
    }  # fmt: skip


def _leaders(request: HttpRequest, round: Round) -> dict[str, Any]:
    return leaders.context(request, round)  # type: ignore[arg-type]


def _versions(request: HttpRequest, round: Round) -> dict[str, Any]:
    return {"solutions": round.solutions.defer("packed", "wishes").select_related("by").order_by("-version")}


PARTS: dict[str, Callable[[HttpRequest, Round], dict[str, Any]]] = {
    "overview": _overview, "places": _places, "units": _units, "people": _people, "pairs": _pairs,
    "weights": _weights, "wishes": _wishes, "leaders": _leaders, "versions": _versions,
}  # fmt: skip
