"""Two solvings side by side: what both have, what only one has, which households changed hands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shuanglian.organisation.models import Cadre
from shuanglian.registry.models import Household

from . import packing
from .models import Solution

ROWS = 50
FIGURES = ("households", "paired", "fallback", "kept", "moved", "new", "ended", "none", "objective")


@dataclass(frozen=True, eq=False)
class Difference:
    """The earlier and the later solving. `changed`: (household, cadre before, cadre after), 0 for nobody."""

    one: Solution
    other: Solution
    changed: list[tuple[int, int, int]]
    same: int
    gone: int
    come: int

    @cached_property
    def figures(self) -> list[tuple[str, Any, Any]]:
        return [(name, self.one.totals.get(name), self.other.totals.get(name)) for name in FIGURES]

    @cached_property
    def weights(self) -> list[tuple[str, int | None, int | None]]:
        """Weights that differ."""
        codes = list(dict.fromkeys([*self.one.weights, *self.other.weights]))
        both = [(code, self.one.weights.get(code), self.other.weights.get(code)) for code in codes]
        return [row for row in both if row[1] != row[2]]

    def page(self, start: int) -> dict[str, Any]:
        """Fifty of the differing households with the people they would be with."""
        part = self.changed[start : start + ROWS]
        households = Household.objects.select_related("village").in_bulk([row[0] for row in part])
        cadres = Cadre.objects.select_related("unit").in_bulk({number for row in part for number in row[1:] if number})
        rows = [
            {"household": households.get(household), "before": cadres.get(before), "after": cadres.get(after)}
            for household, before, after in part
        ]
        more = start + ROWS < len(self.changed)
        return {
            "rows": rows, "next": start + ROWS if more else None, "previous": max(0, start - ROWS) if start else None,
            "start": start,
        }  # fmt: skip


def compare(one: Solution, other: Solution) -> Difference:
    before = packing.unpack(one.packed).by_household()
    after = packing.unpack(other.packed).by_household()
    both = sorted(before.keys() & after.keys())
    changed = [(household, before[household], after[household]) for household in both
               if before[household] != after[household]]  # fmt: skip
    return Difference(
        one, other, changed, same=len(both) - len(changed), gone=len(before.keys() - after.keys()),
        come=len(after.keys() - before.keys()),
    )  # fmt: skip
