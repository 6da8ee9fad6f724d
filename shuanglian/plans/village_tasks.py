"""Work that takes longer than a page: a list of village plans as a workbook."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext as _

from shuanglian.accounts.rights import may
from shuanglian.areas.models import Area
from shuanglian.core import clock
from shuanglian.core.export import Group, Heading, PrintSetup, workbook
from shuanglian.jobs.work import Progress, work
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.trail import trail

from . import village_queries, village_wording
from .village_queries import Row

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.jobs.models import Job

VILLAGES = "plans.villages"


@work(VILLAGES, permission="registry.export")
def write_list(job: Job, progress: Progress) -> dict[str, Any]:
    """The list that was ordered, township by township: every village of it, each discrepancy in words."""
    by, area, series, show = _order(job)
    with translation.override(job.params["language"]):
        rows = [one for one in village_queries.rows_of(seen_by=by, area=area, series=series) if show in one.lists]
        kind = _("{year} 年度计划").format(year=series) if series else _("规划")
        title = _("村计划（{kind}）：{show}").format(kind=kind, show=village_queries.LISTS[show])
        setup = PrintSetup(paper="A3", below_title=f"{area.name} {clock.today():%Y-%m-%d}",
                           closing=_("合计 {rows} 村，没有遗漏。"))  # fmt: skip
        buffer = io.BytesIO()
        written = workbook(buffer, title, _headings(), _lines(rows), print_setup=setup, sheet=area.name)
    progress.keep(buffer.getvalue(), f"{title}_{area.name}_{clock.today():%Y%m%d}.xlsx")
    trail.write("plans.export", about=area, by=by, at=clock.now(), area_code=area.code, what=f"villages {show}",
                rows=written)  # fmt: skip
    return {"rows": written}


def _order(job: Job) -> tuple[User, Area, int, str]:
    by, told = job.by, job.params
    area = Area.objects.current().filter(code=told["area"]).first()
    if by is None or area is None or by.area is None or not area.code.startswith(by.area.prefix):
        raise Refusal("no_such_area", N_("找不到要导出的区域，或它不在您的管辖范围"))
    if not (may(by, "plans.view") and may(by, "registry.export")):
        raise Refusal("may_not_export", N_("您的角色不能导出名单"))
    return by, area, told["series"], told["show"]


def _headings() -> list[Heading]:
    return [
        Heading(_("区划代码"), 14), Heading(_("行政村"), 18), Heading(_("版本"), 6, "whole"),
        Heading(_("起始年度"), 8, "whole"), Heading(_("到期年度"), 8, "whole"), Heading(_("主导产业"), 16),
        Heading(_("在册户"), 8, "whole"), Heading(_("有户计划"), 8, "whole"), Heading(_("现人均纯收入"), 12, "yuan"),
        Heading(_("人均目标收入"), 12, "yuan"), Heading(_("一年要多收"), 14, "yuan"),
        Heading(_("合计增收"), 14, "yuan"),
        Heading(_("还差"), 12, "yuan"), Heading(_("村级项目投入"), 14, "yuan"), Heading(_("提交"), 11, "date"),
        Heading(_("村民会议通过"), 11, "date"), Heading(_("乡镇审定"), 11, "date"), Heading(_("雷同"), 8),
        Heading(_("哪里算不平"), 70),
    ]  # fmt: skip


def _lines(rows: Sequence[Row]) -> Iterator[list[Any] | Group]:
    township = None
    for one in rows:
        parent = one.village.parent
        if parent is not None and township != parent.pk:
            township = parent.pk
            yield Group(parent.name)
        yield _line(one)


def _line(one: Row) -> list[Any]:
    first = [one.village.code, one.village.name]
    plan, found = one.plan, one.reckoned
    if plan is None or found is None:
        return [*first, *[None] * 16, _("没有计划")]
    wrong = "；".join(village_wording.fault(fault)["says"] for fault in found.faults)
    return [
        *first, plan.version, plan.year, plan.until, village_wording.industry_label(plan.industry),
        one.homes.households, one.homes.planned, plan.income, plan.target, found.need, found.carried, found.short,
        plan.cost,
        plan.submitted_on, plan.agreed_on, plan.approved_on, f"{plan.alike:.0%}" if plan.alike else "", wrong,
    ]  # fmt: skip
