"""Officers named for the letters of county and city, and some letters, all made up: every door, every state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shuanglian.accounts.models import User
from shuanglian.areas.models import Area
from shuanglian.complaints.actions import complaints, handling, officers, openings
from shuanglian.complaints.models import Complaint, Officer
from shuanglian.complaints.numbers import number_digest, number_of
from shuanglian.core import profile
from shuanglian.core.clock import day_of
from shuanglian.registry.models import Household

DAY = timedelta(days=1)
KEY = 9_100  # the keys of the demo's forms: its numbers are the same in one installation
ANSWER = "对了发放表、领取签字，又到户里问了。少发的化肥三袋已经补上，经手人在村民会上作了检查。"


def show(*, village: Area, user: Callable[[str], User], office: User, office2: User, city: User, at: datetime) -> None:
    """Six letters of the last weeks; numbers are worked out from their keys, so nobody need note them."""
    if Officer.objects.exists() or profile.active().complaints.terms is None:
        return
    admin, province = user("admin"), user("province")
    since = day_of(at - 60 * DAY)
    for one, by in ((office, admin), (office2, admin), (city, province)):
        officers.name(user=one, since=since, by=by, at=at - 60 * DAY)
    homes = list(Household.objects.standing().filter(village=village).order_by("pk")[:2])
    told: list[dict[str, Any]] = [
        {"household": home, "kind": kind, "text": text, "door": "card", "keep_household": kept}
        for home, kind, text, kept in zip(
            homes, ("gifts", "meals"), ("走的时候拿了我家一只鸡", ""), (True, False), strict=False
        )
    ]
    told += [
        {"village": village, "kind": "money", "text": "化肥每户发五袋，我们组只领到两袋，表上签的不是我的字", "door": "board",
         "name": "王某某（虚构）", "phone": "13900000000"},
        {"village": village, "kind": "falsification", "text": "墙上贴的走访记录，有几回没人来过", "door": "page"},
        {"village": village, "kind": "other", "text": "不想让村里知道：分低保的会没开", "door": "hotline", "by": office2},
        {"village": village, "kind": "money", "text": "补助款迟迟不到账，听说卡在上面", "offices": ["county"], "door": "page"},
    ]  # fmt: skip
    for number, letter in enumerate(told):
        complaints.send(**letter, key=UUID(int=KEY + number), at=at - (number + 2) * DAY)
    if len(homes) == 2:
        _handled(office, office2, at)


def _handled(office: User, office2: User, at: datetime) -> None:
    """One answered and waiting for the writer's word, one being looked into with a question, one identity opened."""
    answered, asked, opened = (letter(number) for number in (2, 3, 0))
    if office.area is None or {one.office_code for one in (answered, asked, opened)} != {office.area.code}:
        return  # somebody of the office bears the name of one who is written of: the letters went round it
    handling.take_up(complaint=asked, by=office, at=at - DAY)
    handling.ask(complaint=asked, text="是哪几个月的记录？不用写名字，凭号补充就行。", by=office, at=at - DAY)
    request = openings.ask(complaint=opened, why="要当面认一认是哪一天的事", by=office, at=at - DAY)
    openings.answer(opening=request, agree=True, by=office2, at=at - DAY / 2)
    handling.take_up(complaint=answered, by=office2, at=at - DAY)
    handling.answer(complaint=answered, outcome="partly", consequence="returned", text=ANSWER, by=office2, at=at)


def letter(number: int) -> Complaint:
    return Complaint.objects.get(number_digest=number_digest(number_of(UUID(int=KEY + number))))
