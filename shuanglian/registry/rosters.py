"""What the register does with rosters: how households enter, what they are compared with, what is worked out after."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from shuanglian.sheets import acceptors

from .actions import bulk, bulk_known, counts, suspicions

if TYPE_CHECKING:
    from shuanglian.areas.models import Area


def register() -> None:
    """Called once from ready()."""
    acceptors.register(
        acceptors.Acceptor(
            "households", bulk.accept_households,
            tables=("registry.Household", "registry.Person", "registry.HouseholdYear"), elsewhere=bulk_known.elsewhere,
            derived={"registry.Suspicion": Q(state="open")},
        )
    )  # fmt: skip
    acceptors.register_known("households", bulk_known.households)
    acceptors.register_known("persons", bulk_known.persons)
    acceptors.after_accept(_work_out)


def _work_out(*, kind: str, area: Area, batch_id: int, at: datetime, **_more: Any) -> None:
    """Figures of the area, and people who may stand twice."""
    if kind == "households":
        counts.rebuild(area, at)
        suspicions.look_for(area, at=at)
