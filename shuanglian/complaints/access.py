"""The gates of safe letters: named officers of the reading office who have nothing to do with what is told (VOICE-6).

Whatever is not one's own to open does not exist: the answer is the same page as for an address that never was, and the
try is written down (actions.attempts).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shuanglian.accounts.models import User
from shuanglian.accounts.rights import may
from shuanglian.areas.models import Area, AreaQuerySet
from shuanglian.core.scoping import unscoped
from shuanglian.organisation.models import Cadre, UnitAccount

from .models import Complaint, Officer

READS, NAMES, TAKES = "complaints.read", "complaints.name", "complaints.take"
READING_LEVELS = (Area.Level.PROVINCE, Area.Level.CITY, Area.Level.COUNTY)


@dataclass(frozen=True)
class Self:
    """Who somebody is in a letter's list of people kept away: himself, his cadre's file, his units."""

    user: int
    cadres: frozenset[int]
    units: frozenset[int]

    def is_in(self, away: Mapping[str, list[int]]) -> bool:
        return (
            self.user in away["users"]
            or not self.cadres.isdisjoint(away["cadres"])
            or not self.units.isdisjoint(away["units"])
        )


def selves(users: list[User]) -> dict[int, Self]:
    """The same for several people, in two queries."""
    cadres: dict[int, set[int]] = {user.pk: set() for user in users}
    units: dict[int, set[int]] = {user.pk: set() for user in users}
    for user, cadre, unit in Cadre.objects.filter(user__in=users).values_list("user", "pk", "unit"):
        cadres[user].add(cadre)
        units[user].add(unit)
    for user, unit in UnitAccount.objects.filter(user__in=users).values_list("user", "unit"):
        units[user].add(unit)
    return {pk: Self(pk, frozenset(cadres[pk]), frozenset(units[pk])) for pk in cadres}


def officers_of(code: str, on: date) -> list[User]:
    """Who is named for an office on a day and may still read: an open account of that office with the right."""
    rows = Officer.objects.on(on).filter(area_code=code, user__area__code=code).select_related("user")
    return [one.user for one in rows if may(one.user, READS)]


def readers_of(code: str, away: Mapping[str, list[int]], on: date) -> list[User]:
    """The officers of an office who may read a letter from which these people are kept away."""
    officers = officers_of(code, on)
    who = selves(officers)
    return [user for user in officers if not who[user.pk].is_in(away)]


def is_officer(user: User, on: date) -> bool:
    """Whether somebody is named for his own office today."""
    return user.area is not None and may(user, READS) and user.pk in {one.pk for one in officers_of(user.area.code, on)}


def content_of(complaint: Complaint) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(complaint.content)
    return told


def letters_read_by(user: User, on: date) -> list[tuple[Complaint, dict[str, Any]]]:
    """The letters that a named officer may read, opened, the most urgent first; nothing for anybody else."""
    with unscoped():
        if not is_officer(user, on):
            return []
        assert user.area is not None  # an officer has an office
        me = selves([user])[user.pk]
        rows = [(row, content_of(row)) for row in Complaint.objects.filter(office_code=user.area.code)]
    return [(row, told) for row, told in rows if not me.is_in(told["away"])]


def letter_to_read(user: User, pk: Any, on: date) -> tuple[Complaint, dict[str, Any]] | None:
    """One letter of one's own; None for any other, whether there is one or not."""
    with unscoped():
        if not is_officer(user, on):
            return None
        assert user.area is not None
        row = Complaint.objects.filter(pk=pk, office_code=user.area.code).first()
        if row is None:
            return None
        told = content_of(row)
        return None if selves([user])[user.pk].is_in(told["away"]) else (row, told)


def areas_named_by(user: User) -> AreaQuerySet:
    """The offices whose officers somebody may name: the office above those of its area, the administrator his own's."""
    if user.area is None or not may(user, NAMES):
        return Area.objects.none()
    rows = Area.objects.current().within(user.area).filter(level__in=READING_LEVELS)
    return rows if may(user, "accounts.manage") else rows.filter(level__gt=user.area.level)
