"""The village form of a year (domain 2.5): one verb, checked for what cannot be, kept with its history (REG-10)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shuanglian.areas.models import Area
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said
from shuanglian.organisation.changes import put, reason_given, traced
from shuanglian.registry.models import VillageYear
from shuanglian.registry.models.village import FIELDS
from shuanglian.sheets.engine.fields.villages import WITHIN
from shuanglian.trail import trail

from . import counts
from .versions import unchanged_since
from .years import FIRST_YEAR

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


@transaction.atomic
def record(
    *, village: Area, year: int, values: Mapping[str, Any], by: User | None, at: datetime, why: str = "",
    seen: int | None = None,
) -> VillageYear:  # fmt: skip
    """Write the form of a village for a year, the first time or again (then with a reason, REG-10)."""
    if village.level != Area.Level.VILLAGE:
        raise Refusal("not_a_village", N_("村情况表只能按行政村填写"))
    if not FIRST_YEAR <= year <= at.year:
        raise Refusal("year", N_("年度应在 {first} 至 {last} 之间"), first=FIRST_YEAR, last=at.year)
    form = VillageYear.objects.select_for_update(of=("self",)).filter(village=village, year=year).first()
    first_time = form is None
    if form is None:
        form = VillageYear(village=village, area_code=village.code, year=year)
    else:
        why = reason_given(why)
        unchanged_since(form, seen)
    changes = put(form, {name: value for name, value in values.items() if name in FIELDS})
    if not changes:
        return form
    _plausible(form)
    with traced("villages.record", by=by, at=at, why=why):
        form.save() if first_time else form.save(update_fields=changes.fields)
    counts.refresh([village.code], at=at)
    trail.write("villages.record", about=form, by=by, at=at, why=why, year=year,
                before={} if first_time else changes.before, after=changes.after)  # fmt: skip
    return form


def _plausible(form: VillageYear) -> None:
    def said(name: str) -> Said:
        return Said(str(VillageYear._meta.get_field(name).verbose_name))  # type: ignore[union-attr]

    for name in FIELDS:
        value = getattr(form, name)
        if isinstance(value, int | Decimal) and not isinstance(value, bool) and value < 0:
            raise Refusal("negative", N_("{field}不能是负数"), field=said(name))
    if form.households == 0:
        raise Refusal("no_households", N_("总户数不能为 0"))
    for part, whole in WITHIN:
        if None not in (getattr(form, part), getattr(form, whole)) and getattr(form, part) > getattr(form, whole):
            raise Refusal("part_over_whole", N_("{part}不能大于{whole}"), part=said(part), whole=said(whole))
