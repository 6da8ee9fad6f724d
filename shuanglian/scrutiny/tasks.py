"""What the queue does by itself: new visits weighed within minutes, the last weeks anew by night, call-backs drawn."""

from __future__ import annotations

import logging
from datetime import date, timedelta

from procrastinate.contrib.django import app

from shuanglian.areas.models import Area, AreaQuerySet
from shuanglian.core import clock, profile
from shuanglian.fieldwork.models import Visit
from shuanglian.jobs.tasks import QUEUE
from shuanglian.kernel.refusal import Refusal

from .actions import call_backs, scores

log = logging.getLogger("shuanglian.scrutiny")
SILENT = {"nobody_visited", "no_call_backs"}


@app.periodic(cron="*/10 * * * *", periodic_id="scrutiny.fresh")
@app.task(name="scrutiny.fresh", queue=QUEUE, queueing_lock="scrutiny.fresh")
def fresh(timestamp: int) -> None:
    """Weigh the visits that nobody has weighed yet, county by county, beside what stands around them."""
    if profile.active().scrutiny.scoring is None:
        return
    waiting: dict[str, list[tuple[int, date]]] = {}
    for number, code, on in Visit.objects.standing().filter(score=None).values_list("pk", "area_code", "on"):
        waiting.setdefault(code[:6], []).append((number, on))
    for area in _counties().filter(code__in=[f"{prefix:0<12}" for prefix in waiting]):
        rows = waiting[area.code[:6]]
        days = [on for _number, on in rows]
        scores.score(area=area, since=min(days), until=max(days), asked=[number for number, _on in rows],
                     at=clock.now())  # fmt: skip


@app.periodic(cron="23 1 * * *", periodic_id="scrutiny.nightly")
@app.task(name="scrutiny.nightly", queue=QUEUE, queueing_lock="scrutiny.nightly")
def nightly(timestamp: int) -> None:
    """Weigh everything of the last weeks anew, and draw the call-backs of a month that has ended."""
    at = clock.now()
    last = clock.today().replace(day=1) - timedelta(days=1)
    for area in _counties():
        scores.score_all(area=area, at=at)
        try:
            call_backs.draw(area=area, month=last, by=None, at=at)
        except Refusal as refusal:
            if refusal.code not in SILENT:
                log.exception("call-backs of %s", area.code)


def _counties() -> AreaQuerySet:
    return Area.objects.current().filter(level=Area.Level.COUNTY)
