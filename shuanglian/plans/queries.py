"""Reads of household plans: what is due in an area, lists to work off, a phone's card, sums for the village's plan.

totals_of(area)            what the household plans of an area add up to, by channel and measure: the village plan
card_of(household ids)     the short plan that a phone shows
due(area), due_below       missing, copied, not agreed, not approved, do not add up, due for review
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from shuanglian.areas.models import PREFIX_LENGTHS, Area
from shuanglian.core.profile import active
from shuanglian.registry import scope
from shuanglian.registry.models import Household

from .models import HouseholdPlan, Measure, Progress

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

KINDS = {
    "missing": _("没有计划"), "short": _("算不平"), "copied": _("雷同"), "not_agreed": _("农户未认可"),
    "not_approved": _("未审定"), "review": _("到期回顾"), "all": _("全部"),
}  # fmt: skip
MONTH = timedelta(days=30.4375)


# --- one household ----------------------------------------------------------------------------------------------------
def plan_of(household: Household) -> HouseholdPlan | None:
    """The newest version."""
    rows = HouseholdPlan.objects.filter(household=household, latest=True)
    return rows.select_related("household__village__parent", "by").prefetch_related("measures").first()


def versions(household: Household) -> list[HouseholdPlan]:
    """All versions, the newest first."""
    rows = HouseholdPlan.objects.filter(household=household).select_related("by").order_by("-version")
    return list(rows)


def done_of(plan: HouseholdPlan) -> dict[str, Decimal]:
    """measure → units carried out: what was logged to this plan or an earlier version of the same year."""
    return _done([plan]).get(plan.pk, {})


def _done(plans: Iterable[HouseholdPlan]) -> dict[int, dict[str, Decimal]]:
    """plan → measure → units. A version takes over what was logged to those of the same household and year."""
    wanted = {(one.household_id, one.year): one.pk for one in plans}
    homes = {home for home, _year in wanted}
    rows = Progress.objects.filter(withdrawn_at=None, measure__plan__household__in=homes)
    grouped = rows.order_by().values_list("measure__plan__household_id", "measure__plan__year", "measure__code")
    found: dict[int, dict[str, Decimal]] = {}
    for home, year, code, units in grouped.annotate(units=Sum("quantity")):
        if (pk := wanted.get((home, year))) is not None:
            found.setdefault(pk, {})[code] = units
    return found


def log_of(plan: HouseholdPlan) -> list[Progress]:
    """What was logged to this year's plan of the household, the newest first, withdrawn lines too."""
    rows = Progress.objects.filter(measure__plan__household=plan.household_id, measure__plan__year=plan.year)
    return list(rows.select_related("measure", "by").order_by("-on", "-pk"))


def card_of(households: Collection[int]) -> dict[int, dict[str, Any]]:
    """household → its plan in plain values, for a phone; households without one are left out.

    {plan, version, year, horizon, target, step_target, income, size, gap, short, agreed_on, approved_on, digest, mark,
     measures: [{id, code, label: {zh, en}, unit: {zh, en}, need, done, starts_on, owner, owner_name, note}]}
    """
    plans = list(HouseholdPlan.objects.newest().filter(household__in=households, ended="").prefetch_related("measures"))
    done = _done(plans)
    return {one.household_id: _card(one, done.get(one.pk, {})) for one in plans}


def _card(plan: HouseholdPlan, done: Mapping[str, Decimal]) -> dict[str, Any]:
    return {
        "plan": plan.pk, "version": plan.version, "year": plan.year, "horizon": plan.horizon,
        "target": str(plan.target), "step_target": str(plan.step_target), "income": str(plan.income),
        "size": plan.size, "gap": str(plan.gap), "short": str(plan.short),
        "agreed_on": plan.agreed_on and plan.agreed_on.isoformat(),
        "approved_on": plan.approved_on and plan.approved_on.isoformat(), "digest": plan.digest, "mark": plan.mark,
        "measures": [_card_line(one, done.get(one.code, Decimal(0))) for one in plan.measures.all()],
    }  # fmt: skip


