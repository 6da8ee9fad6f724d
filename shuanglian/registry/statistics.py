"""The standard tables of a region and a year, as the page and the workbook show them (REP-2; domain 2.8).

Cells are counted in every village and added up, so every level is the sum of the one below. What people without the
right to look into files see is protected from the topmost region downwards (measures.protecting_tree), the same for
every reader and region.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl
from django.db.models import Q

from shuanglian.accounts.rights import may
from shuanglian.areas.models import Area
from shuanglian.core.scoping import unscoped
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.measures import protecting_tree as tree
from shuanglian.organisation.queries import bound_to
from shuanglian.rules import statistics as rules
from shuanglian.rules.profile import Profile
from shuanglian.rules.statistics import CELLS, UNTOLD, WHOLE, Line, lines, rolled, wants
from shuanglian.rules.statistics_shapes import Statistic

from . import published
from .models import Household, KeptStatistics

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

Counted = Mapping[date, pl.DataFrame]  # day → cells of every village
Cell = tuple[int, int, Decimal | None]  # n, homes, amount
NOTHING: Cell = (0, 0, None)
FEW = 3  # counties that are read one by one; more are read out together
MOST_AT_LOOK = 30_000  # households of counties without kept rows that one look counts: about three seconds


def protected(user: User) -> bool:
    """Whether somebody sees protected figures only: whoever may not look at every file of the region anyway."""
    return not may(user, "registry.view") or bound_to(user) != "area"


def days_of(year: int, today: date) -> tuple[date, date]:
    """The day that a year's tables describe and that of the year before: the last of the year, or today."""
    return min(date(year, 12, 31), today), date(year - 1, 12, 31)


def years(profile: Profile, today: date) -> list[int]:
    """Years that can be asked for, the latest first: those whose poverty line the profile knows, until now."""
    known = {line.year for line in profile.history("lines")} | {profile.year}
    return sorted((year for year in known if year <= today.year), reverse=True)


def tables(profile: Profile, *, safe: bool = False) -> list[Statistic]:
    """The tables whose columns somebody provides; `safe`: those that protected figures may hold."""
    known = published.known_columns()
    there = [one for one in profile.statistics.values() if wants(one) <= known[one.unit]]
    return [one for one in there if not (safe and _told_elsewhere(one.tells, there))]


def _told_elsewhere(columns: tuple[str, ...], there: list[Statistic]) -> bool:
    return any(name in wants(other) for other in there for name in columns)


@dataclass(frozen=True)
class Kept:
    """What a page above counties was added up from: the oldest day and the oldest moment of the counties' nightly rows;
    how many counties had none and were counted at the look."""

    on: date
    at: datetime | None
    counties: int
    anew: int


def count(area: Area, days: tuple[date, ...], profile: Profile) -> Counted:
    """Every table in every village of an area on some days; the register is read out once."""
    told = published.read(area, days)
    return {on: _count(told, on, profile) for on in days}


def _count(told: published.Read, on: date, profile: Profile) -> pl.DataFrame:
    return rules.count(tables(profile), published.frames(told, on, profile), profile)


@dataclass(frozen=True)
class Sheet:
    """The tables of one region: its own cells and those of each region below it, this year and the year before."""

    area: Area
    below: list[Area]
    on: date
    before: date
    profile: Profile
    found: Counted = field(repr=False)
    hidden: Mapping[tuple[str, str], frozenset[str]] | None = None  # (table, place) → rows; None: nothing is protected
    kept: Kept | None = None  # None: counted at the look

    @property
    def day(self) -> date:
        """The day that the figures of the year describe: that of the oldest kept row, else the one asked for."""
        return self.kept.on if self.kept else self.on

    @cached_property
    def _cells(self) -> dict[date, dict[str, dict[tuple[str, str], Cell]]]:
        return {on: _grouped(frame, [self.area]) | _grouped(frame, self.below) for on, frame in self.found.items()}

    def cell(self, table: str, place: Area, row: str, on: date) -> Cell | None:
        """n, homes, amount of a row in the region or one below it; None when it is protected."""
        if self.hidden is not None:
            gone = self.hidden.get((table, place.code), frozenset())
            if row in gone or WHOLE in gone:
                return None
        return self._cells[on][place.code].get((table, row), NOTHING)

    def lines(self, table: Statistic) -> list[Line]:
        """The rows of a table; "not stated" only where there is somebody, what protection leaves out not at all."""
        told = lines(table, self.profile)
        if self.hidden is not None:
            there = tables(self.profile)
            rows = {one.row: one.tells for one in table.rows} | {one.row: one.tells for one in table.sums}
            apart = {name for other in there if other.parts for name in wants(other)}
            read = {one.row: {where.column for where in one.where} for one in table.rows}
            told = tuple(line for line in told if not _told_elsewhere(rows.get(line.code, ()), there)
                         and not read.get(line.code, set()) & apart)  # fmt: skip
        return [line for line in told if line.code != UNTOLD or self._untold(table.code)]

    def _untold(self, table: str) -> bool:
        return any(self._cells[on][self.area.code].get((table, UNTOLD), NOTHING)[0] for on in (self.on, self.before))

    @property
    def tables(self) -> list[Statistic]:
        """The tables that have something to show."""
        return [one for one in tables(self.profile, safe=self.hidden is not None) if self.lines(one)]


