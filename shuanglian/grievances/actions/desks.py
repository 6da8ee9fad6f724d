"""Who works for which department: given, ended, never removed (VOICE-2)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from shuanglian.core.clock import day_of
from shuanglian.core.profile import active
from shuanglian.grievances.models import Desk
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


@transaction.atomic
def give(*, user: User, department: str, by: User, at: datetime) -> Desk:
    """Let a department's clerk handle what comes to it in his own area."""
    if user.area is None or department not in active().departments:
        raise Refusal("no_such_department", N_("方案里没有这个部门"))
    found, made = Desk.objects.get_or_create(
        user=user, department=department, until=None,
        defaults={"area_code": user.area.code, "since": day_of(at)},
    )  # fmt: skip
    if made:
        trail.write("grievances.desk", about=user, by=by, at=at, area_code=user.area.code, department=department)
    return found


@transaction.atomic
def end(*, desk: Desk, by: User, at: datetime) -> Desk:
    """From tomorrow on he no longer does; what waits stays with the department."""
    desk.until = day_of(at)
    desk.save(update_fields=["until"])
    trail.write("grievances.desk", about=desk.user, by=by, at=at, area_code=desk.area_code, ended=desk.department)
    return desk
