"""Who may read an office's letters; what was tried from below; the hotline's page that only writes (VOICE-6)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuanglian.accounts.models import User
from shuanglian.accounts.rights import SignedIn, may
from shuanglian.areas.models import Area
from shuanglian.complaints import access, queries
from shuanglian.complaints.actions import complaints as verbs
from shuanglian.complaints.actions import officers as naming
from shuanglian.complaints.forms import LetterForm, OfficerForm
from shuanglian.complaints.models import Attempt, Officer
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on, tell_errors
from shuanglian.core.profile import active, language

from .common import denied, holds, too_many
from .public import counties_of


# --- officers ---------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@holds(access.NAMES, Attempt.What.OTHER)
def officers(request: SignedIn) -> HttpResponse:
    """Who is named for this office and those below; the office above and the administrator name."""
    offices = access.areas_named_by(request.user)
    form = OfficerForm(request.POST or None, users=_candidates(offices, request.user), initial={"since": clock.today()})
    if form.is_valid():
        with refusals_on(form):
            naming.name(**form.cleaned_data, by=request.user, at=clock.now())
            return redirect("complaints:officers")
    rows = list(queries.officers(seen_by=request.user))
    names = dict(Area.objects.current().filter(code__in={one.area_code for one in rows}).values_list("code", "name"))
    mine = set(offices.values_list("code", flat=True))
    return render(request, "complaints/officers.html", {
        "rows": [(one, names.get(one.area_code, one.area_code), one.area_code in mine) for one in rows],
        "form": form if mine else None, "today": clock.today(),
    }, status=422 if form.errors else 200)  # fmt: skip


def _candidates(offices: Any, by: User) -> Any:
    """Open accounts of these offices whose role may read letters."""
    roles = [code for code, role in active().roles.items() if access.READS in role.may]
    rows = User.objects.filter(area__in=offices, role__in=roles, is_active=True).exclude(pk=by.pk)
    return rows.select_related("area").order_by("area__code", "username")


@require_POST
@holds(access.NAMES, Attempt.What.OTHER)
def end_officer(request: SignedIn, pk: UUID) -> HttpResponse:
    one = queries.officers(seen_by=request.user).filter(pk=pk).first()
    if one is None:
        return denied(request)
    assert isinstance(one, Officer)
    form = Form({})
    with refusals_on(form):
        naming.end(officer=one, until=clock.today(), by=request.user, at=clock.now())
    tell_errors(request, form)
    return redirect("complaints:officers")


# --- attempts ---------------------------------------------------------------------------------------------------------
@require_safe
@holds(access.READS, Attempt.What.OTHER)
def attempts(request: SignedIn) -> HttpResponse:
    """Who of the level below tried to open what is not his."""
    on = clock.today()
    if not access.is_officer(request.user, on):
        return denied(request, Attempt.What.OTHER)
    return render(request, "complaints/attempts.html", {"rows": queries.attempts(seen_by=request.user, on=on)[:200]})


# --- the hotline ------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@holds(access.TAKES, Attempt.What.OTHER)
def take(request: SignedIn) -> HttpResponse:
    """Written down while somebody speaks; the number is read out, and nothing is to be seen afterwards."""
    area = request.user.area
    if area is None or not may(request.user, access.TAKES) or active().complaints.terms is None:
        return denied(request)
    form = LetterForm(request.POST or None, counties=counties_of(area))
    del form.fields["photos"]
    if form.is_valid():
        if too_many(request):
            return render(request, "complaints/wait.html", status=429)
        given = {name: value for name, value in form.cleaned_data.items() if name != "website"}
        with refusals_on(form):
            number = verbs.send(**given, door="hotline", language=language(), by=request.user, at=clock.now())
            return render(request, "complaints/taken.html", {"number": number})
    return render(request, "complaints/take.html", {"form": form}, status=422 if form.errors else 200)
