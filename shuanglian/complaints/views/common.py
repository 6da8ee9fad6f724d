"""What the pages of safe letters share: counting letters of an address, the answer to whoever may not."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from shuanglian.accounts.adapter import client_address
from shuanglian.accounts.rights import SignedIn, requires
from shuanglian.complaints.actions import attempts, turns
from shuanglian.complaints.actions.log import terms
from shuanglian.complaints.models import Attempt
from shuanglian.core import clock, errors

View = Callable[..., Any]


def too_many(request: HttpRequest) -> bool:
    """Count one letter of this address; whether it is one too many within the hour."""
    return turns.take(address=client_address(request), at=clock.now()) > terms().per_hour


def denied(request: SignedIn, what: str = Attempt.What.LETTER) -> HttpResponse:
    """The page of an address that never was; that it was tried is written down. Nothing is raised: it must be kept."""
    attempts.note(user=request.user, what=what, path=request.path, at=clock.now())
    return quiet(errors.not_found(request))


def quiet(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive, nosnippet"
    return response


def holds(permission: str, what: str = Attempt.What.LETTER) -> Callable[[View], View]:
    """View decorator: not logged in → log-in page; without the permission → the page of an address that never was."""

    def decorate(view: View) -> View:
        @requires()
        @wraps(view)
        def guarded(request: SignedIn, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.may(permission):
                return denied(request, what)
            return quiet(view(request, *args, **kwargs))

        return guarded

    return decorate
