"""Disputes in the demo: each state once, all made up; one is so old that its names are gone already."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from shuanglian.accounts.models import User
from shuanglian.areas.models import Area
from shuanglian.core import profile
from shuanglian.core.clock import day_of
from shuanglian.disputes.actions import disputes, forgetting, mediating, screening
from shuanglian.disputes.models import Dispute

ROOT = UUID("4b8d0a51-7a0e-4d0f-9c55-0b1d8e1c3f42")
DAY = timedelta(days=1)


@transaction.atomic
def show(*, village: Area, committee: User, cadre: User, township: User, at: datetime) -> int:
    """How many disputes there are; running it again changes nothing."""
    if Dispute.objects.exists() or not profile.active().disputes.runs:
        return Dispute.objects.count()
    _open(village, committee, cadre, at)
    _agreed(village, committee, at)
    _passed_up(village, committee, township, at)
    _forgotten(village, committee, at)
    disputes.report(key=_key("many"), kind="project", village=village, people=12, tendency=True, by=township, at=at - 2 * DAY,
                    words="修渠占了十二户的地，补偿标准没有讲清，几个村都在问")  # fmt: skip
    _screened(village, township, at)
    return Dispute.objects.count()


def _report(what: str, village: Area, by: User, at: datetime, **told: Any) -> Dispute:
    return disputes.report(key=_key(what), village=village, by=by, at=at, **told)


def _open(village: Area, committee: User, cadre: User, at: datetime) -> None:
    made = _report("boundary", village, cadre, at - 4 * DAY, kind="land", words="两家为地埂争了半个月，界石找不到了")
    for name in ("（演示）东头一家", "（演示）西头一家"):
        mediating.add_party(dispute=made, name=name, by=committee, at=at - 3 * DAY)
    mediating.assign(dispute=made, mediator=cadre, by=committee, at=at - 3 * DAY)
    mediating.meet(dispute=made, on=day_of(at - 2 * DAY), present=5, notes="请了两位老人指认旧界，约好一起去量",
                   by=committee, at=at - 2 * DAY)  # fmt: skip


def _agreed(village: Area, committee: User, at: datetime) -> None:
    made = _report("support", village, committee, at - 40 * DAY, kind="family", words="老人的口粮由几个儿女怎样分担")
    mediating.add_party(dispute=made, name="（演示）一位老人", by=committee, at=at - 39 * DAY)
    mediating.agree(dispute=made, on=day_of(at - 31 * DAY), text="三家轮流，每家四个月，口粮送到老人家里", by=committee,
                    at=at - 31 * DAY)  # fmt: skip


def _passed_up(village: Area, committee: User, township: User, at: datetime) -> None:
    made = _report(
        "damage", village, committee, at - 12 * DAY, kind="project", words="施工震裂了院墙，施工方说不是他们"
    )
    mediating.pass_up(dispute=made, why="施工方不来村里谈，要乡上约", by=committee, at=at - 6 * DAY)
    mediating.add_party(dispute=made, name="（演示）施工方", by=township, at=at - 5 * DAY)


def _forgotten(village: Area, committee: User, at: datetime) -> None:
    """Closed two years ago: the night has deleted what named people."""
    then = at - 730 * DAY
    made = _report("water", village, committee, then - 5 * DAY, kind="neighbours", words="排水流到邻家院里")
    mediating.add_party(dispute=made, name="（演示）上院", by=committee, at=then - 4 * DAY)
    mediating.close(dispute=made, end="calmed", why="改了水沟，两家都同意", by=committee, at=then)
    forgetting.night(on=day_of(at), at=at)


def _screened(village: Area, township: User, at: datetime) -> None:
    """Some villages of the township have looked this month, others have not."""
    beside = Area.objects.current().filter(parent=village.parent, level=Area.Level.VILLAGE).exclude(pk=village.pk)
    for one in beside.order_by("code")[:4]:
        screening.looked(village=one, month=day_of(at), by=township, at=at)


def _key(what: str) -> UUID:
    return uuid5(ROOT, what)
