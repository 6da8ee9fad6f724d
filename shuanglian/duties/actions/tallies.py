"""任务汇总 what duties come to in each county, kept for the levels above; reminders of what is left (FIELD-2)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from shuanglian.accounts.models import User
from shuanglian.areas.models import Area
from shuanglian.core import profile
from shuanglian.duties.book import Asked
from shuanglian.duties.models import Tally
from shuanglian.duties.queries import summed
from shuanglian.duties.reckoning import Line, reckon
from shuanglian.notifications.actions import messages
from shuanglian.rules.duties import period_of

LATE = timedelta(days=10)  # so long after a period ends, entries that come late are still added to it


def keep(*, area: Area, on: date, at: datetime) -> int:
    """The tallies of a county as of a day, and of the periods that ended a few days ago; how many lines."""
    days: dict[date, set[str]] = {on: set(profile.active().duties)}
    for code, duty in profile.active().duties.items():
        first, _last = period_of(duty.shape.per, on)
        if on - first < LATE:
            days.setdefault(first - timedelta(days=1), set()).add(code)
    return sum(_keep(area, reckon(Asked(area=area), day, codes=codes), day, at) for day, codes in days.items())


@transaction.atomic
def _keep(area: Area, lines: list[Line], on: date, at: datetime) -> int:
    sums = summed(lines)
    for one in sums:
        told = {"area_code": area.code, "last": one.last, "people": one.people, "met": one.met, "behind": one.behind,
                "need": one.need, "done": one.done, "on": on, "at": at}  # fmt: skip
        Tally.objects.update_or_create(area=area, duty=one.code, first=one.first, defaults=told)
    return len(sums)


def remind(*, area: Area, on: date, at: datetime) -> int:
    """Tell everybody of a county whose period ends within the profile's days what is left: once each; how many."""
    told = profile.active().reminding
    if told is None:
        return 0
    lines = [one for one in reckon(Asked(area=area), on) if one.left and (one.last - on).days <= told.days_before]
    wanted = {user for one in lines for user in one.person.accounts}
    users = User.objects.filter(pk__in=wanted, is_active=True).select_related("area").in_bulk()
    return sum(_remind(one, users[pk], at) for one in lines for pk in one.person.accounts if pk in users)


def _remind(line: Line, to: User, at: datetime) -> bool:
    shape = line.duty.shape
    params = {"duty": shape.label.model_dump(), "left": f"{line.left.normalize():f}", "unit": shape.unit.model_dump(),
              "until": line.last.isoformat(), "done": f"{line.done.normalize():f}",
              "need": f"{line.need.normalize():f}"}  # fmt: skip
    once = f"duties:{line.kind}:{line.number}:{line.code}:{line.first}:{to.pk}"
    made = messages.send(to=to, template="duties.period_ends", params=params, link="/duties/mine/", once=once,
                         by=None, at=at)  # fmt: skip
    return made is not None and made.at == at
