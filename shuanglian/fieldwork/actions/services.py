"""农技服务 technicians' services (FIELD-2, PAIR-9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from shuanglian.core import profile
from shuanglian.fieldwork import belonging
from shuanglian.fieldwork.models import Service
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.organisation.changes import reason_given
from shuanglian.registry.models import Household
from shuanglian.trail import trail

from . import once, reading

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.areas.models import Area
    from shuanglian.organisation.models import Cadre

HALF = Decimal("0.5")


@transaction.atomic
def record(
    *, cadre: Cadre, village: Area, on: date, days: Decimal | float | str, topic: str, key: UUID, by: User,
    at: datetime, households: Sequence[int] = (), people: int = 0, done: str = "",
    position: Sequence[float | None] | None = None, told_at: datetime | None = None, device: str = "",
    clock_off: int | None = None,
) -> Service:  # fmt: skip
    """Keep one service: half days from 0.5 to 31. Refused: a village that is not the technician's, homes elsewhere."""
    lon, lat, accuracy = reading.place(position)
    known = profile.active().fieldwork
    told: dict[str, Any] = {
        "days": _days(days), "topic": reading.code(topic, known.topics, N_("内容类别")),
        "people": reading.whole(people, N_("人数"), most=known.limit("people") or 10_000),
        "done": reading.text(done, 600, N_("做了什么")), "households": _homes(households, village),
    }  # fmt: skip
    digest = once.digest_of(cadre=cadre.pk, village=village.pk, on=on.isoformat(), place=[lon, lat], **told)
    if stands := once.kept(Service, key, digest, by):
        return stands
    reading.day(on, at)
    if not belonging.works_in(cadre, village, on):
        raise Refusal("not_your_village", N_("您没有派驻这个村"))
    service = Service.objects.create(
        key=key, digest=digest, cadre=cadre, village=village, area_code=village.code, on=on, lon=lon, lat=lat,
        accuracy=accuracy, told_at=reading.moment(told_at) or at, device=reading.text(device, 40, N_("手机")),
        clock_off=reading.clock_off(clock_off), by=by, at=at, **told,
    )  # fmt: skip
    trail.write("fieldwork.services.record", about=cadre, by=by, at=at, area_code=village.code, service=service.pk,
                on=on, village=village.name)  # fmt: skip
    return service


@transaction.atomic
def withdraw(*, service: Service, why: str, by: User, at: datetime) -> Service:
    """A service that was entered by mistake does not count any more."""
    reason = reason_given(why)
    service = Service.objects.select_for_update(of=("self",)).select_related("cadre").get(pk=service.pk)
    if service.withdrawn_at is None:
        service.withdrawn_at, service.withdrawn_why, service.withdrawn_by = at, reason, by
        service.save(update_fields=["withdrawn_at", "withdrawn_why", "withdrawn_by"])
        trail.write("fieldwork.services.withdraw", about=service.cadre, by=by, at=at, area_code=service.area_code,
                    service=service.pk, why=reason)  # fmt: skip
    return service


def _days(told: Decimal | float | str) -> Decimal:
    days = reading.number(told, N_("天数"), most=Decimal(31))
    if days <= 0 or days % HALF:
        raise reading.wrong(N_("天数"))
    return days.quantize(Decimal("0.1"))


def _homes(households: Sequence[int], village: Area) -> list[int]:
    wanted = {one for one in households if isinstance(one, int) and 0 < one < 2**63}
    there = Household.objects.filter(pk__in=wanted, village=village).order_by("pk").values_list("pk", flat=True)
    if len(wanted) != len({str(one) for one in households}) or len(there) != len(wanted):
        raise Refusal("not_of_village", N_("有的户不在这个村"))
    return list(there)
