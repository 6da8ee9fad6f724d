"""Reads of what the checks complain about: lists by rule and place, figures by both, accepted exceptions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from shuanglian.areas.models import Area, below
from shuanglian.organisation.queries import bound_to
from shuanglian.rules.quality import Rule

from . import quality, queries
from .models import AreaCount, Flag, FlagException, Household
from .scope import visible

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


@dataclass(frozen=True)
class Line:
    """One rule in an area: how many it complains about, there and in each area below (in their order)."""

    rule: Rule
    count: int
    below: tuple[int, ...]


@dataclass(frozen=True)
class Place:
    """One area below: its figures, and how many errors and warnings stand there."""

    figures: AreaCount
    errors: int
    warnings: int

    @property
    def per_hundred(self) -> float | None:
        """Complaints per hundred households: what places of different size compare by."""
        whole = self.figures.households
        return 100 * (self.errors + self.warnings) / whole if whole else None


def flags(*, seen_by: User, area: Area, rule: str = "", state: str = Flag.State.OPEN) -> QuerySet[Flag]:
    """What is complained about in an area; bring it in order ("area_code", "id")."""
    rows = _seen(Flag.objects.all(), seen_by).filter(below(area.prefix), state=state)
    rows = rows.filter(rule=rule) if rule else rows
    return rows.select_related("household__village__parent", "person")


def exceptions(*, seen_by: User, area: Area, standing: bool = True) -> QuerySet[FlagException]:
    """Accepted exceptions of an area, the latest first; those that stand, or those that are over."""
    rows = _seen(FlagException.objects.all(), seen_by).filter(below(area.prefix))
    rows = rows.filter(ended="") if standing else rows.exclude(ended="")
    return rows.select_related("household__village__parent", "person", "by", "ended_by")


def standing_of(household: Household) -> QuerySet[FlagException]:
    """The exceptions of one household that stand."""
    return FlagException.objects.filter(household=household, ended="").select_related("by")


def _seen(rows: Any, seen_by: User) -> Any:
    """Within the reader's area; of who is tied to a unit or to himself only his households."""
    if seen_by.area is None:
        return rows.none()
    rows = rows.within(seen_by.area)
    return rows if bound_to(seen_by) == "area" else rows.filter(household__in=visible(seen_by=seen_by).values("pk"))


def by_rule(area: Area, severity: str = "") -> tuple[list[Line], list[Place]]:
    """Every rule with its figures in an area and below it, errors and what is most first; and the places below."""
    known = [one for one in quality.rules().values() if severity in ("", one.severity)]
    own, lower = queries.figures(area), queries.figures_below(area)
    found = own.findings if own else {}
    lines = [Line(one, found.get(one.code, 0), tuple(row.findings.get(one.code, 0) for row in lower)) for one in known]
    lines.sort(key=lambda line: (line.count == 0, line.rule.severity != "error", -line.count))
    return lines, [_place(row) for row in lower]


def _place(row: AreaCount) -> Place:
    known = quality.rules()
    told = {"error": 0, "warning": 0}
    for code, count in row.findings.items():
        if code in known:
            told[known[code].severity] += count
    return Place(row, told["error"], told["warning"])


def flag_of(exception: FlagException) -> QuerySet[Flag]:
    """The complaint that an exception speaks of, as long as it stands."""
    rows = Flag.objects.filter(rule=exception.rule, household=exception.household, person=exception.person)
    rows = rows if exception.household_id else rows.filter(area_code=exception.area_code)
    return rows.exclude(state=Flag.State.GONE)
