"""The county of the phones' bench: cadres with a log-in, a phone and households; what each did without a line."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from .pages import settings_backend

OPERATIONS, HOMES = 20, 8  # of each phone; eight: the most that the county gives one cadre
SINCE = date(2015, 1, 1)
MANY = "bench-many"  # who has 200 households


@dataclass
class Phone:
    """One phone: who, its homes, what it did without a line."""

    user: int
    device: UUID
    session: str
    homes: list[tuple[int, str, dict[str, str]]]  # id, village, versions
    ops: list[dict[str, Any]] = field(default_factory=list)


def county(count: int) -> list[Phone]:
    """So many cadres with a log-in, a phone and eight households of three each."""

    from shuanglian.accounts.models import User
    from shuanglian.areas.models import Area
    from shuanglian.organisation.models import Cadre, Unit

    area = Area.objects.get(code="621121000000")
    unit = Unit.objects.create(code="B1", name="某局", kind="", tier="county", strength=3, area=area,
                               area_code=area.code, since=SINCE)  # fmt: skip
    users = User.objects.bulk_create([
        User(username=f"bench{n}", full_name=f"干部{n}", role="cadre", area=area, password="!") for n in range(count)
    ])  # fmt: skip
    cadres = Cadre.objects.bulk_create([
        Cadre(number=f"B{n:05d}", name=f"干部{n}", unit=unit, rank="ordinary", user=user, area_code=area.code, since=SINCE)
        for n, user in enumerate(users)
    ])  # fmt: skip
    homes = households(area, cadres, HOMES, random.Random(8))
    return [enrolled(user, own) for user, own in zip(users, homes, strict=True)]


def enrolled(user: Any, homes: list[tuple[int, str, dict[str, str]]]) -> Phone:
    """Logged in, as after the log-in page, and enrolled."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from shuanglian.core.clock import now
    from shuanglian.phone.actions import devices

    session = SessionStore()
    session.update({SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: settings_backend(),
                    HASH_SESSION_KEY: user.get_session_auth_hash()})  # fmt: skip
    session.create()
    device = devices.enrol(install=uuid4(), name="bench", about={}, by=user, at=now())
    return Phone(user.pk, device.pk, str(session.session_key), homes)


