"""Which rows of this room a reader sees: those of the households he sees (registry.scope), no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shuanglian.registry import scope
from shuanglian.registry.scope import bound_to

from .models import Card, Due, Payment

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


def visible_dues(*, seen_by: User) -> Any:
    """Dues of visible households (a ScopedQuerySet)."""
    return _of_visible(Due.objects.within(seen_by.area), seen_by)


def visible_payments(*, seen_by: User) -> Any:
    """Payments: of an area reader all of the area, also those matched to nobody; of others those of their families."""
    return _of_visible(Payment.objects.within(seen_by.area), seen_by)


def visible_cards(*, seen_by: User) -> Any:
    area = seen_by.area
    rows = Card.objects.filter(area_code__gte=area.prefix, area_code__lt=f"{area.prefix}:") if area else None
    return Card.objects.none() if rows is None else _of_visible(rows, seen_by)


def _of_visible(rows: Any, seen_by: User) -> Any:
    if bound_to(seen_by) == "area":
        return rows
    return rows.filter(household__in=scope.visible(seen_by=seen_by).values("pk"))
