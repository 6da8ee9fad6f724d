"""走访 visits recorded once each, corrected by a new row, withdrawn with a reason; their photos (FIELD-1, FIELD-5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from django.db import transaction

from shuanglian.attachments.actions import attachments
from shuanglian.core import clock, profile
from shuanglian.fieldwork import belonging, hooks
from shuanglian.fieldwork.models import Photo, Visit
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.organisation.changes import reason_given
from shuanglian.pairing.models import Relative
from shuanglian.registry.models import Person
from shuanglian.trail import trail

from . import bringing, once, reading

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from shuanglian.accounts.models import User
    from shuanglian.organisation.models import Cadre
    from shuanglian.registry.models import Household

Told = Sequence[Mapping[str, Any]]


@attachments.whole_or_none()
@transaction.atomic
def record(
    *, household: Household, cadre: Cadre, on: date, started_at: datetime, tasks: Sequence[str],
    met: Sequence[int | str], entered: bool, key: UUID, by: User, at: datetime, ended_at: datetime | None = None,
    told_at: datetime | None = None, done: str = "", met_note: str = "",
    position: Sequence[float | None] | None = None, no_position_why: str = "", given: Told = (), asks: Told = (),
    incomes: Told = (), matters: Told = (), photos: Sequence[bytes | UploadedFile] = (), device: str = "",
    clock_off: int | None = None, channel: str = "page", replaces: Visit | None = None,
) -> Visit:  # fmt: skip
    """Keep one visit. A phone may send one key many times; it is kept once, other content under it is refused.

    position: (longitude, latitude, accuracy in m or None). met: ids of members, codes of the profile. given: {kind,
    quantity, yuan, note}; asks: {text, category, urgent}; incomes: {channel, yuan, note}; matters: {kind, what, yuan,
    beneficiaries}. clock_off: seconds that the phone is ahead; the day is righted by it, the told times stay as told.
    Refused: a day to come or too long ago, a household that is not the cadre's to visit, no task, nobody met, a
    relative's household. A day on leave, far away, late or at night is no reason to refuse: scrutiny looks at it.
    """
    off = reading.clock_off(clock_off)
    visit = Visit(
        key=key, household=household, cadre=cadre, area_code=household.area_code, started_at=started_at,
        ended_at=ended_at, told_at=told_at or at, clock_off=off, tasks=_tasks(tasks), entered=bool(entered),
        met=_met(met, household), met_note=reading.text(met_note, 80, N_("见到的其他人")),
        done=reading.text(done, 600, N_("做了什么")), device=reading.text(device, 40, N_("手机")),
        no_position_why=reading.text(no_position_why, 100, N_("没有定位的原因")), channel=channel, replaces=replaces,
        by=by, at=at,
    )  # fmt: skip
    visit.lon, visit.lat, visit.accuracy = reading.place(position)
    brought = bringing.read(given=given, asks=asks, incomes=incomes, matters=matters)
    visit.digest = _digest(visit, on, brought)
    if stands := once.kept(Visit, key, visit.digest, by):
        return stands
    visit.on = _in_time(visit, on)
    _right_person(visit)
    _to_correct(visit)
    visit.save(force_insert=True)
    bringing.keep(visit, brought)
    for number, data in enumerate(photos):
        add_photo(visit=visit, data=data, part_key=uuid5(key, f"photo {number}"), by=by, at=at)
    trail.write("fieldwork.visits.record", about=household, by=by, at=at, visit=visit.pk, on=visit.on,
                channel=channel, replaces=replaces.pk if replaces else None)  # fmt: skip
    hooks.tell_visit(visit)
    return visit


@attachments.whole_or_none()
@transaction.atomic
def add_photo(*, visit: Visit, data: bytes | UploadedFile, part_key: UUID, by: User, at: datetime) -> Photo:
    """A photo for a visit that is kept, perhaps days later. Hidden data is left out; the same key is kept once."""
    raw = attachments.bytes_of(data)
    digest = sha256(f"{visit.pk} ".encode() + raw).hexdigest()
    if stands := once.kept(Photo, part_key, digest, by):
        return stands
    if visit.by_id != by.pk:
        raise Refusal("not_yours", N_("只能给本人登记的走访加照片"))
    most = profile.active().fieldwork.limit("photos")
    Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    if most is not None and visit.photos.count() >= most:
        raise Refusal("too_many_photos", N_("一次走访最多 {most} 张照片"), most=most)
    with attachments.naming(data):
        kept = attachments.keep(raw, of=visit, area_code=visit.area_code, by=by, at=at, purpose="visit",
                                kinds=frozenset({"image"}))  # fmt: skip
    photo = Photo.objects.create(
        key=part_key, digest=digest, visit=visit, attachment=kept, area_code=visit.area_code, by=by, at=at
    )
    hooks.tell_photo(photo)
    return photo


@transaction.atomic
def withdraw(*, visit: Visit, why: str, by: User, at: datetime) -> Visit:
    """A visit that was entered by mistake does not count any more; the row stays, with who took it back and why."""
    reason = reason_given(why)
    visit = Visit.objects.select_for_update(of=("self",)).select_related("household").get(pk=visit.pk)
    if visit.withdrawn_at is not None:
        return visit
    if Visit.objects.filter(replaces=visit).exists():
        raise Refusal("corrected_since", N_("这次走访已经更正过，请撤回更正后的一条"))
    visit.withdrawn_at, visit.withdrawn_why, visit.withdrawn_by = at, reason, by
    visit.save(update_fields=["withdrawn_at", "withdrawn_why", "withdrawn_by"])
    trail.write("fieldwork.visits.withdraw", about=visit.household, by=by, at=at, visit=visit.pk, why=reason)
    hooks.tell_withdrawn(visit)
    return visit


def _tasks(tasks: Sequence[str]) -> list[str]:
    """Which of the six tasks it served, at least one (FIELD-1), in the order of the profile."""
    known = profile.active().fieldwork.tasks
    told = {reading.code(one, known, N_("六大任务")) for one in tasks}
    if not told:
        raise Refusal("no_task", N_("请选择这次走访做了哪项任务"))
    return [code for code in known if code in told]


def _met(met: Sequence[int | str], household: Household) -> list[int | str]:
    """Members by their ids (also those who have moved within the village since), others by the profile's codes."""
    known = profile.active().fieldwork.met
    others = [code for code in known if code in met]
    numbers = {one for one in met if isinstance(one, int) and not isinstance(one, bool) and 0 < one < 2**63}
    people = list(Person.objects.filter(pk__in=numbers, area_code=household.area_code).order_by("pk")
                  .values_list("pk", flat=True))  # fmt: skip
    if len(others) + len(people) != len({str(one) for one in met}):
        raise Refusal("met_unknown", N_("见到的人不在这户，请重新选择"))
    return [*people, *others]


