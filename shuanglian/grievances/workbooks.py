"""The ledger of demands and a month's extract as a workbook ready to print (VOICE-1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import IO, TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from shuanglian.areas.models import Area
from shuanglian.core.export import Heading, PrintSetup, Sheet, book_of
from shuanglian.fieldwork.months import Month

from . import access, queries, wording
from .models import Demand

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


def ledger_book(target: IO[bytes], *, area: Area, month: Month, seen_by: User, on: date) -> int:
    """Three sheets: what came in the month, what is open whenever it came, the extract; lines of the first two.

    Telephone numbers and names that were given are left out: the ledger is printed and hung up in offices.
    """
    rows = access.demands_seen_by(seen_by).within(area).exclude(state=Demand.State.REFUSED)
    rows = rows.select_related("village", "household", "cadre", "unit").order_by("area_code", "on", "id")
    came = list(_lines(rows.filter(on__range=(month.first, month.last)), on))
    waiting = list(_lines(rows.open(), on))
    told = queries.month(seen_by=seen_by, area=area, since=month.first, until=month.last, on=on)
    below, signs = f"{area.name}　{month}", (_("经办人"), _("负责人"))
    setup = PrintSetup(below_title=below, sign_off=signs, closing=_("共 {rows} 条"))
    extract = [
        [wording.category(one.category), one.came, one.solved, one.explained, one.late, one.reopened, one.yes, one.no,
         one.silent, "" if one.score is None else f"{one.score:.1f}"]
        for one in told
    ]  # fmt: skip
    book_of(target, [
        Sheet(_("本月收到"), _("群众诉求台账"), _headings(), came, setup),
        Sheet(_("办理中"), _("办理中的群众诉求"), _headings(), waiting, setup),
        Sheet(_("摘报"), _("群众诉求每月摘报"), _extract_headings(), extract, PrintSetup(below_title=below)),
    ])  # fmt: skip
    return len(came) + len(waiting)


def _headings() -> list[Heading]:
    return [
        Heading(_("村"), 12), Heading(_("诉求"), 40), Heading(_("类别"), 12), Heading(_("来源"), 10),
        Heading(_("提出日期"), 12, "date"), Heading(_("由谁办"), 16), Heading(_("期限"), 12, "date"),
        Heading(_("状态"), 10), Heading(_("人（户）数"), 8, "whole"), Heading(_("不认可次数"), 8, "whole"),
    ]  # fmt: skip


def _extract_headings() -> list[Heading]:
    whole = (
        _("收到"),
        _("已解决"),
        _("已说明"),
        _("超期"),
        _("不认可又打开"),
        _("本人认可"),
        _("本人不认可"),
        _("沉默"),
    )
    return [Heading(_("类别"), 20), *(Heading(one, 10, "whole") for one in whole), Heading(_("平均分"), 8)]


def _lines(rows: Any, on: date) -> Iterator[list[Any]]:
    for one in rows:
        state = _("超期") if one.is_late(on) else str(one.get_state_display())
        held = one.state == Demand.State.OPEN
        holder, due = (wording.holder(one), one.due_on) if held else ("", None)
        yield [one.village.name, one.text, wording.category(one.category), str(one.get_door_display()), one.on, holder,
               due, state, one.people, one.reopened]  # fmt: skip
