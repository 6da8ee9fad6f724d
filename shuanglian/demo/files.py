"""Files over time in the demo: a split, a member who moves, two files that turn out to be one household."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q

from shuanglian.accounts.models import User
from shuanglian.areas.models import Area
from shuanglian.core import clock
from shuanglian.core.profile import active
from shuanglian.registry.actions import households, moves, people, splits, suspicions
from shuanglian.registry.actions.derived import head_code
from shuanglian.registry.models import Household, HouseholdLink

HAPPENED = date(2015, 9, 1)  # in the demo's own year, so that the next proposal covers the new household


def show(county: Area, office: User, at: datetime) -> None:
    """Once; a county that has such a link already is left as it is."""
    if HouseholdLink.objects.within(county).exists():
        return
    grown = Count("people", filter=Q(people__left_on__isnull=True))
    rows = Household.objects.within(county).standing().filter(phone_digest__gt="").annotate(grown=grown)
    first, second, third, fourth = rows.filter(grown__gte=3).order_by("area_code", "pk")[:4]
    told: Any = {"on": HAPPENED, "by": office, "at": at}
    other = active().codes["relation"].find("其他") or ""
    child = _last(first)
    splits.split(household=first, people=[child], head=child, relations={}, why="成家另过，户口已分", **told)
    moves.move(person=_last(second), target=third, relation=other, why="由亲属抚养，户口已迁", **told)
    _twice(third, fourth, other, office, at)
    suspicions.look_for(county, at=at)


def _last(household: Household) -> Any:
    standing = household.people.filter(left_on__isnull=True).exclude(relation=head_code())
    return standing.order_by("-pk").first()


def _twice(one: Household, other: Household, relation: str, office: User, at: datetime) -> None:
    """The second file gets the telephone of the first, and one of its members once more."""
    why = "两次采集，电话相同"
    households.change(household=other, values={"phone": one.phone}, why=why, by=office, at=at)
    twin = _last(one)
    values = {"name": twin.name, "relation": relation, "born_on": twin.born_on, "sex": twin.sex}
    people.add(household=other, values=values, on=clock.day_of(at), by=office, at=at, why=why)
