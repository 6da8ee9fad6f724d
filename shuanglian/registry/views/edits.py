"""Forms over a household's file: enrol, change, move, close, members, years. Each: gate → form → verb → page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shuanglian.accounts.rights import SignedIn, requires
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on
from shuanglian.kernel.ids import mask_card, mask_id, mask_phone
from shuanglian.registry import access, forms, leads, queries
from shuanglian.registry.actions import households, people, years
from shuanglian.registry.actions.derived import head_code
from shuanglian.registry.actions.versions import version
from shuanglian.registry.models import Household, HouseholdYear


def _shown(
    request: SignedIn, form: Form, *, title: str, button: str, household: Household | None = None, **more: Any
) -> HttpResponse:
    """A page with one form; where "cancel" leads is the household's page or the list."""
    back = reverse("registry:household", args=[household.pk]) if household else reverse("registry:households")
    given = {"form": form, "title": title, "button": button, "household": household, "back": back, **more}
    return render(request, "registry/form.html", given)


@requires("registry.edit")
def enrol(request: SignedIn) -> HttpResponse:
    """Open a new household's file (REG-1)."""
    if address := leads.instead("enter"):
        return redirect(address)
    start = {"on": clock.today()}
    if code := request.GET.get("area"):
        start["village"] = access.area(request.user, code)  # type: ignore[assignment]
    form = forms.EnrolForm(request.POST or None, seen_by=request.user, initial=start)
    if form.is_valid():
        told = form.cleaned_data
        with refusals_on(form):
            made = households.enrol(
                village=told["village"], number=told["number"], head=form.head(), values=form.values(), on=told["on"],
                by=request.user, at=clock.now(),
            )  # fmt: skip
            messages.success(request, _("已建档，户编号 {number}。请补充家庭成员和年度账。").format(number=made.number))
            return redirect("registry:household", pk=made.pk)
    return _shown(request, form, title=_("新建贫困户档案"), button=_("建档"))


@requires("registry.edit")
def change(request: SignedIn, pk: int) -> HttpResponse:
    """Change the file, field by field, with the reason (REG-10)."""
    household = access.household_to_edit(request.user, pk)
    masked = {"phone": mask_phone(household.phone), "bank_account": mask_card(household.bank_account)}
    start = {"seen": version(household)}
    form = forms.HouseholdForm(request.POST or None, household=household, masked=masked, initial=start)
    if form.is_valid():
        told = form.cleaned_data
        with refusals_on(form):
            households.change(household=household, values=form.values(), why=told["why"], seen=told["seen"],
                              by=request.user, at=clock.now())  # fmt: skip
            return _done(request, household)
    return _shown(request, form, title=_("修改档案"), button=_("保存修改"), household=household)


@requires("registry.edit")
def move(request: SignedIn, pk: int) -> HttpResponse:
    household = access.household_to_edit(request.user, pk)
    if address := leads.instead("move", household):
        return redirect(address)
    form = forms.MoveForm(request.POST or None, seen_by=request.user)
    if form.is_valid():
        with refusals_on(form):
            households.move(household=household, village=form.cleaned_data["village"], why=form.cleaned_data["why"],
                            by=request.user, at=clock.now())  # fmt: skip
            return _done(request, household)
    return _shown(request, form, title=_("迁到他村"), button=_("迁移"), household=household)


@requires("registry.edit")
def close(request: SignedIn, pk: int) -> HttpResponse:
    """Off the register: left because it reached the standard, or removed because it never qualified (REG-3)."""
    household = access.household_to_edit(request.user, pk)
    if address := leads.instead("exit", household):
        return redirect(address)
    form = forms.CloseForm(request.POST or None, initial={"on": clock.today()})
    if form.is_valid():
        told = form.cleaned_data
        verb = households.leave if told["kind"] == "leave" else households.remove
        with refusals_on(form):
            verb(household=household, on=told["on"], why=told["why"], by=request.user, at=clock.now())
            return _done(request, household)
    return _shown(request, form, title=_("退出或剔除"), button=_("确定"), household=household)


@requires("registry.edit")
def reinstate(request: SignedIn, pk: int) -> HttpResponse:
    household = access.household_to_edit(request.user, pk)
    if address := leads.instead("return", household):
        return redirect(address)
    form = forms.WhyForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            households.reinstate(household=household, why=form.cleaned_data["why"], by=request.user, at=clock.now())
            return _done(request, household)
    return _shown(request, form, title=_("恢复在册"), button=_("恢复"), household=household)


