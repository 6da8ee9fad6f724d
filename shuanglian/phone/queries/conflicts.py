"""Conflicts to settle: those of an area for its office, those of a person for his phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from shuanglian.organisation.queries import bound_to
from shuanglian.phone import values
from shuanglian.phone.models import Conflict
from shuanglian.registry import scope

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


def visible(*, seen_by: User) -> QuerySet[Conflict]:
    """Of households the reader sees, and those that he himself brought."""
    rows = Conflict.objects.within(seen_by.area).select_related("household", "by", "settled_by", "device")
    if bound_to(seen_by) == "area":
        return rows
    return rows.filter(household__in=scope.visible(seen_by=seen_by).values("pk")) | rows.filter(by=seen_by)


def open_ones(*, seen_by: User) -> QuerySet[Conflict]:
    """The oldest first."""
    return visible(seen_by=seen_by).filter(state=Conflict.State.OPEN).order_by("at", "pk")


def told(*, user: User) -> list[dict[str, Any]]:
    """For the phone: both values; `theirs` is what the register holds now, `version` its token."""
    lines = []
    for one in open_ones(seen_by=user):
        now = values.current(one.household, one.field)
        same = now == one.theirs
        lines.append({
            "id": one.pk, "household": one.household_id, "head": one.household.head_name, "field": one.field,
            "mine": one.mine, "theirs": now, "version": values.token(one.field, now),
            "by": one.their_name if same else "", "at": one.their_at.isoformat() if one.their_at and same else None,
            "mine_by": str(one.by), "own": one.by_id == user.pk, "since": one.at.isoformat(),
        })  # fmt: skip
    return lines
