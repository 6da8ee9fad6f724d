"""What is done to notices: published, withdrawn (REG-4, FUND-6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shuanglian.areas.models import Area
from shuanglian.core.clock import day_of
from shuanglian.core.profile import active
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.notices import queries
from shuanglian.notices.models import Notice, canonical
from shuanglian.rules.notice_privacy import check_text, shown_row
from shuanglian.rules.notice_shapes import NoticeKind
from shuanglian.rules.profile import Profile
from shuanglian.trail import trail

from .numbers import new_code

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

MOST_ROWS = 5_000
MOST_DAYS = 365
AHEAD = timedelta(days=60)
LONGEST_TITLE, LONGEST_SECTION, MOST_SECTIONS = 60, 2_000, 10


@transaction.atomic
def publish(
    *, kind: str, area: Area, title: Mapping[str, str], rows: Iterable[Mapping[str, Any]], days: int | None = None,
    opens_on: date, about: str = "", sections: Sequence[Mapping[str, Any]] = (), by: User | None, at: datetime,
) -> Notice:  # fmt: skip
    """Put a notice up from a day on, for full calendar days (None: as many as the profile gives the kind).

    `rows`: each with its `key` and only fields that the profile allows the kind; names are masked here as it says.
    `sections`: further paragraphs, each {"title": {zh, en}, "text": {zh, en}}. A Refusal says what may not be shown.
    It cannot be posted back: the day of posting is today or later.
    """
    profile = active().on(opens_on)
    entry = profile.notices.kinds.get(kind)
    if entry is None:
        raise Refusal("no_such_kind", N_("方案里没有这种公示：{kind}"), kind=kind)
    days = entry.days if days is None else days
    if not 1 <= days <= MOST_DAYS:
        raise Refusal("days_not_possible", N_("公示天数须在 1 至 {most} 之间"), most=MOST_DAYS)
    _opens(opens_on, at)
    notice = Notice(
        code=new_code(), kind=kind, area=area, area_code=area.code, place=_place(area), about=about[:80],
        title=_title(title, profile, opens_on), rows=canonical(_rows(rows, entry, profile, opens_on)),
        sections=canonical(_sections(sections, profile, opens_on)), opens_on=opens_on, days=days,
        closes_on=opens_on + timedelta(days=days), by=by, at=at,
    )  # fmt: skip
    if not notice.shown_rows and not notice.shown_sections:
        raise Refusal("nothing_to_show", N_("公示没有内容：至少要有一行或一段"))
    notice.digest = queries.digest_of(queries.content(notice))
    notice.save()
    trail.write("notices.publish", about=notice, by=by, at=at, kind=kind, rows=len(notice.shown_rows), days=days,
                opens_on=opens_on, digest=notice.digest)  # fmt: skip
    return notice


@transaction.atomic
def withdraw(*, notice: Notice, why: str, by: User | None, at: datetime) -> Notice:
    """Take a notice off the web at once; it stays in the file with the reason, and never counts as having run."""
    kept = locked(notice)
    why = why.strip()
    if not why:
        raise Refusal("reason_missing", N_("请写明撤回的原因"))
    if kept.withdrawn_at is not None:
        raise Refusal("already_withdrawn", N_("这份公示已经撤回"))
    check_text(why, on=day_of(at), never=active().notices.never)
    kept.withdrawn_at, kept.withdrawn_by, kept.withdrawn_why = at, by, why[:200]
    kept.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    trail.write("notices.withdraw", about=kept, by=by, at=at, why=kept.withdrawn_why)
    return kept


def locked(notice: Notice) -> Notice:
    """The notice as it stands, held until the transaction ends: two objections wait for each other, no more."""
    return Notice.objects.select_for_update().get(pk=notice.pk)


def set_clock(notice: Notice) -> None:
    """Work out anew until when the notice is up, after an objection has come or been answered."""
    notice.closes_on = queries.ends_on(notice)
    notice.save(update_fields=["closes_on"])


def _opens(opens_on: date, at: datetime) -> None:
    if opens_on < day_of(at):
        raise Refusal("posted_back", N_("公示不能倒签：张贴日期 {on} 早于今天"), on=opens_on)
    if opens_on > day_of(at) + AHEAD:
        raise Refusal("posted_too_far_ahead", N_("张贴日期最多提前 {days} 天"), days=AHEAD.days)


def _place(area: Area) -> str:
    """The place from the county down, as it is called that day."""
    names: list[str] = []
    one: Area | None = area
    while one is not None and (one.level >= Area.Level.COUNTY or not names):
        names.append(one.name)
        one = one.parent
    return " ".join(reversed(names))


def _two(given: Mapping[str, Any], most: int, profile: Profile, on: date) -> dict[str, str]:
    """A text in both languages, checked; without an English one the Chinese stands for it."""
    if not isinstance(given, Mapping) or set(given) - {"zh", "en"}:
        raise Refusal("text_in_two_languages", N_("标题和段落要写成中文、英文两项"))
    zh = str(given.get("zh") or "").strip()
    texts = {"zh": zh, "en": str(given.get("en") or "").strip() or zh}
    for text in texts.values():
        if len(text) > most * (3 if text is texts["en"] and text != zh else 1):
            raise Refusal("text_too_long", N_("文字太长：最多 {most} 字"), most=most)
        check_text(text, on=on, never=profile.notices.never)
    return texts


def _title(title: Mapping[str, str], profile: Profile, on: date) -> dict[str, str]:
    texts = _two(title, LONGEST_TITLE, profile, on)
    if not texts["zh"]:
        raise Refusal("no_title", N_("公示要有标题"))
    return texts


def _rows(rows: Iterable[Mapping[str, Any]], kind: NoticeKind, profile: Profile, on: date) -> list[dict[str, Any]]:
    shown = [shown_row(row, kind, profile.notices.fields, on=on, never=profile.notices.never) for row in rows]
    if len(shown) > MOST_ROWS:
        raise Refusal("too_many_rows", N_("一份公示最多 {most} 行"), most=MOST_ROWS)
    if len({row["key"] for row in shown}) < len(shown):
        raise Refusal("row_twice", N_("公示里有两行编号相同"))
    return shown


def _sections(sections: Sequence[Mapping[str, Any]], profile: Profile, on: date) -> list[dict[str, dict[str, str]]]:
    if len(sections) > MOST_SECTIONS:
        raise Refusal("too_many_sections", N_("一份公示最多 {most} 段"), most=MOST_SECTIONS)
    if any(set(one) - {"title", "text"} for one in sections):
        raise Refusal("section_shape", N_("段落只有标题和正文"))
    return [
        {
            "title": _two(one.get("title") or {}, LONGEST_TITLE, profile, on),
            "text": _two(one.get("text") or {}, LONGEST_SECTION, profile, on),
        }
        for one in sections
    ]
