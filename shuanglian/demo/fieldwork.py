"""Two months of field work: visits of a township's paired cadres, a team and a technician in one village, a leader.

Some of it is as one meets it: days in the village without a home, entries made late, a home found locked, a correction,
a visit on leave, a family that reports a broken prohibition. All by the verbs that the pages and the phone call.
"""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from shuanglian.accounts.models import User
from shuanglian.areas.models import Area
from shuanglian.core import clock, profile
from shuanglian.fieldwork.actions import asks, attendance, inspections, matters, posts, services, visits
from shuanglian.fieldwork.models import Visit
from shuanglian.organisation.models import Cadre
from shuanglian.pairing.models import Pairing
from shuanglian.registry.models import Household, Person

from .made_visits import NEWS, PROMISES

DAYS = 56
HOMES, CADRES, MOST = 60, 14, 220
# task → what was done, what it brought
DONE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("publicise", "讲了合作医疗报销和大病保险的新规定，留了联系卡", {}),
    ("publicise", "宣传双联惠农贷款的条件和手续", {}),
    ("develop", "一起算了今年的收支，商量再添两只基础母羊", {"incomes": [{"channel": "operating", "yuan": "1400"}]}),
    ("develop", "看了全膜玉米，出苗不齐，约好农技员来看", {"given": [{"kind": "film", "quantity": "4", "yuan": "240"}]}),
    ("develop", "帮着联系了县城工地，儿子下月去打工", {"incomes": [{"channel": "wage", "yuan": "9000"}]}),
    ("reflect", "听老人说吃水要到沟里拉", {"asks": [{"text": "自来水到了村口，家里还没接上", "category": "water"}]}),
    ("reflect", "问了贷款的事，担保人还没找到", {"asks": [{"text": "想贷三万元养羊，没有担保人", "category": "loan"}]}),
    ("ease", "和邻居为地埂的事拌嘴，两家都去坐了坐", {}),
    ("ease", "家里有病人，心里急，陪着说了说话", {"given": [{"kind": "food", "quantity": "1", "yuan": "150"}]}),
    ("strengthen", "请他参加村民代表会，听听对低保评议的意见", {}),
    ("examples", "带他去看了邻社的养羊大户", {}),
    ("develop", "送来化肥两袋，讲了追肥的时间", {"given": [{"kind": "fertiliser", "quantity": "2", "yuan": "300"}]}),
    ("publicise", "核对了明白卡上的政策，孩子的助学金还没到账",
     {"asks": [{"text": "高中助学金没有到账", "category": "schooling", "urgent": True}]}),
)  # fmt: skip


@transaction.atomic
def show(*, village: Area, cadre: User, team: User, tech: User, leader: User, office: User, at: datetime) -> int:
    """The same every time; how many visits. Nothing when there are visits, or the profile knows no tasks.

    village: where the team and the technician are stationed; its township's cadres visit, and `cadre` his own homes.
    """
    if Visit.objects.exists() or not profile.active().fieldwork.tasks:
        return 0
    chance, first = random.Random(20150820), clock.day_of(at) - timedelta(days=DAYS)  # noqa: S311 - drawn, not secret
    _station(village, team, tech, office, first, at)
    plan = _plan(village, cadre, chance)
    made = [_visit(home, who, number, at, chance) for number, (home, who) in enumerate(plan)]
    _in_the_village(village, team, at, chance)
    _technician(village, tech, at)
    _leader(village, leader, at)
    _as_one_meets_it(made, village, cadre, at)
    return len(made)


def _station(village: Area, team: User, tech: User, office: User, first: date, at: datetime) -> None:
    told: dict[str, Any] = {"village": village, "since": first - timedelta(days=30), "by": office, "at": at}
    posts.station(cadre=Cadre.objects.get(user=team), kind="team_leader", **told)
    posts.station(cadre=Cadre.objects.get(user=tech), kind="technician", **told)
    free = Cadre.objects.filter(unit__village_links__village=village, until=None, posts=None).order_by("number")[:2]
    for one, kind in zip(free, ("team_deputy", "team_member"), strict=False):
        posts.station(cadre=one, kind=kind, **told)


def _plan(village: Area, cadre: User, chance: random.Random) -> list[tuple[Household, Cadre]]:
    """Whose homes are visited by whom: the township's with the cadre's own first, three or four times each."""
    assert village.parent is not None
    pairs = Pairing.objects.open().select_related("household__village", "cadre__user")
    own = list(pairs.filter(cadre__user=cadre))
    helpers = list(dict.fromkeys(
        pairs.filter(household__village__parent=village.parent).order_by("area_code", "pk").values_list("cadre", flat=True)
    ))[:CADRES]  # fmt: skip
    town = list(pairs.filter(cadre__in=helpers).exclude(cadre__user=cadre).order_by("pk")[:HOMES])
    for one in town:
        _account(one.cadre, one.area_code)
    rows = [(one.household, one.cadre) for one in [*own, *own, *(town * 4)]]
    chance.shuffle(rows)
    return rows[:MOST]


