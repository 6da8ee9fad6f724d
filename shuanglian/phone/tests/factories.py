"""A small county in the field: cadres with households and phones of theirs, operations by short calls."""

from __future__ import annotations

import hashlib
import itertools
import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from shuanglian.accounts.models import User
from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.core import clock
from shuanglian.organisation.models import Cadre
from shuanglian.pairing.models import Pairing
from shuanglian.pairing.tests.factories import County, PairingFactory, VillageLinkFactory, county
from shuanglian.phone.actions import devices
from shuanglian.phone.models import Device
from shuanglian.registry.models import Household

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
JSON = {"Accept": "application/json"}


@dataclass
class Phone:
    """A phone as its person holds it: it counts its operations, and can send."""

    device: Device
    user: User
    seq: Any = field(default_factory=lambda: itertools.count(1))
    client: Client | None = None

    def op(self, kind: str, body: dict[str, Any], *, base: Any = None, at: datetime, id: UUID | None = None) -> dict:
        return {
            "id": str(id or uuid4()), "seq": next(self.seq), "kind": kind, "at": at.isoformat(), "base": base,
            "body": body,
        }  # fmt: skip

    def http(self) -> Client:
        if self.client is None:
            self.client = Client(headers={**JSON, "X-Device": str(self.device.pk)})
            self.client.force_login(self.user, backend=BACKEND)
        return self.client

    def send(self, *ops: dict, told: datetime | None = None) -> list[dict]:
        sent = {"clock": (told or now()).isoformat(), "ops": list(ops)}
        answer = self.http().post("/phone/api/ops/", json.dumps(sent), content_type="application/json")
        assert answer.status_code == 200, answer.content
        return answer.json()["results"]

    def state(self, cursor: str = "", most: int | str | None = None) -> dict[str, Any]:
        asked = {"cursor": cursor, "most": "" if most is None else str(most)}
        answer = self.http().get("/phone/api/state/", {name: told for name, told in asked.items() if told})
        assert answer.status_code == 200, answer.content
        return answer.json()


@dataclass
class Field:
    """A county whose first two cadres of a unit answer for four households each."""

    place: County
    office: User
    one: User
    other: User

    def homes(self, user: User) -> list[Household]:
        pairs = Pairing.objects.filter(cadre__user=user, until=None).select_related("household")
        return [pair.household for pair in pairs.order_by("household")]

    def phone(self, user: User, at: datetime | None = None) -> Phone:
        return Phone(devices.enrol(install=uuid4(), name="试机", about={}, by=user, at=at or now()), user)


def now() -> datetime:
    """This second: doors read the true clock, so what phones tell must lie just before it."""
    return clock.now().replace(microsecond=0)


def field_county(*, households: int = 8) -> Field:
    place = county(households=households)
    helpers = [cadre for cadre in place.cadres if cadre.rank != "county_deputy"][:2]
    since = date(2015, 1, 1)
    for number, home in enumerate(place.households):
        PairingFactory(household=home, cadre=helpers[number % 2], since=since)
    for village in {home.village for home in place.households}:
        VillageLinkFactory(unit=helpers[0].unit, village=village)
    users = []
    for number, helper in enumerate(helpers):
        user = UserFactory(username=f"cadre{number + 1}", role="cadre", area=place.area)
        Cadre.objects.filter(pk=helper.pk).update(user=user)
        users.append(user)
    office = UserFactory(username="office", role="programme_office", area=place.area)
    return Field(place, office, *users)


def visit_body(home: Household, at: datetime, **given: Any) -> dict[str, Any]:
    """A plain visit that began an hour before a moment."""
    began = at - timedelta(hours=1)
    local = began + timedelta(hours=8)
    return {
        "household": home.pk, "on": local.date().isoformat(), "started_at": began.isoformat(),
        "ended_at": (began + timedelta(minutes=40)).isoformat(), "tasks": ["publicise"], "done": "讲了低保政策",
        "entered": True, "met": [home.people.first().pk] if home.people.exists() else ["neighbour"],
        "met_note": "", "position": {"lon": 105.25, "lat": 35.21, "acc": 12}, "no_position_why": "", **given,
    }  # fmt: skip


def photo_meta(data: bytes, visit: str) -> dict[str, Any]:
    return {"visit": visit, "bytes": len(data), "digest": hashlib.sha256(data).hexdigest()}
