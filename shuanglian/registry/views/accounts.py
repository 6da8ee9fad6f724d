"""The income account of a household and a year: to look at, and to write with only what changed typed (PLAN-4)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on
from shuanglian.core.profile import active
from shuanglian.registry import access, account
from shuanglian.registry.account_forms import AccountForm
from shuanglian.registry.actions import accounts
from shuanglian.registry.actions.versions import version
from shuanglian.registry.actions.years import FIRST_YEAR
from shuanglian.registry.models import Person


@requires("registry.view")
@require_safe
def latest(request: SignedIn, pk: int) -> HttpResponse:
    """The account of the latest year; without any, that of the programme year to be written."""
    household = access.household(request.user, pk)
    year = account.latest_year(household) or min(active().year, clock.today().year)
    return redirect("registry:account_year", pk=pk, year=year)


@requires("registry.view")
@require_safe
def one_year(request: SignedIn, pk: int, year: int) -> HttpResponse:
    """The account of a year beside the year before: channels, parts, costs, per head, the line, what does not fit."""
    household = access.household(request.user, pk)
    if not _possible(year):
        return redirect("registry:account", pk=pk)
    years = account.years_of(household, (year, year - 1))
    now, before, profile = years[year], years[year - 1], active()
    line = account.line_of(year, profile) if any(one.year <= year for one in profile.history("lines")) else None
    found = account.warnings(household, year) if now.record else []
    people = Person.objects.in_bulk([one.person for one in found if one.person])
    per_head = now.amount("income_per_head")
    return render(request, "registry/account.html", {
        "household": household, "year": year, "last": year - 1, "lines": account.lines(now, before, profile),
        "record": now.record, "line": line, "below": line and per_head is not None and per_head < line.yuan,
        "per_head": per_head, "warnings": [(one, people.get(one.person or 0)) for one in found],
        "known": account.known_years(household), "next": year + 1 if _possible(year + 1) else None,
        "may_edit": may(request.user, "registry.edit"),
    })  # fmt: skip


@requires("registry.edit")
def write(request: SignedIn, pk: int, year: int) -> HttpResponse:
    """Write the account of a year: begun from payrolls and last year, so that only what changed is typed."""
    household = access.household_to_edit(request.user, pk)
    if not _possible(year):
        return redirect("registry:account", pk=pk)
    years = account.years_of(household, (year, year - 1))
    record = years[year].record
    start = {"seen": version(record)} if record else {}
    form = AccountForm(request.POST or None, year=years[year], last=years[year - 1], initial=start)
    if form.is_valid():
        told = form.cleaned_data
        with refusals_on(form):
            accounts.record(household=household, year=year, parts=form.parts(), why=told["why"], seen=told["seen"],
                            by=request.user, at=clock.now())  # fmt: skip
            messages.success(request, _("已保存。"))
            return redirect("registry:account_year", pk=pk, year=year)
    return render(request, "registry/account_form.html", {"household": household, "year": year, "form": form})


def _possible(year: int) -> bool:
    return FIRST_YEAR <= year <= clock.today().year
