"""What is done to objections: made by anybody, looked into, answered (REG-4, VOICE-3, VOICE-6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from shuanglian.attachments.actions.attachments import bytes_of, keep, naming, whole_or_none
from shuanglian.attachments.reading import read
from shuanglian.core.clock import day_of
from shuanglian.core.profile import active
from shuanglian.core.secrets import digest
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.notices import hooks, queries
from shuanglian.notices.models import Notice, Objection
from shuanglian.rules.notice_privacy import HIDDEN, check_text
from shuanglian.rules.notice_shapes import ObjectionTerms
from shuanglian.trail import trail

from .notices import locked, set_clock
from .numbers import number_digest, number_of

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from shuanglian.accounts.models import User

LONGEST_NAME, LONGEST_PHONE, SHORTEST = 40, 20, 4
PHOTO = "objection"


def terms() -> ObjectionTerms:
    """How the profile has objections taken; a Refusal when it takes none."""
    found = active().notices.terms
    if found is None:
        raise Refusal("no_objection_terms", N_("方案没有规定异议怎样受理"))
    return found


@whole_or_none()
@transaction.atomic
def make(
    *, notice: Notice, text: str, row: str = "", name: str = "", phone: str = "",
    photos: Sequence[UploadedFile | bytes] = (), form_key: UUID, at: datetime,
) -> tuple[Objection, str]:  # fmt: skip
    """Keep an objection and stop the notice's clock; (the objection, the number to follow it by).

    Nobody need give a name. The same form sent twice is kept once and gives the same number; a form sent again with
    other words is refused, so that nothing is lost unseen. A photo is kept without place, time and file name.
    """
    kept, allowed = locked(notice), terms()
    text, name, phone = plain(text), " ".join(name.split()), "".join(phone.split())
    words = digest(f"{kept.pk}|{row}|{name}|{phone}|{text}")
    if before := Objection.objects.filter(form_key=form_key).first():
        if before.text_digest != words:
            raise Refusal("form_sent", N_("这张表已经交过一次。要再提一条，请重新打开公示页"))
        return before, number_of(form_key)
    _may_object(kept, row, at)
    if len(text) < SHORTEST:
        raise Refusal("text_missing", N_("请写明您的意见"))
    if len(text) > allowed.longest:
        raise Refusal("text_too_long", N_("文字太长：最多 {most} 字"), most=allowed.longest)
    if len(name) > LONGEST_NAME or len(phone) > LONGEST_PHONE:
        raise Refusal("name_too_long", N_("姓名或电话太长"))
    number = number_of(form_key)
    made = Objection.objects.create(
        notice=kept, area_code=kept.area_code, row=row, form_key=form_key, number_digest=number_digest(number),
        text=text, text_digest=words, name=name, phone=phone, at=at,
        due_on=day_of(at) + timedelta(days=allowed.answer_days),
    )  # fmt: skip
    _keep_photos(made, photos, allowed, at)
    set_clock(kept)
    trail.write("notices.object", about=made, by=None, at=at, area_code=kept.area_code, notice=kept.pk)
    return made, number


def plain(text: str) -> str:
    """Without what cannot be seen: a right-to-left mark would let a reader see something else than what is kept."""
    return HIDDEN.sub("", text.replace("\r\n", "\n").replace("\0", "")).strip()


def _may_object(notice: Notice, row: str, at: datetime) -> None:
    entry = notice.kind_entry()
    if entry is None or not entry.objections:
        raise Refusal("no_objections_here", N_("这份公告不收意见；请打监督电话"))
    if not queries.is_up(notice, day_of(at)):
        raise Refusal("notice_over", N_("公示期已过，不再收意见；请打监督电话"))
    if at < notice.at:
        raise Refusal("before_notice", N_("意见不能早于公示"))
    if row and notice.row(row) is None:
        raise Refusal("no_such_row", N_("公示里没有这一户"))


def _keep_photos(
    objection: Objection, photos: Sequence[UploadedFile | bytes], allowed: ObjectionTerms, at: datetime
) -> None:
    if len(photos) > allowed.photos:
        raise Refusal("too_many_photos", N_("照片最多 {most} 张"), most=allowed.photos)
    most = allowed.photo_mb * 1024 * 1024
    for photo in photos:
        with naming(photo):
            data = bytes_of(photo, most)
            if len(data) > most:
                raise Refusal("photo_too_large", N_("照片太大：每张最多 {most} MB"), most=allowed.photo_mb)
            bare = read(data, kinds=frozenset({"image"})).data  # what the camera wrote into it could tell who took it
        keep(bare, of=objection, area_code=objection.area_code, by=None, at=at, purpose=PHOTO,
             kinds=frozenset({"image"}))  # fmt: skip


@transaction.atomic
def answer(*, objection: Objection, outcome: str, text: str, by: User, at: datetime) -> Objection:
    """Answer an objection in plain words; the clock goes on the next day. Not by whoever published the notice."""
    notice = locked(objection.notice)
    kept = Objection.objects.select_for_update(of=("self",)).select_related("notice").get(pk=objection.pk)
    if not kept.is_open:
        raise Refusal("already_answered", N_("这条异议已经答复"))
    if why_not := may_not_answer(kept, notice, by):
        raise Refusal("may_not_answer", why_not)
    if outcome not in Objection.Outcome.values or outcome == Objection.Outcome.REPEATED:
        raise Refusal("no_outcome", N_("请选处理结果"))
    return answer_as(kept, outcome, text, by=by, at=at)


def answer_as(kept: Objection, outcome: str, text: str, *, by: User, at: datetime) -> Objection:
    """Write the answer of an objection whose row and notice are held; the clock is worked out anew."""
    text, notice = plain(text), kept.notice
    if len(text) < SHORTEST:
        raise Refusal("answer_missing", N_("请用大白话写明答复"))
    if len(text) > terms().longest:
        raise Refusal("text_too_long", N_("文字太长：最多 {most} 字"), most=terms().longest)
    if at < kept.at:
        raise Refusal("answered_before", N_("答复时间不能早于收到意见的时间"))
    check_text(text, on=day_of(at), never=active().notices.never)
    _no_name(text, kept)
    kept.state, kept.outcome, kept.answer = Objection.State.ANSWERED, outcome, text
    kept.answered_by, kept.answered_at = by, at
    kept.save(update_fields=["state", "outcome", "answer", "answered_by", "answered_at"])
    set_clock(notice)
    trail.write("notices.answer", about=kept, by=by, at=at, outcome=outcome, notice=notice.pk,
                late=day_of(at) > kept.due_on)  # fmt: skip
    return kept


def may_not_answer(objection: Objection, notice: Notice, by: User) -> str:
    """Why a person may not answer this objection (a Chinese sentence); empty when nothing stands against it."""
    if notice.by_id == by.pk:
        return N_("发布公示的人不能答复对它的异议，请由他人答复")
    poster = notice.by.area if notice.by else None
    if poster is not None and (by.area is None or by.area.level > poster.level):
        return N_("上一级发布的公示，由发布的一级或它的上级答复异议")
    return hooks.too_near(objection, by)


def _no_name(text: str, objection: Objection) -> None:
    """An answer must not say who objected."""
    if len(objection.name) > 1 and objection.name in text:
        raise Refusal("names_objector", N_("答复里不能出现提意见人的姓名"))


@transaction.atomic
def look(*, objection: Objection, why: str, by: User, at: datetime) -> tuple[str, str]:
    """(name, phone) of who objected, for the answering office; the look is written into the trail."""
    if not why.strip():
        raise Refusal("reason_missing", N_("请写明为什么要看"))
    trail.look("objector", about=objection, by=by, at=at, why=why.strip()[:200])
    return objection.name, objection.phone
