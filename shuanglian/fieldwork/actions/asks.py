"""诉求 what people ask for, kept beside a visit or by itself (VOICE-1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from shuanglian.fieldwork import hooks
from shuanglian.fieldwork.models import Ask, Visit
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.trail import trail

from . import bringing, once, reading

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.areas.models import Area
    from shuanglian.registry.models import Household


@transaction.atomic
def raise_(
    *, text: str, category: str, key: UUID, by: User, at: datetime, on: date, urgent: bool = False,
    household: Household | None = None, village: Area | None = None, visit: Visit | None = None,
) -> Ask | hooks.Diverted:  # fmt: skip
    """Keep what a household, or people of a village, asked for; the same key again gives the row that stands.

    What belongs on the road of safe letters goes there, and nothing of it is kept here (VOICE-6).
    """
    home = household or (visit.household if visit else None)
    line = bringing.read(given=(), asks=[{"text": text, "category": category, "urgent": urgent}], incomes=(),
                         matters=()).asks[0]  # fmt: skip
    digest = once.digest_of(**line, on=on.isoformat(), household=home.pk if home else None,
                            village=village.pk if village else None, visit=visit.pk if visit else None)  # fmt: skip
    if stands := once.kept(Ask, key, digest, by):
        return stands
    code = home.area_code if home else village.code if village else ""
    if not code:
        raise Refusal("whose_ask", N_("请写明是哪一户、哪个村的诉求"))
    heard = hooks.Heard(line["text"], home, village, key, by, at)
    if (gone := hooks.diverted(heard)) is not None:
        return gone
    ask = Ask.objects.create(
        key=key, digest=digest, visit=visit, household=home, area_code=code, on=reading.day(on, at), by=by, at=at,
        **line,
    )  # fmt: skip
    trail.write("fieldwork.asks.raise", about=home or village, by=by, at=at, area_code=code, ask=ask.pk,
                category=category)  # fmt: skip
    hooks.tell_asks([ask])
    return ask


def answered(*, ask_ids: Sequence[int], text: str, by: User | None, at: datetime) -> int:
    """What was asked for is answered: the room that follows demands says so; how many were open."""
    rows = Ask.objects.filter(pk__in=ask_ids, state=Ask.State.OPEN)
    return rows.update(state=Ask.State.ANSWERED, answer=text[:400], answered_by=by, answered_at=at)


def reopened(*, ask_ids: Sequence[int]) -> int:
    """The person said no: it is open again. The answers stand with the demand."""
    rows = Ask.objects.filter(pk__in=ask_ids, state=Ask.State.ANSWERED)
    return rows.update(state=Ask.State.OPEN, answer="", answered_by=None, answered_at=None)
