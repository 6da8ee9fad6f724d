"""Work that takes longer than a page: the ledger on paper, figures and possible duplicates anew."""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from shuanglian.accounts.models import User
from shuanglian.accounts.rights import may
from shuanglian.areas.models import Area
from shuanglian.core import clock
from shuanglian.core.export import Group, Heading, PrintSetup, workbook
from shuanglian.core.pdf import typeset
from shuanglian.core.profile import active, language
from shuanglian.jobs.tasks import QUEUE
from shuanglian.jobs.work import Progress, work
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.trail import trail

from . import flag_sheet, ledger
from .actions import counts, flags, statistics, suspicions
from .actions.derived import head_code
from .models import Household, KeptStatistics, Person
from .queries import Wanted, households
from .statistics import not_kept

if TYPE_CHECKING:
    from shuanglian.jobs.models import Job

log = logging.getLogger("shuanglian.registry")
PIECE = 500  # households fetched at a time
MOST_IN_ONE_PDF = 2000  # households: more become one document per region below, together in one archive


@dataclass(frozen=True)
class Order:
    """What was ordered: which region's ledger, as what, on what paper, with whose numbers."""

    area: Area
    by: User
    format: str
    paper: str
    landscape: bool
    break_pages: bool
    contacts: str  # "", "masked", "full"
    why: str

    @classmethod
    def of(cls, job: Job) -> Order:
        by, told = job.by, job.params
        area = Area.objects.current().filter(code=told["area"]).select_related("parent__parent__parent__parent").first()
        if by is None or area is None or by.area is None or not area.code.startswith(by.area.prefix):
            raise Refusal("no_such_area", N_("找不到要导出的区域，或它不在您的管辖范围"))
        if not may(by, "registry.export"):
            raise Refusal("may_not_export", N_("您的角色不能导出台账"))
        if told["contacts"] == "full" and not (may(by, "registry.reveal") and told["why"].strip()):
            raise Refusal("may_not_reveal", N_("导出完整号码需要相应权限并写明用途"))
        return cls(area, by, told["format"], told["paper"], told["landscape"], told["break_pages"],
                   told["contacts"], told["why"].strip())  # fmt: skip


@work("registry.ledger", permission="registry.export")
def print_ledger(job: Job, progress: Progress) -> dict[str, Any]:
    """The ledger as xlsx or PDF (REG-8). Every household of the region is in it, or nothing is made at all."""
    order = Order.of(job)
    with translation.override(job.params.get("language", "zh-hans")):
        wanted = households(seen_by=order.by, wanted=Wanted(area=order.area))
        ids = list(wanted.order_by("area_code", "id").values_list("pk", flat=True))
        progress(0, len(ids), N_("正在汇总台账"))
        made = _xlsx(order, ids, progress) if order.format == "xlsx" else _pdf(order, ids, progress)
    if made != len(ids):
        raise Refusal(
            "ledger_incomplete", N_("台账应有 {wanted} 户，只写出 {made} 户，未生成文件"), wanted=len(ids), made=made
        )
    trail.write(
        "registry.export", about=order.area, by=order.by, at=clock.now(), area_code=order.area.code, what="ledger",
        rows=made, format=order.format, numbers=order.contacts or "none", why=order.why,
    )  # fmt: skip
    return {"rows": made}


def _lines(order: Order, ids: list[int], progress: Progress) -> Iterator[ledger.Line]:
    """The households in order, fetched piece by piece with their helpers."""
    place = 0
    for start in range(0, len(ids), PIECE):
        piece = ids[start : start + PIECE]
        rows = Household.objects.filter(pk__in=piece).select_related("village__parent")
        found = (rows if order.contacts else rows.defer("phone", "bank_account")).in_bulk()
        helped = ledger.helpers(piece)
        heads = _heads(piece) if order.contacts else {}
        for key in piece:
            if key not in found:
                continue
            place += 1
            yield ledger.Line(place, found[key], helped.get(key), heads.get(key), order.contacts == "full")
        progress(min(start + PIECE, len(ids)), len(ids), N_("正在写台账"))


def _heads(ids: list[int]) -> dict[int, Person]:
    people = Person.objects.filter(household__in=ids, left_on__isnull=True, relation=head_code())
    return {person.household_id: person for person in people}


def _headings(order: Order) -> tuple[list[Heading], list[str]]:
    columns, contacts = ledger.columns_for(order.area), bool(order.contacts)
    return ledger.headings(columns, contacts=contacts), ledger.codes(columns, contacts=contacts)


