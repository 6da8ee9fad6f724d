"""Who holds a demand on a rung: the responsible cadre, his unit, an office, a department (PAIR-1, VOICE-2).

Many at once: a night's climb asks for thousands, so pairs and links are read for all of them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shuanglian.areas.models import PREFIX_LENGTHS, Area, prefix_of
from shuanglian.core.profile import active
from shuanglian.organisation.models import Cadre, Unit
from shuanglian.organisation.queries import away_on, standing_on
from shuanglian.pairing.models import Pairing, VillageLink
from shuanglian.rules.ladder import Rung

from .models import Demand

LEVEL_NAMES = {1: "province", 2: "city", 3: "county", 4: "township", 5: "village"}
LEVELS = {name: number for number, name in LEVEL_NAMES.items()}


@dataclass(frozen=True, slots=True)
class Holder:
    """Where a demand stands on a rung; `name`: how whoever holds it is called, as it stays in the demand's steps."""

    rung: str
    name: str
    cadre: Cadre | None = None
    unit: Unit | None = None
    office_code: str = ""
    department: str = ""

    def onto(self, demand: Demand) -> None:
        """Write it into the demand's own columns; the caller saves."""
        demand.rung, demand.cadre, demand.unit = self.rung, self.cadre, self.unit
        demand.office_code, demand.department = self.office_code, self.department


COLUMNS = ("rung", "cadre", "unit", "office_code", "department")


class Ground:
    """What deciding needs of many demands, read in a handful of queries."""

    def __init__(self, demands: Iterable[Demand], on: date) -> None:
        rows = list(demands)
        homes = {one.household_id for one in rows if one.household_id}
        pairs = Pairing.objects.standing_on(on).filter(household__in=homes).select_related("cadre__unit")
        serving = set(
            Cadre.objects.filter(pairings__household__in=homes).filter(standing_on(on)).exclude(away_on(on))
            .values_list("pk", flat=True)
        )  # fmt: skip
        self.cadres: Mapping[int, Cadre] = {
            one.household_id: one.cadre for one in pairs if one.cadre_id in serving
        }  # fmt: skip
        self.paired_units: Mapping[int, Unit] = {one.household_id: one.cadre.unit for one in pairs}
        links = VillageLink.objects.standing_on(on).filter(village__in={one.village_id for one in rows})
        ordered = links.select_related("unit").order_by("unit__leads", "-unit__code")  # the last one stays: the leader
        self.units: Mapping[int, Unit] = {one.village_id: one.unit for one in ordered}
        codes = {code for one in rows for code in offices_of(one.area_code)}
        self.areas: Mapping[str, Area] = {
            one.code: one for one in Area.objects.current().filter(code__in=codes)
        }  # fmt: skip

    def facts(self, demand: Demand) -> dict[str, Any]:
        """The facts that the ladder's conditions speak of."""
        return {
            "category": demand.category, "never": demand.never, "marked_urgent": demand.marked_urgent,
            "door": demand.door, "people": demand.people, "denied": demand.reopened,
            "known": demand.household_id is not None, "paired": demand.household_id in self.cadres,
            "linked": demand.household_id in self.paired_units or demand.village_id in self.units,
        }  # fmt: skip

    def holder(self, demand: Demand, rung: Rung) -> Holder | None:
        """Who holds a demand there; None when there is nobody, and the rung is passed over."""
        match rung.shape.holder:
            case "cadre":
                cadre = self.cadres.get(demand.household_id or 0)
                return Holder(rung.code, cadre.name, cadre=cadre) if cadre else None
            case "unit":
                unit = self.paired_units.get(demand.household_id or 0) or self.units.get(demand.village_id)
                return Holder(rung.code, unit.name, unit=unit) if unit else None
        return self._office(demand, rung)

    def _office(self, demand: Demand, rung: Rung) -> Holder | None:
        level = LEVELS[rung.shape.level or ""]
        code = prefix_of(demand.area_code, level).ljust(12, "0")
        area = self.areas.get(code)
        if area is None or area.level != level:
            return None
        if rung.shape.holder == "office":
            return Holder(rung.code, office_name(area), office_code=code)
        owner = active().grievances.categories.get(demand.category)
        if owner is None or not owner.department:
            return None
        return Holder(rung.code, department_name(owner.department), office_code=code, department=owner.department)

    def path(self, demand: Demand) -> tuple[Rung, ...]:
        """The rungs on which somebody holds it; the topmost office that there is always does."""
        ladder = active().grievances.ladder
        return tuple(one for one in ladder.path(self.facts(demand)) if self.holder(demand, one) is not None)


def offices_of(area_code: str) -> list[str]:
    """The codes of an area and of all above it."""
    return [area_code[:length].ljust(12, "0") for length in PREFIX_LENGTHS.values()]


def office_name(area: Area) -> str:
    """Whose office it is: the rung says which; beside it the area's name is enough."""
    return area.name


def department_name(code: str, lang: str = "zh") -> str:
    found = active().departments.get(code)
    return found.label.in_(lang) if found else code
