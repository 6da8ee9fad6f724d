"""Who handles what comes to a department (VOICE-2)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shuanglian.accounts.models import User
from shuanglian.accounts.rights import SignedIn, requires
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on
from shuanglian.grievances import wording
from shuanglian.grievances.access import VIEW
from shuanglian.grievances.actions import desks as verbs
from shuanglian.grievances.forms import DeskForm
from shuanglian.grievances.models import Desk


@require_http_methods(["GET", "HEAD", "POST"])
@requires(VIEW, "grievances.desk")
def desks(request: SignedIn) -> HttpResponse:
    """The desks of the reader's own area, and one more."""
    area = request.user.area
    people = User.objects.filter(role="department", area=area, is_active=True).order_by("username")
    form = DeskForm(request.POST or None, people=people)
    if form.is_valid():
        with refusals_on(form):
            verbs.give(user=form.cleaned_data["user"], department=form.cleaned_data["department"], by=request.user,
                       at=clock.now())  # fmt: skip
            messages.success(request, _("已指定经办人。"))
            return redirect("grievances:desks")
    rows = Desk.objects.filter(area_code=area.code if area else "").select_related("user").order_by(
        "-until", "department", "pk"
    )  # fmt: skip
    return render(request, "grievances/desks.html", {
        "form": form, "rows": [(one, wording.department(one.department)) for one in rows], "people": people.exists(),
    }, status=422 if form.errors else 200)  # fmt: skip


@require_POST
@requires(VIEW, "grievances.desk")
def end(request: SignedIn, desk_id: int) -> HttpResponse:
    area = request.user.area
    found = get_object_or_404(Desk.objects.filter(area_code=area.code if area else "", until=None), pk=desk_id)
    verbs.end(desk=found, by=request.user, at=clock.now())
    messages.success(request, _("已结束。"))
    return redirect("grievances:desks")