def sheet(area: Area, year: int, today: date, profile: Profile, *, safe: bool) -> Sheet:
    """The tables of a region. Its bounds are the caller's business; `safe` asks for protected figures.

    A Refusal ("not_counted_yet") where so many counties wait for the night that no page could wait for their count.
    """
    on, before = days_of(year, today)
    below = list(Area.objects.current().filter(parent=area).order_by("code"))
    if not safe:
        found, kept = _counted(area, (on, before), profile)
        return Sheet(area, below, on, before, profile, found, kept=kept)
    with unscoped():
        chain = _chain(area)
        found, kept = _counted(chain[0], (on, before), profile)
        hidden = {day: _hidden(chain, below, found[day], profile) for day in (on, before)}
    both = {key: hidden[on].get(key, frozenset()) | hidden[before].get(key, frozenset())
            for key in hidden[on].keys() | hidden[before].keys()}  # fmt: skip
    return Sheet(area, below, on, before, profile, found, both, kept)


# --- what the night kept ---------------------------------------------------------------------------------------------
def basis(profile: Profile) -> str:
    """A fingerprint of what is counted: tables, code lists and lines; rows kept under another one are not used."""
    told = [profile.name, *(one.model_dump_json() for one in profile.statistics.values()),
            *(one.model_dump_json() for one in profile.history("lines")),
            *(f"{name}:{sorted(codes.by_code)}" for name, codes in sorted(profile.codes.items()))]  # fmt: skip
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def cells_of(found: pl.DataFrame, county: Area) -> list[list[Any]]:
    """The cells of a county as they are kept: [table, row, n, homes, amount]."""
    added = rolled(found, _above(found, [county])).select("statistic", "row", "n", "homes", "amount")
    return [[table, row, n, homes, None if amount is None else str(amount)]
            for table, row, n, homes, amount in added.sort("statistic", "row").iter_rows()]  # fmt: skip


def _counted(area: Area, days: tuple[date, ...], profile: Profile) -> tuple[Counted, Kept | None]:
    """Cells of some days: of villages, counted now; above counties of whole counties, as the night kept them."""
    if area.level >= Area.Level.COUNTY:
        return count(area, days, profile), None
    counties = _counties(area)
    rows = _kept_rows(area, days, profile)
    lost = _without(counties, rows, days)
    if lost and _households(area, lost) > MOST_AT_LOOK:
        sentence = N_("{n} 个县的统计数还没有汇总，合计不全，先不显示：今晚自动汇总，也可以现在汇总")
        raise Refusal("not_counted_yet", sentence, n=len(lost))
    there = {one.code for one in counties} - {one.code for one in lost}
    found = {on: [_frame({code: rows[code, on].cells for code in there})] for on in days}
    if lost:
        for on, cells in _count_counties(area, lost, days, profile).items():
            found[on].append(cells)
    used = [row for (code, on), row in rows.items() if code in there and on == days[0]]
    kept = Kept(min((row.on for row in used), default=days[0]), min((row.at for row in used), default=None),
                len(counties), len(lost))  # fmt: skip
    return {on: pl.concat(frames) for on, frames in found.items()}, kept


def _counties(area: Area) -> list[Area]:
    return list(Area.objects.current().within(area).filter(level=Area.Level.COUNTY).order_by("code"))


def _without(
    counties: list[Area], rows: Mapping[tuple[str, date], KeptStatistics], days: tuple[date, ...]
) -> list[Area]:
    return [one for one in counties if not all((one.code, on) in rows for on in days)]


def not_kept(area: Area, days: tuple[date, ...], profile: Profile) -> list[Area]:
    """The counties of an area without kept rows of some days, or with rows of other tables."""
    return _without(_counties(area), _kept_rows(area, days, profile), days)


def _households(area: Area, lost: list[Area]) -> int:
    """How many files some counties of an area hold; no more are counted than matter."""
    given = Q()
    for one in lost if len(lost) <= FEW else [area]:
        given |= Q(area_code__gte=one.prefix, area_code__lt=f"{one.prefix}:")
    return Household.objects.filter(given).order_by()[: MOST_AT_LOOK + 1].count()


def _kept_rows(area: Area, days: tuple[date, ...], profile: Profile) -> dict[tuple[str, date], KeptStatistics]:
    """(county, day asked for) → its row: of years that are over only one counted for their last day."""
    wanted = {on.year: on for on in days}
    rows = KeptStatistics.objects.within(area).filter(year__in=list(wanted), basis=basis(profile))
    return {(row.area_code, wanted[row.year]): row for row in rows
            if row.on == wanted[row.year] or wanted[row.year] != date(row.year, 12, 31)}  # fmt: skip


