"""Pages for what went wrong: plain words and a way on, no inner details."""

from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from .uploads import TooLarge

CODES = {400: "bad", 401: "login", 403: "forbidden", 404: "missing", 413: "too_large", 429: "too_many", 500: "broken"}


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks, not a page: it is answered in JSON, errors too."""
    accepted = request.headers.get("Accept", "")
    return "application/json" in accepted and "text/html" not in accepted


def told(status: int, code: str, message: str = "", **more: Any) -> JsonResponse:
    """An error as programs are told it: a code, a sentence in the reader's language."""
    return JsonResponse({"code": code, "message": message, **more}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What cannot be read; 413 for what is larger than anything that is wanted."""
    if isinstance(exception, TooLarge):
        words = _("一次传的文件太大：最多 {most} MB。请分开传，或把照片缩小再传。")
        return page(request, 413, why=words.format(most=exception.most))
    if isinstance(exception, TooManyFilesSent):
        return page(request, 413, why=_("一次传的文件太多，请分几次传。"))
    return page(request, 413 if isinstance(exception, RequestDataTooBig) else 400, why=_reason(exception))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 403, why=_reason(exception))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 404)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form older than the log-in, or sent from elsewhere: say so and offer to try again."""
    if wants_json(request):
        return told(403, "csrf", _("页面已过期，请重试。"))
    return page(request, 403, stale=True)


def server_error(request: HttpRequest) -> HttpResponse:
    """Drawn without database, session or menu: any of them may be what broke."""
    if wants_json(request):
        return told(500, CODES[500])
    return HttpResponse(render_to_string("core/broken.html", {"status": 500}), status=500)


def page(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    """The page of a status: 400, 403, 404, 429."""
    if wants_json(request):
        return told(status, CODES.get(status, "bad"), str(context.get("why", "")))
    return render(request, "core/error.html", {"status": status, **context}, status=status)


def _reason(exception: Exception | None) -> str:
    """Only sentences that our own code wrote for people; a framework's own remarks stay in the log."""
    text = str(exception or "")
    return text if any("\u3400" <= letter <= "\u9fff" for letter in text) or text[:1] == "\u200b" else ""


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 429)
