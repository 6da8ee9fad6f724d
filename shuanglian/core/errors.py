"""Pages for what went wrong: plain words and a way on, no inner details."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 400, why=_reason(exception))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 403, why=_reason(exception))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 404)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form older than the log-in, or sent from elsewhere: say so and offer to try again."""
    return page(request, 403, stale=True)


def server_error(request: HttpRequest) -> HttpResponse:
    """Drawn without database, session or menu: any of them may be what broke."""
    return HttpResponse(render_to_string("core/broken.html", {"status": 500}), status=500)


def page(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    """The page of a status: 400, 403, 404, 429."""
    return render(request, "core/error.html", {"status": status, **context}, status=status)


def _reason(exception: Exception | None) -> str:
    """Only sentences that our own code wrote for people; a framework's own remarks stay in the log."""
    text = str(exception or "")
    return text if any("\u3400" <= letter <= "\u9fff" for letter in text) or text[:1] == "\u200b" else ""


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 429)
