"""Whom a cadre may visit, in which villages he may work: pair, post, the same unit (PAIR-1, PAIR-8, PAIR-9)."""

from __future__ import annotations

from datetime import date, timedelta

from shuanglian.areas.models import Area
from shuanglian.core import profile
from shuanglian.organisation.models import Cadre
from shuanglian.pairing.models import Pairing, VillageLink
from shuanglian.registry.models import Household

from .models import Post


def pairing_on(cadre: Cadre, household: Household, on: date) -> Pairing | None:
    """The pair of the two that stood that day."""
    return Pairing.objects.standing_on(on).filter(cadre=cadre, household=household).first()


def may_visit(cadre: Cadre, household: Household, on: date) -> bool:
    """Paired that day or a few days before (a phone without signal does not know that it ended); stationed in the
    village; or of the unit that is linked to the village or answers for the household: units replace who cannot go."""
    grace = on - timedelta(days=profile.active().fieldwork.limit("after_pair") or 0)
    pairs = Pairing.objects.not_over_on(grace).filter(household=household, since__lte=on)
    return (
        pairs.filter(cadre__unit_id=cadre.unit_id).exists()
        or Post.objects.standing_on(on).filter(cadre=cadre, village_id=household.village_id).exists()
        or VillageLink.objects.standing_on(on).filter(unit_id=cadre.unit_id, village_id=household.village_id).exists()
    )


def works_in(cadre: Cadre, village: Area, on: date) -> bool:
    """Stationed there that day, of the unit linked to it, stationed in its township, or paired with a home there."""
    return (
        Post.objects.standing_on(on).filter(cadre=cadre, village=village).exists()
        or VillageLink.objects.standing_on(on).filter(unit_id=cadre.unit_id, village=village).exists()
        or (cadre.stationed_at_id is not None and cadre.stationed_at_id == village.parent_id)
        or Pairing.objects.standing_on(on).filter(cadre=cadre, household__village=village).exists()
    )