def _digest(visit: Visit, on: date, brought: bringing.Brought) -> str:
    """Of what was told, not of what the server made of it: clock_off is measured anew at every try."""
    return once.digest_of(
        household=visit.household_id, cadre=visit.cadre_id, on=on.isoformat(), started=visit.started_at.timestamp(),
        ended=visit.ended_at.timestamp() if visit.ended_at else None, tasks=visit.tasks, met=visit.met,
        met_note=visit.met_note, done=visit.done, entered=visit.entered, place=[visit.lon, visit.lat],
        no_place=visit.no_position_why, replaces=visit.replaces_id, brought=brought.told(),
    )  # fmt: skip


def _in_time(visit: Visit, on: date) -> date:
    """The day of the visit, by the server's clock when the phone's was wrong."""
    reading.moment(visit.started_at)
    reading.moment(visit.ended_at)
    reading.moment(visit.told_at)
    off = visit.clock_off
    reading.not_ahead(visit.started_at, off, visit.at)
    reading.not_ahead(visit.ended_at, off, visit.at)
    longest = timedelta(hours=profile.active().fieldwork.limit("longest") or 24)
    if visit.ended_at is not None and not timedelta(0) <= visit.ended_at - visit.started_at <= longest:
        raise Refusal("wrong_times", N_("离户时间须晚于到户时间，并在 {hours} 小时以内"),
                      hours=int(longest.total_seconds() // 3600))  # fmt: skip
    if on != clock.day_of(visit.started_at):
        raise Refusal("wrong_day", N_("走访日期和到户时间不是同一天"))
    wrong = abs(off or 0) > reading.ahead().total_seconds()
    return reading.day(clock.day_of(reading.righted(visit.started_at, off)) if wrong else on, visit.at)


def _right_person(visit: Visit) -> None:
    visit.pairing = belonging.pairing_on(visit.cadre, visit.household, visit.on)
    if visit.pairing is None and not belonging.may_visit(visit.cadre, visit.household, visit.on):
        raise Refusal("not_your_household", N_("这户不由您联系，您也不驻这个村"))
    if Relative.objects.filter(household=visit.household, cadre=visit.cadre).exists():
        raise Refusal("relative", N_("您是该户亲属，须回避"))
    if not visit.met and not visit.met_note:
        raise Refusal("met_nobody", N_("请选择见到了谁"))
    nobody = {code for code, one in profile.active().fieldwork.met.items() if one.nobody}
    if nobody & {str(one) for one in visit.met} and (visit.entered or len(visit.met) > 1):
        raise Refusal("nobody_at_home", N_("家里没人，就不能又进了门、见了人"))


def _to_correct(visit: Visit) -> None:
    """A correction is of one's own standing visit to the same household."""
    if visit.replaces_id is None:
        return
    before = Visit.objects.select_for_update(of=("self",)).filter(pk=visit.replaces_id).first()
    same = before and (before.household_id, before.cadre_id) == (visit.household_id, visit.cadre_id)
    if before is None or not same:
        raise Refusal("not_to_correct", N_("只能更正本人对这户的走访"))
    if before.withdrawn_at is not None or Visit.objects.filter(replaces=before).exists():
        raise Refusal("corrected_since", N_("这次走访已经更正或撤回"))
