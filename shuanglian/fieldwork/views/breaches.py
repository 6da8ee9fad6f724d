"""A family reports a broken prohibition from its own card's page; the office that reads it (FIELD-6, VOICE-6)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods, require_safe

from shuanglian.accounts.adapter import client_address
from shuanglian.accounts.rights import SignedIn, requires
from shuanglian.areas.models import Area
from shuanglian.benefits.actions import cards
from shuanglian.benefits.models import Card
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on
from shuanglian.core.scoping import unscoped
from shuanglian.fieldwork import queries
from shuanglian.fieldwork.actions import breaches as verbs
from shuanglian.fieldwork.forms import BreachForm
from shuanglian.notices import showing
from shuanglian.notices.actions import knocks
from shuanglian.trail import trail

WHAT, MISS = "breach", "cardmiss"
PER_HOUR, MISSES = 12, 60  # from one address


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, code: str) -> HttpResponse:
    """The form behind the card's code. No account, no name; nothing of the answer is kept by browsers between."""
    if _knocked(request, MISS) >= MISSES:
        return _bare(render(request, "core/error.html", {"status": 429}, status=429))
    wanted = "".join(one for one in code.upper() if one in cards.LETTERS)
    with unscoped():
        card = Card.objects.filter(code=wanted, closed_at=None).select_related("household").first()
    if card is None or card.household.removed_on is not None:
        _knock(request, MISS)
        return _bare(render(request, "core/error.html", {"status": 404}, status=404))
    form = BreachForm(request.POST or None)
    told = {"form": form, "code": code, "supervision": showing.supervision()}
    if form.is_valid():
        if form.cleaned_data["website"]:  # only machines fill it in
            return _bare(render(request, "fieldwork/breach_sent.html", told))
        if _knock(request, WHAT) > PER_HOUR:
            return _bare(render(request, "core/error.html", {"status": 429}, status=429))
        given = {name: form.cleaned_data[name] for name in ("prohibition", "text", "about_office", "key")}
        with refusals_on(form), unscoped():
            verbs.report(household=card.household, at=clock.now(), **given)
            return _bare(render(request, "fieldwork/breach_sent.html", told))
    return _bare(render(request, "fieldwork/breach_form.html", told, status=422 if form.errors else 200))


def _knock(request: HttpRequest, what: str) -> int:
    with unscoped():
        return knocks.knock(what=what, address=client_address(request), at=clock.now())


def _knocked(request: HttpRequest, what: str) -> int:
    with unscoped():
        return knocks.knocked(what=what, address=client_address(request), at=clock.now())


def _bare(response: HttpResponse) -> HttpResponse:
    """Search engines leave it alone, other sites do not learn the address, nothing is kept in between."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive, nosnippet"
    response.headers["Referrer-Policy"] = "same-origin"
    add_never_cache_headers(response)
    response.headers["Cache-Control"] = "no-store, private"
    return response


@require_safe
@requires("fieldwork.view", "fieldwork.breaches")
def reports(request: SignedIn) -> HttpResponse:
    """What families reported to this office. Each look is told in the trail, the same whether there is any or not."""
    rows = queries.breaches(seen_by=request.user)
    assert request.user.area is not None  # the gate asks for one
    names = dict(Area.objects.filter(pk__in={told["village"] for _row, told in rows}).values_list("pk", "name"))
    trail.write("fieldwork.breaches.read", by=request.user, at=clock.now(), area_code=request.user.area.code)
    response = render(request, "fieldwork/breaches.html", {
        "rows": [(row, told, names.get(told["village"], "")) for row, told in rows],
    })  # fmt: skip
    response.headers["Cache-Control"] = "no-store, private"
    return response
