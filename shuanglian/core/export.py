"""Workbooks ready to print: paper, repeated headings, page numbers, sign-off, widths for Chinese, harmless text."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

PAPERS = {"A3": 8, "A4": 9}
FONT = "宋体"
LINE = 14.4  # points of height of one line at ten points of type
TALLEST = 409.0  # what a spreadsheet allows a row
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FORMULA = re.compile(r"^[\s'\"\u200b\ufeff]*[=+\-@＝＋－＠\t\r|%]")
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Heading:
    """One column: what stands above it, how many characters wide, and how its values are written."""

    text: str
    width: int = 12
    kind: str = "text"  # text, whole, yuan, share, date


@dataclass(frozen=True)
class Group:
    """Put among the rows: the rows after it belong together under this line (a village)."""

    text: str


@dataclass(frozen=True)
class PrintSetup:
    """How the sheet comes out of the printer. `sign_off`: who signs; `break_pages`: each group on a page of its own."""

    paper: str = "A4"
    landscape: bool = True
    below_title: str = ""
    sign_off: Sequence[str] = ()
    break_pages: bool = False
    closing: str = ""  # a line after the last row, with {rows} for how many there were


def harmless(text: str) -> str:
    """Text for a CSV cell that no spreadsheet takes for a formula: what begins like one gets an apostrophe in front."""
    return f"'{text}" if _FORMULA.match(text) and not re.fullmatch(r"[+\-]?[0-9]+(\.[0-9]+)?", text) else text


def display_width(text: str) -> int:
    """Characters of Latin width: a Chinese one, three bytes long, counts two."""
    return len(text) if text.isascii() else len(text) + (len(text.encode("utf-8", "replace")) - len(text)) // 2


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook of several."""

    name: str
    title: str
    columns: Sequence[Heading]
    rows: Sequence[Sequence[Any] | Group]
    print_setup: PrintSetup


def book_of(target: str | Path | IO[bytes], sheets: Sequence[Sheet]) -> None:
    """Write a workbook of several sheets, each ready to print; names that two sheets share get a number."""
    book = xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, OPTIONS)
    taken: set[str] = set()
    try:
        for sheet in sheets:
            name = _sheet_name(sheet.name)
            while name.lower() in taken:
                name = f"{name[:28]}_{len(taken)}"
            taken.add(name.lower())
            pen = _Pen(book, book.add_worksheet(name), sheet.columns, sheet.print_setup)
            pen.head(sheet.title)
            for row in sheet.rows:
                pen.group(row) if isinstance(row, Group) else pen.row(row)
            pen.foot()
    finally:
        book.close()


def workbook(
    target: str | Path | IO[bytes],
    title: str,
    columns: Sequence[Heading],
    rows: Iterable[Sequence[Any] | Group],
    *,
    print_setup: PrintSetup | None = None,
    sheet: str = "",
    on_row: Callable[[int], None] | None = None,
) -> int:
    """Write one sheet row by row (memory does not grow with it) and return how many rows it holds.

    `on_row(n)` is called after each row: progress, and where a cancel takes effect.
    """
    setup = print_setup or PrintSetup()
    book = xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, OPTIONS)
    try:
        pen = _Pen(book, book.add_worksheet(_sheet_name(sheet or title)), columns, setup)
        pen.head(title)
        for row in rows:
            if isinstance(row, Group):
                pen.group(row)
            else:
                pen.row(row)
                if on_row is not None:
                    on_row(pen.written)
        pen.foot()
        return pen.written
    finally:
        book.close()


