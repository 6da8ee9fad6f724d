"""A confirmed finding opens its procedure: entry, return or removal, proposed by the village like any other (REG-4)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shuanglian.areas.models import Area
from shuanglian.core import clock, profile
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.lookback.models import Assignment, Visit
from shuanglian.procedures.actions import cases
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


def procedure_of(visit: Visit) -> str:
    """The procedure that the visit's finding opens for such a household; "" when it opens none."""
    result = profile.active().lookback.findings.get(visit.finding)
    opens: dict[str, str] = dict(result.opens) if result else {}  # type: ignore[arg-type]
    return opens.get(visit.assignment.subject, "")


@transaction.atomic
def open_case(*, visit: Visit, by: User, at: datetime) -> Visit:
    """Open the case that a confirmed finding asks for, once; the procedure says who may propose."""
    visit = Visit.objects.select_for_update(of=("self",)).select_related("assignment__household", "campaign").get(
        pk=visit.pk
    )  # fmt: skip
    procedure = procedure_of(visit)
    if not procedure or visit.state != Visit.State.DONE:
        raise Refusal("nothing_to_open", N_("这条结论不需要提出办理事项"))
    if visit.case:
        raise Refusal("opened_already", N_("已经提出办理"))
    assignment = visit.assignment
    village = Area.objects.current().get(code=assignment.area_code)
    case = cases.open_one(
        procedure=procedure, subject=_subject(assignment), label=assignment.name, area=village, on=clock.day_of(at),
        by=by, at=at, why=f"{visit.campaign.name}（{visit.campaign.code}）：{visit.note}"[:400],
        asked=_asked(assignment),
    )  # fmt: skip
    visit.case = f"procedures.case:{case.pk}"
    visit.save(update_fields=["case"])
    trail.write("lookback.visits.open_case", about=assignment, by=by, at=at, procedure=procedure, case=visit.case)
    return visit


def _subject(assignment: Assignment) -> str:
    if assignment.household_id:
        return f"registry.household:{assignment.household_id}"
    return f"newcomer:lookback{assignment.pk}"


def _asked(assignment: Assignment) -> dict[str, Any]:
    """Of somebody not on the register only what the list knows: name and group; the application adds the rest."""
    if assignment.household_id:
        return {}
    return {"head": {"name": assignment.name}, "values": {"group": assignment.group}}
