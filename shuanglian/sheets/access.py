"""The gates to a batch: 404 outside the reader's area, 403 for a role that may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from shuanglian.accounts.rights import may

from . import queries
from .models import Batch

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


def batch(actor: User, pk: int) -> Batch:
    """A batch to look at."""
    return get_object_or_404(queries.batches(seen_by=actor), pk=pk)


def batch_to_work_on(actor: User, pk: int) -> Batch:
    """A batch whose columns the actor may correct, which he may check again or give up."""
    return _with(actor, pk, "imports.run", _("您的角色不能导入名册。"))


def batch_to_accept(actor: User, pk: int) -> Batch:
    """A batch that the actor may let in or take back."""
    return _with(actor, pk, "imports.accept", _("您的角色不能接收或撤销导入。"))


def _with(actor: User, pk: int, permission: str, why_not: str) -> Batch:
    found = batch(actor, pk)
    if not may(actor, permission):
        raise PermissionDenied(why_not)
    return found
