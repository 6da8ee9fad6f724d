"""A change of the household's file that a demand waits for: its decision is the demand's answer (VOICE-3, REG-10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from shuanglian.core.clock import day_of
from shuanglian.core.profile import active
from shuanglian.core.scoping import unscoped
from shuanglian.grievances.holders import Ground
from shuanglian.grievances.models import Demand, Step
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.procedures.models import Case
from shuanglian.recognition.subjects import subject_of
from shuanglian.trail import trail

from . import answers
from .demands import locked, step

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

MATTER = "procedures.case"
ENDS = (Case.Stand.APPROVED, Case.Stand.REFUSED, Case.Stand.WITHDRAWN)


def cases_of(demand: Demand) -> QuerySet[Case]:
    """Cases of the demand's household that are under way and were opened since it was asked."""
    if demand.household is None:
        return Case.objects.none()
    rows = Case.objects.filter(subject=subject_of(demand.household), opened_on__gte=demand.on)
    return rows.exclude(step="").order_by("pk")


def waits_for(demand: Demand) -> list[str]:
    """What the demand's answer follows from: "procedures.case:12"."""
    rows = demand.steps.filter(kind=Step.Kind.OPENED, holder__startswith=f"{MATTER}:")
    return list(rows.values_list("holder", flat=True))


@transaction.atomic
def wait_for(*, demand: Demand, case: Case, by: User, at: datetime) -> Step:
    """Tie a demand to a case of its household: once the case is decided, the demand is answered with it."""
    kept = locked(demand)
    if kept.state != Demand.State.OPEN:
        raise Refusal("not_open", N_("这条诉求现在不在办理中"))
    if not cases_of(kept).filter(pk=case.pk).exists():
        raise Refusal("no_such_case", N_("请选这一户正在办理的事项"))
    matter = f"{MATTER}:{case.pk}"
    if matter in waits_for(kept):
        raise Refusal("waits_already", N_("已经在等这件事办结"))
    trail.write("grievances.open", about=kept, by=by, at=at, matter=matter)
    return step(kept, Step.Kind.OPENED, by=by, at=at, text=_title(case), holder=matter)


def after(cases: Sequence[Case], deed: str) -> None:
    """Answer the demands that waited for cases that are decided now; in the deciding transaction."""
    ended = {f"{MATTER}:{case.pk}": case for case in cases if case.stand in ENDS}
    if not ended:
        return
    with unscoped():  # whoever decides the case may not see where the demand stands
        rows = Step.objects.filter(kind=Step.Kind.OPENED, holder__in=ended, demand__state=Demand.State.OPEN)
        for one in rows.select_related("demand").order_by("pk"):
            _answer(one.demand, ended[one.holder], one.holder)


def _answer(demand: Demand, case: Case, matter: str) -> None:
    last = case.acts.order_by("-number").first()
    by, at = (last.by, last.at) if last else (case.by, case.at)
    why = last.why if last else ""
    if case.stand == Case.Stand.WITHDRAWN:  # nothing was decided: whoever holds it must answer himself
        step(demand, Step.Kind.NOTED, by=by, at=at, text=f"{_title(case)}：{why or str(case.get_stand_display())}")
    elif case.stand == Case.Stand.APPROVED:
        answers.answer(demand=demand, outcome="solved", text=f"{_title(case)}：已经批准，档案已按批准的内容改了。",
                       evidence=f"{case.number} · {case.last_on:%Y-%m-%d}", matter=matter, by=by, at=at)  # fmt: skip
    else:
        answers.answer(demand=demand, outcome="explained", text=f"{_title(case)}：没有通过。{why}".strip(),
                       rule=_title(case), appeal=_above(demand, at), matter=matter, by=by, at=at)  # fmt: skip


def _title(case: Case) -> str:
    procedure = active().procedures.get(case.procedure)
    return f"{procedure.label.zh if procedure else case.procedure}（{case.number}）"


def _above(demand: Demand, at: datetime) -> str:
    """Where somebody can appeal: the next rung's office, at the top the one that holds it."""
    ground, ladder = Ground([demand], day_of(at)), active().grievances.ladder
    path = ground.path(demand)
    rung = ladder.above(path, demand.rung) or path[-1]
    holder = ground.holder(demand, rung)
    return f"{holder.name} · {rung.shape.label.zh}" if holder else rung.shape.label.zh
