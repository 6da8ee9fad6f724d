"""Region pages: one's own area, any region below it, its children, the search, its tags (ORG-1, ORG-2, ORG-7)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuanglian.core.clock import now, today
from shuanglian.core.forms import refusals_on, says
from shuanglian.core.maps import county_map, province_map
from shuanglian.core.permission import allowed
from shuanglian.kernel.refusal import Refusal

from . import access, figures, queries
from .actions import tags
from .forms import EndTagForm, LookForm, TagForm, shown
from .models import Area, AreaTag

if TYPE_CHECKING:
    from shuanglian.accounts.rights import SignedIn

BRANCH = 400  # children drawn under one node; no node of the country has as many


@require_safe
@access.needs(access.VIEW)
def index(request: SignedIn) -> HttpResponse:
    """The user's own area."""
    area = access.own_area(request.user)
    if area is None:
        return render(request, "areas/none.html")
    return _page(request, area, area)


@require_safe
@access.needs(access.VIEW)
def detail(request: SignedIn, code: str) -> HttpResponse:
    """One region; ?since= names a past row of a code that has had several."""
    area = access.area_to_see(request.user, code, _day(request.GET.get("since")))
    own = access.own_area(request.user)
    return _page(request, area, own if own is not None and own.contains(area) else area)


def _page(request: SignedIn, area: Area, own: Area) -> HttpResponse:
    figure = figures.find(request.GET.get("figure", ""), request.user)
    drawn = _map(request, area, figure)
    return render(request, "areas/detail.html", {
        "area": area, "own": own, "links": crumbs(area, own), "figure": figure, "figures": figures.known(request.user),
        "point": queries.located(area), "tags": queries.tags_of(area),
        "may_edit": area.stands and allowed(request.user, access.EDIT),
        "below": [(Area.Level(level).label, count) for level, count in sorted(queries.counts_below(area).items())],
        "history": queries.successions(area), "map": drawn,
        "estimated": "map-estimated" in drawn, "tree": _branch(own, area),
    })  # fmt: skip


def crumbs(area: Area, own: Area) -> list[tuple[str, str]]:
    """(name, address) from the province down; what lies above the reader's own area is named but not linked."""
    return [
        (link.name, reverse("areas:detail", args=[link.code]) if own.contains(link) else "")
        for link in queries.chain(area)
    ]


def _map(request: SignedIn, area: Area, figure: figures.Figure | None) -> str:
    if area.level == Area.Level.VILLAGE or not area.stands:
        return ""
    of_counties = area.level < Area.Level.COUNTY
    values = None
    if figure:
        rows = list(
            Area.objects.current().within(area).filter(level=Area.Level.COUNTY)
            if of_counties
            else queries.children(area)
        )
        known = figure.fn(rows, request.user)
        values = {row.code: known.get(row.pk) for row in rows}
    kind = figure.kind if figure else "count"
    title = _("{name}：{figure}").format(name=area.name, figure=figure.label) if figure else ""
    return (province_map if of_counties else county_map)(area, values, kind=kind, title=title, ident="map")


def _branch(own: Area, area: Area) -> list[dict[str, Any]]:
    """The tree opened from the reader's own area down to the region on the page; the rest opens on demand."""
    path = {link.pk for link in queries.chain(area)}

    def nodes(parent: Area) -> list[dict[str, Any]]:
        rows = queries.children(parent)[:BRANCH]
        return [_node(row, area, nodes(row) if row.pk in path and row.has_children else []) for row in rows]  # type: ignore[attr-defined]

    own.has_children = True  # type: ignore[attr-defined]
    return [_node(own, area, nodes(own))]


def _node(row: Area, here: Area | None, below: list[dict[str, Any]]) -> dict[str, Any]:
    more = bool(below) or bool(getattr(row, "has_children", False))
    return {
        "area": row,
        "here": here is not None and row.pk == here.pk,
        "nodes": below,
        "more": more,
        "open": bool(below),
    }


