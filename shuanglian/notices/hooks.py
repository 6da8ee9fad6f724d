"""What upper rooms know about notices and this room does not: who is too near to a household to answer for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

    from .models import Objection

Near = Callable[["Objection", "User"], str]
_near: list[Near] = []


def register_near(fn: Near) -> None:
    """`fn(objection, user)` gives a reason (translated, for people) why this user may not answer, or ""."""
    if fn not in _near:
        _near.append(fn)


def too_near(objection: Objection, user: User) -> str:
    """The first reason why a user may not answer; empty when there is none."""
    return next((why for fn in _near if (why := fn(objection, user))), "")
