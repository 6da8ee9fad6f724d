"""安全信件 a letter comes in, by whatever door, and the person who wrote it goes on (VOICE-6, FIELD-6, FUND-6).

    number = complaints.send(text="…", kind="gifts", village=village, key=form_key, door="card", at=now)

The same key again keeps nothing twice and takes the same way with the same work; other words under the same key are
added to the letter. No line of the trail, no message, no job, no row of any other room tells that one came.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.db import transaction

from shuanglian.areas.models import Area, prefix_of
from shuanglian.attachments.reading import read
from shuanglian.complaints import access, naming, sealing
from shuanglian.complaints.models import Complaint, Photo, Step
from shuanglian.complaints.numbers import number_digest, number_of
from shuanglian.complaints.words import kind_of
from shuanglian.core.clock import day_of
from shuanglian.core.profile import active
from shuanglian.core.scoping import unscoped
from shuanglian.core.sealed_files import SealedFolder
from shuanglian.core.secrets import digest
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.notices.actions.objections import plain
from shuanglian.rules.complaint_shapes import ComplaintTerms
from shuanglian.rules.complaints import above, reading_level

from . import log

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from shuanglian.accounts.models import User
    from shuanglian.registry.models import Household

FOLDER = SealedFolder("letters")
LONGEST_NAME, LONGEST_PHONE, LONGEST_WHO, LONGEST_PLACE = 40, 20, 200, 100
OTHER = "other"


@transaction.atomic
def send(
    *, text: str, kind: str = "", village: Area | None = None, household: Household | None = None,
    county: Area | None = None, accused: str = "", offices: Sequence[str] = (), place: str = "", name: str = "",
    phone: str = "", keep_household: bool = True, photos: Sequence[UploadedFile | bytes] = (), door: str = "page",
    language: str = "", key: UUID, by: User | None = None, at: datetime,
) -> str:  # fmt: skip
    """Keep a letter; the number to follow it by. A Refusal says what is missing and keeps nothing.

    kind: of the profile, or the code of a prohibition; empty asks the words of the text. household: kept, under the
    identity's key, only if `keep_household`; who answers for it is kept away from the letter either way. by: who wrote
    it down for somebody (the hotline).
    """
    allowed = log.terms()
    written: dict[str, Any] = {
        "kind": kind, "prohibition": "", "text": plain(text), "accused": _short(accused, LONGEST_WHO),
        "place": _short(place, LONGEST_PLACE), "offices": sorted(set(offices)), "door": door, "language": language,
        "by": by.pk if by else None,
    }  # fmt: skip
    _check(written, allowed)
    with unscoped():
        where = village or (household.village if household is not None else None)
        written |= {"village": where.code if where else "", **_kind(kind, written["text"])}
        home = _home(county or where)
        away = naming.away(
            county=home, village=where, household=household, offices=written["offices"],
            told="\n".join((written["text"], written["accused"], written["place"])),
        )  # fmt: skip
        who: dict[str, Any] = {"name": _short(name, LONGEST_NAME), "phone": _short(phone, LONGEST_PHONE)}
        if household is not None and keep_household:
            who |= {"household": household.pk, "number": household.number, "head": household.head_name}
        _keep({**written, "away": away.kept()}, who, _office(home, away, at), key, photos, allowed, at)
    return number_of(key)


def _short(text: str, longest: int) -> str:
    text = " ".join(plain(text).split())
    if len(text) > longest:
        raise Refusal("text_too_long", N_("文字太长：最多 {most} 字"), most=longest)
    return text


def _check(written: dict[str, Any], allowed: ComplaintTerms) -> None:
    profile = active()
    if len(written["text"]) > allowed.longest:
        raise Refusal("text_too_long", N_("文字太长：最多 {most} 字"), most=allowed.longest)
    if written["kind"] not in {"", *profile.complaints.kinds, *profile.fieldwork.prohibitions}:
        raise Refusal("unknown_kind", N_("请选择是什么事"))
    if not set(written["offices"]) <= profile.complaints.offices.keys():
        raise Refusal("unknown_office", N_("请选择涉及哪一级"))
    if not written["text"] and written["kind"] not in profile.fieldwork.prohibitions:
        raise Refusal("text_missing", N_("请写明是什么事"))


def _kind(kind: str, text: str) -> dict[str, str]:
    """(kind, prohibition): a prohibition is one of the kind that has them; nothing chosen is read off the words."""
    profile = active()
    if kind in profile.fieldwork.prohibitions and kind not in profile.complaints.kinds:
        conduct = next((code for code, one in profile.complaints.kinds.items() if one.prohibitions), OTHER)
        return {"kind": conduct, "prohibition": kind}
    return {"kind": kind or kind_of(text) or OTHER, "prohibition": ""}


def _home(area: Area | None) -> Area:
    """The county that a letter is about; of a letter that names no place, the area of the profile."""
    code = area.code if area is not None else str(active().area_code)
    found = area or Area.objects.current().filter(code=code.ljust(12, "0")).first()
    if found is None:
        raise Refusal("no_place", N_("请选择是哪个县的事"))
    if found.level <= Area.Level.COUNTY:
        return found
    county = prefix_of(found.code, Area.Level.COUNTY).ljust(12, "0")
    return Area.objects.current().get(code=county)


def _office(home: Area, away: naming.Away, at: datetime) -> str:
    """The lowest office above every level named that has somebody to read it; with nobody anywhere, the lowest."""
    first = level = min(reading_level(away.levels), home.level)
    step: int | None = level
    while step is not None:
        code = code_at(home.code, step)
        if access.readers_of(code, away.kept(), day_of(at)):
            return code
        step = above(step)
    return code_at(home.code, first)


def code_at(code: str, level: int) -> str:
    return prefix_of(code, level).ljust(12, "0")


def _keep(
    content: dict[str, Any], who: dict[str, Any], office: str, key: UUID,
    photos: Sequence[UploadedFile | bytes], allowed: ComplaintTerms, at: datetime,
) -> None:  # fmt: skip
    """Everything is worked out and sealed before anybody looks whether the letter is there already."""
    stored = _stored(photos, allowed)
    pk, number = uuid4(), number_of(key)
    words = digest("|".join(str(content[name]) for name in ("kind", "prohibition", "accused", "place", "text")))
    row = Complaint(
        pk=pk, key=key, number_digest=number_digest(number), office_code=office, first_code=office, words=words,
        content=json.dumps(content, ensure_ascii=False), identity=sealing.seal_identity(who, about=str(pk)),
        state=Complaint.State.RECEIVED, on=day_of(at), at=at, **log.deadlines(day_of(at), allowed.accept_days),
    )  # fmt: skip
    Complaint.objects.bulk_create([row], ignore_conflicts=True)
    kept = Complaint.objects.select_for_update().get(key=key)
    if kept.pk == pk:
        log.write(kept, Step.Kind.RECEIVED, by=None, at=at)
        Photo.objects.bulk_create(Photo(complaint=kept, file=name, place=n) for n, name in enumerate(stored, 1))
        return
    transaction.on_commit(lambda: FOLDER.remove(*stored))
    if kept.words != words:
        log.write(kept, Step.Kind.ADDED, by=None, at=at, text=content["text"])


def _stored(photos: Sequence[UploadedFile | bytes], allowed: ComplaintTerms) -> list[str]:
    """Photos made small, without place, time and file name; sealed on disk under random names."""
    if len(photos) > allowed.photos:
        raise Refusal("too_many_photos", N_("照片最多 {most} 张"), most=allowed.photos)
    most, bare = allowed.photo_mb * 1024 * 1024, []
    for photo in photos:
        data = photo if isinstance(photo, bytes) else photo.read(most + 1)
        if len(data) > most:
            raise Refusal("photo_too_large", N_("照片太大：每张最多 {most} MB"), most=allowed.photo_mb)
        bare.append(read(data, kinds=frozenset({"image"})).data)
    return [FOLDER.store(data) for data in bare]
