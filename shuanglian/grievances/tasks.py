"""Every night what is late climbs and silence is recorded; in the morning holders are reminded; workbooks (VOICE-2)."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING, Any

from django.utils import translation
from procrastinate.contrib.django import app

from shuanglian.areas.models import Area
from shuanglian.core import clock, profile
from shuanglian.fieldwork import months
from shuanglian.jobs.tasks import QUEUE
from shuanglian.jobs.work import Progress, work
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.trail import trail

from . import workbooks
from .actions import answers, climbing, reminding

if TYPE_CHECKING:
    from shuanglian.jobs.models import Job

log = logging.getLogger("shuanglian.grievances")


@app.periodic(cron="41 16 * * *", periodic_id="grievances.nightly")
@app.task(name="grievances.nightly", queue=QUEUE, queueing_lock="grievances.nightly")
def nightly(timestamp: int) -> None:
    """Just after midnight there: whose last day is over climbs. Safe to run twice, and goes on where it broke off."""
    if not profile.active().grievances.runs:
        return
    on, at = clock.today(), clock.now()
    climbed, silent = climbing.night(on=on, at=at), answers.silences(on=on, at=at)
    log.info("demands: %d climbed, %d fell silent", climbed, silent)


@app.periodic(cron="30 0 * * *", periodic_id="grievances.remind")
@app.task(name="grievances.remind", queue=QUEUE, queueing_lock="grievances.remind")
def remind(timestamp: int) -> None:
    """Half past eight in the morning there, on working days."""
    if profile.active().grievances.runs and profile.active().working_days.is_working(clock.today()):
        reminding.remind(on=clock.today(), at=clock.now())


@work("grievances.export", permission="registry.export")
def export(job: Job, progress: Progress) -> dict[str, Any]:
    """The ledger that whoever ordered it may see, and the month's extract, in one workbook."""
    by, told = job.by, job.params
    area = Area.objects.current().filter(code=told["area"]).first()
    if by is None or by.area is None or area is None or not area.code.startswith(by.area.prefix):
        raise Refusal("not_your_area", N_("这个区域不在您的辖区"))
    month, book = months.asked(told["month"], clock.today()), io.BytesIO()
    with translation.override(told.get("language", "zh-hans")):
        rows = workbooks.ledger_book(book, area=area, month=month, seen_by=by, on=clock.today())
    progress.keep(book.getvalue(), f"demands-{area.code}-{month}.xlsx")
    trail.write("grievances.export", by=by, at=clock.now(), area_code=area.code, rows=rows, month=str(month))
    return {"rows": rows}
