"""Work that takes longer than a page: the log of an area and month as a workbook."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from django.utils import translation

from shuanglian.areas.models import Area
from shuanglian.core import clock
from shuanglian.jobs.work import Progress, work
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.trail import trail

from . import months, queries, workbooks

if TYPE_CHECKING:
    from shuanglian.jobs.models import Job


@work("fieldwork.export", permission="registry.export")
def export(job: Job, progress: Progress) -> dict[str, Any]:
    """What whoever ordered it may see of the log, in four sheets; how many lines is told in the trail."""
    by, told = job.by, job.params
    area = Area.objects.current().filter(code=told["area"]).first()
    if by is None or by.area is None or area is None or not area.code.startswith(by.area.prefix):
        raise Refusal("not_your_area", N_("这个区域不在您的辖区"))
    month, book = months.asked(told["month"], clock.today()), io.BytesIO()
    with translation.override(told.get("language", "zh-hans")):
        rows = workbooks.log_book(book, queries.log(area, month, seen_by=by))
    progress.keep(book.getvalue(), f"log-{area.code}-{month}.xlsx")
    trail.write("fieldwork.export", by=by, at=clock.now(), area_code=area.code, rows=rows, month=str(month))
    return {"rows": rows}
