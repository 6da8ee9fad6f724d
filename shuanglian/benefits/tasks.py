"""Work that takes longer than a page: a round over an area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shuanglian.core import clock
from shuanglian.jobs.work import Progress, work

from .actions import rounds
from .models import Round

if TYPE_CHECKING:
    from shuanglian.jobs.models import Job


@work("benefits.round")
def ask_everyone(job: Job, progress: Progress) -> dict[str, Any]:
    """One round; done again from the start when its worker was killed, since it commits as a whole."""
    made = Round.objects.select_related("area", "by").get(pk=job.params["round"])
    if made.state == Round.State.DONE:
        return dict(made.figures["total"])
    return rounds.run(made=made, progress=progress, at=clock.now())
