"""Where the register's own doors lead when the profile has a procedure for what they do (REG-4)."""

from __future__ import annotations

from django.urls import reverse

from shuanglian.core import clock
from shuanglian.core.profile import active
from shuanglian.registry.models import Household


def lead(effect: str, household: Household | None) -> str:
    """The page that opens the procedure of an effect; "" when none is in force today."""
    known = [one for one in active().on(clock.today()).procedures.values() if one.effect == effect]
    if not known:
        return ""
    if household is None:
        return reverse("recognition:apply", args=[known[0].code])
    return reverse("recognition:choose", args=[household.pk])
