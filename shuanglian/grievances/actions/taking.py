"""What clerks write down for others: a call, a letter, and everything that a person without a telephone wants to say.

    taken = taking.take(key=form_key, door="hotline", text="…", area=village, by=operator, at=now)

What belongs to the safe road goes there from its first second, whoever writes it down; by: is kept either way (VOICE-1,
VOICE-3, VOICE-6).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from shuanglian.complaints.actions import complaints
from shuanglian.complaints.words import is_safe
from shuanglian.core.profile import active, language
from shuanglian.grievances.models import Demand, Reply, Step
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.notices.actions.objections import plain

from . import answers, demands, doors
from .doors import Taken

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from shuanglian.accounts.models import User
    from shuanglian.areas.models import Area
    from shuanglian.registry.models import Household


@transaction.atomic
def take(
    *, key: UUID, door: str, text: str, area: Area, by: User | None, at: datetime, on: date | None = None,
    household: Household | None = None, category: str = "", never: str = "", urgent: bool = False, name: str = "",
    phone: str = "", files: Sequence[UploadedFile | bytes] = (), join: int | None = None,
) -> Taken:  # fmt: skip
    """Keep what somebody says or wrote; a category that nobody chose is the one its words propose.

    join: an open demand of the same village that it is to be joined to; a letter of the safe road joins nothing.
    """
    taken = doors.take(
        key=key, door=door, text=text, village=area, household=household, name=name, phone=phone, never=never,
        category=category or active().grievances.category_of(text), urgent=urgent, files=files, on=on, by=by,
        at=at,
    )  # fmt: skip
    if join is not None and by is not None and not taken.sealed:
        _join(key, join, by, at)
    return taken


def _join(key: UUID, leader: int, by: User, at: datetime) -> None:
    """Sent a second time it is joined already."""
    made = Demand.objects.get(key=key)
    if made.state == Demand.State.JOINED and made.joined_to_id == leader:
        return
    to = Demand.objects.open().filter(pk=leader).first()
    if to is None:
        raise Refusal("not_open", N_("要并入的那条诉求已经不在办理中，请不要选它，再交一次"))
    demands.join(demands=[made], to=to, by=by, at=at)


@transaction.atomic
def speak(
    *, demand: Demand, key: UUID, by: User, at: datetime, how: str = "", yes: bool | None = None, said: str = "",
    score: int | None = None, more: str = "",
) -> Taken | None:  # fmt: skip
    """Write down for somebody: how the answer reached him, his yes or no with a score, words that he adds.

    Nothing of it is done when a part is refused. Words of the safe road become a letter; its number comes back.
    """
    if not how and yes is None and not more.strip():
        raise Refusal("nothing_said", N_("请登记怎样告知的、本人认不认可，或者本人补充的话"))
    if how:
        answers.tell(demand=demand, how=how, by=by, at=at)
    letter = None
    if yes is not None and not _said_already(demand, yes):
        letter = _letter(demand, said, key, by, at) if is_safe(said) else None
        answers.word(demand=demand, yes=yes, said="" if letter else said, score=score, by=by, at=at)
    if is_safe(more):
        return _letter(demand, more, key, by, at)
    if more.strip() and not demand.steps.filter(kind=Step.Kind.ADDED, text=plain(more)).exists():
        demands.add_words(demand=demand, text=more, by=by, at=at)
    return letter


def _said_already(demand: Demand, yes: bool) -> bool:
    """The same yes or no sent a second time changes nothing."""
    reply = answers.latest(demands.locked(demand))
    return reply is not None and reply.word == (Reply.Word.YES if yes else Reply.Word.NO)


def waits_for_word(demand: Demand) -> Reply | None:
    """The answer that the person has not said yes or no to."""
    return answers.latest(demand) if demand.state == Demand.State.ANSWERED else None


def latest(demand: Demand) -> Reply | None:
    return answers.latest(demand)


def _letter(demand: Demand, text: str, key: UUID, by: User, at: datetime) -> Taken:
    number = complaints.send(
        text=text, village=demand.village, household=demand.household, keep_household=False, door=demand.door,
        language=language(), key=key, by=by, at=at,
    )  # fmt: skip
    return Taken(number, sealed=True)


__all__ = ["Taken", "latest", "speak", "take", "waits_for_word"]