def _account(cadre: Cadre, area_code: str) -> None:
    """An account for a cadre who has none, so that he logs his own work; nobody can log in with it."""
    if Cadre.objects.filter(pk=cadre.pk, user__isnull=False).exists():  # one of several pairs of his has brought it
        cadre.refresh_from_db(fields=["user"])
        return
    county = Area.objects.current().get(code=f"{area_code[:6]}000000")
    user = User(username=cadre.number.lower(), role="cadre", area=county, full_name=cadre.name)
    user.set_unusable_password()
    user.save()
    Cadre.objects.filter(pk=cadre.pk).update(user=user)
    cadre.user = user


def _visit(home: Household, cadre: Cadre, number: int, at: datetime, chance: random.Random) -> Visit:
    """One visit within the last weeks; most are entered the same day, some at the weekend."""
    cadre = Cadre.objects.select_related("user").get(pk=cadre.pk)
    assert cadre.user is not None  # made above
    task, done, brought = DONE[chance.randrange(len(DONE))]
    locked = number % 31 == 9
    started = _hour(at - timedelta(days=chance.randint(1, DAYS)), chance)
    people = list(Person.objects.filter(household=home, left_on=None).order_by("pk").values_list("pk", flat=True)[:3])
    met: list[int | str] = ["nobody"] if locked else [*people[: chance.randint(1, 2)]] or ["neighbour"]
    more = {"publicise"} if chance.random() < 0.2 else set()
    return visits.record(
        household=home, cadre=cadre, on=clock.day_of(started), started_at=started,
        ended_at=started + timedelta(minutes=chance.randint(20, 75)), tasks=[task, *more],
        met=met, entered=not locked and chance.random() < 0.95,
        done="家里没人，门上留了联系卡" if locked else _in_own_words(done, number),
        position=_near(home, chance) if chance.random() < 0.9 else None, key=UUID(int=chance.getrandbits(128)),
        photos=[_photo(number)] if number % 9 == 2 else [], by=cadre.user, device="demo",
        at=min(at, started + timedelta(hours=3, days=6 if number % 17 == 4 else 0)), channel="phone",
        **({} if locked else brought),
    )  # fmt: skip


def _in_own_words(done: str, number: int) -> str:
    """Every home has something of its own to tell: a text copied from home to home would be doubted."""
    chance = random.Random(f"words {number}")  # noqa: S311 - not secret
    news = "；".join(chance.sample(NEWS, chance.randint(1, 3)))
    return f"{news}。{done}。{chance.choice(PROMISES)}".rstrip("。") + "。"


def _hour(moment: datetime, chance: random.Random) -> datetime:
    day = timezone.localtime(moment).replace(hour=8, minute=30, second=0, microsecond=0)
    return day + timedelta(minutes=chance.randint(0, 8 * 60))


def _near(home: Household, chance: random.Random) -> tuple[float, float, float]:
    lon = home.lon if home.lon is not None else home.village.lon
    lat = home.lat if home.lat is not None else home.village.lat
    return ((lon or 105.24) + chance.uniform(-3e-4, 3e-4), (lat or 35.21) + chance.uniform(-3e-4, 3e-4),
            chance.choice([8.0, 15.0, 30.0]))  # fmt: skip


def _photo(number: int) -> bytes:
    """A drawn courtyard, another one each time: no picture of anybody."""
    chance, made = random.Random(number), io.BytesIO()  # noqa: S311 - a drawing
    image = Image.new("RGB", (640, 480), (200, 214, 230))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 300, 640, 480), fill=(150 + chance.randint(0, 40), 126, 92))
    for _wall in range(6):
        left, top = chance.randint(0, 500), chance.randint(120, 280)
        pen.rectangle((left, top, left + chance.randint(60, 180), 330), fill=(chance.randint(90, 190), 110, 80))
    image.save(made, "JPEG", quality=80)
    return made.getvalue()


