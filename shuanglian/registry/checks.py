"""The profile's quality rules asked of the register itself (REG-7, REP-2): each rule is one set-based query.

A rule's code is its name in roster.toml; its numbers come from there. What the register does not hold (employee
insurance, the village form) cannot be asked: `unanswerable` names those rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value

from shuanglian.rules.profile import Profile
from shuanglian.rules.profile_weights import Check

from .facts import grouped
from .models import Household, HouseholdYear, Person

LAND = {
    "cultivated": "land_cultivated", "woodland": "land_forest", "returned_forest": "land_returned",
    "orchard": "land_orchard", "pasture": "land_pasture", "water_area": "land_water",
}  # fmt: skip
WORKS = Q(work_months__gt=0) | ~Q(work_place="")


@dataclass(frozen=True)
class Desk:
    """Where rules are asked: standing households and people of an area, and the day on which ages are counted.

    `inside` bounds other tables to the area by their code, so that a village does not cost a walk over a province.
    """

    profile: Profile
    households: QuerySet[Household]
    people: QuerySet[Person]
    on: date
    inside: Q = field(default_factory=Q)

    @cached_property
    def groups(self) -> dict[str, frozenset[str]]:
        return dict(grouped(self.profile))

    def codes(self, list_name: str, *groups: str) -> list[str]:
        return [item.code for item in self.profile.codes[list_name] if item.group in groups]

    def in_group(self, name: str) -> list[str]:
        return sorted(self.groups[name])

    def born(self, *, low: int | None = None, high: int | None = None) -> Q:
        """Of an age from `low` to `high` full years on the day, both in."""
        wanted = Q(born_on__isnull=False)
        if low is not None:
            wanted &= Q(born_on__lte=years_before(self.on, low))
        if high is not None:
            wanted &= Q(born_on__gt=years_before(self.on, high + 1))
        return wanted

    def latest(self, condition: Q) -> Q:
        """Households whose latest yearly record fulfils a condition."""
        newer = HouseholdYear.objects.filter(household=OuterRef("household"), year__gt=OuterRef("year"))
        told = HouseholdYear.objects.filter(self.inside, condition).exclude(Exists(newer))
        return Q(pk__in=told.values("household"))

    def member(self, condition: Q) -> Exists:
        """Households with a standing member who fulfils a condition."""
        return Exists(Person.objects.filter(condition, household=OuterRef("pk"), left_on__isnull=True))


Rule = Callable[[Desk, dict[str, Any]], QuerySet[Household]]
PersonRule = Callable[[Desk, dict[str, Any]], Q]
_rules: dict[str, Rule] = {}
_person_rules: dict[str, PersonRule] = {}


def rule(code: str) -> Callable[[Rule], Rule]:
    """A rule over households: gives those that it complains about."""

    def register(ask: Rule) -> Rule:
        _rules[code] = ask
        return ask

    return register


def of_people(code: str) -> Callable[[PersonRule], PersonRule]:
    """A rule over the row of one person: gives the condition under which it complains."""

    def register(ask: PersonRule) -> PersonRule:
        _person_rules[code] = ask
        return ask

    return register


def answerable(profile: Profile) -> list[Check]:
    """The profile's rules that the register can answer, in the profile's order."""
    return [check for code, check in profile.roster.checks.items() if code in _rules or code in _person_rules]


def unanswerable(profile: Profile) -> list[Check]:
    return [check for check in profile.roster.checks.values() if check not in answerable(profile)]


def ask(check: Check, desk: Desk) -> QuerySet:
    """Households or people that a rule complains about, unordered."""
    if check.code in _person_rules:
        return desk.people.filter(_person_rules[check.code](desk, dict(check.params)))
    return _rules[check.code](desk, dict(check.params))


def counts(desk: Desk) -> Iterator[tuple[str, str, int]]:
    """(rule, village code, rows complained about): one walk over the people, one query for the rules of households."""
    wanted = answerable(desk.profile)
    of_persons = {
        check.code: Count("pk", filter=_person_rules[check.code](desk, dict(check.params)))
        for check in wanted if check.code in _person_rules
    }  # fmt: skip
    codes = list(of_persons)
    for village, *found in (
        desk.people.order_by().values("area_code").annotate(**of_persons).values_list("area_code", *codes)
    ):
        yield from ((code, village, count) for code, count in zip(codes, found, strict=True) if count)
    parts = [
        ask(check, desk).order_by().values("area_code").annotate(check=Value(check.code), n=Count("pk"))
        .values_list("check", "area_code", "n")
        for check in wanted if check.code in _rules
    ]  # fmt: skip
    if parts:
        yield from parts[0].union(*parts[1:], all=True)


def working_day(profile: Profile, today: date) -> date:
    """The day on which ages are counted: today, but not after the programme year of the profile."""
    return min(today, date(profile.year, 12, 31))


def years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


# ---- households ------------------------------------------------------------------------------------------------------
@rule("household_required")
def _household_required(desk: Desk, params: dict[str, Any]) -> QuerySet:
    empty = (
        Q(power__isnull=True) | Q(water_safe__isnull=True) | Q(toilet__isnull=True) | Q(road_kind="")
        | Q(house_area__isnull=True) | Q(house_unsafe__isnull=True)
    )  # fmt: skip
    nothing = ~Exists(HouseholdYear.objects.filter(household=OuterRef("pk")))
    return desk.households.filter(desk.latest(empty) | Q(nothing))


@rule("land_required")
def _land_required(desk: Desk, params: dict[str, Any]) -> QuerySet:
    empty = Q()
    for name in LAND.values():
        empty |= Q(**{f"{name}__isnull": True})
    return desk.households.filter(desk.latest(empty))


@rule("land_range")
def _land_range(desk: Desk, params: dict[str, Any]) -> QuerySet:
    beyond = Q(pk__in=[])
    for code, name in LAND.items():
        if limit := desk.profile.roster.limits.get(code):
            beyond |= Q(**{f"{name}__lt": limit.low}) if limit.low is not None else Q(pk__in=[])
            beyond |= Q(**{f"{name}__gt": limit.high}) if limit.high is not None else Q(pk__in=[])
    return desk.households.filter(desk.latest(beyond))


@rule("far_from_road")
def _far_from_road(desk: Desk, params: dict[str, Any]) -> QuerySet:
    return desk.households.filter(desk.latest(Q(road_km__gt=params["high"])))


@rule("tiny_wage")
def _tiny_wage(desk: Desk, params: dict[str, Any]) -> QuerySet:
    return desk.households.filter(desk.latest(Q(income_wage__gt=0, income_wage__lt=params["low"])))


@rule("income_high")
def _income_high(desk: Desk, params: dict[str, Any]) -> QuerySet:
    return desk.households.filter(income_per_head__gt=params["high"])


@rule("aid_without_income")
def _aid_without_income(desk: Desk, params: dict[str, Any]) -> QuerySet:
    none = desk.latest(Q(income_transfer=0) | Q(income_transfer__isnull=True, net_income__isnull=False))
    return desk.households.filter(none).filter(desk.member(Q(dibao=True)))


@rule("phone")
def _phone(desk: Desk, params: dict[str, Any]) -> QuerySet:
    return desk.households.filter(phone_digest="")


@rule("phone_shared")
def _phone_shared(desk: Desk, params: dict[str, Any]) -> QuerySet:
    other = Household.objects.standing().filter(phone_digest=OuterRef("phone_digest")).exclude(pk=OuterRef("pk"))
    return desk.households.exclude(phone_digest="").filter(Exists(other))


@rule("one_head")
def _one_head(desk: Desk, params: dict[str, Any]) -> QuerySet:
    relations = desk.profile.codes["relation"]
    standing = Q(people__left_on__isnull=True)
    counted = desk.households.annotate(
        heads=Count("people", filter=standing & Q(people__relation=relations.find("户主"))),
        spouses=Count("people", filter=standing & Q(people__relation=relations.find("配偶"))),
    )
    wrong = counted.filter(~Q(heads=params["heads"]) | Q(spouses__gt=params["spouses"]))
    return desk.households.filter(pk__in=wrong.values("pk"))


@rule("sex_and_relation")
def _sex_and_relation(desk: Desk, params: dict[str, Any]) -> QuerySet:
    relations, sexes = desk.profile.codes["relation"], desk.profile.codes["sex"]
    male = [item.code for item in sexes if item.group == "male"]
    female = [item.code for item in sexes if item.group == "female"]
    wrong = Q(relation__in=[item.code for item in relations if item.sex == "male"], sex__in=female)
    wrong |= Q(relation__in=[item.code for item in relations if item.sex == "female"], sex__in=male)
    head = Person.objects.filter(
        household=OuterRef("household"), left_on__isnull=True, relation=relations.find("户主"), sex=OuterRef("sex")
    )
    spouse = Person.objects.filter(
        Exists(head),
        household=OuterRef("pk"),
        left_on__isnull=True,
        relation=relations.find("配偶"),
        sex__in=male + female,
    )
    return desk.households.filter(Q(desk.member(wrong)) | Q(Exists(spouse)))


def _caused_by(desk: Desk, fact: str) -> Q:
    return Q(main_cause__in=[code for code, cause in desk.profile.causes.items() if cause.fact == fact])


@rule("cause_disabled")
def _cause_disabled(desk: Desk, params: dict[str, Any]) -> QuerySet:
    disabled = desk.member(Q(health__overlap=desk.in_group("disabled")))
    return desk.households.filter(_caused_by(desk, "disabled")).exclude(disabled)


@rule("cause_ill")
def _cause_ill(desk: Desk, params: dict[str, Any]) -> QuerySet:
    ill = desk.member(Q(health__overlap=desk.in_group("ill")))
    return desk.households.filter(_caused_by(desk, "ill")).exclude(ill)


@rule("cause_labour")
def _cause_labour(desk: Desk, params: dict[str, Any]) -> QuerySet:
    standing = Q(people__left_on__isnull=True)
    able = Count("people", filter=standing & Q(people__labour__in=desk.in_group("able")))
    counted = desk.households.filter(_caused_by(desk, "labour_short")).annotate(
        members=Count("people", filter=standing), able=able
    )
    able_enough = counted.filter(members__gte=params["members"], able__gte=F("members") * Decimal(params["share"]))
    return desk.households.filter(pk__in=able_enough.values("pk"))


@rule("no_labour_no_aid")
def _no_labour_no_aid(desk: Desk, params: dict[str, Any]) -> QuerySet:
    aided = desk.codes("household_class", "dibao", "five_guarantee")
    return (
        desk.households.filter(desk.member(~Q(labour="")))
        .exclude(desk.member(Q(labour__in=desk.in_group("fit"))))
        .exclude(desk.member(Q(dibao=True)))
        .exclude(kind__in=aided)
    )


# ---- people ----------------------------------------------------------------------------------------------------------
@of_people("relation_required")
def _relation_required(desk: Desk, params: dict[str, Any]) -> Q:
    return Q(relation="")


@of_people("education_required")
def _education_required(desk: Desk, params: dict[str, Any]) -> Q:
    return Q(education="", schooling="")


@of_people("education_twice")
def _education_twice(desk: Desk, params: dict[str, Any]) -> Q:
    return ~Q(education="") & ~Q(schooling="")


@of_people("insurance_required")
def _insurance_required(desk: Desk, params: dict[str, Any]) -> Q:
    return Q(medical_insurance__isnull=True) | Q(pension_insurance__isnull=True)


@of_people("id_missing")
def _id_missing(desk: Desk, params: dict[str, Any]) -> Q:
    return Q(id_digest="")


@of_people("pupil_works")
def _pupil_works(desk: Desk, params: dict[str, Any]) -> Q:
    return WORKS & Q(schooling__in=desk.in_group("pupil"))


@of_people("preschool_age")
def _preschool_age(desk: Desk, params: dict[str, Any]) -> Q:
    early = desk.codes("schooling", "preschool")
    healthy = Q(health__contained_by=desk.in_group("healthy"))
    return desk.born(low=int(params["too_old"])) & healthy & Q(schooling__in=early)


@of_people("school_age")
def _school_age(desk: Desk, params: dict[str, Any]) -> Q:
    wrong = Q(pk__in=[])
    for group in ("primary", "junior", "senior", "vocational", "college", "master"):
        low, high = params.get(f"{group}_low"), params.get(f"{group}_high")
        outside = Q(pk__in=[])
        if low is not None:
            outside |= desk.born(high=int(low) - 1)
        if high is not None:
            outside |= desk.born(low=int(high) + 1)
        wrong |= outside & Q(schooling__in=desk.codes("schooling", group))
    return wrong


@of_people("low_education")
def _low_education(desk: Desk, params: dict[str, Any]) -> Q:
    little = desk.codes("education", "primary_or_less")
    of_age = desk.born(low=int(params["low"]), high=int(params["high"]))
    return of_age & Q(education__in=little, schooling="")


@of_people("out_of_school")
def _out_of_school(desk: Desk, params: dict[str, Any]) -> Q:
    of_age = desk.born(low=int(params["low"]), high=int(params["high"]))
    return of_age & ~Q(schooling__in=desk.in_group("pupil"))


@of_people("child_labour")
def _child_labour(desk: Desk, params: dict[str, Any]) -> Q:
    counted = ~Q(labour="") & ~Q(labour__in=desk.in_group("unable"))
    return desk.born(high=int(params["adult"]) - 1) & (counted | WORKS)


@of_people("able_but_unable")
def _able_but_unable(desk: Desk, params: dict[str, Any]) -> Q:
    of_age = desk.born(low=int(params["low"]), high=int(params["high"]))
    healthy = Q(health__len__gt=0, health__contained_by=desk.in_group("healthy"))
    return of_age & healthy & Q(schooling="", labour__in=desk.in_group("weak") + desk.in_group("unable"))


@of_people("unable_but_works")
def _unable_but_works(desk: Desk, params: dict[str, Any]) -> Q:
    return WORKS & Q(labour__in=desk.in_group("unable"))


def _special_care(desk: Desk) -> Q:
    """Members of five-guarantee households (五保, since 2014 特困供养): care is told by the household."""
    return Q(household__kind__in=desk.codes("household_class", "five_guarantee"))


@of_people("special_care_works")
def _special_care_works(desk: Desk, params: dict[str, Any]) -> Q:
    return WORKS & _special_care(desk)


@of_people("healthy_special_care")
def _healthy_special_care(desk: Desk, params: dict[str, Any]) -> Q:
    of_age = desk.born(low=int(params["low"]), high=int(params["high"]))
    healthy = Q(health__len__gt=0, health__contained_by=desk.in_group("healthy"))
    return of_age & healthy & Q(schooling="") & _special_care(desk)


@of_people("disabled_card")
def _disabled_card(desk: Desk, params: dict[str, Any]) -> Q:
    disabled = Q(health__overlap=desk.in_group("disabled"))
    return (disabled & Q(disability_card="")) | (~disabled & ~Q(disability_card=""))
