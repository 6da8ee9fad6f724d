"""Opening a case about a household, a member or a newcomer. Each: gate → form → verb → the case's page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shuanglian.accounts.rights import SignedIn, requires
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on
from shuanglian.core.profile import language
from shuanglian.procedures.models import Case
from shuanglian.recognition import access, asking
from shuanglian.recognition.actions import opening
from shuanglian.registry import joining_forms
from shuanglian.registry.models import Household, Person
from shuanglian.rules.procedures import Procedure


@requires("procedures.act", "registry.view")
@require_safe
def choose(request: SignedIn, pk: int) -> HttpResponse:
    """What can be opened about this file, each with its plain words."""
    household = access.household(request.user, pk)
    offered = [{"procedure": one, "title": one.label.in_(language()), "plain": one.shape.plain.in_(language()),
                "href": _address(household, one)} for one in access.possible(household)]  # fmt: skip
    return render(request, "recognition/choose.html", {"household": household, "offered": offered})


def _address(household: Household, procedure: Procedure) -> str:
    route = "open_merge" if procedure.effect == "merge" else "open"
    if procedure.effect in asking.OF_PERSON and procedure.effect not in asking.OF_HOUSEHOLD:
        route = "choose_member"
    return reverse(f"recognition:{route}", args=[household.pk, procedure.code])


@requires("procedures.act", "registry.view")
@require_safe
def choose_member(request: SignedIn, pk: int, code: str) -> HttpResponse:
    household, procedure = access.household(request.user, pk), access.procedure(code)
    people = Person.objects.filter(household=household, left_on=None).order_by("pk")
    return render(request, "recognition/members.html", {
        "household": household, "title": procedure.label.in_(language()), "code": code, "people": people,
    })  # fmt: skip


@requires("procedures.act", "registry.view")
def open_case(request: SignedIn, pk: int, code: str) -> HttpResponse:
    """A case about the household itself."""
    household, procedure = access.household(request.user, pk), access.procedure(code)
    ask = asking.OF_HOUSEHOLD.get(procedure.effect)
    if ask is None:
        raise Http404
    form = ask(request.POST or None, asking.Desk(household, request.user, clock.today()))
    if form.is_valid():
        with refusals_on(form):
            case = opening.about_household(procedure=code, household=household, why=form.cleaned_data["why"],
                                           asked=form.applied(), by=request.user, at=clock.now())  # fmt: skip
            return _opened(request, case)
    people = _people(household) if procedure.effect == "correct" else []
    return _shown(request, form, procedure, household, people=people)


@requires("procedures.act", "registry.view")
def open_about(request: SignedIn, pk: int, code: str, person: int) -> HttpResponse:
    """A case about one member: leaving, dying, a slip in what is known of him."""
    household, procedure = access.household(request.user, pk), access.procedure(code)
    member = access.person(request.user, household, person)
    ask = asking.OF_PERSON.get(procedure.effect)
    if ask is None:
        raise Http404
    form = ask(request.POST or None, asking.Desk(household, request.user, clock.today()), member)
    if form.is_valid():
        with refusals_on(form):
            why, asked, at = form.cleaned_data["why"], form.applied(), clock.now()
            if procedure.subject == "person":
                case = opening.about_person(procedure=code, person=member, why=why, asked=asked, by=request.user, at=at)
            else:
                case = opening.about_household(procedure=code, household=household, why=why, by=request.user, at=at,
                                               asked={"people": {member.pk: asked["values"]}})  # fmt: skip
            return _opened(request, case)
    return _shown(request, form, procedure, household, member=member)


@requires("procedures.act", "registry.view")
def open_merge(request: SignedIn, pk: int, code: str) -> HttpResponse:
    """First with which file, then how (as the register's own page asks)."""
    household, procedure = access.household(request.user, pk), access.procedure(code)
    if procedure.effect != "merge":
        raise Http404
    first = joining_forms.MergeWithForm(
        request.GET if "other" in request.GET else None, household=household, seen_by=request.user
    )
    if not first.is_valid():
        return render(request, "recognition/merge_with.html", {
            "form": first, "title": procedure.label.in_(language()), "household": household,
        })  # fmt: skip
    other = first.cleaned_data["other"]
    kept, closed = (household, other) if first.cleaned_data["keep"] == "this" else (other, household)
    form = asking.MergeForm(request.POST or None, kept=kept, closed=closed, today=clock.today())
    if form.is_valid():
        with refusals_on(form):
            case = opening.about_household(procedure=code, household=kept, why=form.cleaned_data["why"],
                                           asked=form.applied(), by=request.user, at=clock.now())  # fmt: skip
            return _opened(request, case)
    return _shown(request, form, procedure, kept, closed=closed)


@requires("procedures.act", "registry.view")
def apply(request: SignedIn, code: str) -> HttpResponse:
    """The application of a household that has no file."""
    procedure = access.procedure(code)
    if procedure.subject != "newcomer":
        raise Http404
    form = asking.NewcomerForm(request.POST or None, seen_by=request.user, initial={"village": _own_village(request)})
    if form.is_valid():
        with refusals_on(form):
            case = opening.about_newcomer(procedure=code, village=form.cleaned_data["village"], asked=form.applied(),
                                          why=form.cleaned_data["why"], by=request.user, at=clock.now())  # fmt: skip
            return _opened(request, case)
    return render(request, "recognition/apply.html", {
        "form": form, "title": procedure.label.in_(language()), "plain": procedure.shape.plain.in_(language()),
        "first": [bound for bound in form if not bound.name.startswith("member_")],
    })  # fmt: skip


def _own_village(request: SignedIn) -> Any:
    area = request.user.area
    return area if area is not None and area.level == area.Level.VILLAGE else None


def _people(household: Household) -> list[Person]:
    return list(Person.objects.filter(household=household, left_on=None).order_by("pk"))


def _opened(request: SignedIn, case: Case) -> HttpResponse:
    messages.success(request, _("已受理，事项号 {number}。请按步骤办理。").format(number=case.number))
    return redirect("procedures:case", case.pk)


def _shown(request: SignedIn, form: Any, procedure: Procedure, household: Household, **more: Any) -> HttpResponse:
    return render(request, "recognition/open.html", {
        "form": form, "household": household, "code": procedure.code, "title": procedure.label.in_(language()),
        "plain": procedure.shape.plain.in_(language()), **more,
    })  # fmt: skip


patterns = [
    path("households/<int:pk>/", choose, name="choose"),
    path("households/<int:pk>/open/<slug:code>/", open_case, name="open"),
    path("households/<int:pk>/members/<slug:code>/", choose_member, name="choose_member"),
    path("households/<int:pk>/open/<slug:code>/people/<int:person>/", open_about, name="open_about"),
    path("households/<int:pk>/merge/<slug:code>/", open_merge, name="open_merge"),
    path("apply/<slug:code>/", apply, name="apply"),
]
