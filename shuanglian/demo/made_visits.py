"""Made-up field work with planted fakes, to see how many scrutiny finds and whom it wrongs (FIELD-6). Nobody is real.

    made = make(seed=7, honest=10_000, fake=300)     made.visits, made.photos (rules.visit_facts), made.fakes: ids
    report = judge(profile.scrutiny, made)           precision, recall, by kind of fake; points that honest visits get

Honest visits are as untidy as real ones: phones without signal, old phones without position, clocks some minutes off,
homes whose point is wrong, a diary written up at the weekend, one sentence used in many homes, a meeting in a yard,
goods handed out to all. Fakes are made in ten ways, some of which leave hardly a trace.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import polars as pl

from shuanglian.rules.scrutiny import find
from shuanglian.rules.scrutiny_shapes import Scrutiny
from shuanglian.rules.visit_facts import PHOTOS, VISITS, work_out

FIRST_DAY, DAYS = date(2015, 1, 5), 330
COUNTY = (105.24, 35.22)  # about where the county town lies
DEGREE_KM = 111.2
OPENINGS = ("今天到户里坐了坐", "上午去了家里", "下午入户", "和户主在院子里谈", "帮着掰了玉米，边干边聊", "去看了新盖的羊棚",
            "到地里找到了人", "和老人拉了拉家常", "趁赶集回来入户", "陪乡上的技术员一起去的")  # fmt: skip
NEWS = ("家里的母羊下了两只羔", "儿子去了兰州打工，上月寄回两千元", "老伴的药费报了一半", "洋芋收成比去年好，愁卖不掉",
        "孩子考上了高中，学费还差一些", "想再种两亩苹果，缺苗子", "房子西墙裂了缝，怕下雨", "水窖干了，要到沟里拉水",
        "低保评上了二类，人很高兴", "说路不好走，化肥拉不进来", "想贷款买一台三轮车", "腿疼得厉害，还没有去看",
        "今年雨水好，玉米长势不错", "女儿在镇上学理发，快出师了", "邻居欠工钱的事说好了", "养蜂的事还在打听")  # fmt: skip
PROMISES = ("答应联系种羊场", "回去问合作医疗怎么报", "下次带苗木技术员来", "把助学金的表留下了", "记下来报给乡上",
            "约好月底再来", "把电话留给了他", "帮着填了贷款申请", "劝他先去县医院看", "让村上先拉一车水", "")  # fmt: skip
CAMPAIGN = "宣传了今年的精准扶贫政策和新农合缴费标准，发放了明白卡"
FORMULAS = ("了解生产生活情况", "入户走访", "宣传政策", "送化肥两袋", "看望老人")


@dataclass(slots=True)
class Home:
    number: int
    place: tuple[float, float]
    known: tuple[float, float] | None
    village: tuple[float, float]
    look: int


@dataclass(slots=True)
class Helper:
    number: int
    homes: list[Home]
    office: tuple[float, float]
    leave: tuple[int, int]
    clock: int
    old_phone: bool


@dataclass
class Made:
    """The tables, and which visits are fakes: id → the way it was made up."""

    visits: pl.DataFrame
    photos: pl.DataFrame
    fakes: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """How scrutiny did: shares of 1; `missed` and `found` by kind of fake; `wronged`: honest visits that were flagged."""

    precision: float
    recall: float
    found: Mapping[str, int]
    missed: Mapping[str, int]
    wronged: int
    flagged: int


def judge(scrutiny: Scrutiny, made: Made) -> Report:
    """Every made-up visit put to the signs of a profile."""
    told = find(scrutiny.signs.values(), work_out(made.visits, made.photos))
    flagged = {row for row, points in told.select("id", "points").iter_rows() if scrutiny.flags(points)}
    kinds: dict[bool, dict[str, int]] = {True: {}, False: {}}
    for row, kind in made.fakes.items():
        side = kinds[row in flagged]
        side[kind] = side.get(kind, 0) + 1
    right = sum(kinds[True].values())
    return Report(
        right / len(flagged) if flagged else 1.0, right / len(made.fakes) if made.fakes else 1.0, kinds[True],
        kinds[False], len(flagged) - right, len(flagged),
    )  # fmt: skip


def make(seed: int, honest: int = 10_000, fake: int = 300) -> Made:
    """Honest visits and fakes of a year, mixed; the same for the same seed."""
    maker = _Maker(Random(seed))  # noqa: S311 - the same for the same seed is what is wanted
    rows: list[dict[str, Any]] = []
    while len(rows) < honest:
        for helper in maker.helpers(40):
            rows += maker.honest_days(helper)
    kept = maker.some_days(rows, honest)
    fakes: dict[int, str] = {}
    while len(fakes) < fake:
        kind = maker.random.choice(list(WAYS))
        made = list(WAYS[kind](maker, maker.random.choice(maker.known)))[: fake - len(fakes)]
        fakes |= {row["id"]: kind for row in made}
        kept += made
    maker.random.shuffle(kept)
    photos = [one for row in kept for one in row.pop("photos")]
    visits = pl.DataFrame(kept, schema=VISITS, orient="row") if kept else pl.DataFrame(schema=VISITS)
    return Made(visits, pl.DataFrame(photos, schema=PHOTOS, orient="row"), fakes)


class _Maker:
    def __init__(self, random: Random) -> None:
        self.random, self.last, self.homes = random, 0, 0
        self.known: list[Helper] = []

    # --- people and places -----------------------------------------------------------------------------------------
    def helpers(self, many: int) -> Iterator[Helper]:
        for _number in range(many):
            village = self.near(COUNTY, 25)
            homes = [self.home(village) for _one in range(self.random.choice((1, 1, 1, 2, 4, 4, 7, 8)))]
            first = self.random.randrange(DAYS)
            helper = Helper(
                len(self.known) + 1, homes, self.near(COUNTY, 2), (first, first + self.random.choice((3, 7, 15))),
                round(self.random.gauss(0, 40)) if self.random.random() > 0.02 else self.random.randrange(300, 1000),
                self.random.random() < 0.06,
            )  # fmt: skip
            self.known.append(helper)
            yield helper

    def home(self, village: tuple[float, float]) -> Home:
        self.homes += 1
        place = self.near(village, 1.5)
        known = None
        if self.random.random() < 0.7:
            known = self.near(place, 6 if self.random.random() < 0.015 else 0.12)
        return Home(self.homes, place, known, village, self.random.getrandbits(64))

    def near(self, place: tuple[float, float], km: float) -> tuple[float, float]:
        far, turn = km * math.sqrt(self.random.random()), self.random.random() * 2 * math.pi
        return (
            place[0] + far * math.cos(turn) / (DEGREE_KM * math.cos(math.radians(place[1]))),
            place[1] + far * math.sin(turn) / DEGREE_KM,
        )

    # --- honest visits ---------------------------------------------------------------------------------------------
    def honest_days(self, helper: Helper) -> Iterator[dict[str, Any]]:
        for day in self.random.sample(range(DAYS), self.random.randint(3, 9)):
            if helper.leave[0] <= day <= helper.leave[1]:
                continue
            at = self.moment(day, self.random.choice((8, 9, 9, 10, 13, 14, 15, 17)))
            homes = self.random.sample(helper.homes, self.random.randint(1, len(helper.homes)))
            campaign = self.random.random() < 0.12
            yard = len(homes) > 2 and self.random.random() < 0.03
            evening = self.random.random() < 0.15
            rows = []
            place, accuracy = self.position(helper, self.near(homes[0].village, 0.3))
            together = {"entered": False, "lon": place and place[0], "lat": place and place[1], "accuracy": accuracy}
            for home in homes:
                stay = self.random.triangular(8, 100, 30)
                rows.append(self.row(helper, home, at, stay, campaign=campaign, **(together if yard else {})))
                at += timedelta(minutes=0 if yard else stay + self.random.triangular(3, 50, 12))
                if at.hour >= 20:
                    break
            self.write_up(rows, evening)
            yield from rows

    def write_up(self, rows: list[dict[str, Any]], evening: bool) -> None:
        """When the diary was kept: mostly there, some in the evening, a few days later."""
        late = self.random.random()
        days = 0 if late > 0.06 else self.random.randint(1, 5) if late > 0.008 else self.random.randint(6, 12)
        if not evening and not days:
            return
        at = datetime.combine(rows[-1]["on"] + timedelta(days=days), datetime.min.time()) + timedelta(
            hours=self.random.uniform(19, 21.8)
        )
        for row in rows:
            if at > row["started"]:
                row["saved"] = at
                row["kept"] = at + timedelta(minutes=self.random.random() * 90)
                at += timedelta(minutes=self.random.uniform(1.5, 6))

    def row(
        self, helper: Helper, home: Home, at: datetime, stay: float, *, campaign: bool = False, **changed: Any
    ) -> dict[str, Any]:
        self.last += 1
        ends = at + timedelta(minutes=stay)
        saved = ends + timedelta(minutes=self.random.uniform(0, 20))
        offline = self.random.random() < 0.25
        place, accuracy = self.position(helper, home.place)
        row: dict[str, Any] = {
            "id": self.last, "cadre": helper.number, "household": home.number, "on": at.date(), "started": at,
            "ended": ends if self.random.random() < 0.8 else None, "saved": saved,
            "kept": saved + (timedelta(hours=self.random.expovariate(1 / 9)) if offline else timedelta(seconds=20)),
            "lon": place and place[0], "lat": place and place[1], "accuracy": accuracy,
            "home_lon": home.known and home.known[0], "home_lat": home.known and home.known[1],
            "village_lon": home.village[0], "village_lat": home.village[1], "entered": self.random.random() > 0.05,
            "on_leave": self.random.random() < 0.001, "clock_off": helper.clock, "text": self.words(campaign),
            "asked": True, "photos": [],
        }  # fmt: skip
        if self.random.random() < 0.75:
            row["photos"] = [self.photo(row["id"], home, at + timedelta(minutes=self.random.uniform(-5, stay + 15)))]
        return row | changed

    def position(self, helper: Helper, place: tuple[float, float]) -> tuple[tuple[float, float] | None, float | None]:
        if helper.old_phone or self.random.random() < 0.08:
            return None, None
        accuracy = (
            self.random.lognormvariate(2.8, 0.7) if self.random.random() > 0.03 else self.random.uniform(400, 3000)
        )
        found = self.near(place, accuracy / 1000)
        return (round(found[0], 6), round(found[1], 6)), round(accuracy, 1)

    def photo(self, visit: int, home: Home, taken: datetime) -> dict[str, Any]:
        """A view of a home never looks the same twice: light, season and angle turn some bits."""
        look = home.look if self.random.random() < 0.3 else self.random.getrandbits(64)
        for _bit in range(self.random.randint(6, 18)):
            look ^= 1 << self.random.randrange(64)
        known = taken if self.random.random() > 0.1 else None
        return {
            "visit": visit,
            "likeness": _signed(look),
            "digest": f"{self.random.getrandbits(128):032x}",
            "taken": known,
        }

    def words(self, campaign: bool) -> str:
        if campaign and self.random.random() < 0.8:
            return f"{CAMPAIGN}。{self.random.choice((*NEWS, '', ''))}"
        if self.random.random() < 0.15:
            return self.random.choice(FORMULAS)
        parts = [self.random.choice(OPENINGS), *self.random.sample(NEWS, self.random.randint(1, 3))]
        return "，".join([*parts, self.random.choice(PROMISES)]).strip("，") + "。"

    def moment(self, day: int, hour: int) -> datetime:
        on = datetime.combine(FIRST_DAY + timedelta(days=day), datetime.min.time())
        return on + timedelta(hours=hour, minutes=self.random.randrange(60), seconds=self.random.randrange(60))

    def some_days(self, rows: list[dict[str, Any]], many: int) -> list[dict[str, Any]]:
        """Whole days of helpers until there are enough: half a tour would look hurried or idle."""
        return rows[:many]

    # --- made up ---------------------------------------------------------------------------------------------------
    def several(self, helper: Helper) -> list[Home]:
        return self.random.sample(helper.homes, min(len(helper.homes), self.random.randint(2, 8)))

    def free_day(self, helper: Helper) -> int:
        while helper.leave[0] <= (day := self.random.randrange(DAYS - 30)) <= helper.leave[1]:
            pass
        return day

    def desk(self, helper: Helper) -> Iterator[dict[str, Any]]:
        """Visits of several past days written down in one go at the office."""
        day, text = self.free_day(helper), self.words(False)
        at = self.moment(day + self.random.randint(9, 25), self.random.choice((9, 15, 16)))
        for home in self.several(helper):
            started = self.moment(day + self.random.randrange(8), self.random.randint(9, 16))
            there = self.random.random() < 0.5
            place = self.near(helper.office, 0.03) if there else (None, None)
            yield self.row(helper, home, started, 40, saved=at, kept=at, lon=place[0], lat=place[1],
                           accuracy=12.0 if there else None, text=self.reworded(text), photos=[])  # fmt: skip
            at += timedelta(minutes=self.random.uniform(0.6, 2))

    def drive_through(self, helper: Helper) -> Iterator[dict[str, Any]]:
        """Through the village without a halt: a home every minute or two."""
        at, text = self.moment(self.free_day(helper), self.random.randint(9, 16)), self.words(False)
        for home in self.several(helper):
            place = self.near(home.village, 0.3)
            yield self.row(helper, home, at, 1, lon=place[0], lat=place[1], accuracy=15.0, saved=at, kept=at,
                           text=self.reworded(text) if self.random.random() < 0.6 else self.words(False))  # fmt: skip
            at += timedelta(seconds=self.random.randint(40, 150))

    def old_photo(self, helper: Helper) -> Iterator[dict[str, Any]]:
        """An old photo sent once more, as it was or a little brightened, to prove a visit that did not take place."""
        homes = self.several(helper)
        look, digest = self.random.getrandbits(64), f"{self.random.getrandbits(128):032x}"
        taken = self.moment(self.free_day(helper), 10)
        for home in homes:
            at = self.moment(self.free_day(helper), self.random.randint(9, 17))
            same = self.random.random() < 0.5
            seen = look if same else look ^ (1 << self.random.randrange(64)) ^ (1 << self.random.randrange(64))
            row = self.row(helper, home, at, self.random.uniform(15, 50))
            name = digest if same else f"{self.random.getrandbits(128):032x}"
            row["photos"] = [{"visit": row["id"], "likeness": _signed(seen), "digest": name, "taken": taken}]
            if self.random.random() < 0.6:
                row |= {"lon": None, "lat": None, "accuracy": None}
            yield row

    def on_leave(self, helper: Helper) -> Iterator[dict[str, Any]]:
        """Dated into a leave."""
        home = self.random.choice(helper.homes)
        at = self.moment(self.random.randint(*helper.leave), self.random.randint(9, 16))
        yield self.row(helper, home, at, 30, on_leave=True, lon=None, lat=None, accuracy=None, photos=[])

    def clock(self, helper: Helper) -> Iterator[dict[str, Any]]:
        """The phone's clock set back by days, so that it looks as if written in time."""
        back = timedelta(days=self.random.randint(1, 20), minutes=self.random.randrange(600))
        place = self.near(helper.office, 0.05)
        for home in self.several(helper)[:3]:
            at = self.moment(self.free_day(helper), self.random.randint(9, 16))
            there = self.random.random() < 0.5
            yield self.row(helper, home, at, 25, clock_off=-round(back.total_seconds()), kept=at + back,
                           lon=place[0] if there else None, lat=place[1] if there else None,
                           accuracy=20.0 if there else None, photos=[])  # fmt: skip

    def elsewhere(self, helper: Helper) -> Iterator[dict[str, Any]]:
        """Written in the office or at home at a likely hour, the position gives it away."""
        home, at = self.random.choice(helper.homes), self.moment(self.free_day(helper), self.random.randint(9, 17))
        place = self.near(helper.office, 0.05)
        yield self.row(helper, home, at, 30, lon=place[0], lat=place[1], accuracy=self.random.uniform(5, 60),
                       home_lon=home.known and home.known[0])  # fmt: skip

    def night(self, helper: Helper) -> Iterator[dict[str, Any]]:
        """Late at night one home after the other, minutes apart, from the sofa."""
        at = self.moment(self.free_day(helper), 22) + timedelta(minutes=self.random.randint(0, 150))
        for home in self.several(helper):
            yield self.row(helper, home, at, 2, saved=at, kept=at, lon=None, lat=None, accuracy=None, photos=[])
            at += timedelta(minutes=self.random.uniform(1, 5))

    def mocked(self, helper: Helper) -> Iterator[dict[str, Any]]:
        """A programme that feigns the position: the home's own point, to the last digit, day after day."""
        home = self.random.choice(helper.homes)
        place = tuple(round(one, 6) for one in (home.known or home.place))
        for _time in range(self.random.randint(2, 5)):
            at = self.moment(self.free_day(helper), self.random.randint(9, 16))
            yield self.row(helper, home, at, 30, lon=place[0], lat=place[1], accuracy=5.0, photos=[],
                           clock_off=self.random.choice((helper.clock, -86_400)), text=self.words(False))  # fmt: skip

    def ahead(self, helper: Helper) -> Iterator[dict[str, Any]]:
        """Saved before the time that it gives."""
        home, at = self.random.choice(helper.homes), self.moment(self.free_day(helper), self.random.randint(14, 17))
        saved = at - timedelta(minutes=self.random.randint(60, 300))
        yield self.row(helper, home, at, 30, saved=saved, kept=saved, lon=None, lat=None, accuracy=None, photos=[])

    def careful(self, helper: Helper) -> Iterator[dict[str, Any]]:
        """Made up with care: a likely hour, words of its own, no position, no photo. Hardly anything can be seen."""
        if self.random.random() < 0.4:
            home, at = self.random.choice(helper.homes), self.moment(self.free_day(helper), self.random.randint(9, 17))
            yield self.row(helper, home, at, 30, lon=None, lat=None, accuracy=None, photos=[])

    def reworded(self, text: str) -> str:
        """The same text, a word exchanged now and then."""
        if self.random.random() < 0.4:
            return text.replace("了", "过", 1)
        return text


def _signed(bits: int) -> int:
    return bits - (1 << 64) if bits >> 63 else bits


WAYS: Mapping[str, Callable[[_Maker, Helper], Iterator[dict[str, Any]]]] = {
    "desk": _Maker.desk, "drive_through": _Maker.drive_through, "old_photo": _Maker.old_photo,
    "on_leave": _Maker.on_leave, "clock": _Maker.clock, "elsewhere": _Maker.elsewhere, "night": _Maker.night,
    "mocked": _Maker.mocked, "ahead": _Maker.ahead, "careful": _Maker.careful,
}  # fmt: skip
