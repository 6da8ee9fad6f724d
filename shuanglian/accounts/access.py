"""The gate to one account: an administrator's, within the administrator's area."""

from __future__ import annotations

from django.http import Http404
from django.utils.translation import gettext as _

from . import queries
from .models import User


def user_to_manage(actor: User, user_id: int) -> User:
    """An account at or below the actor's area; elsewhere it does not exist."""
    found = queries.users(seen_by=actor).filter(pk=user_id).first()
    if found is None:
        raise Http404(_("没有这个账户。"))
    return found