@requires("registry.edit")
def add_person(request: SignedIn, pk: int) -> HttpResponse:
    household = access.household_to_edit(request.user, pk)
    if address := leads.instead("member_in", household):
        return redirect(address)
    form = forms.PersonForm(request.POST or None, initial={"on": clock.today()})
    if form.is_valid():
        told = form.cleaned_data
        with refusals_on(form):
            people.add(household=household, values=form.values(), on=told["on"], why=told["why"], by=request.user,
                       at=clock.now())  # fmt: skip
            return _done(request, household)
    return _shown(request, form, title=_("增加家庭成员"), button=_("增加"), household=household)


@requires("registry.edit")
def change_person(request: SignedIn, pk: int) -> HttpResponse:
    person = access.person_to_edit(request.user, pk)
    masked = {
        "id_number": mask_id(person.id_number), "disability_card": mask_id(person.disability_card),
        "phone": mask_phone(person.phone),
    }  # fmt: skip
    form = forms.PersonForm(request.POST or None, person=person, masked=masked, initial={"seen": version(person)})
    if form.is_valid():
        told = form.cleaned_data
        with refusals_on(form):
            people.change(person=person, values=form.values(), why=told["why"], seen=told["seen"], by=request.user,
                          at=clock.now())  # fmt: skip
            return _done(request, person.household)
    title = _("修改家庭成员：{name}").format(name=person.name)
    return _shown(request, form, title=title, button=_("保存修改"), household=person.household)


@requires("registry.edit")
def person_leaves(request: SignedIn, pk: int) -> HttpResponse:
    person = access.person_to_edit(request.user, pk)
    if address := leads.instead("member_out", person.household):
        return redirect(address)
    is_head = person.relation == head_code()
    start = {"on": clock.today()}
    form = forms.PersonLeaveForm(request.POST or None, person=person, is_head=is_head, initial=start)
    if form.is_valid():
        told = form.cleaned_data
        with refusals_on(form):
            people.leave(person=person, on=told["on"], why=told["why"], successor=told.get("successor"),
                         by=request.user, at=clock.now())  # fmt: skip
            return _done(request, person.household)
    title = _("成员减员：{name}").format(name=person.name)
    return _shown(request, form, title=title, button=_("减员"), household=person.household)


@requires("registry.edit")
def change_head(request: SignedIn, pk: int) -> HttpResponse:
    household = access.household_to_edit(request.user, pk)
    form = forms.HeadForm(request.POST or None, household=household, head_code=head_code())
    if form.is_valid():
        told = form.cleaned_data
        with refusals_on(form):
            people.change_head(household=household, successor=told["successor"], old_relation=told["old_relation"],
                               why=told["why"], by=request.user, at=clock.now())  # fmt: skip
            messages.info(request, _("请核对其他成员与新户主的关系。"))
            return _done(request, household)
    return _shown(request, form, title=_("更换户主"), button=_("更换"), household=household)


@requires("registry.edit")
def record_year(request: SignedIn, pk: int, year: int | None = None) -> HttpResponse:
    """The account of a year: a new one with its year, a known one with the reason of the change."""
    household = access.household_to_edit(request.user, pk)
    record = HouseholdYear.objects.filter(household=household, year=year).first() if year else None
    if year and record is None:
        return redirect("registry:new_year", pk=pk)
    today = clock.today()
    start = {"seen": version(record)} if record else {"year": _next_year(household, today.year)}
    form = forms.YearForm(request.POST or None, record=record, first=years.FIRST_YEAR, last=today.year, initial=start)
    if form.is_valid():
        told = form.cleaned_data
        with refusals_on(form):
            years.record_year(
                household=household, year=record.year if record else told["year"], values=form.values(),
                why=told["why"], seen=told["seen"], by=request.user, at=clock.now(),
            )  # fmt: skip
            return _done(request, household)
    title = _("{year} 年度账").format(year=record.year) if record else _("登记年度账")
    return _shown(request, form, title=title, button=_("保存"), household=household, parts=form.parts())


def _next_year(household: Household, this_year: int) -> int:
    _people, known = queries.whole(household)
    return min(known[0].year + 1, this_year) if known else this_year


def _done(request: SignedIn, household: Household) -> HttpResponse:
    messages.success(request, _("已保存。"))
    return redirect("registry:household", pk=household.pk)
