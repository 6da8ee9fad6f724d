"""Papers that a step needs: kept beside the case or its list under the paper's code (REG-4)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shuanglian.attachments.actions import attachments
from shuanglian.attachments.models import Attachment
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.procedures import facts, rules
from shuanglian.procedures.models import Case, CaseList
from shuanglian.rules.procedure_machine import belongs
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


@attachments.whole_or_none()
@transaction.atomic
def add(*, of: Case | CaseList, step: str, code: str, upload: Any, by: User, at: datetime) -> Attachment:
    """Keep a paper of the step beside a case or, for all its cases, beside a list. Only who may do the step brings it.

    A meeting's papers are kept with the meeting (meetings.decide).
    """
    case = of if isinstance(of, Case) else of.cases.select_related("edition").filter(step=step).first()
    procedure = rules.of_case(case) if case else None
    if procedure is None or step not in procedure or (isinstance(of, Case) and of.step != step):
        raise Refusal("moved_on", N_("“{case}”已经不在这一步了，请刷新"), case=str(of))
    at_step = procedure.step(step)
    if code not in {one.code for one in at_step.documents}:
        raise Refusal("no_such_paper", N_("“{step}”这一步不要这种材料"), step=at_step.label)
    if (refusal := belongs(at_step, facts.actor_in(of.area_code, at_step, by))) is not None:
        raise refusal
    kept = attachments.keep(upload, of=of, area_code=of.area_code, by=by, at=at, purpose=code)
    trail.write("procedures.paper", about=of, by=by, at=at, step=step, paper=code, digest=kept.digest)
    return kept
