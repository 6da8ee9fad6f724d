"""What the household plans of villages add up to (PLAN-2).

homes(area, until)             village code → Homes: every village of an area in a fixed number of queries
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, ExtractMonth, ExtractYear, Greatest, Least

from shuanglian.areas.models import Area
from shuanglian.core.profile import active
from shuanglian.registry.models import Household, HouseholdYear
from shuanglian.rules.village_sums import HomeMeasure, Homes

from .models import HouseholdPlan, Measure

NOTHING, CENT = Decimal(0), Decimal("0.01")


def standing_plans(area: Area) -> QuerySet[HouseholdPlan]:
    """The newest plans of households that stand on the register."""
    rows: QuerySet[HouseholdPlan] = HouseholdPlan.objects.newest().within(area).filter(
        ended="", household__left_on=None, household__removed_on=None
    )  # fmt: skip
    return rows.order_by()


def homes(area: Area, until: int) -> dict[str, Homes]:
    """village code → its households on the register and the sums of their plans, as they stand now."""
    plans, incomes = standing_plans(area), _incomes(area)
    planned = {row["area_code"]: row for row in plans.values("area_code").annotate(
        planned=Count("pk"), agreed=Count("agreed_on"))}  # fmt: skip
    measures, funds = _measures(plans, until)
    found = {}
    for code, row in _register(area, until).items():
        plan = planned.get(code, {"planned": 0, "agreed": 0})
        found[code] = Homes(
            row["households"], row["members"] or 0, incomes.get(code), plan["planned"], plan["agreed"], row["leaving"],
            row["leaving_unplanned"], measures.get(code, {}), funds.get(code, {}),
        )  # fmt: skip
    return found


def _register(area: Area, until: int) -> dict[str, dict[str, Any]]:
    closes = HouseholdPlan.objects.newest().filter(household=OuterRef("pk"), ended="", short=0)
    leaving = Q(exit_year__isnull=False, exit_year__lte=until)
    rows = Household.objects.standing().within(area).order_by().annotate(closes=Exists(closes)).values("area_code")
    told = rows.annotate(
        households=Count("pk"), members=Sum("size"), leaving=Count("pk", filter=leaving),
        leaving_unplanned=Count("pk", filter=leaving & Q(closes=False)),
    )  # fmt: skip
    return {str(row["area_code"]): dict(row) for row in told}


def _incomes(area: Area) -> dict[str, Decimal]:
    """village code → yuan a head by the latest account of each household that has one."""
    told = HouseholdYear.objects.filter(income_per_head__isnull=False)
    later = told.filter(household=OuterRef("household"), year__gt=OuterRef("year"))
    standing = Household.objects.standing().within(area)
    rows = told.within(area).filter(household__in=standing.values("pk")).exclude(Exists(later)).order_by()
    sums = rows.values("household__area_code").annotate(
        known=Sum("household__size"), earned=Sum(F("income_per_head") * F("household__size"))
    )
    return {
        row["household__area_code"]: (row["earned"] / row["known"]).quantize(CENT) for row in sums if row["known"]
    }  # fmt: skip


def _measures(
    plans: QuerySet[HouseholdPlan], until: int
) -> tuple[dict[str, dict[str, HomeMeasure]], dict[str, dict[str, Decimal]]]:
    """village code → measure → what it brings in the last year; village code → fund → yuan that the plans take."""
    catalogue = active().plans
    counts = catalogue.terms.counts if catalogue.terms else "likely"
    rows = Measure.objects.filter(plan__in=plans.values("pk")).order_by().annotate(paid=_paid_months(until)).values(
        "area_code", "code", "channel").annotate(
        homes=Count("plan"), units_=Sum("units"), cost_=Sum("cost"), monthly=Sum(F(counts) * F("paid")),
        yearly=Sum(counts, filter=Q(paid__gt=0)), **{f"fund_{code}": _of_fund(code) for code in active().funds},
    )  # fmt: skip
    found: dict[str, dict[str, HomeMeasure]] = defaultdict(dict)
    funds: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for row in map(dict[str, Any], rows):
        here, mine = found[row["area_code"]], funds[row["area_code"]]
        known = catalogue.measures.get(row["code"])
        by_month = known is not None and known.shape.comes != "yearly"
        gain = (row["monthly"] / 12).quantize(CENT) if by_month else row["yearly"] or NOTHING
        old = here.get(row["code"], HomeMeasure(row["channel"], 0, 0, NOTHING))
        here[row["code"]] = HomeMeasure(row["channel"], old.households + row["homes"], old.units + row["units_"],
                                        old.gain + gain, old.cost + row["cost_"])  # fmt: skip
        for code in active().funds:
            if yuan := row[f"fund_{code}"]:
                mine[code] = mine.get(code, NOTHING) + yuan
    return found, funds


def _paid_months(until: int) -> Least:
    """In how many months of the last year a measure pays: none before it first pays, twelve at most (see counted)."""
    first = ExtractYear("starts_on") * 12 + ExtractMonth("starts_on") - 1 + F("months")
    return Least(12, Greatest(0, (until + 1) * 12 - first, output_field=IntegerField()), output_field=IntegerField())


def _of_fund(code: str) -> Sum:
    return Sum(Cast(KeyTextTransform(code, "funds"), DecimalField(max_digits=14, decimal_places=2)))


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
