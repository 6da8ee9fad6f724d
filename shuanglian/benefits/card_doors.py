"""Pages behind the code of a family's card: found by the code, throttled by address, kept by nobody in between."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from shuanglian.accounts.adapter import client_address
from shuanglian.core import clock
from shuanglian.core.scoping import unscoped
from shuanglian.notices.actions import knocks

from .actions import cards
from .models import Card

MISS, MISSES = "cardmiss", 60  # wrong codes from one address in an hour: a village may share one address


def card_behind(request: HttpRequest, code: str) -> Card | HttpResponse:
    """The card that is in force under a code, with its household; else the page that says why not."""
    with unscoped():
        at = clock.now()
        if knocks.knocked(what=MISS, address=client_address(request), at=at) >= MISSES:
            return bare(render(request, "core/error.html", {"status": 429}, status=429))
        wanted = "".join(one for one in code.upper() if one in cards.LETTERS)  # typed with blanks or hyphens as well
        rows = Card.objects.filter(code=wanted, closed_at=None).select_related("household__village__parent")
        card = rows.first()
        if card is None or card.household.removed_on is not None:
            knocks.knock(what=MISS, address=client_address(request), at=at)
            return bare(render(request, "core/error.html", {"status": 404}, status=404))
    return card


def bare(response: HttpResponse) -> HttpResponse:
    """Search engines leave it alone, other sites do not learn the address, nothing is kept in between."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive, nosnippet"
    response.headers["Referrer-Policy"] = "same-origin"
    add_never_cache_headers(response)
    response.headers["Cache-Control"] = "no-store, private"
    return response
