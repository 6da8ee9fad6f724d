"""办实事 practical matters done and trainings held, beside a visit or by themselves (FIELD-5)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from shuanglian.fieldwork import belonging
from shuanglian.fieldwork.models import Matter
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.organisation.changes import reason_given
from shuanglian.trail import trail

from . import bringing, once, reading

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.areas.models import Area
    from shuanglian.organisation.models import Cadre


@transaction.atomic
def record(
    *, cadre: Cadre, village: Area, on: date, what: str, key: UUID, by: User, at: datetime, kind: str = "matter",
    yuan: Any = None, beneficiaries: int = 0,
) -> Matter:  # fmt: skip
    """Keep what was done for a village. Refused: a village where the cadre has no work."""
    line = bringing.read(given=(), asks=(), incomes=(), matters=[
        {"kind": kind, "what": what, "yuan": yuan, "beneficiaries": beneficiaries}
    ]).matters[0]  # fmt: skip
    digest = once.digest_of(cadre=cadre.pk, village=village.pk, on=on.isoformat(), **line)
    if stands := once.kept(Matter, key, digest, by):
        return stands
    reading.day(on, at)
    if not belonging.works_in(cadre, village, on):
        raise Refusal("not_your_village", N_("您没有派驻这个村"))
    matter = Matter.objects.create(
        key=key, digest=digest, cadre=cadre, village=village, area_code=village.code, on=on, by=by, at=at, **line
    )
    trail.write("fieldwork.matters.record", about=cadre, by=by, at=at, area_code=village.code, matter=matter.pk,
                on=on, village=village.name)  # fmt: skip
    return matter


@transaction.atomic
def withdraw(*, matter: Matter, why: str, by: User, at: datetime) -> Matter:
    """A matter that was entered by mistake does not count any more; those of a visit go with the visit."""
    reason = reason_given(why)
    matter = Matter.objects.select_for_update(of=("self",)).select_related("cadre").get(pk=matter.pk)
    if matter.withdrawn_at is None:
        matter.withdrawn_at, matter.withdrawn_why, matter.withdrawn_by = at, reason, by
        matter.save(update_fields=["withdrawn_at", "withdrawn_why", "withdrawn_by"])
        trail.write("fieldwork.matters.withdraw", about=matter.cadre, by=by, at=at, area_code=matter.area_code,
                    matter=matter.pk, why=reason)  # fmt: skip
    return matter
