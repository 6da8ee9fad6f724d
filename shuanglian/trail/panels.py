"""What the trail shows on other rooms' pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from . import queries


def recent_logins(request: HttpRequest, user: Any) -> str:
    """On one's own account: when somebody last came in, or tried to."""
    return render_to_string("trail/logins.html", {"logins": queries.recent_logins(of=user)}, request)
