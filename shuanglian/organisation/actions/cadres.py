"""What is done to cadres (PAIR-2, PAIR-3): entered, changed, set on leave, retired, transferred."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from shuanglian.core.secrets import digest
from shuanglian.kernel.ids import parse_id, parse_phone
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.organisation.changes import Changes, put, reason_given, traced
from shuanglian.organisation.models import Absence, Cadre, Unit
from shuanglian.organisation.names import initials_of
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

CODES = {
    "sex": "sex", "rank": "rank", "occupation": "occupation", "trade": "trade", "political": "politics",
    "education": "education",
}  # fmt: skip
MAY_CHANGE = frozenset({*CODES, "name", "post", "id_number", "phone", "stationed_at"})
FOR_GOOD = frozenset({Absence.Kind.RETIRED, Absence.Kind.TRANSFERRED})


@transaction.atomic
def create(
    *, unit: Unit, values: Mapping[str, Any], on: date, by: User | None, at: datetime, number: str = ""
) -> Cadre:
    """Enter a cadre of a unit from a day on. Without a number the next free one of the unit is taken."""
    cadre = Cadre(unit=unit, since=on, number=number.strip() or _next_number(unit))
    if Cadre.objects.filter(number=cadre.number).exists():
        raise Refusal("number_taken", N_("干部编号 {number} 已被使用"), number=cadre.number)
    _put(cadre, values)
    if not cadre.name or not cadre.rank:
        raise Refusal("incomplete", N_("请填写干部姓名和职级"))
    with traced("cadres.create", by=by, at=at):
        cadre.save()
    trail.write("cadres.create", about=cadre, by=by, at=at, number=cadre.number, unit=unit.name)
    return cadre


@transaction.atomic
def change(*, cadre: Cadre, values: Mapping[str, Any], why: str, by: User | None, at: datetime) -> Cadre:
    """Change what is known about a cadre, rank and post included, with the reason (REG-10)."""
    why = reason_given(why)
    changes = _put(cadre, values)
    if changes:
        derived = {"pinyin", "id_digest", "phone_digest", "area_code"}
        with traced("cadres.change", by=by, at=at, why=why):
            cadre.save(update_fields=[*changes.fields, *derived])
        trail.write("cadres.change", about=cadre, by=by, at=at, why=why, before=changes.before, after=changes.after)
    return cadre


@transaction.atomic
def move(*, cadre: Cadre, unit: Unit, why: str, by: User | None, at: datetime) -> Cadre:
    """A cadre goes to another unit; his pairs stay until the next round re-solves them (PAIR-6)."""
    why = reason_given(why)
    if cadre.unit_id == unit.pk:
        return cadre
    before, cadre.unit = cadre.unit.name, unit
    _worked_out(cadre)
    with traced("cadres.move", by=by, at=at, why=why):
        cadre.save(update_fields=["unit", "area_code"])
    trail.write("cadres.move", about=cadre, by=by, at=at, why=why, before={"unit": before}, after={"unit": unit.name})
    return cadre


@transaction.atomic
def set_away(
    *, cadre: Cadre, kind: str, since: date, until: date | None = None, note: str = "", by: User | None, at: datetime
) -> Absence:
    """Leave, illness, retirement or transfer: while it lasts the cadre takes no household (PAIR-3).

    Retirement and transfer are for good: the cadre's service ends with the day before. Two absences never overlap.
    """
    if kind not in Absence.Kind.values:
        raise Refusal("unknown_absence", N_("没有这种离岗类别：{kind}"), kind=kind)
    if until is not None and until < since:
        raise Refusal("until_before_since", N_("结束日期不能早于开始日期"))
    if since < cadre.since:
        raise Refusal("ends_before", N_("开始日期不能早于该干部的登记日期 {since}"), since=cadre.since)
    if kind in FOR_GOOD:
        until = None
    _overlaps(cadre, since, until)
    absence = Absence(cadre=cadre, kind=kind, since=since, until=until, note=note.strip()[:200])
    with traced("cadres.away", by=by, at=at, why=absence.note):
        absence.save()
        if kind in FOR_GOOD:
            cadre.until = max(cadre.since, since - timedelta(days=1))
            cadre.save(update_fields=["until"])
    trail.write("cadres.away", about=cadre, by=by, at=at, kind=kind, since=since.isoformat(),
                until=until.isoformat() if until else None, note=absence.note)  # fmt: skip
    return absence


@transaction.atomic
def come_back(*, absence: Absence, on: date, by: User | None, at: datetime) -> Absence:
    """The cadre is at work again from a day on: the absence ended the day before; one not yet begun is taken out."""
    cadre = absence.cadre
    last = on - timedelta(days=1)
    if absence.until is not None and absence.until < on:
        raise Refusal("already_back", N_("这次离岗已于 {until} 结束"), until=absence.until)
    told = {"kind": absence.kind, "since": absence.since.isoformat(), "back_on": on.isoformat()}
    with traced("cadres.back", by=by, at=at):
        if last < absence.since:
            absence.delete()
        else:
            absence.until = last
            absence.save(update_fields=["until"])
        if absence.kind in FOR_GOOD and cadre.until is not None:
            cadre.until = None
            cadre.save(update_fields=["until"])
    trail.write("cadres.back", about=cadre, by=by, at=at, **told)
    return absence


def _overlaps(cadre: Cadre, since: date, until: date | None) -> None:
    others = cadre.absences.filter(Q(until__isnull=True) | Q(until__gte=since))
    if until is not None:
        others = others.filter(since__lte=until)
    if other := others.first():
        raise Refusal("absence_overlaps", N_("与已登记的离岗重叠（{since} 起），请先办理返岗"), since=other.since)


def _put(cadre: Cadre, values: Mapping[str, Any]) -> Changes:
    wanted = {name: value for name, value in values.items() if name in MAY_CHANGE and name != "stationed_at"}
    if number := str(wanted.get("id_number") or "").strip():
        read = parse_id(number)
        if read.problem is not None:
            raise Refusal("id_number", N_("身份证号不正确，请核对 18 位号码和校验码"))
        wanted["id_number"] = read.resident
        _free(cadre, read.resident)
    if phone := str(wanted.get("phone") or "").strip():
        if (normal := parse_phone(phone)) is None:
            raise Refusal("phone", N_("手机号不正确，应为 1 开头的 11 位数字"))
        wanted["phone"] = normal
    changes = put(cadre, wanted, codes=CODES)
    if "stationed_at" in values and values["stationed_at"] != cadre.stationed_at:
        place = values["stationed_at"]
        changes.before["stationed_at"], changes.after["stationed_at"] = str(cadre.stationed_at or ""), str(place or "")
        cadre.stationed_at = place
    _worked_out(cadre)
    return changes


def _worked_out(cadre: Cadre) -> None:
    """Initials, digests to search by, and the area: the township of a stationed cadre, else the unit's."""
    cadre.pinyin = initials_of(cadre.name)
    cadre.id_digest, cadre.phone_digest = digest(cadre.id_number), digest(cadre.phone)
    cadre.area_code = cadre.stationed_at.code if cadre.stationed_at else cadre.unit.area_code


def _free(cadre: Cadre, number: str) -> None:
    """Nobody is entered twice: one serving cadre for one identity number."""
    same = Cadre.objects.filter(id_digest=digest(number), until__isnull=True).exclude(pk=cadre.pk).first()
    if same is not None:
        raise Refusal(
            "cadre_twice", N_("该身份证号已登记为在册干部 {name}（{number}）"), name=same.name, number=same.number
        )


def _next_number(unit: Unit) -> str:
    prefix = f"{unit.code}-"
    taken = Cadre.objects.filter(number__gte=prefix, number__lt=f"{unit.code}.").values_list("number", flat=True)
    tails = (number.removeprefix(prefix) for number in taken)
    return f"{prefix}{max((int(tail) for tail in tails if tail.isdecimal()), default=0) + 1:03d}"
