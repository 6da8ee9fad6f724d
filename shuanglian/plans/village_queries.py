"""Reads of village plans: one village's, and an area's villages what is missing, copied, not agreed, not adding up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.models import PREFIX_LENGTHS, Area
from shuanglian.core.profile import active
from shuanglian.pairing.models import VillageLink
from shuanglian.registry.models import Household
from shuanglian.rules.village_sums import Homes, Reckoned

from . import access, summing, village_drafts
from .models import VillagePlan, VillageResult

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

LISTS = {
    "all": _("全部"), "missing": _("没有计划"), "copied": _("雷同"), "not_agreed": _("村民会议未通过"),
    "not_approved": _("乡镇未审定"), "not_adding": _("算不平"),
}  # fmt: skip
WORK = ("missing", "not_adding", "copied", "not_agreed", "not_approved")


# --- one village ------------------------------------------------------------------------------------------------------
def plan_of(village: Area, series: int) -> VillagePlan | None:
    """The newest version: 0 the plan to the horizon, else the year's."""
    return VillagePlan.objects.newest().filter(village=village, series=series).select_related("by", "village").first()


def newest_of(village: Area) -> list[VillagePlan]:
    """The newest version of each plan of a village: to the horizon first, then the years, the latest first."""
    rows = VillagePlan.objects.newest().filter(village=village).select_related("by")
    return sorted(rows, key=lambda one: (one.series != 0, -one.series))


def versions(plan: VillagePlan) -> list[VillagePlan]:
    rows = VillagePlan.objects.filter(village=plan.village_id, series=plan.series)
    return list(rows.select_related("by").order_by("-version"))


def results_of(plan: VillagePlan) -> dict[UUID, list[VillageResult]]:
    """thread → what was logged, the newest first: also to other versions and years of the same work."""
    threads = list(plan.lines.values_list("thread", flat=True))
    rows = VillageResult.objects.filter(line__thread__in=threads, line__plan__village=plan.village_id)
    found: dict[UUID, list[VillageResult]] = {}
    for one in rows.select_related("line", "by").order_by("-on", "-pk"):
        found.setdefault(one.line.thread, []).append(one)
    return found


def done_of(village: Area) -> dict[UUID, int]:
    """thread → percent done, of every work of a village."""
    rows = VillageResult.objects.filter(line__plan__village=village).order_by("on", "pk")
    return dict(rows.values_list("line__thread", "share"))


# --- an area ----------------------------------------------------------------------------------------------------------
def should_have(*, seen_by: User, area: Area) -> QuerySet[Area]:
    """Villages of an area that must have a plan (PLAN-1), or have one, as far as the reader sees them."""
    rows = access.villages_seen_by(seen_by).within(area)
    terms = active().villages.terms
    due: QuerySet[Any]
    if terms is not None and terms.villages == "linked":
        due = VillageLink.objects.open().filter(village=OuterRef("pk"))
    else:
        due = Household.objects.standing().filter(village=OuterRef("pk"))
    return rows.filter(Exists(due) | Exists(VillagePlan.objects.newest().filter(village=OuterRef("pk"))))


@dataclass(frozen=True)
class Row:
    """One village of a list: its newest plan of the series, what it comes to now."""

    village: Area
    plan: VillagePlan | None
    homes: Homes
    content: Mapping[str, Any] | None

    @cached_property
    def reckoned(self) -> Reckoned | None:
        return village_drafts.reckoned(self.content, self.homes) if self.content is not None else None

    @cached_property
    def lists(self) -> frozenset[str]:
        """The lists that the village stands on."""
        plan = self.plan
        if plan is None or self.reckoned is None:
            return frozenset({"all", "missing"})
        told = {
            "all": True, "copied": plan.copied_from_id is not None, "not_agreed": plan.agreed_on is None,
            "not_approved": plan.agreed_on is not None and plan.approved_on is None,
            "not_adding": not self.reckoned.adds_up,
        }  # fmt: skip
        return frozenset(name for name, holds in told.items() if holds)


