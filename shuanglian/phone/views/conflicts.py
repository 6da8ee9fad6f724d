"""Fields that a phone and somebody else changed: both values side by side, a person chooses."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, may, requires
from shuanglian.core import clock
from shuanglian.core.forms import says
from shuanglian.core.paging import keyset
from shuanglian.core.profile import language
from shuanglian.kernel.refusal import Refusal
from shuanglian.phone import access, values
from shuanglian.phone.actions import editing
from shuanglian.phone.forms import SettleForm
from shuanglian.phone.models import Conflict
from shuanglian.phone.queries import conflicts as queries
from shuanglian.trail import trail


@require_safe
@requires("phone.use")
def conflicts(request: SignedIn) -> HttpResponse:
    """Those that wait, the oldest first; those settled on request. Looking at telephone numbers leaves a line."""
    settled = request.GET.get("state") == "settled"
    rows = queries.visible(seen_by=request.user).exclude(state=Conflict.State.OPEN)
    rows = rows if settled else queries.open_ones(seen_by=request.user)
    order = ("-settled_at", "id") if settled else ("at", "id")
    page = keyset(rows, order=order, after=request.GET.get("after"), size=20)
    shown = [_line(row) for row in page]
    if shown and _may_settle(request):
        trail.write("phone.conflicts.look", by=request.user, at=clock.now(), conflicts=[row.pk for row in page],
                    area_code=request.user.area.code if request.user.area else "")  # fmt: skip
    return render(request, "phone/conflicts.html", {
        "page": page, "lines": shown, "settled": settled, "may": _may_settle(request),
    })  # fmt: skip


def _may_settle(request: SignedIn) -> bool:
    """Full values are shown to those who may see numbers in full."""
    return may(request.user, "registry.reveal")


def _line(row: Conflict) -> dict[str, object]:
    now = values.current(row.household, row.field)
    known = values.fields().get(row.field)
    return {
        "row": row, "now": now, "seen": values.token(row.field, now), "changed": now != row.theirs,
        "label": known.label.in_(language()) if known else row.field,
    }  # fmt: skip


@require_POST
@requires("phone.use", "registry.reveal")
def settle(request: SignedIn, conflict_id: int) -> HttpResponse:
    """Write the value that was chosen."""
    found, form = access.conflict_to_settle(request.user, conflict_id), SettleForm(request.POST)
    if not (may(request.user, "registry.edit") or may(request.user, "fieldwork.record")):
        raise PermissionDenied(_("您的角色不能做这件事。"))
    if not form.is_valid():
        messages.error(request, _("请选择保留哪一个值。"))
        return redirect("phone:conflicts")
    choice = form.cleaned_data["choice"]
    value = {"mine": found.mine, "theirs": values.current(found.household, found.field)}.get(
        choice, form.cleaned_data["other"]
    )
    try:
        editing.settle(conflict=found, value=value, seen=form.cleaned_data["seen"], by=request.user, at=clock.now())
        messages.success(request, _("已写入档案。"))
    except Refusal as refusal:
        messages.error(request, says(refusal))
    return redirect("phone:conflicts")
