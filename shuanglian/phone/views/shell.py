"""The app's shell by HTTP: page, parts, service worker, manifest. Open to everybody: there is nobody's data in it."""

from __future__ import annotations

from functools import cache

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_GET

from shuanglian.phone import icons
from shuanglian.phone.shell import Shell

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


@cache
def shell() -> Shell:
    """Read once a process: a new version of the product is a new process."""
    return Shell()


@require_GET
def app(request: HttpRequest) -> HttpResponse:
    """The one page; its language and content are made on the phone."""
    with override("zh-hans"):
        page = render(request, "phone/app.html", {"at": shell().addresses()})
    page["Cache-Control"] = ASK_AGAIN
    return page


@require_GET
def part(request: HttpRequest, version: str, name: str) -> HttpResponse:
    """A script, style, catalogue or icon of this version; another version is not here."""
    found = shell().parts.get(name) if version == shell().version else None
    if found is None:
        raise Http404
    packs = "gzip" in request.headers.get("Accept-Encoding", "")
    answer = HttpResponse(found.packed if packs else found.body, content_type=found.kind)
    if packs:
        answer["Content-Encoding"] = "gzip"
    answer["Vary"] = "Accept-Encoding"
    answer["Cache-Control"] = FOR_EVER
    return answer


@require_GET
def worker(_request: HttpRequest) -> HttpResponse:
    answer = HttpResponse(shell().worker(), content_type="text/javascript")
    answer["Service-Worker-Allowed"] = reverse("phone:app")
    answer["Cache-Control"] = ASK_AGAIN
    return answer


@require_GET
def manifest(_request: HttpRequest) -> HttpResponse:
    """What makes it installable."""
    here = reverse("phone:app")
    drawn = [
        {"src": shell().address(f"icon-{edge}.png"), "sizes": f"{edge}x{edge}", "type": "image/png", "purpose": purpose}
        for edge in icons.EDGES
        for purpose in ("any", "maskable")
    ]
    answer = JsonResponse({
        "id": here, "start_url": here, "scope": here, "lang": "zh-Hans",
        "name": "双联 Shuanglian", "short_name": "双联", "display": "standalone", "orientation": "portrait",
        "theme_color": "#7a1414", "background_color": "#ffffff",
        "icons": [*drawn, {"src": shell().address("mark.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }, json_dumps_params={"ensure_ascii": False}, content_type="application/manifest+json")  # fmt: skip
    answer["Cache-Control"] = ASK_AGAIN
    return answer
