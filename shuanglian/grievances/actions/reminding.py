"""Before time runs out whoever holds demands is told once a day how many, never what (VOICE-2, FIELD-6)."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from django.db.models import Count, Q
from django.urls import reverse

from shuanglian.accounts.models import User
from shuanglian.areas.models import Area
from shuanglian.core.profile import active
from shuanglian.grievances.models import Demand, Desk, Step
from shuanglian.notifications.actions import messages
from shuanglian.organisation.models import UnitAccount
from shuanglian.trail import trail

BATCH = 5_000


def remind(*, on: date, at: datetime) -> int:
    """Tell every holder how many of his demands are due within the profile's days, and how many are over; a step is
    written into each demand when its reminder begins. How many messages. Safe to run twice: a day's is one."""
    begin = Demand.objects.open().filter(remind_on=on)
    _steps(begin, at)
    sent = 0
    for user, (soon, late) in _counts(on).items():
        told = {"soon": soon, "late": late}
        template = "grievances.late" if late else "grievances.due"
        if messages.send(to=user, template=template, params=told, link=reverse("grievances:ledger"), by=None, at=at,
                         once=f"grievances.due:{user.pk}:{on}") is not None:  # fmt: skip
            sent += 1
    return sent


def _steps(rows: object, at: datetime) -> None:
    fresh = rows.exclude(steps__kind=Step.Kind.REMINDED, steps__at__date=at.date())  # type: ignore[attr-defined]
    found = list(fresh.values_list("pk", "area_code", "rung"))
    for start in range(0, len(found), BATCH):
        Step.objects.bulk_create([
            Step(demand_id=pk, area_code=code, kind=Step.Kind.REMINDED, rung=rung, at=at)
            for pk, code, rung in found[start : start + BATCH]
        ])  # fmt: skip
    for county, many in Counter(code[:6] for _pk, code, _rung in found).items():
        trail.write("grievances.remind", by=None, at=at, area_code=county.ljust(12, "0"), count=many)


def _counts(on: date) -> dict[User, tuple[int, int]]:
    """Accounts with something due: (due by tomorrow's working day, over). Counted by holder in four queries."""
    rows = Demand.objects.open().filter(Q(remind_on__lte=on)).order_by()
    parts = {"soon": Count("pk", filter=Q(due_on__gte=on)), "late": Count("pk", filter=Q(due_on__lt=on))}
    found: dict[User, tuple[int, int]] = {}

    def add(user: User, soon: int, late: int) -> None:
        before = found.get(user, (0, 0))
        found[user] = (before[0] + soon, before[1] + late)

    cadres = list(rows.exclude(cadre=None).values_list("cadre__user").annotate(**parts))
    users = User.objects.in_bulk([user for user, *_parts in cadres if user])
    for user, soon, late in cadres:
        if user in users:
            add(users[user], soon, late)
    units: dict[int, list[User]] = {}
    for one in UnitAccount.objects.select_related("user"):
        units.setdefault(one.unit_id, []).append(one.user)
    for unit, soon, late in rows.exclude(unit=None).values_list("unit").annotate(**parts):
        for account in units.get(unit or 0, []):
            add(account, soon, late)
    offices = rows.exclude(office_code="").values_list("office_code", "department").annotate(**parts)
    for code, department, soon, late in offices:
        for account in _of_office(code, department):
            add(account, soon, late)
    return found


def _of_office(code: str, department: str) -> list[User]:
    """The clerks of a department's desks; without any, and for the office itself, those who handle demands there."""
    if department:
        clerks = [one.user for one in Desk.objects.filter(area_code=code, department=department, until=None)
                  .select_related("user")]  # fmt: skip
        if clerks:
            return clerks
    area = Area.objects.current().filter(code=code).first()
    if area is None:
        return []
    roles = [name for name, role in active().roles.items()
             if "grievances.handle" in role.may and role.bound_to == "area" and name != "department"]  # fmt: skip
    return list(User.objects.filter(area=area, role__in=roles, is_active=True))
