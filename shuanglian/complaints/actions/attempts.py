"""打探 whoever tries to open what is not his is written down, for the officers of the level above him (VOICE-6)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from shuanglian.areas.models import Area
from shuanglian.complaints.models import Attempt
from shuanglian.core.scoping import unscoped
from shuanglian.rules.complaints import LOWEST, TOP

from .complaints import code_at

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


@transaction.atomic
def note(*, user: User, what: str, path: str, at: datetime) -> None:
    """One line, the same whether there is anything behind the address or not; somebody without an area is not kept."""
    if user.area is None:
        return
    with unscoped():
        Attempt.objects.create(area_code=seen_from(user.area), user=user, what=what, path=path[:200], at=at)


def seen_from(area: Area) -> str:
    """The office that sees what somebody of an area tried: the one above, between the county's and the province's."""
    return code_at(area.code, min(max(area.level - 1, TOP), LOWEST))
