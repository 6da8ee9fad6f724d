"""May this person do that? The plumbing asks the user; who a user is, is told on a higher floor."""

from typing import Any


def allowed(user: Any, permission: str) -> bool:
    """Whether a user's role holds a permission; nobody (not logged in) holds none."""
    if not getattr(user, "is_authenticated", False):
        return False
    return bool(user.may(permission))
