"""The door of field work: what was asked for at a visit is a demand like any other (FIELD-1, VOICE-1)."""

from __future__ import annotations

from collections.abc import Sequence

from shuanglian.areas.models import Area
from shuanglian.core.profile import active
from shuanglian.core.scoping import unscoped
from shuanglian.fieldwork.models import Ask
from shuanglian.grievances.models import Demand
from shuanglian.registry.models import Household

from . import demands


def from_asks(asks: Sequence[Ask]) -> list[Demand]:
    """A demand for each ask, under the ask's own key; a programme without a ladder keeps only the asks."""
    programme = active().grievances
    if not programme.runs:
        return []
    with unscoped():
        homes = Household.objects.select_related("village").in_bulk(
            [one.household_id for one in asks if one.household_id]
        )
        codes = {one.area_code for one in asks}
        areas = {one.code: one for one in Area.objects.current().filter(code__in=codes)}
        return [
            demands.raise_(
                key=one.key, door=Demand.Door.VISIT, text=one.text, ask=one, on=one.on, by=one.by, at=one.at,
                category=programme.of_asks.get(one.category) or list(programme.open_categories)[-1],
                household=homes.get(one.household_id or 0), village=areas[one.area_code], urgent=one.urgent,
                never=never_in(one.text),
            )
            for one in asks
        ]  # fmt: skip


def never_in(text: str) -> str:
    """Which of the "three nevers" a text speaks of by the profile's words; nobody must tick it to be heard (BEN-7)."""
    for code, one in active().grievances.nevers.items():
        if any(word in text for word in one.words):
            return code
    return ""
