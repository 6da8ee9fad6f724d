"""Reads of the village form: which villages have one, what last year said, what the register itself can count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from shuanglian.areas.models import Area, below
from shuanglian.core.profile import active
from shuanglian.organisation.queries import bound_to
from shuanglian.rules.facts.build import build

from . import raw
from .models import VillageYear

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

LAND = ("land_cultivated", "land_forest", "land_returned", "land_orchard", "land_pasture", "land_water")


@dataclass(frozen=True)
class Listed:
    """A village with the years of which a form was filled in, the latest first."""

    village: Area
    years: tuple[int, ...]


def forms_of(*, seen_by: User, village: Area) -> list[VillageYear]:
    """The forms of a village, the latest first."""
    return list(visible(seen_by=seen_by).filter(village=village).order_by("-year"))


def visible(*, seen_by: User) -> Any:
    """Forms at or below the reader's area; of no person, so a unit's and a cadre's too."""
    return VillageYear.objects.within(seen_by.area) if bound_to(seen_by) else VillageYear.objects.none()


def listed(*, seen_by: User, area: Area) -> list[Listed]:
    """Every village at or below a region, those without any form too."""
    years: dict[int, list[int]] = {}
    rows = visible(seen_by=seen_by).filter(below(area.prefix)).order_by("-year").values_list("village_id", "year")
    for village, year in rows:
        years.setdefault(village, []).append(year)
    villages = Area.objects.current().within(area).filter(level=Area.Level.VILLAGE).select_related("parent")
    return [Listed(one, tuple(years.get(one.pk, ()))) for one in villages.order_by("code")]


def start(village: Area, year: int) -> dict[str, Any]:
    """What a new form begins with: the latest earlier year's entries, and what the register counts for certain."""
    from .models.village import FIELDS

    before = VillageYear.objects.filter(village=village, year__lt=year).order_by("-year").first()
    known = {name: getattr(before, name) for name in FIELDS if name != "phone"} if before else {}
    if not known.get("kind"):
        known["kind"] = "贫困村" if village.pk in _poor([village]) else ""
    known.setdefault("lon", village.lon)
    known.setdefault("lat", village.lat)
    counted = at_least(village, year)
    return {**known, "cooperative_poor_households": counted.get("cooperative_poor_households")}


def _poor(villages: list[Area]) -> set[int]:
    from shuanglian.areas.models import AreaTag

    rows = AreaTag.objects.filter(area__in=villages, tag="poor_village", until__isnull=True)
    return set(rows.values_list("area_id", flat=True))


def at_least(village: Area, year: int) -> Mapping[str, Any]:
    """What the register's own households of the village add up to at the year's end: the form cannot say less.

    Nothing is counted of which any household's value is unknown to be yes; sums of what is known.
    """
    day = date(year, 12, 31)
    told = build(raw.of_area(village, day), day, active())
    homes, people = told.households, told.people
    if homes.is_empty():
        return {}

    def yes(frame: pl.DataFrame, expression: pl.Expr) -> int:
        return int(frame.select(expression.fill_null(False).sum()).item())

    counted: dict[str, Any] = {
        "cooperative_poor_households": yes(homes, pl.col("cooperative")),
        "water_unsafe_households": yes(homes, ~pl.col("water_safe")),
        "water_hard_households": yes(homes, pl.col("water_hard")),
        "unsafe_house_households": yes(homes, pl.col("house_unsafe")),
        "no_power_households": yes(homes, ~pl.col("power")),
        "households": homes.height, "people": people.height, "disabled_people": yes(people, pl.col("disabled")),
        "dibao_people": yes(people, pl.col("dibao")), "labourers": yes(people, pl.col("able_to_work")),
        "dibao_households": yes(homes, pl.col("dibao_household")),
        "five_guarantee_households": yes(homes, pl.col("five_guarantee")),
        "women": yes(people, pl.col("sex") == active().codes["sex"].find("女")),
    }  # fmt: skip
    return counted | {name: homes[name].sum() for name in LAND if homes[name].null_count() < homes.height}
