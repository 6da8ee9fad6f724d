"""Work that takes longer than a page: a check over an area, its list as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shuanglian.core import clock
from shuanglian.jobs.work import Progress, work

from .actions import checks
from .models import ExitCheck

if TYPE_CHECKING:
    from shuanglian.jobs.models import Job


@work("exits.check")
def check_everyone(job: Job, progress: Progress) -> dict[str, Any]:
    """One check; done again from the start when its worker was killed, since it commits as a whole."""
    made = ExitCheck.objects.select_related("area", "by").get(pk=job.params["check"])
    if made.state == ExitCheck.State.DONE:
        return checks.counts_of(made.figures)
    return checks.run(made=made, progress=progress, at=clock.now())
