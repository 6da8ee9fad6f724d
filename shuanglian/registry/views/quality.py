"""Possible duplicates side by side; orders to count or to compare a region anew. What the checks find: views.flags."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shuanglian.accounts.rights import SignedIn, requires
from shuanglian.core import clock
from shuanglian.jobs.actions import jobs
from shuanglian.registry import access


@requires("quality.view")
@require_POST
def recount(request: SignedIn) -> HttpResponse:
    """Count a region anew, in the background."""
    return _order(request, "registry.figures", _("重新统计：{area}"))


@requires("quality.view", "registry.edit")
@require_POST
def look_for_duplicates(request: SignedIn) -> HttpResponse:
    """Compare the people of a region anew, in the background."""
    return _order(request, "registry.suspicions", _("查找疑似重复：{area}"))


def _order(request: SignedIn, kind: str, title: str) -> HttpResponse:
    area = access.area(request.user, request.POST.get("area"))
    job = jobs.start(kind=kind, title=title.format(area=area.name), params={"area": area.code}, by=request.user,
                     at=clock.now(), area_code=area.code)  # fmt: skip
    return redirect("jobs:detail", job.pk)
