"""Families' cards: a code for each household, new when a card is lost; printing is written down (FUND-6)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from shuanglian.benefits.models import Card
from shuanglian.organisation.changes import reason_given
from shuanglian.registry.models import Household
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that looks like something else on paper
LENGTH = 12  # 31 ** 12 is some 8 * 10 ** 17: not to be guessed even with a million cards about


def new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


@transaction.atomic
def issue(*, households: Sequence[Household], by: User | None, at: datetime) -> int:
    """Give every household that has none a card; how many were made."""
    ids = [one.pk for one in households]
    have = set(Card.objects.filter(household__in=ids).values_list("household_id", flat=True))
    made = [
        Card(household=one, area_code=one.area_code, code=new_code(), made_at=at)
        for one in households
        if one.pk not in have
    ]
    Card.objects.bulk_create(made, ignore_conflicts=True)  # two clerks at once: the first one's stands
    return len(made)


@transaction.atomic
def note_printed(*, households: Sequence[Household], area_code: str, by: User | None, at: datetime) -> None:
    """Cards went to a printer."""
    Card.objects.filter(household__in=[one.pk for one in households]).update(printed=F("printed") + 1)
    trail.write("benefits.cards.print", by=by, at=at, area_code=area_code, cards=len(households))


@transaction.atomic
def renew(*, household: Household, why: str, by: User | None, at: datetime) -> Card:
    """A card is lost or in wrong hands: its code opens nothing from now on, a new one is made."""
    why = reason_given(why)
    card, made = Card.objects.select_for_update().get_or_create(
        household=household, defaults={"area_code": household.area_code, "code": new_code(), "made_at": at}
    )
    if not made:
        card.code, card.made_at, card.printed, card.closed_at = new_code(), at, 0, None
        card.save(update_fields=["code", "made_at", "printed", "closed_at"])
    trail.write("benefits.cards.renew", about=household, by=by, at=at, why=why)
    return card
