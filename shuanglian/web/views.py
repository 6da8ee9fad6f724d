"""The home page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from shuanglian.accounts.rights import SignedIn, may, requires

from . import queries


@requires("home.view")
@require_GET
def home(request: SignedIn) -> HttpResponse:
    """What a role needs first: the year's main job, what waits, its households; the figures are the rooms' cards."""
    context = {
        "waiting": queries.waiting(seen_by=request.user),
        "steps": queries.steps(seen_by=request.user),
        "mine": queries.address("pairing:mine") if may(request.user, "pairing.view") else "",
        "bound_to": queries.bound_to(request.user),
    }
    return render(request, "web/home.html", context)
