"""What a campaign found: rates with intervals against their limits, and where visit and re-check disagree (REG-6)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, QuerySet

from shuanglian.areas.models import PREFIX_LENGTHS, Area
from shuanglian.core import profile
from shuanglian.measures.shares import Interval, Stratum, against, finite, sample_to_clear, stratified, wilson
from shuanglian.registry.models import Household, VillageYear
from shuanglian.rules import draws as rules
from shuanglian.rules.lookback_shapes import RateLimit

from .models import Assignment, Campaign, Draw, Drawn, Visit

if TYPE_CHECKING:
    from collections.abc import Iterable

Counts = dict[str, tuple[int, int]]  # village → hits, told
Farmers = dict[str, tuple[int, int] | None]  # village → households not on the register, year of the form; None: unknown


@dataclass(frozen=True)
class Wide:
    """A rate of people who are not on the register, over all households that are not: what its limit means (漏评).

    Only claimants on the list were asked, so the share and the interval are lower bounds. farmers: households of the
    village forms less those on the register, in the villages that have a form; hits: first visits there. known,
    villages: how many villages have one, of how many.
    """

    hits: int
    farmers: int
    known: int
    villages: int
    year: int | None
    interval: Interval | None
    over: bool

    @property
    def share(self) -> float | None:
        return self.hits / self.farmers if self.farmers else None


@dataclass(frozen=True)
class Rate:
    """One rate: what all first visits say (no interval, everybody was asked) and what the draw says.

    told: first visits that answer it; hits: those that show it. drawn, drawn_hits, interval: of the draw's re-checks.
    without: villages with households in the draw's list of which no re-check tells anything yet. stands: within, over,
    open; needed: how many re-checks, all right, would clear the limit.
    """

    limit: RateLimit
    told: int
    hits: int
    drawn: int
    drawn_hits: int
    interval: Interval | None
    without: int
    stands: str
    needed: int | None
    wide: Wide | None = None

    @property
    def share(self) -> float | None:
        return self.hits / self.told if self.told else None


def levels_drawn(campaign: Campaign, area: Area) -> list[str]:
    """Levels of which a draw has been made in an area, the highest last."""
    found = set(_draws(campaign, area).values_list("level", flat=True))
    return [code for code in profile.active().lookback.rechecks if code in found]


def _draws(campaign: Campaign, area: Area) -> QuerySet[Draw]:
    """Draws that were made of this area, of one inside it or of one around it."""
    above = [area.prefix[:n].ljust(12, "0") for n in (2, 4, 6, 9) if n < len(area.prefix)]
    inside = Q(area_code__gte=area.prefix, area_code__lt=f"{area.prefix}:") | Q(area_code__in=above)
    return Draw.objects.filter(inside, campaign=campaign).exclude(seed="")


def rates(campaign: Campaign, area: Area, level: str) -> tuple[list[Rate], dict[str, list[Rate]]]:
    """Every rate of the profile for an area and, by prefix, for each area below; by the re-checks of a level's draws.

    The villages' figures are read once and added up for every area that they belong to.
    """
    draws = list(_draws(campaign, area).filter(level=level)) if level else []
    populations = _populations(draws, area)
    limits = list(profile.active().lookback.rates.values())
    visited, checked = _first(campaign, area), _rechecks(draws, area)
    found = [(limit, _counts(visited, limit), _counts(checked, limit)) for limit in limits]
    farmers = _farmers(campaign, area) if any(_of_strangers(limit) for limit in limits) else {}
    whole = [_rate(limit, first, again, populations, farmers) for limit, first, again in found]
    if area.level >= Area.Level.VILLAGE:
        return whole, {}
    digits = PREFIX_LENGTHS[area.level + 1]
    places = {village[:digits] for _, first, _ in found for village in first} | {one[:digits] for one in populations}
    return whole, {
        place: [_rate(limit, _of(place, first), _of(place, again), _of(place, populations), _of(place, farmers))
                for limit, first, again in found]
        for place in sorted(places)
    }  # fmt: skip


def _of(place: str, by_village: dict[str, Any]) -> dict[str, Any]:
    return {village: value for village, value in by_village.items() if village.startswith(place)}


def _rate(
    limit: RateLimit, first: Counts, again: Counts, populations: dict[str, dict[str, int]], farmers: Farmers
) -> Rate:
    there = {village: sum(per.get(subject, 0) for subject in limit.of) for village, per in populations.items()}
    strata = [Stratum(*again[village], count) for village, count in there.items() if again.get(village, (0, 0))[1]]
    interval = _interval(strata)
    population = sum(count for count in there.values())
    bound = float(limit.limit) if limit.limit is not None else None
    stands = against(interval, bound) if interval and bound is not None else ""
    needed = sample_to_clear(population, bound) if stands == "open" and bound is not None else None
    return Rate(
        limit, sum(told for _, told in first.values()), sum(hits for hits, _ in first.values()),
        sum(one.drawn for one in strata), sum(one.hits for one in strata), interval,
        sum(1 for village, count in there.items() if count and not again.get(village, (0, 0))[1]),
        stands,
        needed,
        _wide(limit, first, again, populations, farmers) if _of_strangers(limit) and farmers else None,
    )  # fmt: skip


def _of_strangers(limit: RateLimit) -> bool:
    """Whether a rate is of people who are not on the register."""
    return limit.of == (Assignment.Subject.CLAIMANT,)


def _wide(
    limit: RateLimit, first: Counts, again: Counts, populations: dict[str, dict[str, int]], farmers: Farmers
) -> Wide:
    known = {village: told for village, told in farmers.items() if told is not None}
    count, years = sum(told[0] for told in known.values()), [told[1] for told in known.values()]
    listed = {village: sum(per.get(subject, 0) for subject in limit.of) for village, per in populations.items()
              if village in known}  # fmt: skip
    strata = [Stratum(*again[village], there) for village, there in listed.items() if again.get(village, (0, 0))[1]]
    told = _interval(strata)
    part = sum(one.population for one in strata) / count if count else 0
    interval = Interval(low=told.low * part, share=told.share * part, high=told.high * part) if told and count else None
    hits = sum(first.get(village, (0, 0))[0] for village in known)
    bound = float(limit.limit) if limit.limit is not None else None
    over = bound is not None and count > 0 and (interval.low > bound if interval else hits / count > bound)
    return Wide(hits, count, len(known), len(farmers), min(years, default=None), interval, over)


def _farmers(campaign: Campaign, area: Area) -> Farmers:
    """Every village of an area → its households not on the register and the form's year; None without a form."""
    villages = Area.objects.current().within(area).filter(level=Area.Level.VILLAGE).values_list("code", flat=True)
    forms = VillageYear.objects.within(area).filter(year__lte=campaign.until.year, households__isnull=False)
    told = {code: (count, year) for code, count, year in
            forms.order_by("year").values_list("area_code", "households", "year")}  # fmt: skip
    rows = Household.objects.within(area).filter(removed_on=None).values("area_code").annotate(n=Count("id")).order_by()
    registered = {row["area_code"]: row["n"] for row in rows}
    return {code: (max(told[code][0] - registered.get(code, 0), 0), told[code][1]) if code in told else None
            for code in villages}  # fmt: skip


