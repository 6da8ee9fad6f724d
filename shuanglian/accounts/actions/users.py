"""Verbs of accounts: open, lock, unlock, new password, second factor off; only by an administrator above them."""

from __future__ import annotations

import secrets
from datetime import datetime

from allauth.mfa.models import Authenticator
from axes.utils import reset as axes_reset
from django.db import transaction

from shuanglian.accounts.models import User
from shuanglian.accounts.queries import levels_of, roles_to_give
from shuanglian.accounts.rights import may, sees
from shuanglian.areas.models import Area
from shuanglian.core import record
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

# Without letters and figures that look alike on paper: a temporary password is read out and typed once.
LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
TEMPORARY_LENGTH = 14


@transaction.atomic
def open_account(
    *, username: str, full_name: str, role: str, area: Area, by: User, at: datetime, language: str = ""
) -> tuple[User, str]:
    """Open an account in the administrator's own area; gives it and its temporary password, which is kept nowhere."""
    _bounded(by, role, area)
    if User.objects.filter(username__iexact=username).exists():
        raise Refusal("name_taken", N_("登录名“{name}”已经有人用了，请换一个。"), name=username)
    password = temporary_password()
    user = User(
        username=username, full_name=full_name, role=role, area=area, language=language, must_change_password=True,
        date_joined=at,
    )  # fmt: skip
    user.set_password(password)
    user.full_clean()
    user.save()
    record.write("accounts.open", about=user, by=by, at=at, area_code=area.code, role=role)
    return user, password


@transaction.atomic
def change(*, user: User, full_name: str, role: str, area: Area, by: User, at: datetime) -> User:
    """Another name, role or area for an account; both the old place and the new one must be the administrator's."""
    user = _locked(user, by)
    _bounded(by, role, area)
    before = {"full_name": user.full_name, "role": user.role, "area": user.area.code if user.area else ""}
    user.full_name, user.role, user.area = full_name, role, area
    user.full_clean()
    user.save(update_fields=["full_name", "role", "area"])
    record.write("accounts.change", about=user, by=by, at=at, area_code=area.code, before=before, role=role)
    return user


@transaction.atomic
def lock(*, user: User, by: User, at: datetime) -> User:
    """Close an account: it is out at its next click and cannot come in. Nothing it did is lost."""
    user = _locked(user, by)
    user.is_active = False
    user.save(update_fields=["is_active"])
    _write("accounts.lock", user, by, at)
    return user


@transaction.atomic
def unlock(*, user: User, by: User, at: datetime) -> User:
    """Open a closed account again, and forget its failed log-ins."""
    user = _locked(user, by)
    user.is_active = True
    user.save(update_fields=["is_active"])
    axes_reset(username=user.username)
    _write("accounts.unlock", user, by, at)
    return user


@transaction.atomic
def reset_password(*, user: User, by: User, at: datetime) -> str:
    """A new temporary password, shown once; every log-in of the account ends."""
    user = _locked(user, by)
    password = temporary_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    axes_reset(username=user.username)
    _write("accounts.reset_password", user, by, at)
    return password


@transaction.atomic
def reset_second_factor(*, user: User, by: User, at: datetime) -> User:
    """Take the second factor off an account whose telephone is lost."""
    user = _locked(user, by)
    gone, _by_model = Authenticator.objects.filter(user=user).delete()
    if not gone:
        raise Refusal("no_second_factor", N_("这个账户没有开启第二验证。"))
    _write("accounts.reset_second_factor", user, by, at)
    return user


def temporary_password() -> str:
    """Letters and figures, at least two figures and a capital: good for one log-in (about 80 bits)."""
    while True:
        password = "".join(secrets.choice(LETTERS) for _ in range(TEMPORARY_LENGTH))
        if sum(letter.isdigit() for letter in password) >= 2 and any(letter.isupper() for letter in password):
            return password


def _locked(user: User, by: User) -> User:
    """The account for change, if it is the administrator's to change and not their own."""
    fresh = User.objects.select_for_update(of=("self",)).select_related("area").get(pk=user.pk)
    if fresh.pk == by.pk:
        raise Refusal("own_account", N_("不能在这里改自己的账户，请由另一位管理员办理。"))
    if not may(by, "accounts.manage") or fresh.area is None or not sees(by, fresh.area.code):
        raise Refusal("outside_area", N_("这个账户不在您的管辖区域内。"))
    return fresh


def _bounded(by: User, role: str, area: Area) -> None:
    if not may(by, "accounts.manage") or not sees(by, area.code):
        raise Refusal("outside_area", N_("{area}不在您的管辖区域内。"), area=area.name)
    if role not in {code for code, _label in roles_to_give(by)}:
        raise Refusal("unknown_role", N_("没有“{role}”这个角色。"), role=role)
    if area.level not in levels_of(role):
        raise Refusal("wrong_level", N_("这个角色不能设在{area}这一级。"), area=area.name)


def _write(verb: str, user: User, by: User, at: datetime) -> None:
    record.write(verb, about=user, by=by, at=at, area_code=user.area.code if user.area else "")
