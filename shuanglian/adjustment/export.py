"""The result of a year's adjustment as a workbook: movement by region and by cause, and the list (REG-3, REP-2)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from shuanglian.accounts.rights import may
from shuanglian.areas.models import Area
from shuanglian.areas.queries import children
from shuanglian.core import clock
from shuanglian.core.export import Heading, PrintSetup, Sheet, book_of
from shuanglian.core.profile import label
from shuanglian.jobs.models import Job
from shuanglian.jobs.work import Progress, work
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.trail import trail

from . import queries, results
from .models import Item, Round
from .wording import FLOW, grounds


@work("adjustment.table", permission="registry.export")
def write_table(job: Job, progress: Progress) -> dict[str, Any]:
    """The workbook that was ordered."""
    made = Round.objects.select_related("area").get(pk=job.params["round"])
    area, by = Area.objects.current().filter(code=job.params["area"]).first(), job.by
    if by is None or area is None or by.area is None or not by.area.contains(area) or not made.area.contains(area):
        raise Refusal("no_such_area", N_("找不到要导出的区域，或它不在您的管辖范围"))
    if not (may(by, "adjustment.view") and may(by, "registry.export")):
        raise Refusal("may_not_export", N_("您的角色不能导出名单"))
    with translation.override(job.params["language"]):
        told = results.movement(area, made.year, clock.today())
        rows = queries.items(seen_by=by, made=made, wanted=queries.Wanted(area)).order_by("area_code", "id")
        below = _until(made.year)
        sheets = [
            Sheet(_("按区域"), _title(made, area), _flow_heads(_("区域")), list(_by_area(told, area)), below),
            Sheet(_("按致贫原因"), _title(made, area), _flow_heads(_("主要致贫原因")), list(_by_cause(told, area)),
                  below),
            Sheet(_("名单"), _title(made, area), _item_heads(), [_item(one) for one in rows], below),
        ]  # fmt: skip
        buffer = io.BytesIO()
        book_of(buffer, sheets)
        progress.keep(buffer.getvalue(), f"{_title(made, area)}.xlsx")
    trail.write("adjustment.export", about=made, by=by, at=clock.now(), area_code=area.code, rows=len(sheets[2].rows))
    return {"rows": len(sheets[2].rows)}


def _title(made: Round, area: Area) -> str:
    return _("{area} {year} 年动态调整结果").format(area=area.name, year=made.year)


def _until(year: int) -> PrintSetup:
    on = min(clock.today(), date(year, 12, 31)).isoformat()
    return PrintSetup(paper="A3", below_title=_("截至 {on}，户数／人数").format(on=on))


def _flow_heads(first: str) -> list[Heading]:
    heads = [Heading(first, 22)]
    for word in FLOW:
        heads += [Heading(_("{word}（户）").format(word=word), 13, "whole"),
                  Heading(_("{word}（人）").format(word=word), 13, "whole")]  # fmt: skip
    return heads


def _by_area(told: results.Movement, area: Area) -> Iterator[list[Any]]:
    below = children(area) if area.level < Area.Level.VILLAGE else []
    by_area = told.by_area(below)
    for one in below:
        yield [one.name, *_flat(by_area[one.code])]
    yield [_("合计"), *_flat(told.of(area.prefix))]


def _by_cause(told: results.Movement, area: Area) -> Iterator[list[Any]]:
    for cause, flow in told.by_cause().items():
        yield [label("cause", cause) if cause else _("未填"), *_flat(flow)]
    yield [_("合计"), *_flat(told.of(area.prefix))]


def _flat(flow: results.Flow) -> list[int]:
    return [number for pair in flow.told() for number in pair]


def _item_heads() -> list[Heading]:
    return [
        Heading(_("村"), 18), Heading(_("姓名"), 10), Heading(_("种类"), 10), Heading(_("人口"), 8, "whole"),
        Heading(_("主要致贫原因"), 14), Heading(_("列入依据"), 50), Heading(_("处理"), 10), Heading(_("处理理由"), 30),
        Heading(_("事项号"), 16),
    ]  # fmt: skip


def _item(one: Item) -> list[Any]:
    village = one.household.village.name if one.household else one.place
    return [
        village, one.name, one.get_kind_display(), one.size, label("cause", one.cause) if one.cause else "",
        "；".join(grounds(one)), one.get_decision_display(), one.why, one.case.number if one.case else "",
    ]  # fmt: skip