class _Pen:
    """Writes one sheet from top to bottom."""

    def __init__(
        self, book: xlsxwriter.Workbook, page: Worksheet, columns: Sequence[Heading], setup: PrintSetup
    ) -> None:
        self.page, self.columns, self.setup = page, columns, setup
        self.at, self.written, self.groups, self.breaks = 0, 0, 0, []  # type: ignore[var-annotated]
        plain = {"font_name": FONT, "font_size": 10, "valign": "vcenter"}
        boxed = {**plain, "border": 1}
        made = book.add_format
        self.title = made({**plain, "font_size": 16, "bold": True, "align": "center"})
        self.note, self.line = made({**plain, "align": "right"}), made(plain)
        self.heading = made({**boxed, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#E8E8E8"})
        self.band = made({**boxed, "bold": True, "bg_color": "#F6F6F6"})
        self.text = made({**boxed, "text_wrap": True})
        self.quoted = made({**boxed, "text_wrap": True, "quote_prefix": True})
        self.whole = made({**boxed, "num_format": "0"})
        self.yuan = made({**boxed, "num_format": "#,##0.00"})
        self.share = made({**boxed, "num_format": "0.0%"})
        self.date = made({**boxed, "num_format": "yyyy-mm-dd", "align": "center"})

    def head(self, title: str) -> None:
        page, setup, last = self.page, self.setup, max(len(self.columns) - 1, 0)
        page.set_paper(PAPERS[setup.paper])
        if setup.landscape:
            page.set_landscape()
        else:
            page.set_portrait()
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.center_horizontally()
        page.fit_to_pages(1, 0)
        page.set_footer("&C" + _("第 {page} 页 共 {pages} 页").format(page="&P", pages="&N"))
        for place, column in enumerate(self.columns):
            page.set_column(place, place, max(column.width, display_width(column.text) / 2 + 2))
        self._across(title, self.title, 28)
        if setup.below_title:
            self._across(setup.below_title, self.note, 18)
        deep = max((self._lines(column.text, column.width) for column in self.columns), default=1)
        page.set_row(self.at, LINE * deep + 6)
        for place, column in enumerate(self.columns):
            page.write_string(self.at, place, _clean(column.text), self.heading)
        page.repeat_rows(0, self.at)
        page.freeze_panes(self.at + 1, 0)
        self.at += 1
        self.last = last

    def group(self, group: Group) -> None:
        if self.groups and self.setup.break_pages:
            self._sign()
            self.breaks.append(self.at)
        self.groups += 1
        self._across(group.text, self.band, 20)

    def row(self, values: Sequence[Any]) -> None:
        lines = max(
            (self._lines(str(value or ""), column.width) for value, column in zip(values, self.columns, strict=True)),
            default=1,
        )
        self.page.set_row(self.at, min(TALLEST, LINE * lines + 4))
        for place, (value, column) in enumerate(zip(values, self.columns, strict=True)):
            self._cell(place, value, column.kind)
        self.at += 1
        self.written += 1

    def foot(self) -> None:
        if self.setup.closing:
            self._across(self.setup.closing.format(rows=self.written), self.line, 20)
        self._sign()
        if self.breaks:
            self.page.set_h_pagebreaks(self.breaks)

    def _cell(self, place: int, value: Any, kind: str) -> None:
        if value is None or value == "":
            self.page.write_blank(self.at, place, None, self.text)
        elif isinstance(value, date | datetime):
            self.page.write_datetime(self.at, place, value, self.date)
        elif (
            kind in ("whole", "yuan", "share")
            and isinstance(value, int | float | Decimal)
            and not isinstance(value, bool)
        ):
            style = {"whole": self.whole, "yuan": self.yuan, "share": self.share}[kind]
            self.page.write_number(self.at, place, float(value), style)
        else:
            text = _clean(str(value))
            self.page.write_string(self.at, place, text, self.quoted if _FORMULA.match(text) else self.text)

    def _sign(self) -> None:
        if self.setup.sign_off:
            blank = "＿＿＿＿＿＿＿＿"
            self._across("    ".join(f"{who}：{blank}" for who in self.setup.sign_off), self.line, 30)

    def _across(self, text: str, style: Any, height: float) -> None:
        last = max(len(self.columns) - 1, 0)
        self.page.set_row(self.at, height)
        if last:
            self.page.merge_range(self.at, 0, self.at, last, "", style)
        self.page.write_string(self.at, 0, _clean(text), style)
        self.at += 1

    @staticmethod
    def _lines(text: str, width: int) -> int:
        if len(text) * 2 < width and "\n" not in text:
            return 1
        return sum(max(1, math.ceil(display_width(line) / max(width - 1, 1))) for line in text.split("\n"))


def _clean(text: str) -> str:
    """Text that a cell can hold. XlsxWriter takes <r>…</r> for ready markup, written unescaped; a blank stops it."""
    shown = _NOT_TEXT.sub("", text)[:32_000]
    return f"{shown} " if shown.startswith("<r>") and shown.endswith("</r>") else shown


def _sheet_name(text: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", _clean(text)).strip()[:31] or "Sheet1"
