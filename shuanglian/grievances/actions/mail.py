"""Letters by e-mail become demands, letters of the safe road, or wait for a clerk to say where they belong (VOICE-1).

    received = mail.receive(message, at=now)        received.what: taken, waiting, known, ignored
    writing_back.write_back(received)               the number, to the sender: afterwards, never a condition
    mail.sort(mail=row, area=village, category="water", by=clerk, at=now)

The same Message-ID is the same letter. What belongs to the safe road goes there whole and leaves no row, file or line
here; what a clerk finds to belong there leaves none either. Files that cannot be kept are named, the letter is kept.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.message import Message
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import translation

from shuanglian.areas.models import Area
from shuanglian.attachments.reading import read
from shuanglian.complaints.actions import complaints
from shuanglian.complaints.models import Complaint
from shuanglian.complaints.words import is_safe, kind_of
from shuanglian.core.clock import day_of
from shuanglian.core.forms import translated
from shuanglian.core.profile import active
from shuanglian.core.scoping import unscoped
from shuanglian.core.sealed_files import SealedFolder
from shuanglian.core.secrets import digest
from shuanglian.grievances import mail_reading
from shuanglian.grievances.mail_places import village_in
from shuanglian.grievances.mail_reading import File, Letter
from shuanglian.grievances.models import Demand, Mail, Step
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.notices.actions.objections import plain
from shuanglian.trail import trail

from . import demands, doors
from .doors import Taken

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.registry.models import Household

FOLDER = SealedFolder("mails")
PIECE, PIECES = 1_000, 40  # of a long letter; what a step of a demand holds, and so many of them
A_DAY, TIMES = 20, 5  # letters of one address that are written back to; tries until it is given up
ALL, IMAGES = frozenset({"image", "pdf"}), frozenset({"image"})


@dataclass(frozen=True)
class Received:
    """What became of a letter. number, address: what to send back to whom, if anything."""

    what: str
    number: str = ""
    address: str = ""
    language: str = "zh"
    mail: UUID | None = None


@transaction.atomic
def receive(message: Message, *, at: datetime, own: str = "") -> Received:
    """Take a letter in, once. own: our own address."""
    letter = mail_reading.read(message, own)
    if letter.ignored:
        return Received("ignored")
    with unscoped():
        if _known(letter.key):
            return Received("known")
        county = county_of_profile()
        whole = plain(letter.words)
        village = village_in(whole, county)
        if not is_safe(whole) and (village is None or len(whole) < demands.SHORTEST):
            return _wait(letter, county, at)
        taken = _down(
            letter.key, whole, village or county, files=letter.files, unread=letter.unread, name=letter.name,
            on=letter.on, at=at,
        )  # fmt: skip
        writes = letter.answerable
        if not taken.sealed:
            row = _keep(letter, county, at, demand=Demand.objects.get(key=letter.key))
            writes = row.told == Mail.Told.WAITING
        return _received(taken, letter.key, letter.sender if writes else "", whole)


def county_of_profile() -> Area:
    """Where letters come in that name no place."""
    found = Area.objects.current().filter(code=str(active().area_code).ljust(12, "0")).first()
    if found is None:
        raise Refusal("no_county", N_("区划表里没有方案的县，请先导入区划"))
    return found


def _known(key: UUID) -> bool:
    rows: Sequence[type[Mail | Demand | Complaint]] = (Mail, Demand, Complaint)
    return any(model._default_manager.filter(**{"pk" if model is Mail else "key": key}).exists() for model in rows)


def _received(taken: Taken, key: UUID, address: str, words: str) -> Received:
    return Received("taken", taken.number, address, language_of(words), None if taken.sealed else key)


def language_of(text: str) -> str:
    """The language to write back in: English to whoever wrote no Chinese."""
    return "zh" if any("\u3400" <= one <= "\u9fff" for one in text) or not text.strip() else "en"


# --- keeping ---------------------------------------------------------------------------------------------------------
def _down(
    key: UUID, whole: str, area: Area, *, files: Sequence[File], unread: Sequence[str], name: str, on: date | None,
    at: datetime, household: Household | None = None, category: str = "", never: str = "", urgent: bool = False,
    by: User | None = None,
) -> Taken:  # fmt: skip
    """Keep a letter on its road, all of its words: what is too long for one form follows it."""
    programme = active().grievances
    first, *rest = pieces(whole, min(PIECE, programme.terms.longest))
    known = programme.categories.get(category)
    safe = is_safe(whole) or (known is not None and known.sealed)
    sifted, notes = _sifted(files, unread, IMAGES if safe else ALL)
    kept = [data for _name, data in sifted]
    said: dict[str, Any] = {
        "key": key,
        "name": name,
        "by": by,
        "at": at,
        "door": Demand.Door.MAIL,
        "language": language_of(whole),
    }
    if safe:
        number = complaints.send(text=first, kind=kind_of(whole), village=area, household=household,
                                 keep_household=False, photos=kept, **said)  # fmt: skip
        for more in [*rest, *pieces("\n".join(notes), PIECE)] if notes else rest:
            complaints.send(text=more, kind=kind_of(whole), village=area, household=household, keep_household=False,
                            **said)  # fmt: skip
        return Taken(number, sealed=True)
    taken = doors.take(
        text=first, village=area, household=household, category=category or programme.category_of(whole), never=never
        or programme.never_of(whole), urgent=urgent, files=kept, on=min(on, day_of(at)) if on else None, **said,
    )  # fmt: skip
    demand = Demand.objects.get(key=key)
    for kind, more in [*((Step.Kind.ADDED, one) for one in rest), *((Step.Kind.NOTED, one) for one in notes)]:
        demands.step(demand, kind, by=by, at=at, text=more)
    return taken


def pieces(text: str, longest: int) -> list[str]:
    """A long text cut where a line ends, if one does; at least one piece."""
    found = list[str]()
    while len(text) > longest and len(found) < PIECES:
        cut = text.rfind("\n", longest // 2, longest)
        cut = cut if cut > 0 else longest
        found.append(text[:cut].strip())
        text = text[cut:].strip()
    return [one for one in [*found, text[:longest]] if one] or [""]


def _sifted(
    files: Sequence[File], unread: Sequence[str], kinds: frozenset[str]
) -> tuple[list[tuple[str, bytes]], list[str]]:
    """Files that may be kept, as they are kept; for each of the others a line that says why not and what to do."""
    terms = active().grievances.terms
    kept, notes = list[tuple[str, bytes]](), list[str]()
    for one in files:
        try:
            if len(kept) >= terms.files:
                raise Refusal("too_many_files", N_("附件最多 {most} 个"), most=terms.files)
            if len(one.data) > terms.file_mb * 1024 * 1024:
                raise Refusal("file_too_large", N_("附件太大：每个最多 {most} MB"), most=terms.file_mb)
            kept.append((one.name, read(one.data, kinds=kinds).data))
        except Refusal as refusal:
            notes.append(_note(one.name, refusal))
    unreadable = Refusal("not_read", N_("信里这一部分读不出"))
    return kept, [*notes, *(_note(name, unreadable) for name in unread)]


def _note(name: str, refusal: Refusal) -> str:
    with translation.override("zh-hans"):  # it is kept with the demand, whoever reads it later
        return translated(Refusal("", N_("附件没有收下：“{file}”，{why}"), file=name, why=refusal.said).said)[:500]


def _keep(letter: Letter, county: Area, at: datetime, *, demand: Demand | None) -> Mail:
    """The row that knows whom to write back to; of one that waits, its words as well."""
    mark = digest(letter.sender.casefold()) if letter.sender else ""
    often = Mail.objects.filter(sender_digest=mark, at__gt=at - timedelta(days=1)).count() if mark else 0
    writes = letter.answerable and often < A_DAY
    waits = {} if demand else {"subject": letter.subject, "text": letter.text}
    return Mail.objects.create(
        id=letter.key, area_code=county.code, sender=letter.sender, sender_digest=mark, name=letter.name, at=at,
        on=min(letter.on or day_of(at), day_of(at)), demand=demand, told=Mail.Told.WAITING if writes else Mail.Told.NO,
        state=Mail.State.TAKEN if demand else Mail.State.WAITING, **waits,
    )  # fmt: skip


def _wait(letter: Letter, county: Area, at: datetime) -> Received:
    """For a clerk: with its files, and what is wrong with the others."""
    row = _keep(letter, county, at, demand=None)
    kept, notes = _sifted(letter.files, letter.unread, ALL)
    row.files = json.dumps([[FOLDER.store(data), "pdf" if data[:1024].lstrip().startswith(b"%PDF-") else "image", name]
                            for name, data in kept])  # fmt: skip
    row.note = "\n".join(notes)
    row.save(update_fields=["note", "files"])
    return Received("waiting")


# --- sorting ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def sort(
    *, mail: Mail, area: Area, by: User, at: datetime, household: Household | None = None, category: str = "",
    never: str = "", urgent: bool = False,
) -> Received:  # fmt: skip
    """Say where a letter belongs and what it is about: it becomes a demand there, or a letter of the safe road."""
    row = _waiting(mail)
    words = words_of(row)
    if len(words) < demands.SHORTEST:
        words = f"{words} {N_('（来信没有文字，见附件）')}".strip()
    own = files_of(row)
    files = [File(name or kind, FOLDER.fetch(stored)) for stored, kind, name in own]
    taken = _down(row.pk, words, area, files=files, unread=[], name=row.name, on=row.on, at=at, household=household,
                  category=category, never=never, urgent=urgent, by=by)  # fmt: skip
    transaction.on_commit(lambda: FOLDER.remove(*(stored for stored, _kind, _name in own)))
    address = row.sender if row.told == Mail.Told.WAITING else ""
    if taken.sealed:
        row.delete()
        return _received(taken, mail.pk, address, words)
    made = Demand.objects.get(key=row.pk)
    if row.note:
        demands.step(made, Step.Kind.NOTED, by=by, at=at, text=row.note)
    row.state, row.demand, row.by = Mail.State.TAKEN, made, by
    row.subject = row.text = row.note = row.files = ""
    row.save()
    return _received(taken, row.pk, address, words)


@transaction.atomic
def drop(*, mail: Mail, why: str, by: User, at: datetime) -> Mail:
    """Set aside what is no demand, with the reason; its words stay, sealed."""
    row, why = _waiting(mail), plain(why)
    if len(why) < demands.SHORTEST:
        raise Refusal("reason_missing", N_("请写明为什么不受理"))
    row.state, row.why, row.by, row.told = Mail.State.DROPPED, why[:200], by, Mail.Told.NO
    row.save()
    trail.write("grievances.mail.drop", about=row, by=by, at=at)
    return row


def files_of(row: Mail) -> list[tuple[str, str, str]]:
    """(where it lies sealed, kind, name) of each file of a waiting letter."""
    return [(stored, kind, name) for stored, kind, name in json.loads(row.files or "[]")]


def words_of(row: Mail) -> str:
    """What a waiting letter says, subject included."""
    return Letter(row.pk, "", "", row.subject, row.text, None).words


def sweep(*, at: datetime) -> int:
    """Remove files that no letter speaks of; how many."""
    rows = Mail.objects.exclude(files="")
    return FOLDER.sweep(kept={stored for row in rows for stored, _kind, _name in files_of(row)}, at=at)


def _waiting(mail: Mail) -> Mail:
    row = Mail.objects.select_for_update(of=("self",)).filter(pk=mail.pk, state=Mail.State.WAITING).first()
    if row is None:
        raise Refusal("sorted_already", N_("这封来信已经登记过了"))
    return row


__all__ = ["Received", "county_of_profile", "drop", "files_of", "language_of", "pieces", "receive", "sort", "sweep",
           "words_of"]  # fmt: skip
