"""Doubtful visits in the demo: the nightly step weighs the field work of the demo and some visits made up on purpose.

What is made up says so in its own words. One flag waits for the cadre of the demo, another for a reviewer, one was
decided; last month's call-backs are drawn and half of the families have answered.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from shuanglian.accounts.models import User
from shuanglian.areas.models import Area
from shuanglian.benefits.actions import cards
from shuanglian.benefits.models import Card
from shuanglian.core import clock, profile
from shuanglian.fieldwork.actions import visits
from shuanglian.fieldwork.models import Visit
from shuanglian.kernel.refusal import Refusal
from shuanglian.organisation.actions import cadres
from shuanglian.organisation.models import Cadre
from shuanglian.pairing.models import Pairing
from shuanglian.registry.models import Household
from shuanglian.scrutiny.actions import call_backs, reviews, scores
from shuanglian.scrutiny.models import CallBack, Draw, Flag, Score

SAYS_SO = "（演示：此条走访是编造的）"
COUNTY_TOWN = (105.2420, 35.2110, 12.0)  # where somebody sits at his desk


@transaction.atomic
def show(*, county: Area, cadre: User, office: User, reviewer: User, at: datetime) -> int:
    """How many visits are doubted; after field work was loaded. Running it again changes nothing."""
    if Score.objects.exists() or not Visit.objects.exists() or profile.active().scrutiny.scoring is None:
        return Flag.objects.count()
    _plant(cadre, office, at)
    scores.score_all(area=county, at=at)
    _heard(cadre, reviewer, at)
    _call_back(county, office, at)
    return Flag.objects.count()


def family_page() -> str:
    """The address of a family that is asked now whether somebody came; empty when nobody is."""
    waiting = CallBack.objects.filter(answer="", draw__until__gte=clock.today()).values("household")
    code = (
        Card.objects.filter(household__in=waiting, closed_at=None).order_by("household").values_list("code", flat=True)
    )
    return f"/k/{code[0]}/" if code else ""


# --- made up on purpose ------------------------------------------------------------------------------------------------
def _plant(cadre: User, office: User, at: datetime) -> None:
    """The demo's cadre at his desk, another through the village in minutes, a third on leave."""
    own = Cadre.objects.select_related("user").get(user=cadre)
    visiting = Cadre.objects.filter(user__in=Visit.objects.values("by")).exclude(pk=own.pk).select_related("user")
    others = [(one, homes) for one in visiting.order_by("pk") if (homes := _homes(one))]
    _desk(own, _homes(own), at)
    if others:
        most = max(others, key=lambda one: len(one[1]))
        _drive_through(*most, at)
        others.remove(most)
    for one, homes in others[:1]:
        _on_leave(one, homes, at, office)


def _homes(cadre: Cadre) -> list[Household]:
    rows = Pairing.objects.open().filter(cadre=cadre).select_related("household__village").order_by("pk")
    return [one.household for one in rows][:4]


def _desk(cadre: Cadre, homes: Sequence[Household], at: datetime) -> None:
    """Two days written down in one go from the county town, with the same words."""
    for number, home in enumerate([*homes, *homes][:2]):
        _visit(home, cadre, _moment(at, 16 + 3 * number, 10), at=at - timedelta(days=2), position=COUNTY_TOWN,
               done="到户了解了生产生活情况，宣传了合作医疗和低保政策，群众很满意")  # fmt: skip


def _drive_through(cadre: Cadre, homes: Sequence[Household], at: datetime) -> None:
    """One home a minute, late at night."""
    for number, home in enumerate(homes):
        started = _moment(at, 5, 22) + timedelta(seconds=50 * number)
        _visit(home, cadre, started, at=started + timedelta(minutes=5), done="看望了老人，问了冬天取暖的事")


def _on_leave(cadre: Cadre, homes: Sequence[Household], at: datetime, office: User) -> None:
    """A visit on a day of leave."""
    started = _moment(at, 9, 15)
    day = clock.day_of(started)
    cadres.set_away(cadre=cadre, kind="leave", since=day, until=day, note="演示：年休假", by=office, at=at)
    _visit(homes[0], cadre, started, at=started + timedelta(hours=2), done="一起商量了明年种什么")


def _visit(home: Household, cadre: Cadre, started: datetime, *, done: str, at: datetime, **told: Any) -> None:
    chance = random.Random(f"{cadre.number} {home.number} {started.isoformat()}")  # noqa: S311 - not secret
    assert cadre.user is not None
    visits.record(
        household=home, cadre=cadre, on=clock.day_of(started), started_at=started, tasks=["publicise"],
        met=["neighbour"], entered=True, done=done + SAYS_SO, key=UUID(int=chance.getrandbits(128)), by=cadre.user,
        at=at, device="demo", channel="phone", **told,
    )  # fmt: skip


def _moment(at: datetime, days: int, hour: int) -> datetime:
    return timezone.localtime(at - timedelta(days=days)).replace(hour=hour, minute=20, second=0, microsecond=0)


# --- heard, found, asked -----------------------------------------------------------------------------------------------
def _heard(cadre: User, reviewer: User, at: datetime) -> None:
    """The demo's cadre has explained one of his own, the other waits for him; of another's, one was found true."""
    own = list(Flag.objects.filter(cadre__user=cadre, state=Flag.State.OPEN))
    for flag in own[1:2]:
        reviews.answer(
            flag=flag, text="那天在县城医院见到了户主，陪他办了住院手续，回来后一起补记的。", by=cadre, at=at
        )
    others = Flag.objects.exclude(cadre__user=cadre).filter(cadre__user__isnull=False, state=Flag.State.OPEN)
    told = ("提前销假，当天下午就去了，村文书可以作证。", "开完院坝会挨家送取暖煤票，每户只说了几句。")
    for flag, text in zip(others.select_related("cadre__user"), told, strict=False):
        assert flag.cadre.user is not None
        reviews.answer(flag=flag, text=text, by=flag.cadre.user, at=at)
    answered = Flag.objects.exclude(cadre__user=cadre).filter(state=Flag.State.ANSWERED).first()
    if answered is not None:
        reviews.decide(flag=answered, verdict="true", why="电话问了村文书和户主，都说当天来过。", by=reviewer, at=at)


def _call_back(county: Area, office: User, at: datetime) -> None:
    """Last month's draw. Some answer by their card, one on the telephone; the rest is still waited for."""
    last = clock.day_of(at).replace(day=1) - timedelta(days=1)
    try:
        made = call_backs.draw(area=county, month=last, by=office, at=at)
    except Refusal:  # nobody was visited that month, or the profile knows no call-backs
        return
    cards.issue(households=[one.household for one in made.call_backs.select_related("household")], by=office, at=at)
    _answer(made, office, at)


def _answer(made: Draw, office: User, at: datetime) -> None:
    rows = list(made.call_backs.order_by("visit__flag", "pk"))  # first those whose visit is doubted
    for number, row in enumerate(rows[: len(rows) // 2 + 1]):
        said, note = (("no", "没有见过人"), ("yes", ""), ("unsure", ""), ("yes", "来了，还帮着掰了玉米"))[
            min(number, 3)
        ]
        asked = number == 1
        call_backs.answer(call_back=row, said=said, note=note, at=at, by=office if asked else None,
                          channel=CallBack.Channel.OFFICE if asked else CallBack.Channel.CARD)  # fmt: skip
