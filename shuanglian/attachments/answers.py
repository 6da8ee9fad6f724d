"""An attachment as a page's answer: shown or downloaded, never kept by anybody between, never run."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from .actions.attachments import fetch
from .models import Attachment

# a kept photo is drawn anew and a scan is as it came; neither may load, run or frame anything
POLICY = {"image": "default-src 'none'; frame-ancestors 'none'; sandbox"}
TYPES = {"image": "image/jpeg", "pdf": "application/pdf"}


def answer(attachment: Attachment) -> HttpResponse:
    """The file; the caller has asked whether the reader may see the row it stands by."""
    try:
        data = fetch(attachment)
    except FileNotFoundError:
        raise Http404 from None
    response = HttpResponse(data, content_type=TYPES[attachment.kind])
    ending = "jpg" if attachment.kind == "image" else "pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{attachment.pk}.{ending}"'
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if attachment.kind in POLICY:  # a browser's reader of PDF does not open in a sandbox: it has one of its own
        response.headers["Content-Security-Policy"] = POLICY[attachment.kind]
    return response
