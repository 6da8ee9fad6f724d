"""What the queue does by itself: the night over all letters, the message of every working morning."""

from __future__ import annotations

from procrastinate.contrib.django import app

from shuanglian.core import clock
from shuanglian.jobs.tasks import QUEUE

from .actions import rounds


@app.periodic(cron="37 17 * * *", periodic_id="complaints.nightly")
@app.task(name="complaints.nightly", queue=QUEUE, queueing_lock="complaints.nightly")
def nightly(timestamp: int) -> None:
    """Climbing by deadline, silence, identities whose time is over. Runs every night, with or without letters."""
    rounds.night(at=clock.now())


@app.periodic(cron="4 * * * *", periodic_id="complaints.morning")
@app.task(name="complaints.morning", queue=QUEUE, queueing_lock="complaints.morning")
def morning(timestamp: int) -> None:
    """Asked every hour, done once a working day from the profile's hour on: a stopped server does not lose it."""
    rounds.morning(at=clock.now())
