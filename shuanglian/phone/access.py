"""The gates to a phone and to a conflict: outside the reader's area they do not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.shortcuts import get_object_or_404

from .models import Conflict, Device
from .queries import conflicts, devices

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


def device_to_lock(actor: User, pk: UUID) -> Device:
    """A phone of somebody of the actor's area."""
    return get_object_or_404(devices.visible(seen_by=actor).select_related("user__area", "locked_by"), pk=pk)


def conflict_to_settle(actor: User, pk: int) -> Conflict:
    return get_object_or_404(conflicts.visible(seen_by=actor), pk=pk)
