"""The village form: which villages have one, one village's years side by side, filling one in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.areas.models import Area
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on
from shuanglian.kernel.ids import mask_phone
from shuanglian.registry import access, villages
from shuanglian.registry.actions import villages as verbs
from shuanglian.registry.actions.versions import version
from shuanglian.registry.actions.years import FIRST_YEAR
from shuanglian.registry.fields import names
from shuanglian.registry.models import VillageYear
from shuanglian.registry.models.village import PARTS
from shuanglian.registry.village_forms import VillageYearForm

MOST_LISTED = 1200  # villages of a county with room; above it a reader chooses a county first


@requires("registry.view")
@require_safe
def village_list(request: SignedIn) -> HttpResponse:
    """The villages of a region and the years of which their form was filled in."""
    area = access.area(request.user, request.GET.get("area"))
    if area.level == Area.Level.VILLAGE:
        return redirect("registry:village", code=area.code)
    shown = area.level >= Area.Level.COUNTY
    rows = villages.listed(seen_by=request.user, area=area)[:MOST_LISTED] if shown else []
    year = clock.today().year
    below = Area.objects.current().filter(parent=area).order_by("code") if area.level < Area.Level.TOWNSHIP else []
    own = request.user.area is not None and area.pk == request.user.area.pk
    return render(request, "registry/villages.html", {
        "area": area, "rows": rows, "shown": shown, "year": year, "below": below, "above": None if own else area.parent,
        "filled": sum(year in one.years for one in rows), "address": "registry:villages",
        "may_edit": may(request.user, "villages.edit"),
    })  # fmt: skip


@requires("registry.view")
@require_safe
def village(request: SignedIn, code: str) -> HttpResponse:
    """One village's forms, year beside year."""
    found = _village(request, code)
    forms = villages.forms_of(seen_by=request.user, village=found)
    return render(request, "registry/village.html", {
        "area": found, "forms": forms, "parts": _side_by_side(forms), "may_edit": may(request.user, "villages.edit"),
        "next_year": clock.today().year,
    })  # fmt: skip


@requires("villages.edit")
def village_year(request: SignedIn, code: str, year: int) -> HttpResponse:
    """Fill in a year's form: a new one begins with last year's entries and what the register counts."""
    found = _village(request, code)
    if not FIRST_YEAR <= year <= clock.today().year:
        messages.error(request, _("年度不对。"))
        return redirect("registry:village", code=code)
    record = villages.visible(seen_by=request.user).filter(village=found, year=year).first()
    start = {"seen": version(record)} if record else villages.start(found, year)
    masked = mask_phone(record.phone) if record else ""
    form = VillageYearForm(
        request.POST or None, record=record, at_least=villages.at_least(found, year), masked=masked, initial=start
    )
    if form.is_valid():
        told = form.cleaned_data
        with refusals_on(form):
            verbs.record(village=found, year=year, values=form.values(), why=told["why"], seen=told["seen"],
                         by=request.user, at=clock.now())  # fmt: skip
            messages.success(request, _("已保存。"))
            return redirect("registry:village", code=code)
    return render(request, "registry/village_form.html", {"area": found, "year": year, "form": form, "record": record})


def _village(request: SignedIn, code: str) -> Area:
    rows = Area.objects.current().within(request.user.area).filter(level=Area.Level.VILLAGE)
    return get_object_or_404(rows.select_related("parent__parent__parent__parent"), code=code)


def _side_by_side(forms: list[VillageYear]) -> list[tuple[Any, list[tuple[str, list[Any]]]]]:
    parts = []
    for title, part in PARTS:
        lines = []
        for name in part:
            values = [mask_phone(one.phone) if name == "phone" else getattr(one, name) for one in forms]
            if any(value not in (None, "") for value in values):
                lines.append((names(VillageYear, name), values))
        if lines:
            parts.append((title, lines))
    return parts
