"""The log of an area and month as a workbook ready to print: visits, days in villages, services, matters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from shuanglian.areas.models import Area
from shuanglian.core import profile
from shuanglian.core.export import Group, Heading, PrintSetup, Sheet, book_of

from . import queries, wording
from .queries import Log

CHUNK = 2000


def log_book(target: IO[bytes], found: Log) -> int:
    """Four sheets; the number of lines of all of them comes back."""
    names = dict(Area.objects.current().within(found.area).filter(level=Area.Level.VILLAGE).values_list("code", "name"))
    title = f"{found.area.name} {found.month}"
    setup = PrintSetup(below_title=str(found.month), sign_off=(_("填报人"), _("负责人")), closing=_("共 {rows} 行"))
    sheets = [
        Sheet(_("走访"), f"{title} {_('走访')}", _visit_columns(), list(_visits(found, names)), setup),
        Sheet(_("驻村"), f"{title} {_('驻村')}", _day_columns(), list(_days(found, names)), setup),
        Sheet(_("农技服务"), f"{title} {_('农技服务')}", _service_columns(), list(_services(found, names)), setup),
        Sheet(_("办实事"), f"{title} {_('办实事')}", _matter_columns(), list(_matters(found, names)), setup),
    ]
    book_of(target, sheets)
    return sum(1 for sheet in sheets for row in sheet.rows if not isinstance(row, Group))


def _by_village(rows: Iterable[Any], names: dict[str, str]) -> Iterator[tuple[Any, Group | None]]:
    """Rows with the line that goes before the first of each village."""
    village = ""
    for row in rows:
        before, village = village, row.area_code
        yield row, Group(names.get(village, village)) if village != before else None


def _visit_columns() -> list[Heading]:
    return [
        Heading(_("日期"), 12, "date"), Heading(_("到户时间"), 8), Heading(_("户主姓名"), 10), Heading(_("户编号"), 18),
        Heading(_("走访干部"), 10), Heading(_("单位"), 18), Heading(_("六大任务"), 18), Heading(_("见到谁"), 14),
        Heading(_("进了家门"), 8), Heading(_("做了什么"), 40), Heading(_("物资"), 20), Heading(_("诉求"), 24),
    ]  # fmt: skip


def _told(found: Log) -> Iterator[wording.Told]:
    rows = found.visits.select_related("cadre__unit", "household").order_by("area_code", "on", "started_at", "pk")
    visits = rows.iterator(chunk_size=CHUNK)
    while page := list(islice(visits, CHUNK)):
        yield from wording.told(page)


def _visits(found: Log, names: dict[str, str]) -> Iterator[list[Any] | Group]:
    for told, group in _by_village(_told(found), names):
        if group is not None:
            yield group
        visit = told.visit
        yield [
            visit.on, timezone.localtime(visit.started_at).strftime("%H:%M"), visit.household.head_name,
            visit.household.number, visit.cadre.name, visit.cadre.unit.name, "、".join(told.tasks),
            "、".join(told.met), "●" if visit.entered else "", visit.done, "；".join(told.given),
            "；".join(ask.text for ask in told.asks),
        ]  # fmt: skip


def _day_columns() -> list[Heading]:
    return [
        Heading(_("日期"), 12, "date"), Heading(_("干部"), 10), Heading(_("单位"), 20), Heading(_("到村时间"), 10),
        Heading(_("离村时间"), 10), Heading(_("住村"), 8), Heading(_("进户数"), 8, "whole"), Heading(_("说明"), 30),
    ]  # fmt: skip


def _days(found: Log, names: dict[str, str]) -> Iterator[list[Any] | Group]:
    days = list(found.days.select_related("cadre__unit").order_by("area_code", "on", "pk"))
    homes = queries.homes_entered(days)
    for day, group in _by_village(days, names):
        if group is not None:
            yield group
        times = [timezone.localtime(one).strftime("%H:%M") if one else "" for one in (day.in_at, day.out_at)]
        yield [day.on, day.cadre.name, day.cadre.unit.name, *times, "●" if day.night else "", homes[day.pk], day.note]


def _service_columns() -> list[Heading]:
    return [
        Heading(_("服务日期"), 12, "date"), Heading(_("农技人员"), 10), Heading(_("单位"), 20),
        Heading(_("内容类别"), 14), Heading(_("天数"), 8), Heading(_("人数"), 8, "whole"),
        Heading(_("服务农户"), 10, "whole"), Heading(_("做了什么"), 44),
    ]  # fmt: skip


def _services(found: Log, names: dict[str, str]) -> Iterator[list[Any] | Group]:
    rows = found.services.select_related("cadre__unit").order_by("area_code", "on", "pk")
    topics = profile.active().fieldwork.topics
    for one, group in _by_village(rows, names):
        if group is not None:
            yield group
        yield [one.on, one.cadre.name, one.cadre.unit.name, wording.label(topics, one.topic), str(one.days),
               one.people, len(one.households), one.done]  # fmt: skip


def _matter_columns() -> list[Heading]:
    return [
        Heading(_("日期"), 12, "date"), Heading(_("干部"), 10), Heading(_("单位"), 20), Heading(_("类别"), 10),
        Heading(_("内容"), 44), Heading(_("金额（元）"), 12, "yuan"), Heading(_("受益人数"), 10, "whole"),
    ]  # fmt: skip


def _matters(found: Log, names: dict[str, str]) -> Iterator[list[Any] | Group]:
    for one, group in _by_village(found.matters.select_related("cadre__unit").order_by("area_code", "on", "pk"), names):
        if group is not None:
            yield group
        yield [one.on, one.cadre.name, one.cadre.unit.name, one.get_kind_display(), one.what, one.yuan,
               one.beneficiaries]  # fmt: skip
