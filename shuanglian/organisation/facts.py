"""A cadre's row as plain facts for the rules of quotas (PAIR-2, PAIR-3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from shuanglian.core.profile import active
from shuanglian.kernel.words import N_, Said
from shuanglian.rules.quotas import CadreFacts, capacity_for, takes_households

from .models import Absence, Cadre

# Absences as the profile's list of statuses names them.
STATUS_OF = {
    Absence.Kind.LEAVE: "leave", Absence.Kind.ILLNESS: "leave", Absence.Kind.OTHER: "leave",
    Absence.Kind.RETIRED: "retired", Absence.Kind.TRANSFERRED: "transferred",
}  # fmt: skip


@dataclass(frozen=True)
class Duty:
    """Whether a cadre takes households on a day, why, how many by rank and how many more as the fallback."""

    takes: bool
    why: Said
    quota: int
    slots: int


def of(cadre: Cadre, away: str | None) -> CadreFacts:
    """`away` is the kind of absence that covers the day, if any. A cadre stationed in a township is its fallback."""
    profile = active()
    post = profile.codes["fallback"].find(cadre.post)
    post = post or (next(iter(profile.fallback), None) if cadre.stationed_at_id else None)
    status = STATUS_OF[Absence.Kind(away)] if away else None
    return CadreFacts(cadre.rank or None, cadre.occupation or None, status, post)


def duty(cadre: Cadre, on: date) -> Duty:
    """What the profile asks of a cadre on a day (PAIR-2, PAIR-3)."""
    if cadre.until is not None and cadre.until < on:
        return Duty(False, Said(N_("已不在册，不安排联户")), 0, 0)
    covering = cadre.absences.filter(since__lte=on).filter(Q(until__isnull=True) | Q(until__gte=on))
    known = of(cadre, covering.values_list("kind", flat=True).first())
    takes, why = takes_households(active(), known, on)
    _minimum, quota, slots = capacity_for(active(), known, on) if takes else (0, 0, 0)
    return Duty(takes, why, quota, slots)
