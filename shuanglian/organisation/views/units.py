"""Units: list, page, forms (PAIR-4)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on
from shuanglian.core.paging import keyset
from shuanglian.organisation import access, queries
from shuanglian.organisation.actions import units as verbs
from shuanglian.organisation.forms import EndForm, UnitFilterForm, UnitForm
from shuanglian.organisation.models import Unit


@requires("organisation.view")
@require_safe
def units(request: SignedIn) -> HttpResponse:
    """The linked units that help in the reader's area."""
    form, on = UnitFilterForm(request.GET), clock.today()
    rows = queries.units(seen_by=request.user, on=on, **form.asked())
    page = keyset(rows, order=("area_code", "code", "id"), after=request.GET.get("after"))
    heads = queries.with_heads(page.rows, on=on)
    return render(request, "organisation/units.html", {
        "form": form, "page": page, "rows": [(unit, heads.get(unit.pk, 0)) for unit in page.rows],
        "filtering": any(value for key, value in request.GET.items() if key != "after"),
        "may_edit": may(request.user, "organisation.edit"),
    })  # fmt: skip


@requires()
@require_safe
def unit(request: SignedIn, pk: int) -> HttpResponse:
    """One unit with its people; its villages come as a card from pairing."""
    found, on = access.unit(request.user, pk), clock.today()
    people = (
        queries.cadres(seen_by=request.user, unit=found.pk, on=on) if may(request.user, "organisation.view") else None
    )
    page = None if people is None else keyset(people, order=("number", "id"), after=request.GET.get("after"))
    return render(request, "organisation/unit.html", {
        "unit": found, "page": page, "heads": queries.with_heads([found], on=on).get(found.pk, 0),
        "away": queries.away_ids([] if page is None else page.rows, on=on),
        "may_edit": may(request.user, "organisation.edit"),
    })  # fmt: skip


@requires("organisation.edit")
def create(request: SignedIn) -> HttpResponse:
    start = {"on": clock.today(), "area": request.user.area}
    form = UnitForm(request.POST or None, seen_by=request.user, initial=start)
    if form.is_valid():
        told = form.cleaned_data
        with refusals_on(form):
            made = verbs.create(area=told["area"], code=told["code"], values=form.values(), on=told["on"],
                                by=request.user, at=clock.now())  # fmt: skip
            messages.success(request, _("已登记单位 {name}。").format(name=made.name))
            return redirect("organisation:unit", pk=made.pk)
    return shown(request, form, title=_("登记帮扶单位"), button=_("登记"), back=reverse("organisation:units"))


@requires("organisation.edit")
def change(request: SignedIn, pk: int) -> HttpResponse:
    found = access.unit_to_edit(request.user, pk)
    form = UnitForm(request.POST or None, unit=found, seen_by=request.user)
    if form.is_valid():
        with refusals_on(form):
            verbs.change(
                unit=found, values=form.values(), why=form.cleaned_data["why"], by=request.user, at=clock.now()
            )
            return _done(request, found)
    return shown(
        request, form, title=_("修改单位：{name}").format(name=found.name), button=_("保存修改"), back=_page(found)
    )


@requires("organisation.edit")
def end(request: SignedIn, pk: int) -> HttpResponse:
    found = access.unit_to_edit(request.user, pk)
    form = EndForm(request.POST or None, initial={"on": clock.today()})
    if form.is_valid():
        told = form.cleaned_data
        with refusals_on(form):
            verbs.end(unit=found, on=told["on"], why=told["why"], by=request.user, at=clock.now())
            return _done(request, found)
    return shown(
        request, form, title=_("结束帮扶：{name}").format(name=found.name), button=_("结束"), back=_page(found)
    )


def shown(request: SignedIn, form: Any, *, title: str, button: str, back: str) -> HttpResponse:
    """A page with one form; "cancel" leads back."""
    return render(request, "organisation/form.html", {"form": form, "title": title, "button": button, "back": back})


def _page(unit: Unit) -> str:
    return reverse("organisation:unit", args=[unit.pk])


def _done(request: SignedIn, unit: Unit) -> HttpResponse:
    messages.success(request, _("已保存。"))
    return redirect("organisation:unit", pk=unit.pk)
