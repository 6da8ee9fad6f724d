"""Two clerks at one file: the row is locked while it is changed, and a form filled from an older state is refused."""

from __future__ import annotations

from django.db.models import Max, Model

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.registry.models import Household


def version(row: Model) -> int:
    """A number that grows with every change of a row (the latest entry of its history)."""
    return row.events.aggregate(latest=Max("pgh_id"))["latest"] or 0  # type: ignore[attr-defined]


def unchanged_since(row: Model, seen: int | None) -> None:
    """Refuse a change that was written over a state which is no longer the latest (REG-10); None does not ask."""
    if seen is not None and version(row) != seen:
        raise Refusal("changed_meanwhile", N_("有人刚刚改过这份档案，请看过新内容后再改一次"))


def locked(household: Household) -> Household:
    """The household as it stands now, kept from others until the transaction ends."""
    return Household.objects.select_for_update(of=("self",)).select_related("village").get(pk=household.pk)