def _count_counties(area: Area, lost: list[Area], days: tuple[date, ...], profile: Profile) -> Counted:
    """Counties that the night has not counted yet, counted now."""
    places = [area] if len(lost) > FEW else lost
    told = [count(place, days, profile) for place in places]
    frames = {on: pl.concat([one[on] for one in told]) for on in days}
    return {on: rolled(frame, _above(frame, lost)).select(*CELLS) for on, frame in frames.items()}


def _frame(cells: Mapping[str, list[list[Any]]]) -> pl.DataFrame:
    """Kept cells of counties as `rules.count` gives cells, the county for the place."""
    rows = [(code, *cell) for code, told in cells.items() for cell in told]
    text = {name: pl.String if name == "amount" else kind for name, kind in CELLS.items()}
    frame = pl.DataFrame(rows, schema=text, orient="row")
    return frame.with_columns(pl.col("amount").cast(CELLS["amount"]))


Hidden = dict[tuple[str, str], frozenset[str]]  # (table, place) → rows


def _chain(area: Area) -> list[Area]:
    """From the county, which is who publishes, down to the region; a region above counties stands alone."""
    chain = [area]
    while chain[0].level > Area.Level.COUNTY and chain[0].parent is not None:
        chain.insert(0, chain[0].parent)
    return chain


def _hidden(chain: list[Area], below: list[Area], found: pl.DataFrame, profile: Profile) -> Hidden:
    """What is hidden of the last region of a chain and of each region below it.

    A county is decided from within, so that it need not know its neighbours. Above counties a row is shown when every
    county shows it: then nothing can be subtracted.
    """
    least = min(one.households for one in profile.protection.values())
    rules_of = {one: tree.Rule(least, one.linked, one.unit == "households" and one.parts)
                for one in tables(profile, safe=True) if one.unit != "villages"}  # fmt: skip
    names = {one: [line.code for line in lines(one, profile)] for one in rules_of}
    if chain[0].level < Area.Level.COUNTY:
        return _above_counties(chain[0], below, found, rules_of, names)
    levels = [_grouped(found, [chain[0]])]
    levels += [_grouped(found, list(Area.objects.current().filter(parent=area).order_by("code"))) for area in chain]
    hidden: Hidden = {}
    for table, rule in rules_of.items():
        gone = tree.hidden_of(_rows(levels[0], table.code, chain[0].code, names[table]), rule)
        for step, area in enumerate(chain):
            hidden[table.code, area.code] = gone
            places = {place: _rows(levels[step + 1], table.code, place, names[table]) for place in levels[step + 1]}
            inside = tree.hidden_below(places, gone, rule)
            hidden |= {(table.code, place): rows for place, rows in inside.items()}
            gone = inside[chain[step + 1].code] if step + 1 < len(chain) else gone
    return hidden


def _above_counties(
    area: Area, below: list[Area], found: pl.DataFrame, rules_of: Mapping[Statistic, tree.Rule],
    names: Mapping[Statistic, list[str]],
) -> Hidden:  # fmt: skip
    """Of a province or city and of each region below it: whatever any county in it hides."""
    counties = list(Area.objects.current().within(area).filter(level=Area.Level.COUNTY))
    level = _grouped(found, counties)
    hidden: Hidden = {}
    for table, rule in rules_of.items():
        own = {county: tree.hidden_of(_rows(level, table.code, county.code, names[table]), rule) for county in counties}
        for place in (area, *below):
            inside = (rows for county, rows in own.items() if place.contains(county))
            hidden[table.code, place.code] = frozenset().union(*inside)
    return hidden


def _rows(level: Mapping[str, Mapping[tuple[str, str], Cell]], table: str, place: str, names: list[str]) -> tree.Rows:
    told = level.get(place, {})
    return {row: tree.Cell(*told.get((table, row), NOTHING)[:2]) for row in (*names, WHOLE)}


def _grouped(frame: pl.DataFrame, places: list[Area]) -> dict[str, dict[tuple[str, str], Cell]]:
    """place → (table, row) → cell, for every one of some regions that do not overlap."""
    told: dict[str, dict[tuple[str, str], Cell]] = {place.code: {} for place in places}
    added = rolled(frame, _above(frame, places)).select("place", "statistic", "row", "n", "homes", "amount")
    for place, table, row, n, homes, amount in added.iter_rows():
        told[place][table, row] = (n, homes, amount)
    return told


def _above(frame: pl.DataFrame, places: list[Area]) -> dict[str, str]:
    """village → the region of some that it lies in."""
    by_prefix = {place.prefix: place.code for place in places}
    lengths = sorted({len(prefix) for prefix in by_prefix})
    found = {}
    for village in frame["place"].unique():
        code = next((by_prefix[village[:n]] for n in lengths if village[:n] in by_prefix), None)
        if code is not None:
            found[village] = code
    return found
