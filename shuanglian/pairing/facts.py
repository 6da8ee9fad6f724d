"""Rows → plain tables of a county on a day, for the optimiser (PAIR-1 … PAIR-7). Reads only; a second for 20,000."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import polars as pl
from django.db.models import Count, Q, QuerySet, Sum

from shuanglian.areas import queries as area_queries
from shuanglian.areas.models import Area, AreaTag, below
from shuanglian.matching.roads import Roads, from_points
from shuanglian.organisation.models import Absence, Cadre, Unit
from shuanglian.registry.models import Household
from shuanglian.rules.profile import Profile

from . import stating
from .models import ExitVillage, Pairing, Relative, VillageLink, Wish

REMEMBERED = timedelta(days=366)  # a pair that ended with the year, without a reason, is still last year's pair
POOR_VILLAGE = "poor_village"  # the tag that ORG-7 gives to villages which PAIR-1 wants linked
STATUS_OF = {
    Absence.Kind.LEAVE: "leave", Absence.Kind.ILLNESS: "leave", Absence.Kind.OTHER: "leave",
    Absence.Kind.RETIRED: "retired", Absence.Kind.TRANSFERRED: "transferred",
}  # fmt: skip


def on_register(on: date) -> Q:
    """Households that stand on the register on a day."""
    left, removed = Q(left_on__isnull=True) | Q(left_on__gt=on), Q(removed_on__isnull=True) | Q(removed_on__gt=on)
    return Q(since__lte=on) & left & removed


def in_force(on: date, prefix: str = "") -> Q:
    """Rows whose stretch `since`–`until` covers a day, both ends in."""
    return Q(**{f"{prefix}since__lte": on}) & (Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gte": on}))


@dataclass(frozen=True, eq=False)
class Rows:
    """A county's rows on a day: tables as in `stating`, with the row numbers (`id`) that lead back to the database."""

    area: Area
    on: date
    cadres: pl.DataFrame  # + id, unit_id, name
    units: pl.DataFrame  # + id, size (cadres)
    households: pl.DataFrame  # + id, size, open (pairing id or -1), last_id (cadre id or -1)
    links: pl.DataFrame  # open links of units to villages, + id, unit_id, village_id
    villages: pl.DataFrame  # id, code, poor, exit, households, people: every village of the county
    forbidden: pl.DataFrame  # relatives and the office's own, + why
    pinned: pl.DataFrame
    wished_links: pl.DataFrame  # kind, unit, village
    ending: pl.DataFrame  # open pairings of households that do not stand any more: id, household_id, cadre_id, why

    @cached_property
    def villages_to_link(self) -> pl.DataFrame:
        """All villages; `poor` are those that must have a unit: without any tag, all where poor families live."""
        if self.villages["poor"].any():
            return self.villages
        return self.villages.with_columns(poor=pl.col("households") > 0)

    @cached_property
    def roads(self) -> Roads:
        return roads_of(self.area)

    def county(self, links: pl.DataFrame, *, during_the_year: bool = False) -> stating.County:
        """The tables for the step cadres → households; `links` are the villages of units in this round.

        During the year people on leave keep their households; a yearly round gives them to others.
        """
        resting = self.cadres.filter(pl.col("status") == "leave")["number"] if during_the_year else ()
        return stating.County(
            cadres=self.cadres,
            units=self.units.select(*stating.UNITS),
            links=links.select(*stating.LINKS),
            households=self.households,
            roads=self.roads,
            forbidden=self.forbidden.select(*stating.PAIRS),
            pinned=self.pinned.select(*stating.PAIRS),
            resting=frozenset(resting),
        )


def rows_of(area: Area, *, on: date, profile: Profile, wishes: Iterable[Wish] = ()) -> Rows:
    """Everything that a round over a county needs to know, in a handful of queries."""
    wishes = list(wishes)
    households = _households(area, on)
    cadres = _cadres(area, on, profile)
    return Rows(
        area=area,
        on=on,
        cadres=cadres,
        units=_units(area, on),
        households=households,
        links=_links(area, on),
        villages=rows_of_villages(area, on, profile),
        forbidden=pl.concat([_relatives(area), _wished(wishes, Wish.Kind.FORBID)]),
        pinned=_wished(wishes, Wish.Kind.PIN).drop("why"),
        wished_links=_frame(
            [(wish.kind, wish.unit.code, wish.village.code) for wish in wishes if wish.unit and wish.village],
            {"kind": pl.String, "unit": pl.String, "village": pl.String},
        ),
        ending=_ending(area, on),
    )


def roads_of(area: Area) -> Roads:
    """Ways between the villages, townships and the seat of a county."""
    points = area_queries.road_points(area)
    return from_points(
        [point.code for point in points], [point.lon for point in points], [point.lat for point in points]
    )


