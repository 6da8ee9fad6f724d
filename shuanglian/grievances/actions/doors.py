"""The one way in for every door, and for what the person says later (VOICE-1, VOICE-3, VOICE-6, BEN-7).

    taken = doors.take(key=form_key, door="page", text="…", category="water", village=village, at=now)
    taken.number        what it is followed by; taken.sealed: at the safe letters' page, else at the demands'

Whatever belongs to the safe road goes there from its first second: by its category, or by a word of the profile's safe
words wherever it stands. Nothing of it touches the tables, the trail, the messages or the files of demands. The same
holds for words that are added later to a demand whose steps its holders read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from shuanglian.attachments.actions.attachments import whole_or_none
from shuanglian.complaints.actions import complaints
from shuanglian.complaints.models import Complaint
from shuanglian.complaints.words import is_safe
from shuanglian.core.profile import active, language
from shuanglian.core.scoping import unscoped
from shuanglian.grievances import numbers
from shuanglian.grievances.models import Demand, Step
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.notices.actions.objections import plain

from . import answers, demands
from .coming import never_in

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from shuanglian.accounts.models import User
    from shuanglian.areas.models import Area
    from shuanglian.registry.models import Household

TRAP, FOREIGN = N_("填了给机器看的那一栏"), N_("表格不是本系统发出的")
FAST, MANY = N_("填得太快，不像人填的"), N_("同一网络地址一小时里提得太多")


@dataclass(frozen=True)
class Taken:
    """What the person is given: a number, and which of the two follow pages knows it."""

    number: str
    sealed: bool


@whole_or_none()
@transaction.atomic
def take(
    *, key: UUID, door: str, text: str, village: Area, category: str = "", at: datetime, on: date | None = None,
    by: User | None = None, household: Household | None = None, keep_household: bool = False, name: str = "",
    phone: str = "", place: str = "", language: str = "", never: str = "", urgent: bool = False,
    files: Sequence[UploadedFile | bytes] = (), held: str = "",
) -> Taken:  # fmt: skip
    """Keep what somebody asks, on the road that it belongs to; a Refusal says what is missing and keeps nothing.

    The same key again gives the same number. No category: the profile's last open one. never: also heard from the
    words where nobody ticked it. held: why it is kept aside first; a safe letter never is. keep_household: whether a
    safe letter may keep, under the identity's own key, whose card it came from; name and phone are kept as given.
    """
    category = category or list(active().grievances.open_categories)[-1]
    if _sealed_road(key, category, (text, place, name)):
        number = complaints.send(
            text=text, kind=_kind(category), village=village, household=household, keep_household=keep_household,
            place=place, name=name, phone=phone, photos=files, door=door, language=language or _language(), key=key,
            by=by, at=at,
        )  # fmt: skip
        return Taken(number, sealed=True)
    demands.raise_(
        key=key, door=door, text=text, category=category, village=village, at=at, on=on, by=by, household=household,
        name=name, phone=phone, place=place, language=language, never=never or never_in(text), urgent=urgent,
        files=files, held=held,
    )  # fmt: skip
    return Taken(numbers.number_of(key), sealed=False)


def _sealed_road(key: UUID, category: str, said: Sequence[str]) -> bool:
    """By its category, by a safe word in any field; and what once went that way under a form's key stays there."""
    known = active().grievances.categories.get(category)
    if (known is not None and known.sealed) or any(map(is_safe, said)):
        return True
    with unscoped():
        return Complaint.objects.filter(key=key).exists() and not Demand.objects.filter(key=key).exists()


def stands(key: UUID) -> bool:
    """Whether what came under a form's key is kept already, on either road: then it may come again at any time."""
    with unscoped():
        return Demand.objects.filter(key=key).exists() or Complaint.objects.filter(key=key).exists()


def _kind(category: str) -> str:
    """The kind of letter that a sealed category is: of its own name, or the one that it opens; else by its words."""
    known, kinds = active().grievances.categories.get(category), active().complaints.kinds
    if known is None or not known.sealed:
        return ""
    return next((code for code in (category, known.matter or "") if code in kinds), "")


def _language() -> str:
    return language()


def why_held(*, many: int, waited: float | None, trap: bool, urgent: bool = False) -> str:
    """Why a form of the public is kept aside for a clerk to look through; empty when it goes straight on.

    many: forms of its address in this hour before it. waited: seconds between page and form, None when the page was
    not ours. urgent: one of the "three nevers" does not wait because of its neighbours (BEN-7).
    """
    terms = active().grievances.terms
    if trap:
        return TRAP
    if waited is None:
        return FOREIGN
    if waited < terms.seconds:
        return FAST
    return MANY if many >= terms.held_from and not urgent else ""


# --- what the person says later ---------------------------------------------------------------------------------------
@transaction.atomic
def add(*, demand: Demand, text: str, key: UUID, at: datetime) -> Taken | None:
    """More words to a demand, the same ones once; with a safe word in them they are a safe letter instead."""
    if is_safe(text):
        return _letter(demand, text, key, at)
    kept = demands.locked(demand)
    if not Step.objects.filter(demand=kept, kind=Step.Kind.ADDED, text=plain(text)).exists():
        demands.add_words(demand=kept, text=text, at=at)
    return None


@transaction.atomic
def word(
    *, demand: Demand, reply: int, yes: bool, key: UUID, at: datetime, said: str = "", score: int | None = None
) -> Taken | None:
    """The person's yes or no to the answer that stood on the page; said once more it changes nothing.

    A safe word in what is said goes the safe road; the yes or no stands without it. reply: the answer's, so that
    nobody agrees to one that came meanwhile.
    """
    kept = demands.locked(demand)
    latest = answers.latest(kept)
    if latest is None or latest.pk != reply:
        raise Refusal("newer_answer", N_("这条诉求有了新的情况，请看过再回话"))
    if latest.word in ("yes", "no") and (latest.word == "yes") == yes:
        return None
    taken = _letter(kept, said, key, at) if is_safe(said) else None
    answers.word(demand=kept, yes=yes, said="" if taken else said, score=score, at=at)
    return taken


def _letter(demand: Demand, text: str, key: UUID, at: datetime) -> Taken:
    number = complaints.send(
        text=text, village=demand.village, household=demand.household, keep_household=False, door=demand.door,
        language=_language(), key=key, at=at,
    )  # fmt: skip
    return Taken(number, sealed=True)


__all__ = ["Taken", "add", "stands", "take", "why_held", "word"]
