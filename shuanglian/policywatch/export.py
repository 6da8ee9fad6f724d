"""The families alike of a report as a workbook: every one of them, or no file at all (VOICE-4)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext as _

from shuanglian.accounts.rights import may
from shuanglian.benefits import catalogue
from shuanglian.core import clock
from shuanglian.core.export import Group, Heading, PrintSetup, workbook
from shuanglian.jobs.work import Progress, work
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.trail import trail

from . import access, queries
from .models import Alike, Report

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.jobs.models import Job

PIECE = 1_000


@work("policywatch.alike", permission="registry.export")
def write_list(job: Job, progress: Progress) -> dict[str, Any]:
    """The families that whoever ordered it sees, village by village."""
    by, report = _order(job)
    with translation.override(job.params["language"]):
        title = _("同类户：{policy}").format(policy=catalogue.title(report.benefit))
        rows = queries.alike(seen_by=by, report=report).order_by("area_code", "id")
        told, whole = queries.progress_of(rows), rows.count()
        below = _("{on} 导出；已核完 {done} / {whole} 项").format(on=clock.today(), done=told.done, whole=whole)
        setup = PrintSetup(below_title=below, closing=_("合计 {rows} 项，没有遗漏。"))
        buffer = io.BytesIO()
        written = workbook(buffer, title, _headings(), _rows(rows, whole, progress), print_setup=setup)
    if written != whole:
        raise Refusal(
            "list_incomplete", N_("名单应有 {wanted} 项，只写出 {made} 项，未生成文件"), wanted=whole, made=written
        )
    progress.keep(buffer.getvalue(), f"{title}_{clock.today():%Y%m%d}.xlsx")
    trail.write("policywatch.export", about=report, by=by, at=clock.now(), rows=written)
    return {"rows": written}


def _order(job: Job) -> tuple[User, Report]:
    by = job.by
    if by is None or not (may(by, access.VIEW) and may(by, "registry.export")):
        raise Refusal("may_not_export", N_("您的角色不能导出名单"))
    found = access.reports_seen_by(by).filter(pk=job.params["report"]).first()
    if found is None:
        raise Refusal("no_such_report", N_("找不到这件政策反映，或它不在您的范围"))
    return by, found


def _headings() -> list[Heading]:
    return [
        Heading(_("户编号"), 18), Heading(_("户主"), 10), Heading(_("成员"), 10), Heading(_("年度"), 11),
        Heading(_("应享金额"), 11, "yuan"), Heading(_("已领金额"), 11, "yuan"), Heading(_("应享状态"), 12),
        Heading(_("核查情况"), 16), Heading(_("说明"), 30), Heading(_("谁核查的"), 12),
        Heading(_("核查日期"), 12, "date"),
    ]  # fmt: skip


def _rows(rows: Any, whole: int, progress: Progress) -> Iterator[list[Any] | Group]:
    village = None
    for done, one in enumerate(rows.select_related("by").iterator(chunk_size=PIECE), 1):
        if one.household.village_id != village:
            village = one.household.village_id
            yield Group(one.household.village.name)
        yield _row(one)
        if done % PIECE == 0 or done == whole:
            progress(done, whole, N_("正在写名单"))


def _row(one: Alike) -> list[Any]:
    due = one.due
    return [
        one.household.number, one.household.head_name, due.person.name if due.person else "",
        catalogue.period_label(catalogue.benefit(due.benefit), due.period), due.yuan, due.received,
        str(due.get_state_display()), str(one.get_state_display()), one.why, str(one.by) if one.by else "",
        clock.day_of(one.at) if one.at else None,
    ]  # fmt: skip