def rows_of(*, seen_by: User, area: Area, series: int) -> list[Row]:
    """Every village of a county (or smaller) that must have a plan, reckoned with the household plans as they stand."""
    villages = list(should_have(seen_by=seen_by, area=area).select_related("parent").order_by("code"))
    plans = {
        one.village_id: one for one in VillagePlan.objects.newest().within(area).filter(series=series)
        .select_related("by", "copied_from")
    }  # fmt: skip
    homes: dict[int, dict[str, Homes]] = {}
    for until in {one.until for one in plans.values()}:
        homes[until] = summing.homes(area, until)
    found = []
    for village in villages:
        plan = plans.get(village.pk)
        mine = homes.get(plan.until, {}).get(village.code, Homes()) if plan else Homes()
        found.append(Row(village, plan, mine, plan.content if plan else None))
    return found


@dataclass(frozen=True)
class Standing:
    """How an area's village plans stand: villages that should have one, and how many are on each list."""

    villages: int
    planned: int
    agreed: int
    approved: int
    counts: Mapping[str, int]


def standing(rows: Sequence[Row]) -> Standing:
    plans = [one.plan for one in rows if one.plan is not None]
    counts = {name: sum(name in one.lists for one in rows) for name in WORK}
    return Standing(len(rows), len(plans), sum(one.agreed_on is not None for one in plans),
                    sum(one.approved_on is not None for one in plans), counts)  # fmt: skip


def standing_below(rows: Sequence[Row], areas: Sequence[Area]) -> list[tuple[Area, Standing]]:
    """The same for the regions below one."""
    return [(area, standing([one for one in rows if area.contains(one.village)])) for area in areas]


def counted_below(*, seen_by: User, areas: Sequence[Area], series: int) -> list[tuple[Area, Standing]]:
    """The same where there are too many villages to reckon each: whether plans add up is told from the county down."""
    if not areas or areas[0].parent is None:
        return []
    digits, parent = PREFIX_LENGTHS[areas[0].level], areas[0].parent
    wanted = should_have(seen_by=seen_by, area=parent)
    whole = dict(wanted.order_by().annotate(place=Left("code", digits)).values_list("place").annotate(n=Count("pk")))
    plans = VillagePlan.objects.newest().within(parent).filter(series=series, village__in=wanted.values("pk"))
    places = plans.order_by().annotate(place=Left("area_code", digits)).values("place")
    told = {
        row["place"]: row for row in places.annotate(
            planned=Count("pk"), agreed=Count("agreed_on"), approved=Count("approved_on"),
            copied=Count("copied_from"), not_agreed=Count("pk", filter=Q(agreed_on=None)),
            not_approved=Count("pk", filter=Q(agreed_on__isnull=False, approved_on=None)))
    }  # fmt: skip
    return [(area, _counted(whole.get(area.prefix, 0), told.get(area.prefix, {}))) for area in areas]


def _counted(villages: int, told: Mapping[str, Any]) -> Standing:
    planned = told.get("planned", 0)
    counts = {"missing": max(0, villages - planned), **{name: told.get(name, 0) for name in WORK[2:]}}
    return Standing(villages, planned, told.get("agreed", 0), told.get("approved", 0), counts)


def together(parts: Sequence[tuple[Area, Standing]]) -> Standing:
    """The sum of the regions below."""
    some = [one for _area, one in parts]
    counts = {name: sum(one.counts.get(name, 0) for one in some) for name in WORK if name != "not_adding"}
    return Standing(sum(one.villages for one in some), sum(one.planned for one in some),
                    sum(one.agreed for one in some), sum(one.approved for one in some), counts)  # fmt: skip


def year_of(area: Area, on: date) -> int:
    """The year whose plans are looked at: the one after the latest accounts; above a county that of its plans."""
    if area.level >= Area.Level.COUNTY:
        return village_drafts.year_for(area, on)
    newest = VillagePlan.objects.within(area).order_by("-series").values_list("series", flat=True).first()
    return newest or on.year
