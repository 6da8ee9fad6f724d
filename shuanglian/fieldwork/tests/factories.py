"""A small county at work in the field: paired cadres with accounts, a team in a village, a technician, short calls."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from PIL import Image

from shuanglian.accounts.models import User
from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.areas.models import Area
from shuanglian.fieldwork.actions import asks, attendance, inspections, posts, services, visits
from shuanglian.fieldwork.models import Ask, Attendance, Inspection, Service, Visit
from shuanglian.organisation.models import Cadre, UnitAccount
from shuanglian.organisation.tests.factories import CadreFactory
from shuanglian.pairing.tests.factories import County, PairingFactory, county
from shuanglian.registry.models import Household
from shuanglian.registry.tests.factories import PersonFactory

SINCE = date(2015, 3, 1)
ON = date(2015, 7, 8)
CAME = datetime(2015, 7, 8, 2, 0, tzinfo=UTC)  # ten in the morning there
AT = datetime(2015, 7, 8, 12, 0, tzinfo=UTC)  # eight in the evening
PLACE = (105.25, 35.20, 12.0)


@dataclass
class Land:
    """The county of pairing. `cadre` answers for the 1st, 4th … home, `other` for the 2nd, `third` (same unit as
    nobody) for the 3rd. `leader` heads the team in the first home's village; `tech` serves there."""

    place: County
    office: User
    township: User
    village: User
    unit: User
    cadre: User
    other: User
    third: User
    member: User
    tech: User
    leader: User

    @property
    def homes(self) -> list[Household]:
        return self.place.households

    @property
    def first_village(self) -> Area:
        return self.homes[0].village


def land(*, households: int = 12) -> Land:
    place = county(households=households)
    helpers = [CadreFactory(unit=place.units[n]) for n in range(3)]
    for n, home in enumerate(place.households):
        PairingFactory(household=home, cadre=helpers[n % 3], since=SINCE)
    top = place.area
    accounts = [_account(name, cadre, top) for name, cadre in zip(("cadre", "other", "third"), helpers, strict=True)]
    office = UserFactory(username="office", role="programme_office", area=top)
    member, tech = (
        CadreFactory(unit=place.units[3 % len(place.units)]),
        CadreFactory(unit=place.units[3 % len(place.units)]),
    )
    village = place.households[0].village
    for cadre, kind in ((member, "team_leader"), (tech, "technician")):
        posts.station(cadre=cadre, village=village, kind=kind, since=SINCE, by=office, at=AT)
    unit = UserFactory(username="unit", role="unit", area=top)
    UnitAccount.objects.create(user=unit, unit=place.units[0])
    return Land(
        place, office, UserFactory(username="township", role="programme_office", area=village.parent),
        UserFactory(username="village", role="village_committee", area=village), unit, *accounts,
        _account("member", member, top), _account("tech", tech, top),
        UserFactory(username="leader", role="leader", area=top),
    )  # fmt: skip


def _account(name: str, cadre: Cadre, area: Area) -> User:
    made = UserFactory(username=name, role="cadre", area=area)
    Cadre.objects.filter(pk=cadre.pk).update(user=made)
    return made


def photo(shade: int = 10**7) -> bytes:
    """A JPEG of black and white squares that differs with `shade`."""
    made, image = io.BytesIO(), Image.new("RGB", (64, 48), "white")
    for bit in range(48):
        if shade >> bit & 1:
            image.paste("black", (bit % 8 * 8, bit // 8 * 8, bit % 8 * 8 + 8, bit // 8 * 8 + 8))
    image.save(made, "JPEG")
    return made.getvalue()


def head_of(home: Household) -> int:
    return int(PersonFactory(household=home).pk)


def visit(home: Household, by: User, *, days: int = 0, **given: Any) -> Visit:
    """A plain visit `days` after 8 July 2015, unless told otherwise."""
    started = CAME + timedelta(days=days)
    plain: dict[str, Any] = {
        "household": home, "cadre": Cadre.objects.get(user=by), "on": ON + timedelta(days=days), "started_at": started,
        "ended_at": started + timedelta(minutes=40), "tasks": ["publicise"], "met": ["neighbour"], "entered": True,
        "done": "讲了低保和合作医疗政策", "position": PLACE, "key": uuid4(), "by": by, "at": AT + timedelta(days=days),
    }  # fmt: skip
    return visits.record(**{**plain, **given})


def mark(village: Area, by: User, *, days: int = 0, **given: Any) -> Attendance:
    plain: dict[str, Any] = {
        "cadre": Cadre.objects.get(user=by), "village": village, "on": ON + timedelta(days=days),
        "in_at": CAME + timedelta(days=days), "position": PLACE, "key": uuid4(), "by": by,
        "at": AT + timedelta(days=days),
    }  # fmt: skip
    return attendance.mark(**{**plain, **given})


def service(village: Area, by: User, **given: Any) -> Service:
    plain: dict[str, Any] = {
        "cadre": Cadre.objects.get(user=by), "village": village, "on": ON, "days": "1.0", "topic": "crops",
        "people": 12, "done": "全膜玉米田间管理", "position": PLACE, "key": uuid4(), "by": by, "at": AT,
    }  # fmt: skip
    return services.record(**{**plain, **given})


def inspection(area: Area, by: User, **given: Any) -> Inspection:
    plain: dict[str, Any] = {
        "kind": "inspection", "area": area, "on": ON, "found": "饮水工程进度慢", "position": PLACE, "key": uuid4(),
        "decided": [{"what": "月底前通水", "who": "水务局", "due": "2015-07-31"}], "by": by, "at": AT,
    }  # fmt: skip
    return inspections.record(**{**plain, **given})


def ask(home: Household, by: User, **given: Any) -> Ask:
    plain: dict[str, Any] = {
        "household": home, "text": "想贷款养羊", "category": "loan", "on": ON, "key": uuid4(), "by": by, "at": AT,
    }  # fmt: skip
    return asks.raise_(**{**plain, **given})
