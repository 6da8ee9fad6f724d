"""What a phone logs goes to the verbs of field work: visits, days in the village, services, inspections, asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shuanglian.accounts.rights import may
from shuanglian.areas.models import Area
from shuanglian.core import clock
from shuanglian.fieldwork import belonging
from shuanglian.fieldwork.actions import asks, attendance, inspections, services, visits
from shuanglian.fieldwork.models import Ask, Visit
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.organisation.models import Cadre
from shuanglian.phone.models import Operation
from shuanglian.phone.shapes import (
    AskRaised,
    AttendanceBody,
    InspectionBody,
    Position,
    ServiceBody,
    VisitBody,
)  # fmt: skip
from shuanglian.registry.models import Household

from .operations import Done, Later, Sent, takes

if TYPE_CHECKING:
    from uuid import UUID

    from shuanglian.accounts.models import User


# --- who and what an operation speaks of ----------------------------------------------------------------------------
def needs(by: User, permission: str) -> None:
    if not may(by, permission):
        raise Refusal("forbidden", N_("您的角色不能做这件事"))


def cadre_of(by: User) -> Cadre:
    """The person as a cadre; accounts of offices have none."""
    found = Cadre.objects.filter(user=by).first()
    if found is None:
        raise Refusal("no_cadre", N_("您的账户没有对应的干部，不能登记"))
    return found


def home_of(by: User, pk: int) -> Household:
    """A household of the person's area; whether it is his to visit is asked of the day (belonging)."""
    found = Household.objects.within(by.area).select_related("village").filter(pk=pk).first()
    if found is None:
        raise Refusal("not_your_household", N_("这户不由您联系，您也不驻这个村"))
    return found


def place_of(by: User, code: str) -> Area:
    """A village or township by its code, also one whose row has been renewed since."""
    found = Area.objects.current().within(by.area).select_related("parent").filter(code=code).first()
    if found is None:
        raise Refusal("not_your_area", N_("不在您联系的区域"))
    return found


def visit_of(by: User, key: UUID) -> Visit:
    """A visit by its key. Not here yet: later; refused once: what hangs on it is refused as well."""
    found = Visit.objects.filter(key=key, by=by).select_related("household").first()
    if found is not None:
        return found
    if Operation.objects.filter(pk=key, status=Operation.Status.REFUSED).exists():
        raise Refusal("visit_refused", N_("所属的走访没有被采纳"))
    raise Later("visit_missing", N_("所属的走访还没有上传"))


def mine_to_visit(sent: Sent, pk: int) -> Household:
    """A household that the person may visit today, or might have within the grace after a pair's end."""
    household = home_of(sent.by, pk)
    if not belonging.may_visit(cadre_of(sent.by), household, clock.day_of(sent.at)):
        raise Refusal("not_your_household", N_("这户不由您联系，您也不驻这个村"))
    return household


def spot(position: Position | None) -> tuple[float, float, float | None] | None:
    return (position.lon, position.lat, position.acc) if position else None


# --- the kinds ------------------------------------------------------------------------------------------------------
@takes("visit.record")
def visit(sent: Sent) -> Done:
    """A visit (FIELD-1); one that corrects another waits for it."""
    body: VisitBody = sent.body
    needs(sent.by, "fieldwork.record")
    kept = visits.record(
        household=home_of(sent.by, body.household), cadre=cadre_of(sent.by), on=body.on, started_at=body.started_at,
        ended_at=body.ended_at, told_at=sent.op.at, tasks=body.tasks, done=body.done, met=body.met,
        met_note=body.met_note, entered=body.entered, position=spot(body.position),
        no_position_why=body.no_position_why, given=[line.model_dump() for line in body.given],
        asks=[line.model_dump() for line in body.asks], incomes=[line.model_dump() for line in body.incomes],
        device=sent.device.short, clock_off=sent.clock_off, channel="phone", key=sent.op.id,
        replaces=visit_of(sent.by, body.replaces) if body.replaces else None, by=sent.by, at=sent.at,
    )  # fmt: skip
    return Done(kept)


@takes("attendance.mark")
def mark(sent: Sent) -> Done:
    """Came to the village, went, stays the night (FIELD-2, FIELD-3)."""
    body: AttendanceBody = sent.body
    needs(sent.by, "fieldwork.record")
    why = f"{body.note} {body.no_position_why}".strip() if body.position is None else body.note
    return Done(attendance.mark(
        cadre=cadre_of(sent.by), village=place_of(sent.by, body.village), on=body.on, in_at=body.in_at,
        out_at=body.out_at, night=body.night, position=spot(body.position), note=why[:100], told_at=sent.op.at,
        device=sent.device.short, clock_off=sent.clock_off, key=sent.op.id, by=sent.by, at=sent.at,
    ))  # fmt: skip


@takes("service.record")
def service(sent: Sent) -> Done:
    """A technician's service (FIELD-2, PAIR-9)."""
    body: ServiceBody = sent.body
    needs(sent.by, "fieldwork.record")
    return Done(services.record(
        cadre=cadre_of(sent.by), village=place_of(sent.by, body.village), on=body.on, days=body.days, topic=body.topic,
        households=body.households, people=body.people, done=body.done, position=spot(body.position),
        told_at=sent.op.at, device=sent.device.short, clock_off=sent.clock_off, key=sent.op.id, by=sent.by, at=sent.at,
    ))  # fmt: skip


@takes("inspection.record")
def inspection(sent: Sent) -> Done:
    """A leader's inspection or study in depth (FIELD-2, PAIR-7)."""
    body: InspectionBody = sent.body
    needs(sent.by, "fieldwork.inspect")
    return Done(inspections.record(
        kind=body.kind, area=place_of(sent.by, body.area), on=body.on, found=body.found,
        leader=Cadre.objects.filter(user=sent.by).first(),
        decided=[line.model_dump(mode="json") for line in body.decided], position=spot(body.position), note=body.note,
        told_at=sent.op.at, device=sent.device.short, clock_off=sent.clock_off, key=sent.op.id, by=sent.by, at=sent.at,
    ))  # fmt: skip


@takes("ask.raise")
def ask(sent: Sent) -> Done:
    """What a household or a village asks for (VOICE-1)."""
    body: AskRaised = sent.body
    needs(sent.by, "fieldwork.record")
    made = asks.raise_(
        text=body.text, category=body.category, urgent=body.urgent, on=clock.day_of(sent.op.at),
        household=mine_to_visit(sent, body.household) if body.household else None,
        village=place_of(sent.by, body.village) if body.village and not body.household else None,
        visit=visit_of(sent.by, body.visit) if body.visit else None, key=sent.op.id, by=sent.by, at=sent.at,
    )  # fmt: skip
    return Done(made if isinstance(made, Ask) else None)
