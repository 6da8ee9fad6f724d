"""督查调研 leaders' inspections and in-depth studies (FIELD-2, PAIR-7, ORG-4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from shuanglian.fieldwork.models import Inspection
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.organisation.changes import reason_given
from shuanglian.trail import trail

from . import once, reading

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.areas.models import Area
    from shuanglian.organisation.models import Cadre

MOST_DECIDED = 20


@transaction.atomic
def record(
    *, kind: str, area: Area, on: date, found: str, key: UUID, by: User, at: datetime, leader: Cadre | None = None,
    decided: Sequence[Mapping[str, Any]] = (), position: Sequence[float | None] | None = None, note: str = "",
    told_at: datetime | None = None, device: str = "", clock_off: int | None = None,
) -> Inspection:  # fmt: skip
    """Keep what a leader found and what was decided on the spot. decided: {what, who, due: YYYY-MM-DD or ""}.

    Refused: a study of anything but a village (PAIR-7: their own village in depth), a place outside the leader's area.
    """
    lon, lat, accuracy = reading.place(position)
    if kind not in Inspection.Kind.values:
        raise reading.unknown(N_("类别"))
    told: dict[str, Any] = {
        "kind": kind, "found": reading.text(found, 600, N_("发现的情况")), "decided": _decided(decided),
        "note": reading.text(note, 200, N_("说明")),
    }  # fmt: skip
    digest = once.digest_of(leader=leader.pk if leader else None, area=area.pk, on=on.isoformat(), place=[lon, lat],
                            **told)  # fmt: skip
    if stands := once.kept(Inspection, key, digest, by):
        return stands
    reading.day(on, at)
    _right_place(kind, area, by)
    if not told["found"]:
        raise Refusal("nothing_found", N_("请写明看到的情况"))
    made = Inspection.objects.create(
        key=key, digest=digest, leader=leader, area=area, area_code=area.code, on=on, lon=lon, lat=lat,
        accuracy=accuracy, told_at=reading.moment(told_at) or at, device=reading.text(device, 40, N_("手机")),
        clock_off=reading.clock_off(clock_off), by=by, at=at, **told,
    )  # fmt: skip
    trail.write("fieldwork.inspections.record", about=area, by=by, at=at, area_code=area.code, inspection=made.pk,
                kind=kind, on=on)  # fmt: skip
    return made


@transaction.atomic
def withdraw(*, inspection: Inspection, why: str, by: User, at: datetime) -> Inspection:
    """An inspection that was entered by mistake does not count any more."""
    reason = reason_given(why)
    inspection = Inspection.objects.select_for_update(of=("self",)).select_related("area").get(pk=inspection.pk)
    if inspection.withdrawn_at is None:
        inspection.withdrawn_at, inspection.withdrawn_why, inspection.withdrawn_by = at, reason, by
        inspection.save(update_fields=["withdrawn_at", "withdrawn_why", "withdrawn_by"])
        trail.write("fieldwork.inspections.withdraw", about=inspection.area, by=by, at=at,
                    area_code=inspection.area_code, inspection=inspection.pk, why=reason)  # fmt: skip
    return inspection


def _right_place(kind: str, area: Area, by: User) -> None:
    if area.level not in (area.Level.VILLAGE, area.Level.TOWNSHIP):
        raise Refusal("not_a_place", N_("请选择乡镇或村"))
    if kind == Inspection.Kind.STUDY and area.level != area.Level.VILLAGE:
        raise Refusal("not_a_village", N_("蹲点调研须在村里"))
    if by.area is None or not area.code.startswith(by.area.prefix):
        raise Refusal("not_your_area", N_("不在您联系的区域"))


def _decided(lines: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    if len(lines) > MOST_DECIDED or not all(isinstance(line, Mapping) for line in lines):
        raise Refusal("too_many_lines", N_("一次最多登记 {most} 行"), most=MOST_DECIDED)
    told = [
        {"what": reading.text(line.get("what"), 200, N_("定的事")),
         "who": reading.text(line.get("who"), 40, N_("谁办")), "due": _due(line.get("due"))}
        for line in lines
    ]  # fmt: skip
    return [line for line in told if line["what"]]


def _due(told: Any) -> str:
    if not told:
        return ""
    try:
        return date.fromisoformat(str(told)).isoformat()
    except ValueError:
        raise Refusal("no_such_day", N_("办结日期不对")) from None
