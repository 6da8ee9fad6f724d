"""Around every request: the reader's language, the reader's area in the database, the end of a log-in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import pghistory
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from shuanglian.core import clock, errors, scoping

from .models import User
from .rights import scope_prefix

Next = Callable[[HttpRequest], HttpResponse]
CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
SEEN_EVERY = 60  # seconds; a session is not written at every click


def language_of(request: HttpRequest) -> str:
    """The person's own choice, else this browser's, else Chinese; what the browser says by itself does not count."""
    known = dict(settings.LANGUAGES)
    own = getattr(request.user, "language", "")
    for choice in (own, request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")):
        if choice in known:
            return choice
    return settings.LANGUAGE_CODE


@contextmanager
def as_person(user: User) -> Iterator[None]:
    """A transaction that sees what a page sees for this person: for tests, and for commands on a person's behalf."""
    with scoping.scoped(scope_prefix(user), user.pk):
        yield


class LanguageMiddleware:
    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
        with translation.override(language):
            response = self.get_response(request)
        response.headers["Content-Language"] = language
        return response


def stepwise(view: Any) -> Any:
    """View decorator: the view commits step by step, each under `as_person`; no transaction goes around it.

    For a phone's batch of operations: what is done stays done when a later one fails, and none waits for another.
    """
    view.stepwise = True
    return view


class ScopeMiddleware:
    """One transaction a request, under the role and area that bind it; undone when the answer is an error."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        prefix, user_id = scope_prefix(user), user.pk
        within_another = connection.in_atomic_block  # a test's own transaction, that goes on after this request
        if request.method in CHANGES and self._by_itself(request):
            return self.get_response(request)  # its verbs tell the row history who and why
        context = pghistory.context(user=user_id, url=request.path) if request.method in CHANGES else nullcontext()
        with context, transaction.atomic():
            scoping.enter(prefix, user_id)
            response = self.get_response(request)
            if response.status_code >= 500 or getattr(request, "view_failed", False):
                transaction.set_rollback(True)
        if within_another:
            scoping.leave()
        return response

    @staticmethod
    def _by_itself(request: HttpRequest) -> bool:
        try:
            return getattr(resolve(request.path_info).func, "stepwise", False)
        except Resolver404:
            return False

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """A view that raised (also 403 and 404) leaves nothing behind; its answer reaches us as a plain response."""
        request.view_failed = True  # type: ignore[attr-defined]


class DeadlineMiddleware:
    """A log-in ends after SESSION_COOKIE_AGE at the latest and after SESSION_IDLE_MINUTES without a click; a password
    that the office has set must be changed before anything else."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        moment = int(clock.now().timestamp())
        if self._over(request, moment):
            return self._end(request)
        self._note(request, moment)
        if request.user.must_change_password and request.path not in self._always_open():  # type: ignore[union-attr]
            if errors.wants_json(request):
                return errors.told(403, "password", _("请先设置您自己的新密码，再继续使用。"))
            if request.method == "GET":
                messages.warning(request, _("请先设置您自己的新密码，再继续使用。"))
            return redirect("account_change_password")
        response = self.get_response(request)
        if "Cache-Control" not in response:  # whoever uses the machine next must not page back to people's data
            response["Cache-Control"] = "no-store, private"
        return response

    def _over(self, request: HttpRequest, moment: int) -> bool:
        born, seen = request.session.get("born_at", moment), request.session.get("seen_at", moment)
        return moment - born >= settings.SESSION_COOKIE_AGE or moment - seen >= settings.SESSION_IDLE_MINUTES * 60

    def _end(self, request: HttpRequest) -> HttpResponse:
        logout(request)
        if errors.wants_json(request):
            return errors.told(401, "login", _("登录已过期，请重新登录。"))
        messages.info(request, _("登录已过期，请重新登录。"))
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401, headers={"HX-Redirect": str(settings.LOGIN_URL)})
        return redirect_to_login(request.get_full_path() if request.method == "GET" else reverse("web:home"))

    def _note(self, request: HttpRequest, moment: int) -> None:
        """Remember the click. A page that asks for itself (progress) is no click: it keeps no log-in alive."""
        polled = "X-Poll" in request.headers
        if "born_at" not in request.session:
            request.session["born_at"] = moment
        seen = request.session.get("seen_at", 0)
        if seen == 0 or (moment - seen >= SEEN_EVERY and not polled):
            request.session["seen_at"] = moment
            User.objects.filter(pk=request.user.pk or 0).update(last_seen_at=clock.now())

    @staticmethod
    def _always_open() -> set[str]:
        names = ("account_change_password", "account_logout", "accounts:language", "account_reauthenticate")
        return {reverse(name) for name in names}
