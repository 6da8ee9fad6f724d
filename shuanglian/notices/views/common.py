"""What every public page does: language by link, nothing kept in between, knocks counted, a page for nothing there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers

from shuanglian.accounts.adapter import client_address
from shuanglian.accounts.views import LANGUAGE_COOKIE_SECONDS
from shuanglian.core import clock
from shuanglian.core.profile import active
from shuanglian.core.scoping import unscoped
from shuanglian.notices.actions import knocks
from shuanglian.rules.notice_shapes import ObjectionTerms

View = Callable[..., HttpResponse]
MISSES = 60  # where the profile says nothing
MISS, OBJECT = "miss", "object"


def public(*, forms: bool = False) -> Callable[[View], View]:
    """View decorator. `forms`: the page has one, so its own site must see where a form comes from (a browser told
    no-referrer sends "Origin: null", which no form of ours accepts); other sites see nothing either way."""

    def decorate(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            chosen = request.GET.get("lang")
            if chosen in dict(settings.LANGUAGES):
                return _bare(_in_language(request, str(chosen)), forms)
            if knocked(request, MISS) >= _most():
                return _bare(wait(request), forms)
            response = view(request, *args, **kwargs)
            if response.status_code == 404:
                knock(request, MISS)
            return _bare(response, forms)

        return shown

    return decorate


def _most() -> int:
    terms: ObjectionTerms | None = active().notices.terms
    return terms.misses_per_hour if terms else MISSES


def knock(request: HttpRequest, what: str) -> int:
    """Count one; answers that are errors for people (404, 422, 429) keep it, only our own failures undo it."""
    with unscoped():
        return knocks.knock(what=what, address=client_address(request), at=clock.now())


def knocked(request: HttpRequest, what: str) -> int:
    with unscoped():
        return knocks.knocked(what=what, address=client_address(request), at=clock.now())


def gone(request: HttpRequest) -> HttpResponse:
    """The same page for a notice that is over and for one that never was."""
    return render(request, "notices/gone.html", status=404)


def wait(request: HttpRequest) -> HttpResponse:
    return render(request, "notices/wait.html", status=429)


def _in_language(request: HttpRequest, chosen: str) -> HttpResponse:
    query = request.GET.copy()
    del query["lang"]
    response = redirect(request.path + (f"?{query.urlencode()}" if query else ""))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, chosen, max_age=LANGUAGE_COOKIE_SECONDS, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


def _bare(response: HttpResponse, forms: bool) -> HttpResponse:
    """Search engines leave it alone, the address is not passed on, nothing is kept in between."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive, nosnippet, noimageindex"
    response.headers["Referrer-Policy"] = "same-origin" if forms else "no-referrer"
    add_never_cache_headers(response)
    response.headers["Cache-Control"] = "no-store, private"
    return response