def _card_line(line: Measure, done: Decimal) -> dict[str, Any]:
    known = active().plans.measures.get(line.code)
    plain = {"zh": line.code, "en": line.code}
    return {
        "id": line.pk, "code": line.code, "label": known.label.model_dump() if known else plain,
        "unit": known.shape.unit.model_dump() if known else {"zh": "", "en": ""}, "need": line.units,
        "done": f"{done.normalize():f}", "starts_on": line.starts_on.isoformat(), "owner": line.owner,
        "owner_name": line.owner_name, "note": line.note,
    }  # fmt: skip


# --- an area ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Due:
    """How an area's household plans stand: households that should have one, and how many of what is due."""

    households: int = 0
    planned: int = 0
    agreed: int = 0
    approved: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)


def should_have(*, seen_by: User, area: Area) -> QuerySet[Household]:
    """Households on the register that the reader sees in an area: each must have a plan (PLAN-1)."""
    found: QuerySet[Household] = scope.visible(seen_by=seen_by).standing().within(area)
    return found


def _latest(field_name: str = "pk") -> Any:
    return HouseholdPlan.objects.newest().filter(household=OuterRef(field_name), ended="")


def _plans_of(*, seen_by: User, area: Area) -> QuerySet[HouseholdPlan]:
    """The newest plans of the households that the reader sees in an area and that stand on the register."""
    rows = HouseholdPlan.objects.newest().within(area).filter(
        ended="", household__left_on=None, household__removed_on=None
    )  # fmt: skip
    if scope.bound_to(seen_by) != "area":
        rows = rows.filter(household__in=scope.visible(seen_by=seen_by).values("pk"))
    return rows.order_by()


def copied() -> Q:
    """A version whose text stands in another household's plan that is still the newest there."""
    return Q(copied_from__isnull=False) & Q(copied_from__latest=True)


def stale(on: date) -> Q:
    """Due to be looked at again: neither written nor reviewed within the profile's months (PLAN-5)."""
    terms = active().plans.terms
    before = on - (terms.review_months if terms else 12) * MONTH
    return Q(at__date__lte=before) & (Q(reviewed_on=None) | Q(reviewed_on__lte=before))


def _wanted(kind: str, on: date) -> Q:
    return {
        "short": Q(short__gt=0), "copied": copied(), "not_agreed": Q(agreed_on=None),
        "not_approved": Q(agreed_on__isnull=False, approved_on=None), "review": stale(on),
    }.get(kind, Q())  # fmt: skip


def due(*, seen_by: User, area: Area, on: date) -> Due:
    """The figures of an area, as far as the reader sees it."""
    plans = _plans_of(seen_by=seen_by, area=area)
    whole = should_have(seen_by=seen_by, area=area).count()
    told = plans.aggregate(planned=Count("pk"), agreed=Count("agreed_on"), approved=Count("approved_on"),
                           **_by_kind(on))  # fmt: skip
    return _due(whole, told)


def _by_kind(on: date) -> dict[str, Any]:
    return {f"kind_{kind}": Count("pk", filter=_wanted(kind, on))
            for kind in ("short", "copied", "not_agreed", "not_approved", "review")}  # fmt: skip


def _due(households: int, told: Mapping[str, Any]) -> Due:
    counts = {name.removeprefix("kind_"): n for name, n in told.items() if name.startswith("kind_")}
    counts = {"missing": max(0, households - told["planned"]), **counts}
    return Due(households, told["planned"], told["agreed"], told["approved"], counts)


def due_below(*, seen_by: User, areas: Sequence[Area], on: date) -> list[tuple[Area, Due]]:
    """The same for the regions below one, in two queries."""
    if not areas or areas[0].parent is None:
        return []
    digits, parent = PREFIX_LENGTHS[areas[0].level], areas[0].parent
    homes = should_have(seen_by=seen_by, area=parent)
    key = Left("area_code", digits)
    whole = dict(homes.order_by().annotate(place=key).values_list("place").annotate(n=Count("pk")))
    rows = _plans_of(seen_by=seen_by, area=parent).annotate(place=key).values("place").annotate(
        planned=Count("pk"), agreed=Count("agreed_on"), approved=Count("approved_on"), **_by_kind(on)
    )  # fmt: skip
    told: dict[str, dict[str, Any]] = {row["place"]: dict(row) for row in rows}
    nothing = {"planned": 0, "agreed": 0, "approved": 0}
    return [(area, _due(whole.get(area.prefix, 0), told.get(area.prefix, nothing))) for area in areas]


