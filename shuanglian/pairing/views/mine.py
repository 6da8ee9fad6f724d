"""My households: what a cadre sees on the phone."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from shuanglian.accounts.rights import SignedIn, requires
from shuanglian.core import clock
from shuanglian.core.paging import keyset
from shuanglian.pairing import access, queries


@require_GET
@requires("pairing.view")
def mine(request: SignedIn) -> HttpResponse:
    """The cadre's own households as cards; a unit's account gets its villages and how its cadres are loaded."""
    cadre, unit = access.bound_cadre(request.user), access.bound_unit(request.user)
    if cadre is not None:
        rows = queries.households_of(cadre=cadre, on=clock.today())
        return render(request, "pairing/mine.html", {"cadre": cadre, "rows": rows})
    if unit is not None:
        people = queries.unit_people(unit=unit, on=clock.today())
        page = keyset(people, order=("number",), after=request.GET.get("after"))
        return render(request, "pairing/unit_mine.html", {
            "unit": unit, "villages": queries.unit_villages(unit=unit, on=clock.today()), "page": page,
        })  # fmt: skip
    return render(request, "pairing/mine.html", {"cadre": None, "rows": []})
