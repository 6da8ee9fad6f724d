"""Reads of duties: lines of people, their sums by duty, place and unit, one figure's entries. `seen_by` always.

of_user(user, on)     plain values for a phone: [{code, label, unit, done, need, left, first, until, state}]
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Max, Sum

from shuanglian.areas.models import PREFIX_LENGTHS, Area
from shuanglian.core import profile
from shuanglian.core.scoping import unscoped
from shuanglian.organisation.queries import bound_to
from shuanglian.rules.duties import period_of

from . import access
from .book import Asked
from .models import Settled, Tally
from .reckoning import Line, reckon

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

ORDER = {"behind": 0, "open": 1, "met": 2, "none": 3}


# --- one's own -------------------------------------------------------------------------------------------------------
def own(user: User, on: date) -> list[Line]:
    """What an account owes itself; a unit's account: the unit's own duties."""
    asked = access.own(user)
    if asked.user is not None and not any(user.role in duty.shape.roles for duty in profile.active().duties.values()):
        return []
    lines = reckon(asked, on)
    return [one for one in lines if one.kind != "cadre"] if bound_to(user) == "unit" else lines


def of_user(user: User, on: date) -> list[dict[str, Any]]:
    """The same in plain values, for a phone."""
    return [
        {
            "code": one.code, "label": one.duty.shape.label.model_dump(), "unit": one.duty.shape.unit.model_dump(),
            "done": plain(one.done), "need": plain(one.need), "left": plain(one.left), "first": one.first.isoformat(),
            "until": one.last.isoformat(), "state": one.state,
        }
        for one in own(user, on) if one.state != "none"
    ]  # fmt: skip


def plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


# --- sums ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Sums:
    """What one duty comes to: how many people (units) owe something, have done it, are behind; what all owe and did."""

    code: str
    first: date
    last: date
    people: int
    met: int
    behind: int
    need: Decimal
    done: Decimal

    @property
    def label(self) -> str:
        duty = profile.active().duties.get(self.code)
        return duty.shape.label.in_(profile.language()) if duty else self.code

    @property
    def unit(self) -> str:
        duty = profile.active().duties.get(self.code)
        return duty.shape.unit.in_(profile.language()) if duty else ""


def summed(lines: Iterable[Line]) -> list[Sums]:
    """By duty, in the profile's order; whoever owes nothing is not counted. More than is owed does not make up for
    another: done is counted up to what each owes."""
    groups: dict[str, list[Line]] = {code: [] for code in profile.active().duties}
    for one in lines:
        if one.state != "none":
            groups.setdefault(one.code, []).append(one)
    return [_sums(code, rows) for code, rows in groups.items() if rows]


def _sums(code: str, rows: Sequence[Line]) -> Sums:
    states = [one.state for one in rows]
    return Sums(code, rows[0].first, rows[0].last, len(rows), states.count("met"), states.count("behind"),
                sum((one.need for one in rows), Decimal(0)),
                sum((min(one.done, one.need) for one in rows), Decimal(0)))  # fmt: skip


@dataclass(frozen=True)
class Row:
    """People or units of one place or unit: how many lines, met, behind."""

    what: Any
    people: int
    lines: int
    met: int
    behind: int


def _row(what: Any, rows: Sequence[Line]) -> Row:
    owing = [one for one in rows if one.state != "none"]
    states = [one.state for one in owing]
    return Row(what, len({one.key for one in owing}), len(owing), states.count("met"), states.count("behind"))


def by_place(lines: Iterable[Line], areas: Sequence[Area]) -> list[Row]:
    """The regions right below, and under None those who work for the area as a whole."""
    rows: dict[str, list[Line]] = {}
    length = PREFIX_LENGTHS[areas[0].level] if areas else 12
    known = {one.prefix for one in areas}
    for line in lines:
        place = line.place[:length]
        rows.setdefault(place if place in known else "", []).append(line)
    found = [_row(area, rows.get(area.prefix, [])) for area in areas]
    return [*found, _row(None, rows[""])] if "" in rows else found


def by_unit(lines: Iterable[Line]) -> list[Row]:
    """Units, those with most behind first; `what` is (number, name)."""
    rows: dict[tuple[int, str], list[Line]] = {}
    for line in lines:
        if line.person.unit is not None:
            rows.setdefault((line.person.unit, line.person.unit_name), []).append(line)
    found = [_row(unit, some) for unit, some in rows.items()]
    return sorted(found, key=lambda one: (-one.behind, one.what[1]))


def lines(*, seen_by: User, area: Area, on: date) -> list[Line]:
    """Everybody's lines of a county, township or village, as far as the reader sees."""
    if bound_to(seen_by) != "area":
        return []
    return reckon(Asked(area=area), on)


def kept(*, area: Area, on: date) -> list[Sums]:
    """Of an area above counties: what was kept of its counties last night."""
    duties = profile.active().duties
    rows: dict[str, list[Tally]] = {}
    for code, duty in duties.items():
        first, _last = period_of(duty.shape.per, on)
        rows[code] = list(Tally.objects.within(area).filter(duty=code, first=first))
    return [
        Sums(code, some[0].first, some[0].last, *(sum(getattr(one, name) for one in some) for name in
             ("people", "met", "behind", "need", "done")))
        for code, some in rows.items() if some
    ]  # fmt: skip


def kept_below(*, areas: Sequence[Area], on: date) -> list[Row]:
    """The same by the regions right below, in one query for each kind of period; people are summed over duties."""
    found: dict[str, list[int]] = {}
    length = PREFIX_LENGTHS[areas[0].level] if areas else 12
    codes: dict[date, list[str]] = {}
    for code, duty in profile.active().duties.items():
        codes.setdefault(period_of(duty.shape.per, on)[0], []).append(code)
    for first, some in codes.items():
        told = Tally.objects.filter(first=first, duty__in=some).values("area_code").annotate(
            p=Sum("people"), m=Sum("met"), b=Sum("behind")
        )  # fmt: skip
        for row in told.order_by():
            one = found.setdefault(row["area_code"][:length], [0, 0, 0])
            found[row["area_code"][:length]] = [one[0] + row["p"], one[1] + row["m"], one[2] + row["b"]]
    none = [0, 0, 0]
    return [Row(area, 0, *found.get(area.prefix, none)) for area in areas]


def kept_on(area: Area) -> date | None:
    """As of which day the kept sums are."""
    found: date | None = Tally.objects.within(area).aggregate(on=Max("on"))["on"]
    return found


# --- one person ------------------------------------------------------------------------------------------------------
def of(asked: Asked, on: date) -> list[Line]:
    """The lines of one person or unit; of a unit also its people's."""
    return reckon(asked, on)


def settlings(line: Line) -> list[Settled]:
    """Everything that was settled of a line, the newest (which holds) first."""
    with unscoped():
        rows = Settled.objects.filter(duty=line.code, first=line.first, last=line.last, **{line.kind: line.number})
        return list(rows.select_related("by"))


def in_order(rows: Iterable[Line]) -> list[Line]:
    return sorted(rows, key=lambda one: (ORDER[one.state], one.duty.shape.order, -one.left, one.person.name, one.key))