def listed(*, seen_by: User, area: Area, kind: str, on: date) -> QuerySet[Household]:
    """The households of a list to work off; `plan` of each is added by `with_plans`."""
    homes = should_have(seen_by=seen_by, area=area).select_related("village__parent")
    if kind == "missing":
        return homes.exclude(Exists(_latest()))
    if kind == "all":
        return homes
    return homes.filter(Exists(_latest().filter(_wanted(kind, on))))


def with_plans(homes: Sequence[Household]) -> list[tuple[Household, HouseholdPlan | None]]:
    """Each household beside its newest plan, in one query."""
    plans = (
        HouseholdPlan.objects.newest().filter(household__in=[one.pk for one in homes], ended="").select_related("by")
    )
    known = {one.household_id: one for one in plans}
    return [(one, known.get(one.pk)) for one in homes]


# --- sums for the village's plan --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class MeasureSum:
    """One measure over an area's household plans: households, units, yuan a year, cost, units done."""

    code: str
    channel: str
    households: int
    units: int
    low: Decimal
    likely: Decimal
    cost: Decimal
    done: Decimal


@dataclass(frozen=True)
class Totals:
    """What the newest household plans of an area add up to (PLAN-2). Money is yuan of a year for whole families.

    gap: from the incomes now to the targets; gain_low, gain_likely: in the years of their horizons; short: what stays
    open; channels: channel → yuan a year (likely) once everything pays; people: members of the planned households.
    """

    households: int
    planned: int
    people: int
    gap: Decimal
    gain_low: Decimal
    gain_likely: Decimal
    short: Decimal
    cost: Decimal
    own: Decimal
    loan: Decimal
    channels: Mapping[str, Decimal]
    measures: tuple[MeasureSum, ...]


def totals_of(area: Area, *, year: int | None = None) -> Totals:
    """The sums over an area's households on the register; year: only plans of that year."""
    homes = Household.objects.standing().within(area)
    plans = HouseholdPlan.objects.newest().within(area).filter(ended="", household__in=homes.values("pk"))
    if year is not None:
        plans = plans.filter(year=year)
    plans = plans.order_by()
    told = plans.aggregate(
        planned=Count("pk"), people=Sum("size"), low=Sum("gain_low"), likely=Sum("gain_likely"), short_=Sum("short"),
        cost_=Sum("cost"), own=Sum("own_cost"), loan_=Sum("loan"),
    )  # fmt: skip
    gap = plans.filter(target__gt=F("income")).aggregate(gap=Sum((F("target") - F("income")) * F("size")))["gap"]
    zero = Decimal(0)
    measures = _measures(plans)
    channels: dict[str, Decimal] = {}
    for one in measures:
        channels[one.channel] = channels.get(one.channel, zero) + one.likely
    return Totals(
        homes.count(), told["planned"], told["people"] or 0, gap or zero, told["low"] or zero, told["likely"] or zero,
        told["short_"] or zero, told["cost_"] or zero, told["own"] or zero, told["loan_"] or zero, channels, measures,
    )  # fmt: skip


def _measures(plans: QuerySet[HouseholdPlan]) -> tuple[MeasureSum, ...]:
    lines = Measure.objects.filter(plan__in=plans.values("pk")).order_by()
    standing = plans.filter(household=OuterRef("measure__plan__household"), year=OuterRef("measure__plan__year"))
    logged = Progress.objects.filter(Exists(standing), withdrawn_at=None).order_by()
    done: dict[str, Decimal] = dict(logged.values_list("measure__code").annotate(units=Sum("quantity")))
    rows = lines.values("code", "channel").annotate(
        homes=Count("plan"), units_=Sum("units"), low_=Sum("low"), likely_=Sum("likely"), cost_=Sum("cost")
    )
    found = [MeasureSum(row["code"], row["channel"], row["homes"], row["units_"], row["low_"], row["likely_"],
                        row["cost_"], done.get(row["code"], Decimal(0))) for row in rows]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-one.likely, one.code)))
