"""What register and village form say of a village: the sums that its indicators are worked out from (PLAN-2).

told = facts(village, on)                        Facts: "register.people" …, "village.people" … → Decimal
told.basis(worked_out(indicator, told.sums))     where a value comes from: which form or accounts, of which day
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import Case, Count, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Sum, Value, When

from shuanglian.areas.models import Area
from shuanglian.core.clock import day_of
from shuanglian.core.profile import active
from shuanglian.kernel.refusal import Refusal
from shuanglian.measures.inequality import gini
from shuanglian.registry.models import Household, HouseholdYear, Person, VillageYear
from shuanglian.registry.models.village import FIELDS
from shuanglian.rules.village_shapes import SUM, Schooling
from shuanglian.rules.village_values import Worked

ACCOUNTS = frozenset({"net_income", "accounted_people", "accounted_households", "gini"})


@dataclass(frozen=True)
class Form:
    """A village form: of which year, written on which day (None where its history does not tell)."""

    year: int
    on: date | None


@dataclass(frozen=True)
class Facts:
    """Sums by name, as far as they are known. on: the day the register was asked; accounts: year of the latest ones
    that were used; forms: root of a name ("village", "village_2000") → the form."""

    sums: dict[str, Decimal]
    on: date
    accounts: int | None = None
    forms: dict[str, Form] = field(default_factory=dict)

    def basis(self, found: Worked) -> dict[str, Any]:
        """Where a value comes from, in plain values: whom it tells of, in words, year and day, how many are known."""
        roots = {name.partition(".")[0] for name in found.way.names}
        form = self.forms.get("village") if "village" in roots else None
        dated = any(name.partition(".")[2] in ACCOUNTS for name in found.way.names if name.startswith("register."))
        return {
            "of": found.way.of, "says": {"zh": found.way.says.zh, "en": found.way.says.en},
            "year": form.year if form and not dated else self.accounts if dated else None,
            "on": form.on if form and not dated else self.on, "known": found.known, "whole": found.whole,
        }  # fmt: skip


def facts(village: Area, on: date) -> Facts:
    """Everything that indicators of one village may go by, as it is known on a day."""
    accounts = _accounts(village, on.year)
    year: int | None = accounts.aggregate(year=Max("year"))["year"]
    register = {**_people(village, on), **_by_account(accounts), **_homes(village)}
    forms = dict(_forms(village, on))
    sums = {f"register.{name}": Decimal(value) for name, value in register.items() if value is not None}
    for root, form in forms.items():
        sums |= {f"{root}.{name}": value for name, value in _numbers(form)}
    written = _written({form.pk for form in forms.values()})
    return Facts(sums, on, year, {root: Form(one.year, written.get(one.pk)) for root, one in forms.items()})


# --- the village form -------------------------------------------------------------------------------------------------
def _forms(village: Area, on: date) -> Iterable[tuple[str, VillageYear]]:
    """The latest form up to a year, and those of the years that indicators are measured against."""
    rows = list(VillageYear.objects.filter(village=village, year__lte=on.year).order_by("-year"))
    if rows:
        yield "village", rows[0]
    for one in rows:
        if one.year in _base_years():
            yield f"village_{one.year}", one


def _base_years() -> set[int]:
    names = (name for one in active().villages.indicators.values() for way in one.ways for name in way.names)
    return {int(told["year"]) for name in names if (told := SUM.fullmatch(name)) and told["year"]}


def _numbers(form: VillageYear) -> Iterable[tuple[str, Decimal]]:
    for name in FIELDS:
        value = getattr(form, name)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            yield name, Decimal(value)


def _written(forms: set[int]) -> dict[int, date]:
    """form → the day it was last written, by the register's own history."""
    events = apps.get_model("registry", "VillageYearEvent").objects.filter(pgh_obj_id__in=forms)
    rows = events.values("pgh_obj_id").annotate(at=Max("pgh_created_at")).values_list("pgh_obj_id", "at")
    return {form: day_of(at) for form, at in rows}


