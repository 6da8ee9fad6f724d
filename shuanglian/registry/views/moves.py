"""成员迁户, 分户, 并户: the form, what will happen, and only then the act (REG-10)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shuanglian.accounts.rights import SignedIn, requires
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on
from shuanglian.registry import access, joining_forms, leads
from shuanglian.registry.actions import merges, splits
from shuanglian.registry.actions import moves as verbs
from shuanglian.registry.models import Household, HouseholdLink

from .rehearsing import Preview, rehearse


@requires("registry.edit")
def person_moves(request: SignedIn, pk: int) -> HttpResponse:
    """A member goes over to another household."""
    person = access.person_to_edit(request.user, pk)
    if address := leads.instead("member_move", person.household):
        return redirect(address)
    today = clock.today()
    form = joining_forms.PersonMoveForm(request.POST or None, person=person, seen_by=request.user, today=today)

    def act() -> HouseholdLink:
        return verbs.move(person=person, by=request.user, at=clock.now(), **form.cleaned_data)

    def foresee() -> list[str]:
        told = form.cleaned_data
        return verbs.foresee(person=person, target=told["target"], on=told["on"], by=request.user, at=clock.now())

    title = _("成员迁户：{name}").format(name=person.name)
    return answered(request, form, act, foresee, title=title, household=person.household)


@requires("registry.edit")
def split(request: SignedIn, pk: int) -> HttpResponse:
    """Members found a household of their own."""
    household = access.household_to_edit(request.user, pk)
    if address := leads.instead("split", household):
        return redirect(address)
    form = joining_forms.SplitForm(request.POST or None, household=household, today=clock.today())

    def act() -> HouseholdLink:
        return splits.split(household=household, by=request.user, at=clock.now(), **form.arguments())

    def foresee() -> list[str]:
        told = form.arguments()
        return splits.foresee(household=household, people=told["people"], on=told["on"], by=request.user,
                              at=clock.now())  # fmt: skip

    return answered(request, form, act, foresee, title=_("分户"), household=household)


@requires("registry.edit")
def merge(request: SignedIn, pk: int) -> HttpResponse:
    """First with which file (in the address, so that the page can be come back to), then how."""
    household = access.household_to_edit(request.user, pk)
    if address := leads.instead("merge", household):
        return redirect(address)
    asked = joining_forms.MergeWithForm(
        request.GET if "other" in request.GET else None, household=household, seen_by=request.user
    )
    if not asked.is_valid():
        given = {"form": asked, "title": _("并户"), "household": household}
        return render(request, "registry/merge_with.html", given)
    other = asked.cleaned_data["other"]
    kept, closed = (household, other) if asked.cleaned_data["keep"] == "this" else (other, household)
    return merged(request, kept, closed, merges.merge)


def merged(
    request: SignedIn, kept: Household, closed: Household, verb: Callable[..., HouseholdLink], *, reason: str = "why"
) -> HttpResponse:
    """The second page of a merge, whoever asked for it; `reason`: what the verb calls the reason."""
    form = joining_forms.MergeForm(request.POST or None, kept=kept, closed=closed, today=clock.today())

    def act() -> HouseholdLink:
        told = {reason: form.cleaned_data["why"], **form.arguments()}
        return verb(kept=kept, closed=closed, by=request.user, at=clock.now(), **told)

    def foresee() -> list[str]:
        told = form.arguments()
        return merges.foresee(kept=kept, closed=closed, same=told["same"], on=told["on"], by=request.user,
                              at=clock.now())  # fmt: skip

    return answered(request, form, act, foresee, title=_("并户"), household=kept, other=closed,
                    heads=(str(kept), str(closed)))  # fmt: skip


def answered(
    request: SignedIn, form: Form, act: Callable[[], HouseholdLink], foresee: Callable[[], list[str]], *, title: str,
    household: Household, **more: Any,
) -> HttpResponse:  # fmt: skip
    """The form; when it is complete what will happen; when that was confirmed the act and the file it led to."""
    preview: Preview | None = None
    if form.is_valid():
        with refusals_on(form):
            if "confirm" in request.POST:
                link = act()
                messages.success(request, _("已办理，两户的经过里都有记录。"))
                return redirect("registry:household", pk=link.target_id)
            files = [household] + ([more["other"]] if "other" in more else [])
            preview = rehearse(act, foresee(), *files)
    given = {"form": form, "title": title, "household": household, "preview": preview, **more}
    return render(request, "registry/join.html", given)
