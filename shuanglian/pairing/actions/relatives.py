"""亲属回避: declared relations between a cadre and a household; they are never paired (REG-9)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from shuanglian.organisation.changes import traced
from shuanglian.organisation.models import Cadre
from shuanglian.pairing.models import Relative
from shuanglian.registry.models import Household
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


@transaction.atomic
def declare(*, cadre: Cadre, household: Household, note: str = "", on: date, by: User | None, at: datetime) -> Relative:
    """A cadre and a household are related. Declared twice it is kept once; a pair that stands must then be repaired."""
    with traced("pairing.relatives.declare", by=by, at=at):
        found, made = Relative.objects.update_or_create(
            cadre=cadre, household=household, defaults={"note": note.strip()[:60]}, create_defaults={
                "note": note.strip()[:60], "since": on,
            },
        )  # fmt: skip
    if made:
        trail.write("pairing.relatives.declare", about=found, by=by, at=at, area_code=household.area_code,
                    cadre=cadre.pk, household=household.pk)  # fmt: skip
    return found


@transaction.atomic
def withdraw(*, relative: Relative, why: str, by: User | None, at: datetime) -> None:
    """The declaration was wrong; why is kept in the trail."""
    trail.write("pairing.relatives.withdraw", about=relative, by=by, at=at, area_code=relative.household.area_code,
                why=why.strip()[:200])  # fmt: skip
    with traced("pairing.relatives.withdraw", by=by, at=at, why=why):
        relative.delete()
