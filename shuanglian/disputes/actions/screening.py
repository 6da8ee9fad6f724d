"""排查 every month every village says that it looked round and found nothing, or enters what it found (VOICE-5)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from shuanglian.accounts.models import User
from shuanglian.areas.models import Area
from shuanglian.core.clock import day_of
from shuanglian.core.profile import active
from shuanglian.disputes import queries
from shuanglian.disputes.models import Screening
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.notifications.actions import messages
from shuanglian.trail import trail

from .disputes import terms


@transaction.atomic
def looked(*, village: Area, month: date, by: User, at: datetime) -> Screening:
    """Looked round, nothing found; said once a month, not of a month to come."""
    terms()
    first = month.replace(day=1)
    if village.level != Area.Level.VILLAGE:
        raise Refusal("no_village", N_("请选哪个村"))
    if first > day_of(at):
        raise Refusal("ahead_of_time", N_("日期还没有到"))
    made, new = Screening.objects.get_or_create(
        village=village, month=first, defaults={"area_code": village.code, "by": by, "at": at}
    )
    if new:
        trail.write("disputes.screen", about=made, by=by, at=at, month=f"{first:%Y-%m}")
    return made


def night(*, on: date, at: datetime) -> int:
    """From the profile's day of the month on, villages that have not looked are reminded, once; how many accounts."""
    known = active().disputes.terms
    if known is None or on.day < known.screen_by:
        return 0
    roles = [code for code, one in active().roles.items() if "disputes.screen" in one.may]
    missing = queries.not_looked(on.replace(day=1))
    told = 0
    for user in User.objects.filter(role__in=roles, area__in=missing, is_active=True).select_related("area"):
        once = f"disputes.screen:{on:%Y-%m}:{user.pk}"
        told += messages.send(to=user, template="disputes.screen", params={"month": f"{on:%Y-%m}"}, by=None, at=at,
                              link="/disputes/screening/", once=once) is not None  # fmt: skip
    return told
