"""What happens at the doors and is written down: log-ins, failures, passwords, second factors."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa import signals as mfa
from django.contrib.auth import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from shuanglian.core import clock, record

from .adapter import client_address
from .models import User


def _address(request: HttpRequest | None) -> str:
    return client_address(request) if request is not None else ""


@receiver(user_logged_in)
def logged_in(sender: Any, request: HttpRequest, user: User, **_kwargs: Any) -> None:
    at = clock.now()
    if hasattr(request, "session"):
        request.session["born_at"] = request.session["seen_at"] = int(at.timestamp())
    record.write("accounts.login", about=user, by=user, at=at, area_code=area_code(user), address=_address(request))


@receiver(user_logged_out)
def logged_out(sender: Any, request: HttpRequest, user: User | None, **_kwargs: Any) -> None:
    if user is not None:
        record.write(
            "accounts.logout", about=user, by=user, at=clock.now(), area_code=area_code(user), address=_address(request)
        )


@receiver(user_login_failed)
def login_failed(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **_kwargs: Any) -> None:
    """A wrong password, a locked name, a wrong code: the name that was tried, never what was typed as password."""
    name = str(credentials.get("username") or "")[:150]
    user = User.objects.filter(username=name).first()
    record.write(
        "accounts.login_failed", about=user, by=None, at=clock.now(), area_code=area_code(user) if user else "",
        name=name, address=_address(request),
    )  # fmt: skip


@receiver(password_changed)
def changed_password(sender: Any, request: HttpRequest, user: User, **_kwargs: Any) -> None:
    if user.must_change_password:
        user.must_change_password = False
        user.save(update_fields=["must_change_password"])
    record.write("accounts.password", about=user, by=user, at=clock.now(), area_code=area_code(user))


@receiver([mfa.authenticator_added, mfa.authenticator_removed, mfa.authenticator_reset])
def second_factor(sender: Any, signal: Any, user: User, authenticator: Any = None, **_kwargs: Any) -> None:
    verbs = {mfa.authenticator_added: "on", mfa.authenticator_removed: "off", mfa.authenticator_reset: "renewed"}
    record.write(
        f"accounts.second_factor_{verbs[signal]}", about=user, by=user, at=clock.now(), area_code=area_code(user),
        kind=str(getattr(authenticator, "type", "")),
    )  # fmt: skip


@receiver(mfa.authentication_failed)
def wrong_code(sender: Any, request: HttpRequest, user: User, reauthentication: bool = False, **_kwargs: Any) -> None:
    """A wrong code counts like a wrong password: axes locks name and address after as many of them."""
    user_login_failed.send(sender=__name__, credentials={"username": user.username}, request=request)


def area_code(user: User) -> str:
    return user.area.code if user.area else ""
