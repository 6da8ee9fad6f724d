"""What the queue calls by night."""

from procrastinate.contrib.django import app

from shuanglian.core import clock

from .actions import knocks


@app.periodic(cron="27 3 * * *", periodic_id="notices.sweep")
@app.task(name="notices.sweep", queue="work", queueing_lock="notices.sweep")
def sweep(timestamp: int) -> None:
    """Forget which addresses knocked in hours that are over."""
    knocks.sweep(at=clock.now())
