"""A benefit put right through the benefits' own verbs: nothing counts as corrected that did not move (BEN-8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from shuanglian.benefits.actions import dues
from shuanglian.benefits.models import Due
from shuanglian.core.profile import active
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said
from shuanglian.policywatch import facts

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.policywatch.models import Report

VERBS = ("", "applied", "approved")


def move(
    due: Due, verb: str, *, cause: str, on: date, papers: Sequence[str], report: Report, by: User, at: datetime
) -> Due:  # fmt: skip
    """The due after `verb`; a Refusal while it still stands as the cause says. The caller holds the transaction."""
    note = f"#{report.pk}"
    match verb:
        case "applied":
            dues.apply(due=due, on=on, by=by, at=at, papers=papers, note=note)
        case "approved":
            dues.approve(due=due, on=on, by=by, at=at, note=note)
        case "":
            pass
        case _:
            raise Refusal("no_such_step", N_("请选怎样纠正"))
    due = Due.objects.get(pk=due.pk)
    known = active().policywatch.causes.get(cause)
    if known is not None and facts.stands_as(due, known):
        state = Said(str(Due.State(due.state).label))
        raise Refusal("still_so", N_("这一项现在还是“{state}”，没有纠正"), state=state)
    return due


def possible(due: Due | None) -> list[str]:
    """What may be done to a due now: codes of VERBS."""
    return [""] if due is None else ["", *(verb for verb in VERBS[1:] if due.state in dues.MAY[verb][0])]
