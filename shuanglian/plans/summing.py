"""What the household plans of villages add up to (PLAN-2).

homes(area, until)             village code → Homes: every village of an area in a fixed number of queries
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from shuanglian.areas.models import Area
from shuanglian.core.profile import active
from shuanglian.registry.models import Household, HouseholdYear
from shuanglian.rules.catalogue import counted
from shuanglian.rules.village_sums import HomeMeasure, Homes

from .models import HouseholdPlan, Measure
from .reckoning import month_of

NOTHING, CENT = Decimal(0), Decimal("0.01")


def standing_plans(area: Area) -> QuerySet[HouseholdPlan]:
    """The newest plans of households that stand on the register."""
    rows: QuerySet[HouseholdPlan] = HouseholdPlan.objects.newest().within(area).filter(
        ended="", household__left_on=None, household__removed_on=None
    )  # fmt: skip
    return rows.order_by()


def homes(area: Area, until: int) -> dict[str, Homes]:
    """village code → its households on the register and the sums of their plans, as they stand now."""
    register, plans = _register(area, until), standing_plans(area)
    planned = {row["area_code"]: row for row in plans.values("area_code").annotate(
        planned=Count("pk"), agreed=Count("agreed_on"))}  # fmt: skip
    measures, funds = _measures(plans, until), _funds(plans)
    found = {}
    for code, row in register.items():
        plan = planned.get(code, {"planned": 0, "agreed": 0})
        known = row["known"] or 0
        income = (row["earned"] / known).quantize(CENT) if known else None
        found[code] = Homes(
            row["households"], row["members"] or 0, income, plan["planned"], plan["agreed"], row["leaving"],
            row["leaving_unplanned"], measures.get(code, {}), funds.get(code, {}),
        )  # fmt: skip
    return found


def _register(area: Area, until: int) -> dict[str, dict[str, Any]]:
    closes = HouseholdPlan.objects.newest().filter(household=OuterRef("pk"), ended="", short=0)
    leaving = Q(exit_year__isnull=False, exit_year__lte=until)
    accounts = HouseholdYear.objects.filter(household=OuterRef("pk"), income_per_head__isnull=False).order_by("-year")
    homes_ = Household.objects.standing().within(area).order_by()
    rows = homes_.annotate(closes=Exists(closes), income=Subquery(accounts.values("income_per_head")[:1])).values(
        "area_code"
    )
    told = rows.annotate(
        households=Count("pk"), members=Sum("size"), known=Sum("size", filter=Q(income__isnull=False)),
        earned=Sum(F("income") * F("size")), leaving=Count("pk", filter=leaving),
        leaving_unplanned=Count("pk", filter=leaving & Q(closes=False)),
    )  # fmt: skip
    found: dict[str, dict[str, Any]] = {str(row["area_code"]): dict(row) for row in told}
    return found


def _measures(plans: QuerySet[HouseholdPlan], until: int) -> dict[str, dict[str, HomeMeasure]]:
    """Lines by village, measure and month of beginning; what of their yearly yuan falls into the last year."""
    catalogue = active().plans
    counts = catalogue.terms.counts if catalogue.terms else "likely"
    rows = Measure.objects.filter(plan__in=plans.values("pk")).order_by().values(
        "area_code", "code", "channel", "starts_on", "months"
    ).annotate(homes=Count("plan"), units_=Sum("units"), yuan=Sum(counts), cost_=Sum("cost"))  # fmt: skip
    found: dict[str, dict[str, HomeMeasure]] = defaultdict(dict)
    for row in rows:
        known = catalogue.measures.get(row["code"])
        comes = known.shape.comes if known else "yearly"
        gain = counted(row["yuan"], comes, month_of(row["starts_on"]) + row["months"], until)
        here = found[row["area_code"]]
        old = here.get(row["code"], HomeMeasure(row["channel"], 0, 0, NOTHING))
        here[row["code"]] = HomeMeasure(row["channel"], old.households + row["homes"], old.units + row["units_"],
                                        old.gain + gain, old.cost + row["cost_"])  # fmt: skip
    return found


def _funds(plans: QuerySet[HouseholdPlan]) -> dict[str, dict[str, Decimal]]:
    """village code → fund → yuan that its household plans take."""
    sums = {
        f"fund_{code}": Sum(Cast(KeyTextTransform(code, "funds"), DecimalField(max_digits=14, decimal_places=2)))
        for code in active().funds
    }
    if not sums:
        return {}
    lines = Measure.objects.filter(plan__in=plans.values("pk")).order_by().values("area_code")
    rows: list[dict[str, Any]] = [dict(row) for row in lines.annotate(**sums)]
    return {
        row["area_code"]: {code: row[f"fund_{code}"] for code in active().funds if row[f"fund_{code}"]} for row in rows
    }


def income_year(area: Area) -> int | None:
    """The year of the latest income accounts of an area."""
    rows = HouseholdYear.objects.within(area).filter(income_per_head__isnull=False)
    found: int | None = rows.aggregate(year=Max("year"))["year"]
    return found


def leaving_by_year(area: Area) -> list[dict[str, Any]]:
    """[{exit_year, households, members, closed}] of the register's years of exit; closed: their plan closes its gap."""
    closes = HouseholdPlan.objects.newest().filter(household=OuterRef("pk"), ended="", short=0)
    rows = Household.objects.standing().within(area).filter(exit_year__isnull=False).order_by()
    told = rows.annotate(closes=Exists(closes)).values("exit_year").annotate(
        households=Count("pk"), members=Sum("size"), closed=Count("pk", filter=Q(closes=True))
    )  # fmt: skip
    return [dict(row) for row in told.order_by("exit_year")]