def _frame(rows: Sequence[Any], schema: Mapping[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(schema), orient="row")


def _households(area: Area, on: date) -> pl.DataFrame:
    rows = (
        Household.objects.within(area).filter(on_register(on)).order_by("number")
        .values_list("number", "area_code", "main_cause", "need_band", "id", "size")
    )  # fmt: skip
    found = _frame(
        list(rows),
        {
            "number": pl.String,
            "village": pl.String,
            "cause": pl.String,
            "band": pl.Int64,
            "id": pl.Int64,
            "size": pl.Int64,
        },
    )
    pairs = (
        Pairing.objects.within(area)
        .filter(since__lte=on)
        .filter(Q(until__isnull=True) | Q(until__gte=on - REMEMBERED, ended_why=""))
        .order_by("household_id", "since")
        .values_list("household_id", "cadre_id", "cadre__number", "id", "until", "area_code")
    )
    last = _frame(
        [
            (household, cadre, number, -1 if until else pk, place)
            for household, cadre, number, pk, until, place in pairs
        ],
        {"id": pl.Int64, "last_id": pl.Int64, "last": pl.String, "open": pl.Int64, "paired_at": pl.String},
    ).unique("id", keep="last", maintain_order=True)
    return found.join(last, on="id", how="left", maintain_order="left").with_columns(
        pl.col("last", "paired_at").fill_null(""), pl.col("last_id", "open").fill_null(-1)
    )


def _cadres(area: Area, on: date, profile: Profile) -> pl.DataFrame:
    absent: dict[int, str] = {}
    for cadre, kind in Absence.objects.filter(in_force(on), cadre__in=Cadre.objects.within(area)).values_list(
        "cadre_id", "kind"
    ):
        absent[cadre] = STATUS_OF[Absence.Kind(kind)]
    rows = (
        Cadre.objects.within(area).filter(in_force(on), in_force(on, "unit__")).order_by("number")
        .values_list("number", "unit__code", "rank", "occupation", "post", "trade", "stationed_at__code", "id",
                     "unit_id", "name")
    )  # fmt: skip
    posts, fallback = profile.codes["fallback"], next(iter(profile.fallback), "")
    post_of: dict[tuple[str, bool], str] = {}

    def post(words: str, stationed: bool) -> str:
        key = (words, stationed)
        if key not in post_of:
            post_of[key] = posts.find(words) or (fallback if stationed else "")
        return post_of[key]

    return _frame(
        [
            (
                number,
                unit,
                rank,
                occupation,
                absent.get(pk, ""),
                post(words, bool(at)),
                trade,
                at or "",
                pk,
                unit_id,
                name,
            )
            for number, unit, rank, occupation, words, trade, at, pk, unit_id, name in rows
        ],
        {**stating.CADRES, "id": pl.Int64, "unit_id": pl.Int64, "name": pl.String},
    )


def _units(area: Area, on: date) -> pl.DataFrame:
    serving = Count("cadres", filter=in_force(on, "cadres__"))
    rows = (
        Unit.objects.within(area).filter(in_force(on)).annotate(size=serving).order_by("code")
        .values_list("code", "name", "kind", "tier", "trade", "area_code", "id", "size", "staff", "strength")
    )  # fmt: skip
    return _frame(
        [(*row[:7], row[7] or row[8] or 0, row[9]) for row in rows],
        {**stating.UNITS, "id": pl.Int64, "size": pl.Int64, "strength": pl.Int64},
    )


def _links(area: Area, on: date) -> pl.DataFrame:
    rows = VillageLink.objects.within(area).open().filter(since__lte=on).order_by("unit__code", "village__code")
    schema = {**stating.LINKS, "id": pl.Int64, "unit_id": pl.Int64, "village_id": pl.Int64}
    return _frame(list(rows.values_list("unit__code", "village__code", "id", "unit_id", "village_id")), schema)


def rows_of_villages(area: Area, on: date, profile: Profile) -> pl.DataFrame:
    """Every village of the county with what decides how hard it is (PAIR-5, PAIR-7)."""
    tags = AreaTag.objects.filter(below(area.prefix, "area__code"), in_force(on))
    exit_tags = [code for code, tag in profile.tags.items() if tag.kind == "exit"]
    poor = set(tags.filter(tag=POOR_VILLAGE).values_list("area__code", flat=True))
    leaving = set(tags.filter(tag__in=exit_tags).values_list("area__code", flat=True))
    leaving |= set(ExitVillage.objects.filter(below(area.prefix), year=on.year).values_list("area_code", flat=True))
    counted = Household.objects.within(area).filter(on_register(on)).order_by().values("area_code")
    counts = {
        code: (households, people or 0)
        for code, households, people in counted.annotate(n=Count("id"), m=Sum("size")).values_list(
            "area_code", "n", "m"
        )
    }
    rows = (
        Area.objects.on(on)
        .within(area)
        .filter(level=Area.Level.VILLAGE)
        .order_by("code")
        .values_list("id", "code", "name")
    )
    return _frame(
        [(pk, code, name, code in poor, code in leaving, *counts.get(code, (0, 0))) for pk, code, name in rows],
        {"id": pl.Int64, "code": pl.String, "name": pl.String, "poor": pl.Boolean, "exit": pl.Boolean,
         "households": pl.Int64, "people": pl.Int64},
    )  # fmt: skip


def _relatives(area: Area) -> pl.DataFrame:
    """Declared relations: never paired (REG-9)."""
    rows = Relative.objects.filter(below(area.prefix, "household__area_code")).values_list(
        "cadre__number", "household__number"
    )
    return _frame([(*row, "relative") for row in rows], {**stating.PAIRS, "why": pl.String})


def _wished(wishes: list[Wish], kind: str) -> pl.DataFrame:
    rows = [
        (wish.cadre.number, wish.household.number, "forbidden")
        for wish in wishes
        if wish.kind == kind and wish.cadre and wish.household
    ]
    return _frame(rows, {**stating.PAIRS, "why": pl.String})


def _ending(area: Area, on: date) -> pl.DataFrame:
    """Open pairings whose household does not stand on the day any more, and why."""
    gone: QuerySet[Pairing] = Pairing.objects.within(area).open().exclude(
        household__in=Household.objects.within(area).filter(on_register(on))
    )  # fmt: skip
    rows = gone.values_list("id", "household_id", "cadre_id", "area_code", "household__removed_on")
    return _frame(
        [(*row[:4], "household_removed" if row[4] and row[4] <= on else "household_left") for row in rows],
        {"id": pl.Int64, "household_id": pl.Int64, "cadre_id": pl.Int64, "village": pl.String, "why": pl.String},
    )
