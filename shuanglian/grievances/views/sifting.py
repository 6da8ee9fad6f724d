"""What was kept aside because it came in a flood or from a machine: looked through in one go, never lost (VOICE-1)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuanglian.accounts.rights import SignedIn, requires
from shuanglian.core import clock
from shuanglian.core.forms import says
from shuanglian.core.paging import keyset
from shuanglian.grievances import access, queries, wording
from shuanglian.grievances.access import VIEW
from shuanglian.grievances.actions import demands
from shuanglian.kernel.refusal import Refusal
from shuanglian.registry import access as registry


@require_http_methods(["GET", "HEAD", "POST"])
@requires(VIEW, "grievances.sift")
def held(request: SignedIn) -> HttpResponse:
    """Those kept aside, the oldest last; ticked ones are accepted, or set aside with a reason."""
    area, today = registry.area(request.user, request.GET.get("area")), clock.today()
    if request.method == "POST":
        return _sift(request)
    rows = queries.ledger(seen_by=request.user, area=area, wanted=queries.Wanted("held"), on=today)
    page = keyset(rows, order=queries.order_of("held"), after=request.GET.get("after"))
    return render(request, "grievances/held.html", {
        "area": area, "page": page, "rows": [(one, wording.category(one.category), one.steps.first()) for one in page],
    })  # fmt: skip


def _sift(request: SignedIn) -> HttpResponse:
    ticked = [int(one) for one in request.POST.getlist("row") if one.isascii() and one.isdigit() and len(one) < 19]
    rows = list(access.demands_seen_by(request.user).filter(pk__in=ticked))
    try:
        if request.POST.get("do") == "refuse":
            many = demands.refuse(demands=rows, why=request.POST.get("why", ""), by=request.user, at=clock.now())
            said = _("{n} 条不受理，原因已记下。")
        else:
            many = demands.release(demands=rows, by=request.user, at=clock.now())
            said = _("已受理 {n} 条。")
    except Refusal as refusal:
        messages.error(request, says(refusal))
    else:
        messages.success(request, said.format(n=many)) if many else messages.info(request, _("没有勾选。"))
    return redirect("grievances:held")