def _closing() -> str:
    return _("合计 {rows} 户，与登记册核对一致，没有遗漏。")


def _file_name(order: Order, ending: str) -> str:
    return f"{ledger.title(order.area)}_{clock.today():%Y%m%d}.{ending}"


def _xlsx(order: Order, ids: list[int], progress: Progress) -> int:
    headings, wanted = _headings(order)
    setup = PrintSetup(
        paper=order.paper, landscape=order.landscape, below_title=ledger.below_title(order.area, clock.today()),
        sign_off=ledger.sign_off(), break_pages=order.break_pages, closing=_closing(),
    )  # fmt: skip

    def rows() -> Iterator[list[Any] | Group]:
        village = order.area.pk  # the ledger of one village needs no line that names it
        for line in _lines(order, ids, progress):
            if line.household.village_id != village:
                village = line.household.village_id
                yield Group(_village_name(line.household))
            yield ledger.values(line, wanted)

    buffer = io.BytesIO()
    written = workbook(buffer, ledger.title(order.area), headings, rows(), print_setup=setup, sheet=order.area.name)
    if written == len(ids):
        progress.keep(buffer.getvalue(), _file_name(order, "xlsx"))
    return written


def _village_name(household: Household) -> str:
    parent = household.village.parent
    return f"{parent.name} {household.village.name}" if parent else household.village.name


def _pdf(order: Order, ids: list[int], progress: Progress) -> int:
    """One document; a large region as an archive of documents, one for each region below it, none left out."""
    parts: list[tuple[str, bytes]] = []
    written = 0
    lines = list(_lines(order, ids, progress))
    for name, part in _parts(order, lines):
        progress(written, len(ids), N_("正在排版"))
        parts.append((name, typeset("registry/ledger.typ", _document(order, name, part))))
        written += len(part)
    if written != len(ids):
        return written
    if len(parts) == 1:
        progress.keep(parts[0][1], _file_name(order, "pdf"))
        return written
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, (name, content) in enumerate(parts, start=1):
            archive.writestr(f"{place:02d}_{name}.pdf", content)
    progress.keep(buffer.getvalue(), _file_name(order, "zip"))
    return written


def _parts(order: Order, lines: list[ledger.Line]) -> Iterator[tuple[str, list[ledger.Line]]]:
    if len(lines) <= MOST_IN_ONE_PDF:
        yield order.area.name, lines
        return
    step = 9 if order.area.level < Area.Level.TOWNSHIP else 12
    for _code, group in groupby(lines, key=lambda line: line.household.area_code[:step]):
        part = list(group)
        village = part[0].household.village
        name = village.parent.name if step == 9 and village.parent else village.name
        for start in range(0, len(part), MOST_IN_ONE_PDF):
            number = f"_{start // MOST_IN_ONE_PDF + 1}" if len(part) > MOST_IN_ONE_PDF else ""
            yield f"{name}{number}", part[start : start + MOST_IN_ONE_PDF]


def _document(order: Order, name: str, lines: list[ledger.Line]) -> dict[str, Any]:
    headings, wanted = _headings(order)
    groups = []
    for _village, members in groupby(lines, key=lambda line: line.household.village_id):
        rows = list(members)
        label = "" if order.area.pk == rows[0].household.village_id else _village_name(rows[0].household)
        groups.append({"label": label, "rows": [[_text(cell) for cell in ledger.values(row, wanted)] for row in rows]})
    below = ledger.below_title(order.area, clock.today())
    return {
        "title": ledger.title(order.area),
        "below_title": below if name == order.area.name else f"{below}　{name}",
        "lang": language(), "paper": order.paper.lower(), "flipped": order.landscape, "break_pages": order.break_pages,
        "columns": [{"text": one.text, "width": one.width, "kind": one.kind} for one in headings],
        "groups": groups or [{"label": "", "rows": []}],
        "closing": _closing().format(rows=len(lines)), "sign_off": ledger.sign_off(),
        "page_words": _("第 {} 页 共 {} 页").split("{}"),
    }  # fmt: skip


def _text(value: Any) -> str:
    return "" if value is None else f"{value:,.2f}" if isinstance(value, Decimal) else str(value)