def households(
    area: Any, cadres: list[Any], each: int, chance: random.Random
) -> list[list[tuple[int, str, dict[str, str]]]]:
    from shuanglian.areas.models import Area
    from shuanglian.pairing.models import Pairing
    from shuanglian.phone import values
    from shuanglian.registry.models import Household, Person

    villages = list(Area.objects.current().filter(level=5, code__startswith="621121").order_by("code"))
    rows, start = [], Household.objects.count()
    for n, _cadre in enumerate(cadres):
        village = villages[n % len(villages)]
        rows += [
            Household(number=f"{village.code}{start + n * each + k:08d}", head_name=chatter(chance, 3), village=village,
                      area_code=village.code, group=f"{chance.randrange(1, 9)}社", address=f"{village.name}{chatter(chance, 5)}{k}号", kind="01", status="0",
                      main_cause=f"{chance.randrange(1, 10):02d}", size=4, phone=f"139{chance.randrange(10**8):08d}", since=SINCE,
                      wish=chatter(chance, 6), income_per_head=chance.randrange(800, 4000), need_band=chance.randrange(4),
                      lon=105 + chance.random(), lat=35 + chance.random())
            for k in range(each)
        ]  # fmt: skip
    made = Household.objects.bulk_create(rows, batch_size=2_000)
    Person.objects.bulk_create(
        [Person(household=home, area_code=home.area_code, name=chatter(chance, 3), relation=f"{k + 1:02d}", sex="1", health=["01"],
                labour="01", born_on=date(1940 + chance.randrange(70), 1, 1), since=SINCE) for home in made for k in range(4)], batch_size=5_000,
    )  # fmt: skip
    Pairing.objects.bulk_create(
        [Pairing(household=home, cadre=cadres[n // each], area_code=home.area_code, since=SINCE)
         for n, home in enumerate(made)], batch_size=5_000,
    )  # fmt: skip
    told = [
        (home.pk, home.area_code, {name: values.token(name, values.current(home, name)) for name in values.fields()})
        for home in made
    ]
    return [told[n * each : (n + 1) * each] for n in range(len(cadres))]


def many_homes(count: int) -> Phone:
    """One cadre with so many households and two visits to each, for the size of the first state."""
    from shuanglian.accounts.models import User
    from shuanglian.areas.models import Area
    from shuanglian.core.clock import now
    from shuanglian.fieldwork.actions import visits
    from shuanglian.organisation.models import Cadre, Unit
    from shuanglian.registry.models import Household

    area, at, chance = Area.objects.get(code="621121000000"), now(), random.Random(200)
    user = User.objects.create(username=MANY, full_name="干部", role="cadre", area=area, password="!")
    cadre = Cadre.objects.create(number="B-many", name="干部", unit=Unit.objects.get(code="B1"), rank="ordinary", user=user,
                                 area_code=area.code, since=SINCE)  # fmt: skip
    own = households(area, [cadre], count, chance)[0]
    for home in Household.objects.filter(pk__in=[one[0] for one in own]):
        for days in (9, 40):
            began = at - timedelta(days=days, minutes=chance.randrange(300))
            visits.record(
                household=home, cadre=cadre, on=(began + timedelta(hours=8)).date(), started_at=began, tasks=["publicise"],
                met=["neighbour"], entered=True, done=chatter(chance, 40), key=uuid4(), by=user, at=at,
            )  # fmt: skip
    return enrolled(user, own)


def chatter(chance: random.Random, letters: int) -> str:
    """Words as different from each other as people's are: drawn from 500 common characters."""
    return "".join(chr(0x4E00 + chance.randrange(500) * 37) for _ in range(letters))


def history(phone: Phone, chance: random.Random) -> list[dict[str, Any]]:
    """Twenty operations of two weeks without a line: visits with goods and asks, days in the village, corrections."""
    from shuanglian.core.clock import now

    at, ops = now(), []
    kinds = ["visit"] * 13 + ["mark"] * 3 + ["edit"] * 2 + ["ask"] * 2
    for seq, kind in enumerate(kinds[:OPERATIONS], 1):
        began = at - timedelta(hours=chance.randrange(24, 300), minutes=seq)
        home = phone.homes[seq % len(phone.homes)]
        made, base = body(kind, home, began, seq)
        name = {"visit": "visit.record", "mark": "attendance.mark", "edit": "household.edit", "ask": "ask.raise"}[kind]
        ops.append({"id": str(uuid4()), "seq": seq, "kind": name, "at": began.isoformat(), "base": base, "body": made})
    return ops


def body(kind: str, home: tuple[int, str, dict[str, str]], began: datetime, seq: int) -> tuple[dict[str, Any], Any]:
    pk, village, versions = home
    day = (began + timedelta(hours=8)).date().isoformat()
    if kind == "visit":
        return {
            "household": pk, "on": day, "started_at": began.isoformat(),
            "ended_at": (began + timedelta(minutes=35)).isoformat(), "tasks": ["publicise", "develop"],
            "done": f"讲了退耕还林和养羊贴息贷款的政策，商量了秋后多养两只羊的事，第{seq}次。", "entered": True,
            "met": ["neighbour"], "met_note": "", "position": {"lon": 105.2501, "lat": 35.2102, "acc": 14},
            "given": [{"kind": "fertiliser", "quantity": "2", "yuan": "180.00", "note": ""}] if seq % 3 == 0 else [],
            "asks": [{"text": "想修通到沟口的路", "category": "road", "urgent": False}] if seq % 4 == 0 else [],
        }, None  # fmt: skip
    if kind == "mark":
        return {"village": village, "on": day, "in_at": began.isoformat(), "night": False}, None
    if kind == "edit":
        return {"household": pk, "fields": {"address": f"新址{seq}号"}}, {"address": versions["address"]}
    return {"household": pk, "text": "想要两袋良种", "category": "industry", "urgent": False}, None
