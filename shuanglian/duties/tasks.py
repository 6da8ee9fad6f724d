"""Every night: what duties come to in each county; in the morning hours, reminders (never sent at night)."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from shuanglian.areas.models import Area
from shuanglian.core import clock
from shuanglian.jobs.tasks import QUEUE

from .actions import tallies

log = logging.getLogger("shuanglian.duties")


@app.periodic(cron="7 18 * * *", periodic_id="duties.nightly")
@app.task(name="duties.nightly", queue=QUEUE, queueing_lock="duties.nightly")
def nightly(timestamp: int) -> None:
    """A county that fails does not keep the others from being done."""
    on, at = clock.today(), clock.now()
    for area in Area.objects.current().filter(level=Area.Level.COUNTY):
        try:
            tallies.keep(area=area, on=on, at=at)
            tallies.remind(area=area, on=on, at=at)
        except Exception:
            log.exception("duties of %s", area.code)
