"""The standard tables as sheets of one workbook: rows of the region, then every region below it (REP-2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from shuanglian.core.export import Group, Heading, PrintSetup
from shuanglian.core.export import Sheet as Page
from shuanglian.core.profile import language
from shuanglian.rules.statistics import WHOLE, Line
from shuanglian.rules.statistics_shapes import Statistic

from .statistics import Sheet

HIDDEN = "—"


def sheets(told: Sheet) -> list[Page]:
    """A sheet a table, in their order; regions below stand as rows, lines of the table as columns."""
    return [_page(told, table) for table in told.tables]


def _page(told: Sheet, table: Statistic) -> Page:
    lines = told.lines(table)
    lang = language()
    wide = [Heading(_("区域"), 16), Heading(_("合计"), 9, "whole")]
    for line in lines:
        wide.append(Heading(line.label.in_(lang), 10, "whole"))
        if table.amount:
            wide.append(
                Heading(
                    _("{line}（{unit}）").format(line=line.label.in_(lang), unit=table.amount.in_(lang)), 14, "yuan"
                )
            )
    rows: list[Sequence[Any] | Group] = [_row(told, table, lines, told.area, told.on, told.area.name)]
    rows.append(
        _row(told, table, lines, told.area, told.before, _("其中上年同期（{year}）").format(year=told.before.year))
    )
    rows += [_row(told, table, lines, area, told.on, area.name) for area in told.below]
    title = _("{area}{title}（{year}年）").format(area=told.area.name, title=table.label.in_(lang), year=told.on.year)
    return Page(table.label.in_(lang), title, wide, rows, _setup(told, table))


def _row(told: Sheet, table: Statistic, lines: list[Line], area: Any, on: Any, name: str) -> list[Any]:
    whole = told.cell(table.code, area, WHOLE, on)
    row: list[Any] = [name, HIDDEN if whole is None else whole[0]]
    for line in lines:
        cell = told.cell(table.code, area, line.code, on)
        row.append(HIDDEN if cell is None else cell[0])
        if table.amount:
            row.append(HIDDEN if cell is None else cell[2] or 0)
    return row


def _setup(told: Sheet, table: Statistic) -> PrintSetup:
    unit = {"persons": _("单位：人"), "households": _("单位：户"), "villages": _("单位：个村")}[table.unit]
    day = _("截至 {on}").format(on=told.day.isoformat())
    closing = _("{dash} 为涉及户数过少、不予公布的数。").format(dash=HIDDEN) if told.hidden is not None else ""
    signs = (_("制表人"), _("审核人"), _("负责人"))
    return PrintSetup(paper="A3", below_title=f"{day}　{unit}", sign_off=signs, closing=closing)
