"""Work that takes longer than a page: a list of household plans as a workbook."""

from __future__ import annotations

import io
from collections.abc import Iterator
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
from shuanglian.pairing.models import Pairing
from shuanglian.registry.models import Household
from shuanglian.trail import trail

from . import queries, wording
from .models import HouseholdPlan, Measure

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.jobs.models import Job

LIST, PIECE = "plans.list", 1000


@work(LIST, permission="registry.export")
def write_list(job: Job, progress: Progress) -> dict[str, Any]:
    """The list that was ordered, village by village: every household of it, or nothing at all."""
    by, area, kind = _order(job)
    with translation.override(job.params["language"]):
        rows = queries.listed(seen_by=by, area=area, kind=kind, on=clock.today()).order_by("area_code", "id")
        ids = list(rows.values_list("pk", flat=True))
        title = _("户帮扶计划：{kind}").format(kind=queries.KINDS[kind])
        setup = PrintSetup(paper="A3", below_title=f"{area.name} {clock.today():%Y-%m-%d}",
                           closing=_("合计 {rows} 户，没有遗漏。"))  # fmt: skip
        buffer = io.BytesIO()
        written = workbook(buffer, title, _headings(), _rows(ids, progress), print_setup=setup, sheet=area.name)
    if written != len(ids):
        raise Refusal(
            "list_incomplete", N_("名单应有 {wanted} 户，只写出 {made} 户，未生成文件"), wanted=len(ids), made=written
        )
    progress.keep(buffer.getvalue(), f"{title}_{area.name}_{clock.today():%Y%m%d}.xlsx")
    trail.write("plans.export", about=area, by=by, at=clock.now(), area_code=area.code, what=kind, rows=written)
    return {"rows": written}


def _order(job: Job) -> tuple[User, Area, str]:
    by, told = job.by, job.params
    area = Area.objects.current().filter(code=told["area"]).first()
    if by is None or area is None or by.area is None or not area.code.startswith(by.area.prefix):
        raise Refusal("no_such_area", N_("找不到要导出的区域，或它不在您的管辖范围"))
    if not (may(by, "plans.view") and may(by, "registry.export")):
        raise Refusal("may_not_export", N_("您的角色不能导出名单"))
    return by, area, told["kind"]


def _headings() -> list[Heading]:
    return [
        Heading(_("户编号"), 18), Heading(_("户主"), 10), Heading(_("村民小组"), 10), Heading(_("人口"), 6, "whole"),
        Heading(_("帮扶责任人"), 12), Heading(_("单位"), 22), Heading(_("版本"), 6, "whole"),
        Heading(_("现人均纯收入"), 12, "yuan"), Heading(_("人均目标收入"), 12, "yuan"),
        Heading(_("目标年度"), 8, "whole"),
        Heading(_("措施"), 46), Heading(_("年增收（可能）"), 12, "yuan"), Heading(_("年缺口"), 12, "yuan"),
        Heading(_("投入"), 12, "yuan"), Heading(_("农户认可日期"), 12, "date"), Heading(_("单位审定日期"), 12, "date"),
        Heading(_("雷同"), 8),
    ]  # fmt: skip


def _rows(ids: list[int], progress: Progress) -> Iterator[list[Any] | Group]:
    village = None
    for start in range(0, len(ids), PIECE):
        some = ids[start : start + PIECE]
        homes = Household.objects.filter(pk__in=some).select_related("village__parent").order_by("area_code", "id")
        helpers = {one.household_id: one.cadre for one in Pairing.objects.standing_on(clock.today()).filter(
            household__in=some).select_related("cadre__unit")}  # fmt: skip
        told = queries.with_plans(list(homes))
        lines: dict[int, list[Measure]] = {}
        for line in Measure.objects.filter(plan__in=[plan.pk for _home, plan in told if plan]).order_by("number"):
            lines.setdefault(line.plan_id, []).append(line)
        for home, plan in told:
            if village != home.village_id:
                village = home.village_id
                parent = home.village.parent
                yield Group(f"{parent.name if parent else ''} {home.village.name}")
            yield _row(home, plan, helpers.get(home.pk), lines)
        progress(start + len(some), len(ids), N_("正在写名单"))


def _row(home: Household, plan: HouseholdPlan | None, cadre: Any, lines: dict[int, list[Measure]]) -> list[Any]:
    who = [cadre.name, cadre.unit.name] if cadre else ["", ""]
    first = [home.number, home.head_name, home.group, home.size, *who]
    if plan is None:
        return [*first, *[None] * 4, _("没有计划"), *[None] * 6]
    measures = "、".join(
        f"{wording.measure_label(one.code)} {one.units}{wording.unit_label(one.code)}" for one in lines.get(plan.pk, [])
    )
    copied = f"{plan.alike:.0%}" if plan.alike else ""
    return [*first, plan.version, plan.income, plan.target, plan.horizon, measures, plan.gain_likely, plan.short,
            plan.cost, plan.agreed_on, plan.approved_on, copied]  # fmt: skip
