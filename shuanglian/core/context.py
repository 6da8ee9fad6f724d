"""What every page needs beside its own things: menu, languages, whether this is the demo."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from . import menu


def page(request: HttpRequest) -> dict[str, Any]:
    """Callables, so that parts of pages which show no menu do not pay for it."""
    user = getattr(request, "user", None)
    return {
        "DEMO": settings.DEMO,
        "languages": settings.LANGUAGES,
        "menu_entries": lambda: menu.entries(user, request.path),
        "own_entries": lambda: menu.own(user),
    }
