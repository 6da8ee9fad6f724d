"""The region table of a county from a file: names for the rosters, a point for every place. No database.

Places without a point of their own are laid out around what they belong to, exactly as `areas.roads` does it for the
database (a test holds both together), so that files and database give the same pairs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from shuanglian.areas import names
from shuanglian.areas.table import Region, read_table
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.matching.roads import Roads, from_points
from shuanglian.sheets.engine.regions import RegionTable

SHIPPED = Path(__file__).resolve().parents[1] / "areas" / "data" / "gansu_2016.csv"
LEVELS = {1: "province", 2: "city", 3: "county", 4: "township", 5: "village"}
COUNTY, TOWNSHIP, VILLAGE = 3, 4, 5
KM_PER_DEGREE = 111.195
GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
SHARE = {TOWNSHIP: 160.0, VILLAGE: 8.0}  # km² of land of a place of that level


@dataclass(frozen=True, eq=False)
class Places:
    """A region table as read, and what rosters are matched against."""

    regions: dict[str, Region]
    table: RegionTable

    def roads(self, counties: set[str]) -> Roads:
        """Ways between the villages, townships and seats of some counties (6-digit prefixes)."""
        points = laid_out([one for one in self.regions.values() if one.code[:6] in counties], self.regions)
        return from_points(list(points), [at[0] for at in points.values()], [at[1] for at in points.values()])

    def township_of(self, code: str) -> str:
        """The name of a village's township."""
        region = self.regions.get(f"{code[:9]}000")
        return region.name if region else ""

    def name_of(self, code: str) -> str:
        region = self.regions.get(code)
        return region.name if region else code


def read_places(path: Path | None, within: str) -> Places:
    """A region table of any make; the shipped one of Gansu without a path. A Refusal when nothing can be read."""
    read = read_table(path or SHIPPED)
    if not read.regions:
        raise Refusal("no_regions", N_("{file} 里没有可用的区划"), file=str(path or SHIPPED))
    rows = [
        (one.code, one.name, LEVELS[one.level], one.parent, list(names.aliases(one.name, one.level)))
        for one in read.regions.values()
    ]
    schema: dict[str, Any] = {"code": pl.String, "name": pl.String, "level": pl.String, "parent_code": pl.String,
              "aliases": pl.List(pl.String)}  # fmt: skip
    known = within if within in read.regions else None
    return Places(read.regions, RegionTable(pl.DataFrame(rows, schema=schema, orient="row"), within=known))


def laid_out(regions: list[Region], table: dict[str, Region]) -> dict[str, tuple[float, float]]:
    """Code → (lon, lat) of counties, townships and villages by code; unknown ones on a spiral beside theirs."""
    wanted = sorted((one for one in regions if one.level >= COUNTY), key=lambda one: one.code)
    places: dict[str, tuple[float, float]] = {}
    for level in (COUNTY, TOWNSHIP, VILLAGE):
        lost: dict[str, list[Region]] = {}
        for one in (one for one in wanted if one.level == level):
            if one.lon is not None and one.lat is not None:
                places[one.code] = one.lon, one.lat
            else:
                lost.setdefault(one.parent, []).append(one)
        for parent, group in lost.items():
            seat = places.get(parent) or _above(table.get(parent), table)
            for at, one in enumerate(group if seat else ()):
                places[one.code] = _beside(seat, at, SHARE.get(level, SHARE[TOWNSHIP]))  # type: ignore[arg-type]
    return dict(sorted(places.items()))


def _above(region: Region | None, table: dict[str, Region]) -> tuple[float, float] | None:
    while region is not None:
        if region.lon is not None and region.lat is not None:
            return region.lon, region.lat
        region = table.get(region.parent)
    return None


def _beside(seat: tuple[float, float], at: int, share: float) -> tuple[float, float]:
    radius, angle = math.sqrt(share * (at + 1) / math.pi), (at + 1) * GOLDEN_ANGLE
    lon, lat = seat
    north, east = radius * math.sin(angle), radius * math.cos(angle)
    return round(lon + east / (KM_PER_DEGREE * math.cos(math.radians(lat))), 6), round(lat + north / KM_PER_DEGREE, 6)