# --- the register -----------------------------------------------------------------------------------------------------
def _homes(village: Area) -> dict[str, Any]:
    rows = Household.objects.standing().within(village)
    return dict(rows.aggregate(households=Count("pk"), people=Sum("size")))


def _people(village: Area, on: date) -> dict[str, Any]:
    rows = Person.objects.within(village).filter(left_on=None, household__left_on=None, household__removed_on=None)
    insured = {
        f"{name}_{part}": Count("pk", filter=Q(**{f"{name}_insurance{test}": value}))
        for name in ("medical", "pension")
        for part, test, value in (("insured", "", True), ("known", "__isnull", False))
    }  # fmt: skip
    return {**rows.aggregate(**insured), **_schooled(rows, on)}


def _schooled(rows: QuerySet[Person], on: date) -> dict[str, Any]:
    """Of those old enough (or of unknown age): how many, of how many schooling is known, its years together."""
    terms = active().villages.terms
    counts = terms.schooling if terms else None
    if counts is None:
        return {}
    old = rows.filter(Q(born_on__lte=_years_before(on, counts.from_age)) | Q(born_on=None)).annotate(
        years=_years(counts)
    )  # fmt: skip
    told: dict[str, Any] = old.aggregate(adults=Count("pk"), schooled=Count("years"), schooling_years=Sum("years"))
    return told


def _years(counts: Schooling) -> Case:
    """Years of schooling of a person: by the grade of one at school, else by what was completed."""
    return Case(
        *(When(schooling=code, then=Value(years)) for code, years in counts.at_school.items()),
        *(When(education=code, then=Value(years)) for code, years in counts.completed.items()),
        output_field=IntegerField(),
    )


def _years_before(on: date, years: int) -> date:
    """The same day so many years ago; of 29 February the day before."""
    day = on.day if (on.month, on.day) != (2, 29) else 28
    return date(on.year - years, on.month, day)


def _accounts(village: Area, year: int) -> QuerySet[HouseholdYear]:
    """The latest accounts up to a year of the households that stand on the register, one each."""
    later = HouseholdYear.objects.filter(household=OuterRef("household"), year__gt=OuterRef("year"), year__lte=year)
    standing = Household.objects.standing().within(village)
    rows = HouseholdYear.objects.within(village).filter(household__in=standing.values("pk"), year__lte=year)
    return rows.exclude(Exists(later)).order_by()


def _by_account(accounts: QuerySet[HouseholdYear]) -> dict[str, Any]:
    def members(known: str) -> Sum:
        return Sum(Case(When(**{f"{known}__isnull": False}, then=F("household__size"))))

    told = accounts.aggregate(
        net_income_=Sum("net_income"), accounted_people=members("net_income"), accounted_households=Count("net_income"),
        house_area_=Sum("house_area"), housed_people=members("house_area"),
        house_unsafe_=Count("pk", filter=Q(house_unsafe=True)),
        house_known=Count("pk", filter=Q(house_unsafe__isnull=False)),
        water_safe_=Count("pk", filter=Q(water_safe=True)), water_known=Count("pk", filter=Q(water_safe__isnull=False)),
        toilet_=Count("pk", filter=Q(toilet=True)), toilet_known=Count("pk", filter=Q(toilet__isnull=False)),
    )  # fmt: skip
    return {**{name.removesuffix("_"): value for name, value in told.items()}, "gini": _gini(accounts)}


def _gini(accounts: QuerySet[HouseholdYear]) -> Decimal | None:
    """Of net income a head over the people of the households that have an account; None without income."""
    rows = list(accounts.filter(net_income__isnull=False, household__size__gt=0).values_list(
        "net_income", "household__size"))  # fmt: skip
    if not rows:
        return None
    try:
        found = gini([float(yuan / size) for yuan, size in rows], weights=[float(size) for _yuan, size in rows])
    except Refusal:
        return None
    return Decimal(found).quantize(Decimal("0.0001"))
