"""Demands in the demo: every state of the ladder at once, so that each ledger has something to work off.

The words are made up and name nobody; the time that ran before today is told to the verbs, nothing is written past them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction

from shuanglian.accounts.models import User
from shuanglian.areas.models import Area
from shuanglian.core import profile
from shuanglian.core.clock import day_of
from shuanglian.grievances.actions import answers, climbing, demands, desks, moving
from shuanglian.grievances.models import Answer, Demand, Reply
from shuanglian.organisation.models import Cadre
from shuanglian.pairing.models import Pairing
from shuanglian.registry.models import Household

ROOT = UUID("6e1c2b40-5a57-4f0e-9b53-7d6c2f1a0d11")
DAY = timedelta(days=1)
ASKED = (  # days ago, category, never, words
    (1, "inputs_sales", "", "洋芋没人来收，想问问合作社能不能统一卖"),
    (2, "health_care", "doctor", "老人要住院，家里没钱看病"),
    (3, "water", "", "水窖漏了，一下雨就存不住水"),
    (6, "road", "", "进组的路被水冲断了，三轮车过不去"),
    (9, "credit", "", "想贷款养羊，银行说材料不全，不知道差什么"),
    (14, "housing", "", "房子后墙裂了，想问危房改造轮不轮得上"),
    (20, "school", "", "娃娃在县城上学，想问寄宿补助怎么申请"),
    (30, "old_age", "", "满六十岁了，养老金还没有领到"),
    (40, "jobs", "", "想学电焊，村里什么时候办班"),
)  # fmt: skip
SAME = ("组里的自来水停了五天", "自来水停水五天了，牲口没水喝", "停水五天，组里都到沟里挑水", "水停了五天了，没人来修")


@transaction.atomic
def show(*, county: Area, cadre: User, office: User, township: User, clerk: User, at: datetime) -> int:
    """How many demands there are; running it again changes nothing."""
    if Demand.objects.exclude(door=Demand.Door.VISIT).exists() or not profile.active().grievances.runs:
        return Demand.objects.count()
    desks.give(user=clerk, department="water", by=office, at=at)
    homes = _homes(Cadre.objects.get(user=cadre))
    for number, (ago, category, never, words) in enumerate(ASKED):
        _raise(number, homes[number % len(homes)], words, category, never, ago, office, at)
    _let_time_run(at)
    _one_pipe(homes[0], office, at)
    _answered(cadre, at)
    _up_to_the_department(homes[-1], cadre, township, at)
    _kept_aside(homes[0], at)
    return Demand.objects.count()


def _homes(cadre: Cadre) -> list[Household]:
    rows = Pairing.objects.open().filter(cadre=cadre).select_related("household__village").order_by("pk")
    return [one.household for one in rows]


def _raise(
    number: int, home: Household | None, words: str, category: str, never: str, ago: int, by: User | None, at: datetime,
    *, village: Area | None = None, door: str = Demand.Door.HOTLINE, held: str = "", name: str = "",
) -> Demand:  # fmt: skip
    place = home.village if home is not None else village
    assert place is not None
    return demands.raise_(
        key=uuid5(ROOT, f"{number} {words}"), door=door, text=words, category=category, village=place, household=home,
        never=never, by=by, at=at - DAY * ago, held=held, name=name,
    )  # fmt: skip


def _let_time_run(at: datetime) -> None:
    """Night by night since the first came: what nobody touched has climbed as far as it would have."""
    moment = at - DAY * max(ago for ago, *_rest in ASKED)
    while moment <= at:
        climbing.night(on=day_of(moment), at=moment)
        moment += DAY


def _one_pipe(home: Household, office: User, at: datetime) -> None:
    """Four people of one village ask for the same; three are joined, one is left to be offered."""
    rows = [
        _raise(100 + number, None, words, "water", "", 2, None, at, village=home.village, door=Demand.Door.PAGE)
        for number, words in enumerate(SAME)
    ]
    demands.join(demands=rows[1:3], to=rows[0], by=office, at=at)


def _answered(cadre: User, at: datetime) -> None:
    """Of what stands with the cadre one is answered and closed, one answered and refused, one waits to be told."""
    homes = _homes(Cadre.objects.get(user=cadre))
    told: Sequence[tuple[str, str, str]] = (
        ("想要两袋马铃薯原种", "原种已经送到家里，共两袋", "yes"),
        ("组里的路灯不亮", "路灯已经报修", "no"),
        ("想给娃娃办助学贷款", "材料已经帮您交到学生资助中心", ""),
    )
    for number, (words, said, word) in enumerate(told):
        category = ("inputs_sales", "power", "school")[number]
        demand = _raise(200 + number, homes[number % len(homes)], words, category, "", 2, cadre, at)
        answers.answer(demand=demand, outcome=Answer.Outcome.SOLVED, text=said, evidence="演示：现场照片和签收单",
                       by=cadre, at=at - DAY)  # fmt: skip
        if word:
            answers.tell(demand=demand, how=Reply.How.VISIT, by=cadre, at=at - DAY)
            answers.word(demand=demand, yes=word == "yes", said="" if word == "yes" else "报修了可灯还是不亮",
                         score=5 if word == "yes" else 2, by=cadre, at=at)  # fmt: skip


def _up_to_the_department(home: Household, cadre: User, township: User, at: datetime) -> None:
    """One was passed up with what was tried and waits on the desk of the water bureau."""
    demand = _raise(300, home, "全组的机井坏了，单位和乡上都来看过", "water", "", 3, cadre, at)
    for by, tried in ((cadre, "到现场看过，要换水泵"), (cadre, "单位筹了三千元，不够换水泵"),
                      (township, "乡上请水管站看过，须由水务局换泵")):  # fmt: skip
        demand = moving.pass_up(demand=demand, tried=tried, by=by, at=at - DAY)


def _kept_aside(home: Household, at: datetime) -> None:
    """Two forms that came in a flood from one address wait to be looked through."""
    for number, words in enumerate(("低价出售农药，联系本人", "想问问蚕豆种子什么时候发")):
        _raise(400 + number, None, words, "other", "", 0, None, at, village=home.village, door=Demand.Door.PAGE,
               held="演示：同一地址一小时内的第 61 张表")  # fmt: skip
