"""Reads of accounts."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from shuanglian.areas.models import below
from shuanglian.core import profile

from .models import User
from .rights import may, scope_prefix


def users(*, seen_by: User, text: str = "", role: str = "", state: str = "") -> QuerySet[User]:
    """The accounts at or below an administrator's area; those without an area are nobody's and not shown."""
    from allauth.mfa.models import Authenticator

    prefix = scope_prefix(seen_by)
    if not prefix or not may(seen_by, "accounts.manage"):
        return User.objects.none()
    found = User.objects.filter(below(prefix, "area__code")).select_related("area").annotate(
        second_factor=Exists(Authenticator.objects.filter(user=OuterRef("pk"), type="totp"))
    )  # fmt: skip
    if text:
        found = found.filter(Q(username__icontains=text) | Q(full_name__icontains=text))
    if role:
        found = found.filter(role=role)
    if state in {"open", "locked"}:
        found = found.filter(is_active=state == "open")
    return found


def roles_to_give(by: User) -> list[tuple[str, str]]:
    """The roles an administrator may give, with their labels. Also those that manage accounts."""
    return [(code, role.label.in_(profile.language())) for code, role in profile.active().roles.items()]


def levels_of(role: str) -> set[int]:
    """The levels of areas (1 province … 5 village) that a role can be bound to."""
    active = profile.active()
    entry = active.roles.get(role)
    order = {code: number for number, code in enumerate(active.levels, start=1)}
    return {order[level] for level in entry.levels if level in order} if entry else set()
