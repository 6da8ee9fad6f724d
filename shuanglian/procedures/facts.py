"""Rows → the plain values that the machine asks for: papers, notices, samples, conditions; of many cases at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from shuanglian.accounts.rights import may, sees
from shuanglian.areas.models import Area
from shuanglian.attachments.models import Attachment
from shuanglian.core.clock import day_of
from shuanglian.notices.models import Notice, Objection
from shuanglian.rules.conditions import Weighed, weigh
from shuanglian.rules.notice_clock import Stretch
from shuanglian.rules.procedure_demands import Posted, Sample
from shuanglian.rules.procedure_machine import Actor, State
from shuanglian.rules.procedures import Procedure, Step

from . import hooks
from .models import Act, Case, Drawn, Posting

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

LEVELS = {
    Area.Level.PROVINCE: "province", Area.Level.CITY: "city", Area.Level.COUNTY: "county",
    Area.Level.TOWNSHIP: "township", Area.Level.VILLAGE: "village",
}  # fmt: skip
SYSTEM = "system"  # the calendar acts: a notice whose days are over is closed by nobody
AT_ONCE = 2_000
UPHELD = frozenset({Objection.Outcome.UPHELD, Objection.Outcome.PARTLY})
Papers = dict[str, list[dict[str, Any]]]  # code of the paper → the attachments that are it


def level_of(user: User) -> str:
    return LEVELS[Area.Level(user.area.level)] if user.area else ""


def state_of(case: Case) -> State:
    return State(
        at=case.step, last=case.last_on, stand=case.stand, posted=case.posted_id is not None, held=case.held,  # type: ignore[arg-type]
        finding=case.finding, doers={step: frozenset(keys) for step, keys in case.doers.items()}, signed=case.signed,
    )  # fmt: skip


def actor_for(case: Case, step: Step, by: User | None, kin: Mapping[int, str]) -> Actor:
    """Who acts, as the machine asks; nobody is the calendar itself."""
    return actor_in(case.area_code, step, by, kin.get(case.pk, ""))


def actor_in(area_code: str, step: Step, by: User | None, kin: str = "") -> Actor:
    if by is None:
        return Actor(SYSTEM, step.by[0], step.level)
    role = by.role if may(by, "procedures.act") else ""
    return Actor(by.pk, role, level_of(by), sees(by, area_code), kin)


def papers(cases: Sequence[Case]) -> dict[int, Papers]:
    """The papers of each case: its own and those of its list, by code."""
    owners: dict[str, list[int]] = defaultdict(list)
    for case in cases:
        owners[f"procedures.case:{case.pk}"].append(case.pk)
        if case.list_id:
            owners[f"procedures.caselist:{case.list_id}"].append(case.pk)
    found: dict[int, Papers] = defaultdict(lambda: defaultdict(list))
    for about, one in _attachments(list(owners)):
        for pk in owners[about]:
            found[pk][one["code"]].append(one)
    return found


def papers_of(about: str) -> Papers:
    """The papers of one row, such as a meeting."""
    found: Papers = defaultdict(list)
    for _about, one in _attachments([about]):
        found[one["code"]].append(one)
    return found


def _attachments(abouts: list[str]) -> Iterable[tuple[str, dict[str, Any]]]:
    for begin in range(0, len(abouts), AT_ONCE):
        rows = Attachment.objects.filter(about__in=abouts[begin : begin + AT_ONCE], gone_at=None).order_by("id")
        for about, purpose, pk, digest in rows.values_list("about", "purpose", "id", "digest"):
            yield about, {"code": purpose, "attachment": pk, "digest": digest}


def lock_notices(cases: Sequence[Case], *, earlier: bool) -> None:
    """No objection comes in while the days are counted: whoever objects locks the same rows (notices.objections)."""
    pks = {case.posted_id for case in cases if case.posted_id}
    if earlier:
        pks |= set(Posting.objects.filter(case__in=cases).values_list("notice", flat=True))
    list(Notice.objects.select_for_update().filter(pk__in=pks).order_by("pk").values_list("pk"))


def posted(cases: Sequence[Case]) -> dict[int, Posted]:
    """The notice that stands for each case at its step, as it stands for that row."""
    standing = {case.pk: case.posted_id for case in cases if case.posted_id}
    return {pk: one[0] for pk, one in _posted({pk: [notice] for pk, notice in standing.items()}, {}).items()}


def earlier(cases: Sequence[Case]) -> dict[int, tuple[Posted, ...]]:
    """All notices that each case ever stood on. An objection upheld before the case was last sent back is dealt with:
    everything from there on was done anew."""
    stood: dict[int, list[int]] = defaultdict(list)
    for case, notice in Posting.objects.filter(case__in=cases).values_list("case", "notice"):
        stood[case].append(notice)
    sent_back = Act.objects.filter(case__in=list(stood), deed="back").order_by().values_list("case")
    dealt_with = dict(sent_back.annotate(last=Max("at")).values_list("case", "last"))
    return {pk: tuple(found) for pk, found in _posted(stood, dealt_with).items()}


def _posted(stood: Mapping[int, Sequence[int]], dealt_with: Mapping[int, datetime]) -> dict[int, list[Posted]]:
    pks = {pk for some in stood.values() for pk in some}
    notices = {one.pk: one for one in Notice.objects.filter(pk__in=pks).only("id", "opens_on", "days", "withdrawn_at")}
    objections: dict[tuple[int, str], list[Objection]] = defaultdict(list)
    counting = Objection.objects.filter(notice__in=pks).exclude(outcome=Objection.Outcome.REPEATED)
    rows = counting.only("notice", "row", "at", "answered_at", "state", "outcome")
    for one in rows:
        objections[(one.notice_id, one.row)].append(one)
    return {
        case: [
            _one(notices[pk], [*objections[(pk, "")], *objections[(pk, str(case))]], dealt_with.get(case))
            for pk in some
        ]
        for case, some in stood.items()
    }


def _one(notice: Notice, objections: Sequence[Objection], dealt_with: datetime | None) -> Posted:
    upheld = [one.answered_at for one in objections if one.outcome in UPHELD and one.answered_at]
    stood: tuple[Stretch, ...] = tuple(
        (day_of(one.at), day_of(one.answered_at) if one.answered_at else None) for one in objections
    )
    return Posted(
        notice.opens_on, notice.days, stood, unanswered=sum(one.is_open for one in objections),
        upheld=sum(dealt_with is None or at > dealt_with for at in upheld), withdrawn=notice.withdrawn_at is not None,
    )  # fmt: skip


def samples(cases: Sequence[Case]) -> dict[int, Sample]:
    """How far the re-check of each case's draw is; a case without a draw is its own list of one."""
    pks = {case.draw_id for case in cases if case.draw_id}
    mine: set[tuple[int, int]] = set()
    checked: dict[int, int] = defaultdict(int)
    of: dict[int, int] = {}
    for draw, case, finding, whole in Drawn.objects.filter(draw__in=pks).values_list(
        "draw", "case", "finding", "draw__of"
    ):
        mine.add((draw, case))
        checked[draw] += bool(finding)
        of[draw] = whole
    return {
        case.pk: Sample(of[case.draw_id], checked[case.draw_id], (case.draw_id, case.pk) in mine)
        if case.draw_id in of
        else Sample(1, int(bool(case.finding)), True)
        for case in cases
    }


def needs(procedure: Procedure, step: Step, cases: Sequence[Case], on: date) -> dict[int, Weighed]:
    """The conditions of a step weighed for each case with the facts that its subject's room gives."""
    if not step.needs:
        return {}
    told = fn(cases, on) if (fn := hooks.subject(procedure.subject).facts) else {}
    return {case.pk: weigh(step.needs, told.get(case.pk, {})) for case in cases}
