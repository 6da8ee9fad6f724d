"""How allauth is bent to an office: no sign-up, no e-mail, addresses seen through the office's own proxies only."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest

from shuanglian.core.secrets import open_sealed, seal


class ClosedAdapter(DefaultAccountAdapter):
    """People are entered by an administrator; nothing is ever sent."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        return None

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Failed tries are counted by axes, in the database and so for all processes; once is enough."""

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """allauth's own notes are kept, but nobody needs to be told that they have just logged in or out."""
        if message_template not in {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}:
            super().add_message(request, level, message_template, *args, **kwargs)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)


class SealedMFAAdapter(DefaultMFAAdapter):
    """The secrets of second factors are encrypted in the database like every other personal number."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return open_sealed(encrypted_text)


def client_address(request: HttpRequest) -> str:
    """The address that a log-in comes from: as many steps back in X-Forwarded-For as there are trusted proxies.

    Without trusted proxies the header is anybody's invention and is not looked at.
    """
    direct = str(request.META.get("REMOTE_ADDR") or "127.0.0.1")
    if not settings.TRUSTED_PROXIES:
        return direct
    steps = [step.strip() for step in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",") if step.strip()]
    return steps[-settings.TRUSTED_PROXIES] if len(steps) >= settings.TRUSTED_PROXIES else direct
