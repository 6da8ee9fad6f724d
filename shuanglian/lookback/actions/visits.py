"""入户核查 visits recorded, once each, with their evidence; their findings confirmed or not (REG-5, REG-6, REG-9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction

from shuanglian.attachments.actions import attachments
from shuanglian.attachments.models import Attachment
from shuanglian.core import clock, profile
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said
from shuanglian.lookback import doubting
from shuanglian.lookback.models import Assignment, Drawn, Visit
from shuanglian.organisation.changes import reason_given
from shuanglian.pairing.models import Pairing, Relative
from shuanglian.rules.lookback import asked_of, shown_by
from shuanglian.rules.lookback_shapes import Result
from shuanglian.trail import trail

from . import campaigns, correcting

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from shuanglian.accounts.models import User

AHEAD = timedelta(minutes=15)  # how much a phone's clock may be fast


@attachments.whole_or_none()
@transaction.atomic
def record(
    *, assignment: Assignment, key: UUID, role: str, method: str, finding: str, met: str, visited_at: datetime,
    photo: UploadedFile | bytes | None, by: User, at: datetime, position: tuple[float, float] | None = None,
    no_position_why: str = "", note: str = "", answers: Mapping[str, bool | None] | None = None,
    corrections: Sequence[Mapping[str, Any]] = (),
) -> Visit:  # fmt: skip
    """Record one visit. A phone may send one key many times; it is kept once. position: longitude, latitude.

    Refused: a method that does not count, a day outside the campaign, missing evidence, a relative's household, a
    second visit of the same role, a re-check of one's own visit. Doubts are kept with the visit, no reason to refuse.
    """
    if kept := Visit.objects.filter(key=key).first():
        if kept.assignment_id != assignment.pk or kept.by_id != by.pk:
            raise Refusal("key_taken", N_("这张表单已经用于另一次核查，请重新打开表单"))
        return kept
    assignment = Assignment.objects.select_for_update(of=("self",)).select_related("campaign__area", "household").get(
        pk=assignment.pk
    )  # fmt: skip
    result = _allowed(assignment, method, finding, note, corrections)
    _in_time(assignment, visited_at, at)
    _right_person(assignment, role, by)
    asked = {one.code for one in asked_of(profile.active().lookback.questions, assignment.subject)}
    told = {code: answer for code, answer in (answers or {}).items() if code in asked and answer is not None}
    visit = Visit(
        pk=_next_id(), key=key, assignment=assignment, campaign=assignment.campaign, area_code=assignment.area_code,
        role=role, method=method, finding=finding, met=met.strip()[:40], note=note.strip()[:400], answers=told,
        verdicts=shown_by(profile.active().lookback.questions, profile.active().lookback.verdicts.values(), told,
                          assignment.subject),
        corrections=correcting.proposed(assignment, corrections) if result.corrects else [], visited_at=visited_at,
        no_position_why=no_position_why.strip()[:100], by=by, at=at,
        state=Visit.State.WAITING if result.corrects or result.opens else Visit.State.NONE,
    )  # fmt: skip
    if not visit.met:
        raise Refusal("met_nobody", N_("请填写见到了谁：没有见到人不算入户"))
    kept_photo = _evidence(visit, photo, position, by, at)
    visit.doubts = [{"code": one.code, "figures": one.figures} for one in doubting.doubts(visit, kept_photo)]
    visit.save(force_insert=True)
    _mark(assignment, visit)
    trail.write("lookback.visits.record", about=assignment, by=by, at=at, role=role, finding=finding,
                doubts=[one["code"] for one in visit.doubts])  # fmt: skip
    return visit


def _allowed(
    assignment: Assignment, method: str, finding: str, note: str, corrections: Sequence[Mapping[str, Any]]
) -> Result:
    """The finding as the profile has it, when method and finding may stand for this household (REG-5)."""
    known = profile.active().lookback
    way, result = known.methods.get(method), known.findings.get(finding)
    if way is None:
        raise Refusal("unknown_method", N_("方案里没有这种核查方式"))
    if not way.counts:
        reason = Said("{reason}", {"reason": way.reason or way.label})
        raise Refusal(
            "method_does_not_count", N_("“{method}”不能作为核查方式。{reason}"), method=way.label, reason=reason
        )
    if result is None or assignment.subject not in result.of:
        raise Refusal("unknown_finding", N_("这类对象没有这个结论"))
    if result.note_needed and not note.strip():
        raise Refusal("say_why", N_("请写明“{finding}”的理由"), finding=result.label)
    if result.corrects and not corrections and not note.strip():
        raise Refusal("nothing_corrected", N_("请填写要更正的内容"))
    return result


def _in_time(assignment: Assignment, visited_at: datetime, at: datetime) -> None:
    campaign, day = assignment.campaign, clock.day_of(visited_at)
    campaigns.running(campaign)
    if visited_at > at + AHEAD:
        raise Refusal("ahead_of_time", N_("到户时间还没有到"))
    if not campaign.since <= day <= campaign.until:
        raise Refusal(
            "outside_campaign", N_("到户日期须在 {since} 至 {until} 之间"), since=campaign.since, until=campaign.until
        )


def _right_person(assignment: Assignment, role: str, by: User) -> None:
    """Relatives never; a household once a role; who re-checks neither made the first visit nor helps the household."""
    if role not in Visit.Role.values:
        raise Refusal("unknown_role", N_("核查性质不对"))
    home = assignment.household_id
    if home and Relative.objects.filter(household=home, cadre__user=by).exists():
        raise Refusal("relative", N_("您是该户亲属，须回避"))
    if assignment.ended_on is not None:
        raise Refusal("struck_off", N_("该户已{why}，不再单独核查"), why=assignment.ended_why)
    if assignment.visits.filter(role=role).exists():
        raise Refusal("visited_already", N_("该户已经核查登记过"))
    if role == Visit.Role.FIRST:
        if assignment.visits.filter(role=Visit.Role.RECHECK, by=by).exists():
            raise Refusal("same_person", N_("抽查须由另一人进行"))
        return
    if not Drawn.objects.filter(assignment=assignment).exists():
        raise Refusal("not_drawn", N_("该户没有被抽中"))
    own_list = assignment.user_id == by.pk or (assignment.cadre is not None and assignment.cadre.user_id == by.pk)
    helps = home and Pairing.objects.open().filter(household=home, cadre__user=by).exists()
    if doubting.first_visitor_of(assignment) == by.pk or own_list or helps:
        raise Refusal("same_person", N_("抽查须由另一人进行"))


def _evidence(
    visit: Visit, photo: UploadedFile | bytes | None, position: tuple[float, float] | None, by: User, at: datetime
) -> Attachment | None:
    """Photo and position put on the visit as the profile wants; a photo's own position stands in for the phone's."""
    needed, kept = profile.active().lookback.evidence, None
    if photo is not None:
        kept = attachments.keep(photo, of=visit, area_code=visit.area_code, by=by, at=at, purpose="visit",
                                kinds=frozenset({"image"}))  # fmt: skip
        visit.photo_digest, visit.photo_at = kept.digest, kept.taken_at
    elif needed["photo"].needed:
        raise Refusal("no_photo", N_("请拍一张现场照片"))
    found = position or (doubting.place(kept.lon, kept.lat) if kept else None)
    if found is not None:
        if not (-180 <= found[0] <= 180 and -90 <= found[1] <= 90):
            raise Refusal("no_such_place", N_("定位不对，请重新定位"))
        visit.lon, visit.lat = found
    elif needed["position"].needed and not (needed["position"].or_reason and visit.no_position_why):
        raise Refusal("no_position", N_("没有定位：请打开手机定位，或写明原因"))
    return kept


def _next_id() -> int:
    """The visit's number before it is written: its photo hangs on it, and a visit is never changed afterwards."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence('lookback_visit', 'id'))")
        return int(cursor.fetchone()[0])


