"""What came of a plan's measures, visit by visit; kept once whatever a phone sends, withdrawn but never changed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction

from shuanglian.core.clock import day_of
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.plans.models import Measure, Progress
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

MOST = Decimal(9999)
CENT = Decimal("0.01")


@transaction.atomic
def log(
    *, plan_measure: Measure, on: date, quantity: Decimal, note: str = "", visit_key: UUID | None = None, key: UUID,
    by: User | None, at: datetime,
) -> Progress:  # fmt: skip
    """So many units of a measure were carried out by a day. The same key again gives what was kept; with other content
    it is refused. A measure of an older version is taken as well: its household's newest plan counts it."""
    amount = _amount(quantity)
    note = note.strip()[:300]
    if kept := Progress.objects.filter(key=key).first():
        return _the_same(kept, plan_measure, on, amount, note)
    if on > day_of(at):
        raise Refusal("ahead", N_("日期不能晚于今天"))
    if on.year < plan_measure.plan.year - 1:
        raise Refusal("before_plan", N_("日期早于计划"))
    if amount == 0 and not note:
        raise Refusal("nothing_told", N_("请填数量，或写明情况"))
    if plan_measure.plan.ended:
        raise Refusal("plan_ended", N_("这份计划已经终止"))
    try:
        with transaction.atomic():
            made = Progress.objects.create(
                measure=plan_measure, area_code=plan_measure.area_code, on=on, quantity=amount, note=note,
                visit_key=visit_key, key=key, by=by, at=at,
            )  # fmt: skip
    except IntegrityError:  # the key stands where the writer does not see it
        raise Refusal("key_taken", N_("这个登记编号已经用过")) from None
    trail.write("plans.progress", about=made, by=by, at=at, measure=plan_measure.code, quantity=str(amount))
    return made


def _amount(quantity: Decimal) -> Decimal:
    if not quantity.is_finite() or quantity < 0:
        raise Refusal("negative", N_("数量不能是负数"))
    if quantity > MOST or quantity != quantity.quantize(CENT):
        raise Refusal("quantity_range", N_("数量最多 {most}，两位小数"), most=MOST)
    return quantity


def _the_same(kept: Progress, measure: Measure, on: date, amount: Decimal, note: str) -> Progress:
    if (kept.measure_id, kept.on, kept.quantity, kept.note) != (measure.pk, on, amount, note):
        raise Refusal("key_taken", N_("这个登记编号已经用过"))
    return kept


@transaction.atomic
def withdraw(*, progress: Progress, why: str, by: User, at: datetime) -> Progress:
    """A line that was wrong no longer counts; it stays readable with the reason."""
    kept = Progress.objects.select_for_update().get(pk=progress.pk)
    if kept.withdrawn_at is not None:
        raise Refusal("withdrawn_already", N_("已经撤回"))
    if not why.strip():
        raise Refusal("no_reason", N_("请写明理由"))
    kept.withdrawn_at, kept.withdrawn_by, kept.withdrawn_why = at, by, why.strip()[:200]
    kept.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    trail.write("plans.progress.withdraw", about=kept, by=by, at=at, why=kept.withdrawn_why)
    return kept
