"""Work that takes longer than a page: the campaign's list of an area as a workbook."""

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

from . import access, workbooks

if TYPE_CHECKING:
    from shuanglian.jobs.models import Job


@work("lookback.export", permission="registry.export")
def export(job: Job, progress: Progress) -> dict[str, Any]:
    """Every household of the area in one sheet; how many is told in the trail. Whoever ordered must see the area."""
    by, told = job.by, job.params
    area = Area.objects.current().filter(code=told["area"]).first()
    campaign = access.campaigns_seen_by(by).filter(pk=told["campaign"]).first() if by is not None else None
    if by is None or by.area is None or area is None or campaign is None or not area.code.startswith(by.area.prefix):
        raise Refusal("not_your_area", N_("这个区域不在您的辖区"))
    book = io.BytesIO()
    with translation.override(told.get("language", "zh-hans")):
        rows = workbooks.households(
            book, campaign, area, on_row=lambda done: progress(done, told["rows"], N_("正在导出"))
        )
    progress.keep(book.getvalue(), f"{campaign.code}-{area.code}.xlsx")
    trail.write("lookback.export", about=campaign, by=by, at=clock.now(), area_code=area.code, rows=rows)
    return {"rows": rows}