def _in_the_village(village: Area, team: User, at: datetime, chance: random.Random) -> None:
    """The team leader's days: twenty a month; on some no home was entered, once the reason stands by it."""
    cadre = Cadre.objects.get(user=team)
    homes = list(Household.objects.standing().filter(village=village).order_by("pk")[:25])
    days = [at - timedelta(days=n) for n in range(1, DAYS) if (at - timedelta(days=n)).weekday() < 5][:36]
    for number, moment in enumerate(days):
        came = _hour(moment, chance).replace(hour=8, minute=chance.randint(10, 55))
        attendance.mark(
            cadre=cadre, village=village, on=clock.day_of(came), in_at=came, out_at=came + timedelta(hours=9),
            night=number % 3 == 0, note="在村委会开评议会" if number % 12 == 5 else "", device="demo",
            position=(village.lon or 105.24, village.lat or 35.21, 20), key=UUID(int=chance.getrandbits(128)), by=team,
            at=came + timedelta(hours=9),
        )  # fmt: skip
        if number % 6 == 5 or not homes:
            continue
        started, home = came + timedelta(minutes=50), homes[number % len(homes)]
        task, done, brought = DONE[number % len(DONE)]
        visits.record(
            household=home, cadre=cadre, on=clock.day_of(started), started_at=started,
            ended_at=started + timedelta(minutes=35), tasks=[task], met=["neighbour"], met_note="户主",
            entered=True, done=_in_own_words(done, 1000 + number), position=_near(home, chance),
            key=UUID(int=chance.getrandbits(128)), by=team,
            device="demo", at=started + timedelta(hours=8), channel="phone", **brought,
        )  # fmt: skip
    told: dict[str, Any] = {"cadre": cadre, "village": village, "by": team, "at": at}
    for number, (what, yuan, people, kind) in enumerate((
        ("协调修好村口涵洞", "12000", 430, "matter"), ("请县医院来村义诊", "0", 86, "matter"),
        ("全膜玉米种植培训", "1500", 52, "training"),
    )):  # fmt: skip
        matters.record(what=what, yuan=yuan, beneficiaries=people, kind=kind, key=UUID(int=chance.getrandbits(128)),
                       on=clock.day_of(at - timedelta(days=6 + 9 * number)), **told)  # fmt: skip


def _technician(village: Area, tech: User, at: datetime) -> None:
    cadre = Cadre.objects.get(user=tech)
    homes = list(Household.objects.filter(village=village).order_by("pk").values_list("pk", flat=True)[:6])
    for number, (topic, done) in enumerate((
        ("film_mulch", "检查覆膜质量，指导放苗封土"), ("livestock", "羊舍消毒、饲料配比"), ("vet", "春季防疫打针"),
        ("pests", "玉米红蜘蛛防治"), ("crops", "马铃薯晚疫病防治"), ("market", "联系收购商看黄芪"),
    )):  # fmt: skip
        services.record(
            cadre=cadre, village=village, on=clock.day_of(at - timedelta(days=4 + 8 * number)), days="1.0", topic=topic,
            households=homes[: 2 + number % 4], people=8 + 3 * number, done=done, key=UUID(int=7_000 + number), by=tech,
            at=at, device="demo", position=(village.lon or 105.24, village.lat or 35.21, 25),
        )  # fmt: skip


def _leader(village: Area, leader: User, at: datetime) -> None:
    assert village.parent is not None
    told: dict[str, Any] = {"by": leader, "at": at, "device": "demo"}
    decided = [
        {"what": "月底前把自来水接进户", "who": "县水务局", "due": clock.day_of(at + timedelta(days=20)).isoformat()}
    ]
    for number, (kind, area, found, what) in enumerate((
        ("inspection", village.parent, "走访台账齐，两个村驻村天数不够", []),
        ("study", village, "住了一晚，开了院坝会；吃水、路灯、养羊贷款反映最多", decided),
        ("inspection", village, "三户危房还没动工", [{"what": "雨季前完工", "who": "镇政府", "due": ""}]),
    )):  # fmt: skip
        if leader.area is not None and area.code.startswith(leader.area.prefix):
            inspections.record(kind=kind, area=area, found=found, decided=what, key=UUID(int=8_000 + number),
                               on=clock.day_of(at - timedelta(days=5 + 11 * number)), **told)  # fmt: skip


def _as_one_meets_it(made: Sequence[Visit], village: Area, cadre: User, at: datetime) -> None:
    """One correction, one visit withdrawn, an ask by telephone."""
    own = [one for one in made if one.by_id == cadre.pk]
    if len(own) > 1:
        first, second = own[:2]
        visits.record(
            household=first.household, cadre=first.cadre, on=first.on, started_at=first.started_at,
            ended_at=first.ended_at, tasks=first.tasks, met=first.met, entered=True, done=f"{first.done}（补记：送了药）",
            position=(first.lon, first.lat, 10.0) if first.lon is not None else None, key=UUID(int=9_001),
            replaces=first, by=cadre, at=at, channel="phone", device="demo",
        )  # fmt: skip
        visits.withdraw(visit=second, why="登记错了户", by=cadre, at=at)
        asks.raise_(household=first.household, text="打电话来，问危房改造轮到没有", category="housing", on=clock.day_of(at),
                    key=UUID(int=9_002), by=cadre, at=at)  # fmt: skip
