"""Cadres: list, page, forms; who is away, why somebody takes no household (PAIR-2, PAIR-3)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on
from shuanglian.core.paging import keyset
from shuanglian.kernel.ids import mask_id, mask_phone
from shuanglian.organisation import access, facts, queries
from shuanglian.organisation.actions import cadres as verbs
from shuanglian.organisation.forms import AbsenceForm, BackForm, CadreFilterForm, CadreForm, MoveForm, RevealForm
from shuanglian.organisation.models import Cadre
from shuanglian.trail import trail

from .units import shown


@requires("organisation.view")
@require_safe
def cadres(request: SignedIn) -> HttpResponse:
    """The cadres of the reader's area."""
    form, on = CadreFilterForm(request.GET), clock.today()
    rows = queries.cadres(seen_by=request.user, on=on, **form.asked())
    page = keyset(rows, order=("area_code", "number", "id"), after=request.GET.get("after"))
    return render(request, "organisation/cadres.html", {
        "form": form, "page": page, "away": queries.away_ids(page.rows, on=on),
        "filtering": any(value for key, value in request.GET.items() if key != "after"),
    })  # fmt: skip


@requires()
@require_safe
def cadre(request: SignedIn, pk: int) -> HttpResponse:
    """One cadre; everybody may see his own page. The households come as a card from pairing."""
    found = access.cadre(request.user, pk)
    return render(request, "organisation/cadre.html", _page(request, found, full=False))


@never_cache
@requires("registry.reveal")
@require_POST
def reveal(request: SignedIn, pk: int) -> HttpResponse:
    """The full numbers for this answer only; the look is logged with its reason."""
    found = access.cadre(request.user, pk)
    form = RevealForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请先写明查看用途，再点“显示”。"))
        return redirect("organisation:cadre", pk=pk)
    trail.look("cadre", about=found, by=request.user, at=clock.now(), why=form.cleaned_data["why"])
    return render(request, "organisation/cadre.html", _page(request, found, full=True))


def _page(request: SignedIn, found: Cadre, *, full: bool) -> dict[str, Any]:
    on: date = clock.today()
    return {
        "cadre": found, "absences": list(found.absences.all()), "on": on, "duty": facts.duty(found, on),
        "numbers": _numbers(found, full), "full": full, "may_edit": may(request.user, "organisation.edit"),
        "may_reveal": may(request.user, "registry.reveal"), "ended": found.until is not None and found.until < on,
    }  # fmt: skip


def _numbers(cadre: Cadre, full: bool) -> dict[str, str]:
    if full:
        return {"id_number": cadre.id_number, "phone": cadre.phone}
    return {"id_number": mask_id(cadre.id_number), "phone": mask_phone(cadre.phone)}


@requires("organisation.edit")
def create(request: SignedIn, pk: int) -> HttpResponse:
    """A new cadre of a unit."""
    unit = access.unit_to_edit(request.user, pk)
    form = CadreForm(request.POST or None, seen_by=request.user, initial={"on": clock.today()})
    if form.is_valid():
        told = form.cleaned_data
        with refusals_on(form):
            made = verbs.create(unit=unit, number=told["number"], values=form.values(), on=told["on"], by=request.user,
                                at=clock.now())  # fmt: skip
            messages.success(request, _("已登记干部 {name}。").format(name=made.name))
            return redirect("organisation:cadre", pk=made.pk)
    title = _("登记干部：{unit}").format(unit=unit.name)
    return shown(request, form, title=title, button=_("登记"), back=reverse("organisation:unit", args=[unit.pk]))


@requires("organisation.edit")
def change(request: SignedIn, pk: int) -> HttpResponse:
    found = access.cadre_to_edit(request.user, pk)
    form = CadreForm(request.POST or None, cadre=found, masked=_numbers(found, full=False), seen_by=request.user)
    if form.is_valid():
        with refusals_on(form):
            verbs.change(
                cadre=found, values=form.values(), why=form.cleaned_data["why"], by=request.user, at=clock.now()
            )
            return _done(request, found)
    return _form(request, form, found, _("修改干部：{name}"), _("保存修改"))


@requires("organisation.edit")
def move(request: SignedIn, pk: int) -> HttpResponse:
    found = access.cadre_to_edit(request.user, pk)
    form = MoveForm(request.POST or None, seen_by=request.user)
    if form.is_valid():
        told = form.cleaned_data
        with refusals_on(form):
            verbs.move(cadre=found, unit=told["unit"], why=told["why"], by=request.user, at=clock.now())
            return _done(request, found)
    return _form(request, form, found, _("调整单位：{name}"), _("调整"))


@requires("organisation.edit")
def away(request: SignedIn, pk: int) -> HttpResponse:
    """On leave, ill, retired, transferred (PAIR-3)."""
    found = access.cadre_to_edit(request.user, pk)
    form = AbsenceForm(request.POST or None, initial={"since": clock.today()})
    if form.is_valid():
        with refusals_on(form):
            verbs.set_away(cadre=found, by=request.user, at=clock.now(), **form.cleaned_data)
            return _done(request, found)
    return _form(request, form, found, _("登记离岗：{name}"), _("登记"))


@requires("organisation.edit")
def back(request: SignedIn, pk: int) -> HttpResponse:
    """At work again."""
    absence = access.absence_to_end(request.user, pk)
    form = BackForm(request.POST or None, initial={"on": clock.today()})
    if form.is_valid():
        with refusals_on(form):
            verbs.come_back(absence=absence, on=form.cleaned_data["on"], by=request.user, at=clock.now())
            return _done(request, absence.cadre)
    return _form(request, form, absence.cadre, _("办理返岗：{name}"), _("返岗"))


def _form(request: SignedIn, form: Any, cadre: Cadre, title: str, button: str) -> HttpResponse:
    back_to = reverse("organisation:cadre", args=[cadre.pk])
    return shown(request, form, title=title.format(name=cadre.name), button=button, back=back_to)


def _done(request: SignedIn, cadre: Cadre) -> HttpResponse:
    messages.success(request, _("已保存。"))
    return redirect("organisation:cadre", pk=cadre.pk)
