"""Work that takes longer than a page: making a round's list; the workbook of its result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shuanglian.core import clock
from shuanglian.jobs.work import Progress, work

from . import export as export
from .actions import rounds
from .models import Round

if TYPE_CHECKING:
    from shuanglian.jobs.models import Job


@work("adjustment.round")
def make_list(job: Job, progress: Progress) -> dict[str, Any]:
    """One round's list; done again from the start when its worker was killed, since it commits as a whole."""
    made = Round.objects.select_related("area", "by").get(pk=job.params["round"])
    if made.state != Round.State.WAITING:
        return dict(made.figures)
    return rounds.propose(made=made, progress=progress, at=clock.now())
