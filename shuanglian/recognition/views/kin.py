"""Kinship between those who decide and households (REG-9): declared by anybody, cleared and ended by another."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuanglian.accounts.models import User
from shuanglian.accounts.rights import SignedIn, requires
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on
from shuanglian.recognition import access
from shuanglian.recognition.actions import kin as verbs
from shuanglian.recognition.models import Kin
from shuanglian.registry.fields import why_field
from shuanglian.registry.models import Household


class KinForm(forms.Form):
    """Who, related or not, and how."""

    username = forms.CharField(label=gettext_lazy("经办人用户名"), max_length=150)
    related = forms.ChoiceField(
        label=gettext_lazy("结论"), widget=forms.RadioSelect, initial="yes",
        choices=[("yes", gettext_lazy("有亲属关系，须回避")), ("no", gettext_lazy("经核实不是亲属"))],
    )  # fmt: skip
    relation = forms.CharField(
        label=gettext_lazy("关系或核实依据"),
        max_length=60,
        help_text=gettext_lazy("如“户主的弟弟”，或“同名，查户口不是一家”。"),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_username(self) -> User:
        """Somebody who acts at or below one's own area; nobody else's account is told of."""
        name = self.cleaned_data["username"].strip()
        area = self.by.area
        found = User.objects.filter(username=name, is_active=True).select_related("area").first()
        below = found is not None and area is not None and found.area is not None and area.contains(found.area)
        if found is None or not (below or found.pk == self.by.pk):
            raise forms.ValidationError(_("您的管辖范围内没有这个用户。"))
        return found


class EndForm(forms.Form):
    why = why_field()


@requires("procedures.act", "registry.view")
def kin(request: SignedIn, pk: int) -> HttpResponse:
    """What is declared about this household, and a new line."""
    household = access.household(request.user, pk)
    form = KinForm(request.POST or None, by=request.user, initial={"username": request.user.username})
    if form.is_valid():
        told = form.cleaned_data
        verb = verbs.declare if told["related"] == "yes" else verbs.clear
        with refusals_on(form):
            verb(user=told["username"], household=household, relation=told["relation"], by=request.user, at=clock.now())
            messages.success(request, _("已登记。"))
            return redirect("recognition:kin", household.pk)
    return _page(request, household, form)


@requires("procedures.act", "registry.view")
def end(request: SignedIn, pk: int) -> HttpResponse:
    """A line that no longer holds."""
    line = access.kin_to_end(request.user, pk)
    form = EndForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            verbs.end(kin=line, why=form.cleaned_data["why"], by=request.user, at=clock.now())
            messages.success(request, _("已解除，原记录保留。"))
            return redirect("recognition:kin", line.household_id)
    return render(request, "recognition/kin_end.html", {"line": line, "form": form, "household": line.household})


def _page(request: SignedIn, household: Household, form: KinForm) -> HttpResponse:
    lines = Kin.objects.filter(household=household).select_related("user", "by", "ended_by")
    return render(request, "recognition/kin.html", {"household": household, "form": form, "lines": lines})


patterns = [
    path("households/<int:pk>/kin/", kin, name="kin"),
    path("kin/<int:pk>/end/", end, name="end_kin"),
]
