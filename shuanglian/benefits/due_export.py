"""A list of dues as a workbook: every row of it with its reasons, or nothing at all (BEN-7, BEN-8)."""

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
from shuanglian.core.profile import language
from shuanglian.jobs.work import Progress, work
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.trail import trail

from . import catalogue, queries
from .models import Decision, Due
from .telling import label_of, listed, tell

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.jobs.models import Job

PIECE = 1000


@work("benefits.dues", permission="registry.export")
def write_list(job: Job, progress: Progress) -> dict[str, Any]:
    """The list that was ordered, village by village."""
    by, wanted = _order(job)
    with translation.override(job.params["language"]):
        found = queries.dues(seen_by=by, wanted=wanted).order_by(*queries.ORDERS["area"])
        ids = list(found.values_list("pk", flat=True))
        assert wanted.area is not None
        title = f"{queries.TITLES[wanted.which]}：{wanted.area.name}"
        closing = _("合计 {rows} 项，没有遗漏。")
        setup = PrintSetup(paper="A3", below_title=_("{on} 导出").format(on=clock.today().isoformat()), closing=closing)
        buffer = io.BytesIO()
        written = workbook(buffer, title, _headings(), _rows(ids, progress), print_setup=setup, sheet=wanted.area.name)
    if written != len(ids):
        raise Refusal(
            "list_incomplete", N_("名单应有 {wanted} 项，只写出 {made} 项，未生成文件"), wanted=len(ids), made=written
        )
    progress.keep(buffer.getvalue(), f"{title}_{clock.today():%Y%m%d}.xlsx")
    trail.write("benefits.dues.export", about=wanted.area, by=by, at=clock.now(), area_code=wanted.area.code,
                what=wanted.which, rows=written)  # fmt: skip
    return {"rows": written}


def _order(job: Job) -> tuple[User, queries.Wanted]:
    told, by = dict(job.params), job.by
    told.pop("language")
    area = Area.objects.current().filter(code=told.pop("area")).first()
    if by is None or area is None or by.area is None or not area.code.startswith(by.area.prefix):
        raise Refusal("no_such_area", N_("找不到要导出的区域，或它不在您的管辖范围"))
    if not (may(by, "benefits.view") and may(by, "registry.export")):
        raise Refusal("may_not_export", N_("您的角色不能导出名单"))
    return by, queries.Wanted(area=area, **told)


def _headings() -> list[Heading]:
    return [
        Heading(_("户编号"), 18), Heading(_("户主"), 10), Heading(_("成员"), 10), Heading(_("政策"), 22),
        Heading(_("年度"), 11), Heading(_("状态"), 12), Heading(_("应享金额"), 11, "yuan"),
        Heading(_("已领金额"), 11, "yuan"), Heading(_("首次发现"), 12, "date"), Heading(_("最近核查"), 12, "date"),
        Heading(_("为什么"), 44), Heading(_("需要问清"), 24), Heading(_("部门理由"), 24), Heading(_("主管部门"), 18),
        Heading(_("在哪里办"), 20), Heading(_("要带的材料"), 30),
    ]  # fmt: skip


def _rows(ids: list[int], progress: Progress) -> Iterator[list[Any] | Group]:
    village = None
    for start in range(0, len(ids), PIECE):
        piece = ids[start : start + PIECE]
        found = Due.objects.filter(pk__in=piece).select_related("household__village__parent", "person").in_bulk()
        kept = queries.latest_decisions(piece)
        names = queries.names_of(kept)
        for key in piece:
            due = found[key]
            if due.household.village_id != village:
                village = due.household.village_id
                parent = due.household.village.parent
                yield Group(f"{parent.name if parent else ''} {due.household.village.name}".strip())
            yield _row(due, kept.get(key), names)
        progress(min(start + PIECE, len(ids)), len(ids), N_("正在写名单"))


def _row(due: Due, kept: Decision | None, names: dict[int, str]) -> list[Any]:
    known, lang = catalogue.benefit(due.benefit), language()
    told = tell(kept.reasons, kept.inputs, known, names) if kept else None
    return [
        due.household.number, due.household.head_name, due.person.name if due.person else "",
        catalogue.title(due.benefit), catalogue.period_label(known, due.period), str(due.get_state_display()), due.yuan,
        due.received, due.since, due.on, told.grounds if told else _("还没有认定过"),
        listed(label_of(path) for path in due.asks), due.reason, catalogue.department(due.department),
        known.apply_at.in_(lang) if known else "", listed(one.in_(lang) for one in known.papers) if known else "",
    ]  # fmt: skip