def _interval(strata: list[Stratum]) -> Interval | None:
    """Exact where one village was drawn from, by the effective size where several were."""
    if not strata:
        return None
    if len(strata) == 1:
        return finite(strata[0].hits, strata[0].drawn, strata[0].population)
    return stratified(strata)


def _populations(draws: Iterable[Draw], area: Area) -> dict[str, dict[str, int]]:
    """village → subject → households on the lists that were drawn from."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for draw in draws:
        on_list = {number for village, number in rules.frame_of(draw.frame) if village.startswith(area.prefix)}
        rows = Assignment.objects.within(area).standing().filter(campaign_id=draw.campaign_id).values_list(
            "area_code", "subject", "number"
        )  # fmt: skip
        counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for village, subject, number in rows:
            if number in on_list:
                counts[village][subject] += 1
        found |= counts
    return found


def _first(campaign: Campaign, area: Area) -> QuerySet[Visit]:
    return Visit.objects.within(area).filter(campaign=campaign, role=Visit.Role.FIRST)


def _rechecks(draws: Iterable[Draw], area: Area) -> QuerySet[Visit]:
    drawn = Drawn.objects.within(area).filter(draw__in=draws).values("assignment_id")
    return Visit.objects.filter(role=Visit.Role.RECHECK, assignment__in=drawn)


def _counts(visits: QuerySet[Visit], limit: RateLimit) -> Counts:
    """village → those that show it, those that tell; a verdict that is not known tells nothing."""
    visits, hit = _telling(visits, limit)
    rows = visits.values("area_code").annotate(hits=Count("id", filter=hit), told=Count("id")).order_by()
    return {row["area_code"]: (row["hits"], row["told"]) for row in rows}


def _telling(visits: QuerySet[Visit], limit: RateLimit) -> tuple[QuerySet[Visit], Q]:
    """The visits that answer a rate's question, and which of them show it."""
    visits = visits.filter(assignment__subject__in=limit.of)
    if limit.counted in profile.active().lookback.findings:
        return visits, Q(finding=limit.counted)
    hit = Q(verdicts__contains={limit.counted: True})
    return visits.filter(hit | Q(verdicts__contains={limit.counted: False})), hit


def behind(campaign: Campaign, area: Area, limit: RateLimit, *, level: str, shown_only: bool) -> QuerySet[Visit]:
    """The visits behind a figure of a rate: first ones, or with a level the re-checks of its draws."""
    draws = _draws(campaign, area).filter(level=level)
    visits, hit = _telling(_rechecks(draws, area) if level else _first(campaign, area), limit)
    return visits.filter(hit) if shown_only else visits


@dataclass(frozen=True)
class Agreement:
    """How often the re-check came to another finding than the first visit, and where."""

    compared: int
    differing: int
    interval: Interval | None
    rows: list[Any]


def agreement(campaign: Campaign, area: Area, *, most: int = 200) -> Agreement:
    rows = Assignment.objects.within(area).filter(campaign=campaign).exclude(finding="").exclude(rechecked="")
    differing = rows.exclude(finding=F("rechecked"))
    compared, count = rows.count(), differing.count()
    shown = list(differing.select_related("household", "cadre", "user").prefetch_related("visits__by")[:most])
    return Agreement(compared, count, wilson(count, compared) if compared else None, shown)
