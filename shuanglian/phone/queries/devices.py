"""Phones for the office: whose, last heard of when, what still waits on them and at the server."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from shuanglian.core.profile import active
from shuanglian.phone.models import Conflict, Device, Operation, Upload

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

STATES = ("", "locked", "silent", "left")


def visible(*, seen_by: User) -> QuerySet[Device]:
    """Phones of people at or below the reader's area."""
    return Device.objects.within(seen_by.area)


def listed(*, seen_by: User, at: datetime, text: str = "", state: str = "") -> QuerySet[Device]:
    """With `open_conflicts`, `open_photos` (not whole yet). `state`: locked, silent (will have wiped itself), left."""
    rows = visible(seen_by=seen_by).select_related("user__area", "locked_by").annotate(
        open_conflicts=_count(Conflict.objects.filter(state=Conflict.State.OPEN)),
        open_photos=_count(Upload.objects.filter(done_at=None, refused="")),
    )  # fmt: skip
    if text := text.strip():
        rows = rows.filter(
            Q(user__full_name__contains=text) | Q(user__username__startswith=text) | Q(name__contains=text)
        )
    if state == "locked":
        rows = rows.filter(locked_at__isnull=False)
    elif state == "silent":
        silent = at - timedelta(days=active().phone.limit("kept_days"))
        rows = rows.filter(contact_at__lt=silent, locked_at=None, left_at=None)
    elif state == "left":
        rows = rows.filter(left_at__isnull=False)
    return rows


def _count(rows: QuerySet) -> Coalesce:
    counted = rows.filter(device=OuterRef("pk")).order_by().values("device").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def latest(device: Device, *, most: int = 50) -> list[Operation]:
    """What a phone sent of late."""
    return list(device.operations.order_by("-at", "-seq")[:most])
