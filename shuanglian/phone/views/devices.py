"""Phones of the area: whose they are, when they were heard of; lock one that is lost."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, requires
from shuanglian.core import clock
from shuanglian.core.forms import says
from shuanglian.core.paging import keyset
from shuanglian.core.profile import active
from shuanglian.kernel.refusal import Refusal
from shuanglian.phone import access
from shuanglian.phone.actions import devices as verbs
from shuanglian.phone.forms import WhyForm
from shuanglian.phone.queries import conflicts
from shuanglian.phone.queries import devices as queries


@require_safe
@requires("phone.lock")
def devices(request: SignedIn) -> HttpResponse:
    """The list, last heard of first."""
    asked = {"text": request.GET.get("text", "")[:40], "state": request.GET.get("state", "")}
    rows = queries.listed(seen_by=request.user, at=clock.now(), **asked)
    page = keyset(rows, order=("-contact_at", "id"), after=request.GET.get("after"))
    return render(request, "phone/devices.html", {
        "page": page, "asked": asked, "days": active().phone.limit("kept_days"),
        "waiting": conflicts.open_ones(seen_by=request.user).count(),
    })  # fmt: skip


@require_safe
@requires("phone.lock")
def device(request: SignedIn, device_id: UUID) -> HttpResponse:
    """One phone: what it is, what it sent of late, lock and unlock."""
    found = access.device_to_lock(request.user, device_id)
    return render(request, "phone/device.html", {
        "device": found, "operations": queries.latest(found), "form": WhyForm(),
        "days": active().phone.limit("kept_days"),
    })  # fmt: skip


@require_POST
@requires("phone.lock")
def lock(request: SignedIn, device_id: UUID) -> HttpResponse:
    return _turn(request, device_id, shut=True)


@require_POST
@requires("phone.lock")
def unlock(request: SignedIn, device_id: UUID) -> HttpResponse:
    return _turn(request, device_id, shut=False)


def _turn(request: SignedIn, device_id: UUID, *, shut: bool) -> HttpResponse:
    found, form = access.device_to_lock(request.user, device_id), WhyForm(request.POST)
    verb = verbs.lock if shut else verbs.unlock
    try:
        verb(device=found, why=form.data.get("why", "") if form.is_valid() else "", by=request.user, at=clock.now())
        messages.success(request, _("已锁定，下次联网时手机会清除数据。") if shut else _("已解锁。"))
    except Refusal as refusal:
        messages.error(request, says(refusal))
    return redirect("phone:device", device_id=found.pk)
