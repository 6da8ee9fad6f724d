"""What the queue does every night: disputes climb, what names people goes, villages are reminded (VOICE-5)."""

from __future__ import annotations

from procrastinate.contrib.django import app

from shuanglian.core import clock
from shuanglian.jobs.tasks import QUEUE

from .actions import disputes, forgetting, screening


@app.periodic(cron="47 17 * * *", periodic_id="disputes.nightly")
@app.task(name="disputes.nightly", queue=QUEUE, queueing_lock="disputes.nightly")
def nightly(timestamp: int) -> None:
    """Deleting comes first: it does not wait for anything else to go well."""
    forgetting.night(on=clock.today(), at=clock.now())
    disputes.night(on=clock.today(), at=clock.now())
    screening.night(on=clock.today(), at=clock.now())
