"""The night: pieces of photos that nobody went on with are removed."""

from __future__ import annotations

from procrastinate.contrib.django import app

from shuanglian.core import clock
from shuanglian.jobs.tasks import QUEUE

from .actions import photos


@app.periodic(cron="41 3 * * *", periodic_id="phone.sweep")
@app.task(name="phone.sweep", queue=QUEUE, queueing_lock="phone.sweep")
def sweep(timestamp: int) -> None:
    """See actions.photos.sweep."""
    photos.sweep(at=clock.now())
