"""「一次性政策性脱贫」: whether a minimum living allowance by itself lifts over the poverty line, and whom it touches.

BEN-1 says that whoever is supported this way leaves poverty by policy; IDX-2 gives the line. Standards and line are
the profile's; which provisions are meant is read off their conditions: those that ask for the class of the allowance.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q
from django.db.models.functions import Substr

from shuanglian.areas.models import PREFIX_LENGTHS, Area
from shuanglian.core.profile import active
from shuanglian.core.scoping import unscoped
from shuanglian.kernel.refusal import Refusal
from shuanglian.rules.benefits import Benefit, Terms
from shuanglian.rules.cel.language import Unknown

from . import catalogue, scope
from .models import Due

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

CLASS, RECEIVES = "person.dibao_class", "person.dibao"


@dataclass(frozen=True)
class Standard:
    """One allowance in one year against the line of that year. gap: line − standard; above 0 it does not reach it."""

    benefit: Benefit
    year: int
    yuan: Decimal
    line: Decimal
    concept: str
    since: date

    @property
    def title(self) -> str:
        return catalogue.title(self.benefit.code)

    @property
    def gap(self) -> Decimal:
        return self.line - self.yuan

    @property
    def lifts(self) -> bool:
        """Above the line (IDX-2): a standard that only equals it does not lift anybody over it."""
        return self.yuan > self.line

    @property
    def distance(self) -> Decimal:
        return abs(self.gap)


def allowances() -> list[Benefit]:
    """The provisions whose conditions ask for the class of the minimum living allowance."""
    return [
        one for one in catalogue.benefits().values()
        if any(CLASS in condition.expression.facts for terms in one.terms for condition in terms.conditions)
    ]  # fmt: skip


def standards(years: Iterable[int]) -> list[Standard]:
    """Every allowance whose amount is fixed, in every year of some; by year, then by amount from the highest."""
    found = [one for year in years for benefit in allowances() for one in _standard(benefit, year)]
    return sorted(found, key=lambda one: (-one.year, -one.yuan))


def _standard(benefit: Benefit, year: int) -> list[Standard]:
    terms = benefit.in_force(date(year, 12, 31))
    yuan = _fixed(terms) if terms else None
    if terms is None or yuan is None:
        return []
    try:
        line = active().lines(year)
    except Refusal:  # before the first line
        return []
    return [Standard(benefit, year, yuan, line.yuan, line.concept, terms.since)]


def _fixed(terms: Terms) -> Decimal | None:
    """The amount, when it hangs on nobody's facts."""
    value = terms.yuan.value({"given": terms.amounts}) if terms.yuan and terms.complete else None
    return None if isinstance(value, Unknown) or not isinstance(value, Decimal) else value


def years() -> list[int]:
    """The years in which a standard begins, the programme's own, and those between in which the line changes."""
    profile = active()
    changes = {terms.since.year for one in allowances() for terms in one.terms} | {profile.year}
    between = range(min(changes), max(changes) + 1)
    return sorted(changes | {line.year for line in profile.history("lines") if line.year in between}, reverse=True)


@dataclass
class Touched:
    """How many of one place, for one allowance in one year.

    people: members to whom it was granted by the last decision · families: households with at least one of them ·
    whole: households all of whose standing members have it, so that without other income each has exactly the
    standard · below: of those, the households whose yearly account says less than the line per head, or nothing.
    """

    code: str
    name: str = ""
    people: int = 0
    families: int = 0
    whole: int = 0
    below: int = 0


@dataclass
class Reach:
    """One standard and whom it touches: in all and by place; unclassed: people of whom the class is to be asked."""

    standard: Standard
    total: Touched
    places: list[Touched] = field(default_factory=list)


def reach(*, seen_by: User, area: Area, standard: Standard) -> Reach:
    """Whom of an area an allowance touches, by the places one level below; two queries."""
    digits = PREFIX_LENGTHS[min(area.level + 1, Area.Level.VILLAGE)]
    rows = _granted(seen_by, area, standard).annotate(place=Substr("area_code", 1, digits))
    with unscoped():
        told = {
            one["place"]: Touched(one["place"], people=one["people"], families=one["families"])
            for one in rows.values("place").annotate(
                people=Count("person", distinct=True), families=Count("household", distinct=True)
            ).order_by("place")
        }  # fmt: skip
        for one in _whole(rows, standard):
            place = told[one["place"]]
            place.whole += 1
            place.below += one["per_head"] is None or one["per_head"] <= standard.line
    names = dict(Area.objects.current().filter(code__in=[_full(code) for code in told]).values_list("code", "name"))
    total = Touched("")
    for place in told.values():
        place.name = names.get(_full(place.code), place.code)
        for name in ("people", "families", "whole", "below"):
            setattr(total, name, getattr(total, name) + getattr(place, name))
    return Reach(standard, total, list(told.values()))


def _granted(seen_by: User, area: Area, standard: Standard) -> Any:
    rows = scope.visible_dues(seen_by=seen_by).within(area)
    return rows.filter(benefit=standard.benefit.code, period=standard.year, entitled=True).order_by()


def _whole(rows: Any, standard: Standard) -> Any:
    """Households as large as their members that have the allowance, with the income per head that their file shows."""
    return (
        rows.values("place", "household", size=F("household__size"), per_head=F("household__income_per_head"))
        .annotate(members=Count("person", distinct=True))
        .filter(members__gte=F("household__size"), household__size__gt=0)
    )  # fmt: skip


def unclassed(*, seen_by: User, area: Area, year: int) -> tuple[int, int]:
    """People not counted above: on the allowance without a known class; of whom even that is not known."""
    rows = scope.visible_dues(seen_by=seen_by).within(area)
    asked = rows.filter(state=Due.State.UNDECIDED, asks__contains=[CLASS], period=year)
    open_too = Q(asks__contains=[RECEIVES])
    with unscoped():
        found = asked.aggregate(
            known=Count("person", distinct=True, filter=~open_too), all=Count("person", distinct=True, filter=open_too)
        )
    return int(found["known"]), int(found["all"])


def _full(prefix: str) -> str:
    return prefix.ljust(12, "0")