@work("registry.figures", permission="quality.view")
def count_anew(job: Job, progress: Progress) -> dict[str, Any]:
    """The checks asked anew of a region, and its figures counted."""
    area = Area.objects.current().filter(code=job.params["area"]).first()
    progress(0, 1, N_("正在检查和统计"))
    villages = counts.rebuild(area, at=clock.now())
    counties = Area.objects.current().filter(level=Area.Level.COUNTY).order_by("code")
    for county in counties.within(area) if area else counties:
        statistics.keep(county, at=clock.now())
    return {"villages": villages}


@work("registry.statistics", permission="statistics.view")
def count_tables(job: Job, progress: Progress) -> dict[str, Any]:
    """The standard tables of a region's counties that have none kept, or kept under other tables (REP-2)."""
    area = Area.objects.current().get(code=job.params["area"])
    days = statistics.days_to_keep(clock.today())
    lost = not_kept(area, days, active())
    for number, county in enumerate(lost):
        progress(number, len(lost), N_("正在统计"))
        statistics.keep(county, at=clock.now())
    return {"counties": len(lost)}


@work("registry.flags", permission="registry.export")
def export_flags(job: Job, progress: Progress) -> dict[str, Any]:
    """Everything that the checks complain about in a region as a workbook, village by village (REP-2)."""
    by, area = job.by, Area.objects.current().filter(code=job.params["area"]).first()
    if by is None or area is None or by.area is None or not area.code.startswith(by.area.prefix):
        raise Refusal("no_such_area", N_("找不到要导出的区域，或它不在您的管辖范围"))
    if not (may(by, "registry.export") and may(by, "quality.view")):
        raise Refusal("may_not_export", N_("您的角色不能导出数据质量问题"))
    progress(0, 1, N_("正在汇总问题"))
    with translation.override(job.params.get("language", "zh-hans")):
        title = _("{area}数据质量问题").format(area=area.name)
        setup = PrintSetup(below_title=_("截至 {on}").format(on=clock.today().isoformat()),
                           closing=_("合计 {rows} 处。"))  # fmt: skip
        buffer = io.BytesIO()
        lines = flag_sheet.lines(seen_by=by, area=area)
        rows = workbook(buffer, title, flag_sheet.headings(), lines, print_setup=setup, sheet=area.name,
                        on_row=lambda n: progress(n, n, N_("正在写表")))  # fmt: skip
        progress.keep(buffer.getvalue(), f"{title}_{clock.today():%Y%m%d}.xlsx")
    trail.write("registry.export", about=area, by=by, at=clock.now(), area_code=area.code, what="flags", rows=rows)
    return {"rows": rows}


@work("registry.suspicions", permission="quality.view")
def look_for_duplicates(job: Job, progress: Progress) -> dict[str, Any]:
    """Possible duplicates of a region looked for anew; decided ones stay decided."""
    area = Area.objects.current().filter(code=job.params["area"]).first()
    progress(0, 1, N_("正在比对人员"))
    return {"found": suspicions.look_for(area, at=clock.now())}


def after_regions(moved: list[Any]) -> None:
    """Regions got new codes: every figure is added up anew; the standard tables until the night at the look."""
    KeptStatistics.objects.all().delete()
    counts.rebuild(None, at=clock.now())


@work("registry.ask_again")
def ask_again(job: Job, progress: Progress) -> dict[str, Any]:
    """The checks asked again of what was changed while its county was being swept."""
    households, villages = job.params["households"], job.params["villages"]
    at = clock.now()
    with transaction.atomic():
        flags.ask_again(households, villages, at=at, wait=True)
        counts.refresh(villages, at=at)
    return {"households": len(households)}


@app.periodic(cron="47 2 * * *", periodic_id="registry.nightly")
@app.task(name="registry.nightly", queue=QUEUE, queueing_lock="registry.nightly")
def nightly(timestamp: int) -> None:
    """Every night, county by county: the checks asked of everything, people compared, the standard tables counted; then
    the figures of everything.

    A county whose sweep fails does not keep the others from theirs; it is told in the log and tried the next night.
    """
    at = clock.now()
    for county in Area.objects.current().filter(level=Area.Level.COUNTY).order_by("code"):
        try:
            if flags.sweep(county, at=at) or Household.objects.within(county).exists():
                suspicions.look_for(county, at=at)
        except DatabaseError:
            log.exception("the checks of county %s were not asked", county.code)
        try:
            statistics.keep(county, at=at)
        except DatabaseError:
            log.exception("the standard tables of county %s were not counted", county.code)
    counts.rebuild(None, at=at, sweep=False)