def _mark(assignment: Assignment, visit: Visit) -> None:
    assignment.doubtful = assignment.doubtful or bool(visit.doubts)
    if visit.role == Visit.Role.FIRST:
        assignment.finding, assignment.visited_on = visit.finding, clock.day_of(visit.visited_at)
    else:
        assignment.rechecked = visit.finding
    assignment.save(update_fields=["finding", "visited_on", "rechecked", "doubtful"])


@transaction.atomic
def confirm(*, visit: Visit, by: User, at: datetime, note: str = "") -> Visit:
    """The township stands by a finding: corrections go into the file; for additions and removals the village is now due
    to propose the case (actions.opening), since who confirms does not propose (REG-4).

    Not by who made the visit. What has changed in the file since is refused: somebody must look again.
    """
    visit = _waiting(visit, by)
    result = profile.active().lookback.findings[visit.finding]
    if result.corrects:
        correcting.apply(visit, by=by, at=at)
    correcting.state_answers(visit, by=by, at=at)
    return _handled(visit, Visit.State.DONE, note, "lookback.visits.confirm", by, at)


@transaction.atomic
def reject(*, visit: Visit, why: str, by: User, at: datetime) -> Visit:
    """The township does not take a finding over, and says why; visit and finding stay as they were recorded."""
    visit = _waiting(visit, by)
    return _handled(visit, Visit.State.REJECTED, reason_given(why), "lookback.visits.reject", by, at)


def _waiting(visit: Visit, by: User) -> Visit:
    visit = Visit.objects.select_for_update(of=("self",)).select_related("assignment__household", "campaign").get(
        pk=visit.pk
    )  # fmt: skip
    if visit.state != Visit.State.WAITING:
        raise Refusal("not_waiting", N_("这条结论不在等待确认"))
    if visit.by_id == by.pk:
        raise Refusal("own_visit", N_("自己核查的不能自己确认"))
    return visit


def _handled(visit: Visit, state: str, note: str, verb: str, by: User, at: datetime) -> Visit:
    visit.state, visit.handled_by, visit.handled_at, visit.handled_note = state, by, at, note.strip()[:200]
    visit.save(update_fields=["state", "handled_by", "handled_at", "handled_note", "case"])
    trail.write(
        verb, about=visit.assignment, by=by, at=at, finding=visit.finding, why=visit.handled_note, case=visit.case
    )
    return visit
