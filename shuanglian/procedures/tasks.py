"""Every night: notices that have run their days go on by themselves (REG-4)."""

from __future__ import annotations

from procrastinate.contrib.django import app

from shuanglian.core import clock
from shuanglian.jobs.tasks import QUEUE

from .actions import postings


@app.periodic(cron="7 0 * * *", periodic_id="procedures.nightly")
@app.task(name="procedures.nightly", queue=QUEUE, queueing_lock="procedures.nightly")
def nightly(timestamp: int) -> None:
    """Safe to run twice: what has gone on is not at its notice any more."""
    postings.close_due(at=clock.now())
