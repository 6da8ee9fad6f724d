"""What the register does with rosters: how households enter, what they are compared with, what is worked out after."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from shuanglian.jobs.actions import jobs
from shuanglian.jobs.models import Job
from shuanglian.sheets import acceptors

from .actions import bulk, bulk_known, bulk_villages, counts

SUSPICIONS = "registry.suspicions"

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.areas.models import Area


def register() -> None:
    """Called once from ready()."""
    acceptors.register(
        acceptors.Acceptor(
            "households", bulk.accept_households,
            tables=("registry.Household", "registry.Person", "registry.HouseholdYear"), elsewhere=bulk_known.elsewhere,
            derived={
                "registry.Suspicion": Q(state="open"), "registry.HouseholdSuspicion": Q(state="open"),
                "registry.Flag": Q(),
            },
        )
    )  # fmt: skip
    acceptors.register(
        acceptors.Acceptor("villages", bulk_villages.accept_villages, tables=("registry.VillageYear",),
                           derived={"registry.Flag": Q()})
    )  # fmt: skip
    acceptors.register_known("households", bulk_known.households)
    acceptors.register_known("persons", bulk_known.persons)
    acceptors.after_accept(_work_out)


def _work_out(*, kind: str, area: Area, batch_id: int, at: datetime, by: User | None = None, **_more: Any) -> None:
    """Figures of the area at once; people who may stand twice are looked for in the background, after the commit."""
    if kind == "villages":
        counts.rebuild(area, at)
    if kind == "households":
        counts.rebuild(area, at)
        look_later(area, by=by, at=at)


def look_later(area: Area, *, by: User | None, at: datetime) -> Job:
    """Order the comparison of an area's people, unless one that has not begun is waiting already."""
    params = {"area": area.code}
    waiting = Job.objects.filter(kind=SUSPICIONS, params=params, state=Job.State.WAITING).first()
    if waiting is not None:
        return waiting
    title = _("查找疑似重复：{area}").format(area=area.name)
    return jobs.start(kind=SUSPICIONS, title=title, params=params, by=by, at=at, area_code=area.code)
