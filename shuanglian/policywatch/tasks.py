"""What the queue does by itself: every night limits, the programme office's turn, benefits that moved on (VOICE-4)."""

from __future__ import annotations

from procrastinate.contrib.django import app

from shuanglian.core import clock
from shuanglian.jobs.tasks import QUEUE

from . import export as export
from .actions import reports


@app.periodic(cron="41 17 * * *", periodic_id="policywatch.nightly")
@app.task(name="policywatch.nightly", queue=QUEUE, queueing_lock="policywatch.nightly")
def nightly(timestamp: int) -> None:
    reports.night(on=clock.today(), at=clock.now())
