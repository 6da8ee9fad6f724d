"""驻村考勤 days in the village: marks as they were sent, the day worked out from all of them (FIELD-2, FIELD-3).

The day is the same whatever order marks come in, how often, and from how many phones: the earliest coming, the latest
going, the night if any mark says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from shuanglian.core import clock
from shuanglian.fieldwork import belonging
from shuanglian.fieldwork.models import Attendance, AttendanceMark
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.organisation.changes import reason_given
from shuanglian.trail import trail

from . import once, reading

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.areas.models import Area
    from shuanglian.organisation.models import Cadre


@transaction.atomic
def mark(
    *, cadre: Cadre, village: Area, on: date, key: UUID, by: User, at: datetime, in_at: datetime | None = None,
    out_at: datetime | None = None, night: bool = False, position: Sequence[float | None] | None = None,
    note: str = "", told_at: datetime | None = None, device: str = "", clock_off: int | None = None,
) -> Attendance:  # fmt: skip
    """Came, went, stays the night: one mark of a cadre's day in a village; the day with all its marks.

    Refused: a day to come or too long ago, a village where the cadre has no work, going before coming, nothing told.
    """
    lon, lat, accuracy = reading.place(position)
    note, off = reading.text(note, 100, N_("说明")), reading.clock_off(clock_off)
    digest = once.digest_of(
        cadre=cadre.pk, village=village.pk, on=on.isoformat(), night=bool(night), place=[lon, lat], note=note,
        times=[one.timestamp() if one else None for one in (in_at, out_at)],
    )  # fmt: skip
    if stands := once.kept(AttendanceMark, key, digest, by):
        return stands.attendance
    _in_time(on, in_at, out_at, off, at)
    if in_at is None and out_at is None and not night:
        raise Refusal("nothing_marked", N_("请填写到村、离村时间或住村"))
    if not belonging.works_in(cadre, village, on):
        raise Refusal("not_your_village", N_("您没有派驻这个村"))
    day = _day_of(cadre, village, on)
    AttendanceMark.objects.create(
        key=key, digest=digest, attendance=day, area_code=day.area_code, in_at=in_at, out_at=out_at, night=bool(night),
        lon=lon, lat=lat, accuracy=accuracy, note=note, told_at=reading.moment(told_at) or at,
        device=reading.text(device, 40, N_("手机")), clock_off=off, by=by, at=at,
    )  # fmt: skip
    _work_out(day)
    trail.write("fieldwork.attendance.mark", about=cadre, by=by, at=at, area_code=day.area_code, on=on,
                village=village.name)  # fmt: skip
    return day


@transaction.atomic
def withdraw(*, day: Attendance, why: str, by: User, at: datetime) -> Attendance:
    """A day that was marked by mistake does not count; its marks stay, with who took them back and why."""
    reason = reason_given(why)
    day = Attendance.objects.select_for_update(of=("self",)).select_related("cadre").get(pk=day.pk)
    if day.withdrawn_at is not None:
        return day
    day.marks.standing().update(withdrawn_at=at, withdrawn_why=reason, withdrawn_by=by)
    _work_out(day)
    Attendance.objects.filter(pk=day.pk).update(withdrawn_at=at)
    day.withdrawn_at = at
    trail.write("fieldwork.attendance.withdraw", about=day.cadre, by=by, at=at, area_code=day.area_code, on=day.on,
                why=reason)  # fmt: skip
    return day


def _in_time(on: date, in_at: datetime | None, out_at: datetime | None, off: int | None, at: datetime) -> None:
    reading.day(on, at)
    for told in (in_at, out_at):
        reading.moment(told)
        reading.not_ahead(told, off, at)
    if in_at is not None and clock.day_of(in_at) != on:
        raise Refusal("wrong_day", N_("日期和到村时间不是同一天"))
    if out_at is not None and not 0 <= (clock.day_of(out_at) - on).days <= 1:
        raise Refusal("wrong_day", N_("日期和离村时间不是同一天"))
    if in_at is not None and out_at is not None and out_at < in_at:
        raise Refusal("wrong_times", N_("离村时间早于到村时间"))


def _day_of(cadre: Cadre, village: Area, on: date) -> Attendance:
    """The day's row, new or locked."""
    day, _made = Attendance.objects.get_or_create(
        cadre=cadre, village=village, on=on, defaults={"area_code": village.code}
    )
    return Attendance.objects.select_for_update(of=("self",)).get(pk=day.pk)


def _work_out(day: Attendance) -> None:
    """What all standing marks say together; the order they came in plays no part."""
    marks = sorted(day.marks.standing(), key=lambda one: (one.in_at or one.out_at or one.told_at, str(one.key)))
    day.in_at = min((one.in_at for one in marks if one.in_at), default=None)
    day.out_at = max((one.out_at for one in marks if one.out_at), default=None)
    day.night = any(one.night for one in marks)
    placed = next((one for one in marks if one.lon is not None), None)
    day.lon, day.lat, day.accuracy = (placed.lon, placed.lat, placed.accuracy) if placed else (None, None, None)
    day.note = "；".join(dict.fromkeys(one.note for one in marks if one.note))[:400]
    day.withdrawn_at = None
    day.save()
