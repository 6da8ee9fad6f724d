"""A county with its field work, two officers named for its letters, two for the city's, one for the province's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from shuanglian.accounts.models import User
from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.complaints.actions import complaints, officers
from shuanglian.complaints.models import Complaint
from shuanglian.complaints.numbers import number_digest
from shuanglian.fieldwork.tests.factories import AT, Land, land

TEXT = "今年养羊补助只发了一半，另一半说不清去了哪里"
SINCE = date(2015, 1, 1)


@dataclass
class Office:
    """`county` and `second` read for the county, `city` and `city2` for the city, `province` for the province."""

    land: Land
    county: User
    second: User
    city: User
    city2: User
    province: User
    admin: User

    @property
    def home(self) -> Any:
        return self.land.homes[0]


def office(*, households: int = 6) -> Office:
    here = land(households=households)
    area = here.place.area
    top = area.parent.parent
    admin = UserFactory(username="admin", role="administrator", area=top)
    people = [
        UserFactory(username=name, full_name=name, role="programme_office", area=place)
        for name, place in (("second", area), ("city1", area.parent), ("city2", area.parent), ("province1", top))
    ]
    for one in (here.office, *people):
        officers.name(user=one, since=SINCE, by=admin, at=AT)
    return Office(here, here.office, *people, admin)


def send(**given: Any) -> Complaint:
    """A letter, unless told otherwise about money, at the end of 8 July 2015."""
    plain: dict[str, Any] = {"text": TEXT, "kind": "money", "key": uuid4(), "at": AT}
    number = complaints.send(**{**plain, **given})
    return Complaint.objects.get(number_digest=number_digest(number))


def at(day: date, hour: int = 2) -> datetime:
    """Ten in the morning there."""
    return AT.replace(year=day.year, month=day.month, day=day.day, hour=hour)
