"""What a phone logs about a household's plan: progress of a measure, the family's signature (PLAN-3, PLAN-5)."""

from __future__ import annotations

import base64
import binascii
from datetime import date, timedelta

from shuanglian.core import clock
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.phone.shapes import AgreeBody, ProgressBody
from shuanglian.plans.actions import plans
from shuanglian.plans.actions import progress as progressing
from shuanglian.plans.models import HouseholdPlan, Measure

from .operations import Done, Sent, takes
from .taking import mine_to_visit, needs, visit_of


@takes("plan.progress")
def progress(sent: Sent) -> Done:
    """So many units of a measure were carried out; what was seen at a visit waits for it."""
    body: ProgressBody = sent.body
    needs(sent.by, "plans.write")
    measure = Measure.objects.within(sent.by.area).select_related("plan").filter(pk=body.measure).first()
    if measure is None:
        raise Refusal("no_measure", N_("没有这项措施"))
    mine_to_visit(sent, measure.plan.household_id)
    if body.visit is not None:
        visit_of(sent.by, body.visit)
    return Done(progressing.log(
        plan_measure=measure, on=body.on, quantity=body.quantity, note=body.note, visit_key=body.visit,
        key=sent.op.id, by=sent.by, at=sent.at,
    ))  # fmt: skip


@takes("plan.agree")
def agree(sent: Sent) -> Done:
    """The family signed on the phone, on the day when it did (PLAN-5). A plan's content never changes under its id."""
    body: AgreeBody = sent.body
    needs(sent.by, "plans.write")
    plan = HouseholdPlan.objects.within(sent.by.area).filter(pk=body.plan).first()
    if plan is None:
        raise Refusal("no_plan", N_("没有这份计划"))
    mine_to_visit(sent, plan.household_id)
    try:
        image = base64.b64decode(body.image.partition(",")[2] or body.image, validate=True)
    except (binascii.Error, ValueError):
        raise Refusal("bad_image", N_("签字图片无法读取")) from None
    return Done(plans.agree(
        plan=plan, how=body.how, image=image, on=_signed_on(sent), key=sent.op.id, by=sent.by, at=sent.at
    ))  # fmt: skip


def _signed_on(sent: Sent) -> date:
    """The day on the phone, by the server's clock; never after today."""
    return min(clock.day_of(sent.op.at - timedelta(seconds=sent.clock_off or 0)), clock.day_of(sent.at))
