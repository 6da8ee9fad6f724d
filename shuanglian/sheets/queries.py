"""Reads of batches and their findings. `seen_by` always: the reader's area, and only roles that are tied to an area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from shuanglian.core.profile import active

from .models import Batch, Finding

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


def batches(*, seen_by: User, kind: str = "", state: str = "") -> QuerySet[Batch]:
    """Batches at or below the reader's area, newest first; a unit's or a cadre's own account sees none."""
    role = active().roles.get(seen_by.role)
    found = Batch.objects.within(seen_by.area) if role and role.bound_to == "area" else Batch.objects.none()
    if kind:
        found = found.filter(kind=kind)
    if state:
        found = found.filter(state=state)
    return found.select_related("area__parent__parent__parent__parent", "by", "job__by", "accepted_by", "undone_by")


def same_file(batch: Batch) -> Batch | None:
    """The last batch before this one that took the very same file into the same area, and still stands."""
    return (
        Batch.objects.filter(
            file_sha256=batch.file_sha256, area_code=batch.area_code, state=Batch.State.ACCEPTED, pk__lt=batch.pk
        )
        .order_by("-pk")
        .first()
    )


def findings(batch: Batch, *, severity: str = "", code: str = "", sheet: str = "") -> QuerySet[Finding]:
    """Findings of a batch, as they stand in the file."""
    found = batch.findings.all()
    for name, value in (("severity", severity), ("code", code), ("sheet", sheet)):
        if value:
            found = found.filter(**{name: value})
    return found