@require_safe
@access.needs(access.VIEW)
def children(request: SignedIn, code: str) -> HttpResponse:
    """What lies directly below: nodes of the tree (?as=tree), a table with figures (?as=table), or a page with it."""
    area = access.area_to_see(request.user, code)
    form = request.GET.get("as", "")
    if form == "tree":
        depth = _whole(request.GET.get("depth"), 2)
        nodes = [_node(row, None, []) for row in queries.children(area)[:BRANCH]]
        return render(request, "areas/nodes.html", {"nodes": nodes, "depth": depth})
    own = access.own_area(request.user)
    context = {"area": area, **_table(request, area)}
    if form == "table":
        return render(request, "areas/table.html", context)
    return render(request, "areas/children.html", {**context, "links": crumbs(area, own or area)})


def _table(request: SignedIn, area: Area) -> dict[str, Any]:
    rows = list(queries.children(area).prefetch_related("tags"))
    shown_figures = figures.known(request.user)
    values = [figure.fn(rows, request.user) for figure in shown_figures] if rows else []
    lines = [
        {"area": row, "tags": [tag for tag in row.tags.all() if tag.until is None],
         "values": [(figure, known.get(row.pk)) for figure, known in zip(shown_figures, values, strict=True)]}
        for row in rows
    ]  # fmt: skip
    return {"lines": lines, "figures": shown_figures}


@require_safe
@access.needs(access.VIEW)
def search(request: SignedIn) -> HttpResponse:
    """Regions by name, initials or code: JSON, options of a picker (?as=options), a list (?as=list), or a page."""
    form = LookForm(request.GET)
    if not form.is_valid():
        raise Http404
    text = form.cleaned_data["q"] or request.GET.get(f"{request.GET.get('field', '')}_text", "")
    levels = [int(level) for level in form.cleaned_data["levels"].split(",") if level]
    found = queries.search(text, access.own_area(request.user), form.cleaned_data["limit"] or 20, levels or None)
    if request.GET.get("format") == "json" or request.headers.get("Accept", "").startswith("application/json"):
        lines = [{"code": area.code, "name": area.name, "path": shown(area), "level": area.level} for area in found]
        return JsonResponse({"results": lines})
    context = {
        "found": [(area, shown(area)) for area in found],
        "text": text,
        "field": request.GET.get("field", "area"),
    }
    template = {"options": "areas/options.html", "list": "areas/found.html"}.get(
        request.GET.get("as", ""), "areas/search.html"
    )
    return render(request, template, context)


@access.needs(access.VIEW, access.EDIT)
def edit_tags(request: SignedIn, code: str) -> HttpResponse:
    """A region's tags with their days and grounds; the programme office adds and ends them (ORG-7)."""
    area = access.area_to_edit(request.user, code)
    form = TagForm(area, today(), request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            tags.put(area=area, by=request.user, at=now(), **form.cleaned_data)
            messages.success(request, _("标签已添加。"))
            return redirect("areas:tags", area.code)
    own = access.own_area(request.user)
    return render(request, "areas/tags.html", {
        "area": area, "links": crumbs(area, own or area), "form": form, "tags": queries.tags_of(area), "today": today(),
    })  # fmt: skip


@require_POST
@access.needs(access.VIEW, access.EDIT)
def end_tag(request: SignedIn, code: str, pk: int) -> HttpResponse:
    """End one tag with a day."""
    area = access.area_to_edit(request.user, code)
    tag = get_object_or_404(AreaTag, pk=pk, area=area)
    form = EndTagForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请填写结束日期。"))
        return redirect("areas:tags", area.code)
    try:
        tags.end(tag=tag, until=form.cleaned_data["until"], by=request.user, at=now())
        messages.success(request, _("标签已结束。"))
    except Refusal as refusal:
        messages.error(request, says(refusal))
    return redirect("areas:tags", area.code)


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404(_("没有这个区域。")) from None


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 3 else otherwise
