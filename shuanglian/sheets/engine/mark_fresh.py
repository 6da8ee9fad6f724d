"""Findings marked in a new workbook made from what was read: for xls, ods and csv, and for files too big to edit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import numpy as np
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from . import mark_list, mark_rows
from .header_rows import find_head
from .letters import number
from .mark_list import FILLS, Marked, Told
from .mark_text import clean, free_name, like_formula, lines, link_to, width
from .sheet_data import SheetData

ON_A_SHEET = 1_000_000  # findings; a sheet ends at 1,048,576 rows
MADE = datetime(2012, 1, 1)  # no clock in here, and equal input gives equal files
_SAMPLE = 200  # rows looked at for the widths of columns
_NARROW, _WIDE = 6, 48


def fresh_book(sheets: Sequence[SheetData], findings: Sequence[Told], lang: str) -> bytes:
    """A workbook with the list of findings in front and each sheet after it, cell for cell as text."""
    out = BytesIO()
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"created": MADE})
    pen = _Pen(book)
    sheets = [sheet for sheet in sheets if not _is_old_list(sheet)]
    marks = mark_list.by_cell(findings, lang)
    names = _names(sheets, lang)
    try:
        parts = range(0, max(len(findings), 1), ON_A_SHEET)
        title = mark_list.label(mark_list.TITLE, lang)
        for at in parts:
            name = free_name(title, [*names.values(), *book.sheetnames])
            pen.list_of(book.add_worksheet(name), findings[at : at + ON_A_SHEET], names, marks, lang)
        for sheet in sheets:
            pen.sheet(book.add_worksheet(names[sheet.name]), sheet, marks.get(sheet.name, {}))
    finally:
        book.close()
    return out.getvalue()


def _is_old_list(sheet: SheetData) -> bool:
    top = sheet.cells.head(1)
    return "A" in top.columns and top.height == 1 and mark_list.is_our_list(top["A"][0])


def _names(sheets: Sequence[SheetData], lang: str) -> dict[str, str]:
    """A sheet's name in the file → its name here, which must be short and plain."""
    names: dict[str, str] = {}
    for sheet in sheets:
        names[sheet.name] = free_name(sheet.name, names.values())
    return names


class _Pen:
    """Writes sheets from top to bottom, in the few styles there are."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.room = mark_list.COMMENTS
        style = book.add_format
        box = {"border": 1, "border_color": "#BFBFBF", "valign": "top", "text_wrap": True}
        fills = {key: {"bg_color": f"#{colour[2:]}"} for key, colour in FILLS.items()}
        self.title = style({"bold": True, "font_size": 14})
        self.head, self.plain = style({"bold": True, "bg_color": "#E8E8E8", **box}), style(box)
        self.bold, self.link = style({"bold": True}), style({**box, "font_color": "#0563C1", "underline": 1})
        self.quoted: dict[str, Any] = {
            "": style({"quote_prefix": True}), "box": style({**box, "quote_prefix": True}),
            **{key: style({**fill, "quote_prefix": True}) for key, fill in fills.items()},
        }  # fmt: skip
        self.filled = {key: style(fill) for key, fill in fills.items()}
        self.boxed = {key: style({**box, **fill}) for key, fill in fills.items()}

    def list_of(
        self, page: Worksheet, findings: Sequence[Told], names: Mapping[str, str],
        marks: Mapping[str, Mapping[Any, Any]], lang: str,
    ) -> None:  # fmt: skip
        """The list of findings, each with a link to its cell."""
        notes = mark_list.summary(findings, lang, marks, anew=True)
        head, last = len(notes) + 2, len(mark_list.HEADINGS) - 1
        for column, (_, wide) in enumerate(mark_list.HEADINGS):
            page.set_column(column, column, wide)
        page.write_string(0, 0, clean(mark_list.heading(lang)), self.title)
        for row, note in enumerate(notes, 1):
            page.write_string(row, 0, clean(note))
        for column, (text, _) in enumerate(mark_list.HEADINGS):
            page.write_string(head, column, mark_list.label(text, lang), self.head)
        for row, one in enumerate(findings, head + 1):
            for column, text in enumerate(mark_list.columns(one, lang)):
                plain = self.quoted["box"] if like_formula(text) else self.plain
                style = self.boxed[one.severity] if column == 5 else plain
                page.write_string(row, column, clean(text), style)
            there = one.cell if one.sheet in names else ""
            if there and row - head <= mark_list.LINKS:
                page.write_url(row, last, f"internal:{link_to(names[one.sheet], there)}", self.link, there)
            else:
                page.write_string(row, last, there, self.plain)
        page.freeze_panes(head + 1, 0)
        page.autofilter(head, 0, head + max(len(findings), 1), last)
        _for_paper(page, head, head)

    def sheet(self, page: Worksheet, sheet: SheetData, marks: Mapping[tuple[int, int], Marked]) -> None:
        """One sheet of the file as text, header in bold, marks in place."""
        merges, covered = _merges(sheet)
        rows = _by_row(marks, merges, covered)
        heads = self._frame(page, sheet)
        severities = {row: {column: mark.severity for column, mark in here.items()} for row, here in rows.items()}
        self._comments(page, rows)
        self._cells(page, sheet, severities, heads)
        for first_row, first_column, last_row, last_column in merges:
            # merge_range would write blanks into rows that come later, which row by row writing does not allow
            page.merge.append([first_row - 1, first_column - 1, last_row - 1, last_column - 1])
        if sheet.hidden:
            page.hide()

    def _comments(self, page: Worksheet, marks: Mapping[int, Mapping[int, Marked]]) -> None:
        for row, here in sorted(marks.items()):
            for column, mark in sorted(here.items()):
                if self.room > 0:
                    self.room -= 1
                    _comment(page, row, column, clean(mark.text))

    def _cells(self, page: Worksheet, sheet: SheetData, marks: mark_rows.Marks, heads: set[int]) -> None:
        """All cells at once, past XlsxWriter's own way of writing them one by one."""
        columns = [*map(number, sheet.letters), *(column for here in marks.values() for column in here)]
        last = max([_last_row(sheet), *marks])
        if last and columns:
            page._check_dimensions(0, 0)
            page._check_dimensions(last - 1, max(columns) - 1)
            page.previous_row = last
        styles = {"filled": _numbers(self.filled), "quoted": _numbers(self.quoted)}
        for text in mark_rows.rows(sheet.cells, marks, heads, bold=self.bold._get_xf_index(), **styles):
            page.fh.write(text)

    def _frame(self, page: Worksheet, sheet: SheetData) -> set[int]:
        """Widths, frozen header, print set-up; the rows of the header."""
        total = 0
        for name in sheet.letters:
            shown = sheet.cells[name].head(_SAMPLE).drop_nulls()
            wide = min(_WIDE, max(_NARROW, 2 + max((width(text) for text in shown), default=0)))
            page.set_column(number(name) - 1, number(name) - 1, wide)
            total += wide
        if sheet.cells.height:
            page.ignore_errors({"number_stored_as_text": f"A1:{(sheet.letters or ['A'])[-1]}{_last_row(sheet)}"})
        head = find_head(sheet)
        if head is None:
            return set()
        page.freeze_panes(head.rows[-1], 0)
        _for_paper(page, head.rows[0] - 1, head.rows[-1] - 1, pages=max(1, round(total / 200)))
        return set(head.rows)


def _for_paper(page: Worksheet, first: int, last: int, pages: int = 1) -> None:
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(pages, 0)
    page.repeat_rows(first, last)
    page.set_footer("&C&P / &N")


def _comment(page: Worksheet, row: int, column: int, text: str) -> None:
    page.write_comment(
        row - 1, column - 1, text,
        {"author": mark_list.AUTHOR, "width": 320, "height": min(600, 18 * lines(text, 44) + 16), "font_size": 9},
    )  # fmt: skip


def _numbers(styles: Mapping[str, Any]) -> dict[str, int]:
    """Styles by their numbers in the workbook."""
    return {key: style._get_xf_index() for key, style in styles.items()}


Area = tuple[int, int, int, int]


def _merges(sheet: SheetData) -> tuple[list[Area], np.ndarray]:
    """The merges that lie inside the sheet, and for each of its cells the place of its merge in that list, or -1.

    One that overlaps another is left out: it would make a file that cannot be opened.
    """
    rows = _last_row(sheet) if sheet.merges else 0
    columns = number(sheet.letters[-1]) if sheet.letters else 0
    covered = np.full((rows + 1, columns + 1), -1, dtype=np.int32)
    out: list[Area] = []
    for r1, c1, r2, c2 in sheet.merges:
        r2, c2 = min(r2, rows), min(c2, columns)
        inside = covered[r1 : r2 + 1, c1 : c2 + 1]
        if inside.size > 1 and (inside < 0).all():
            inside[:] = len(out)
            out.append((r1, c1, r2, c2))
    return out, covered


def _last_row(sheet: SheetData) -> int:
    return int(sheet.cells["row"][-1]) if sheet.cells.height else 0


def _by_row(
    marks: Mapping[tuple[int, int], Marked], merges: Sequence[Area], covered: np.ndarray
) -> dict[int, dict[int, Marked]]:
    """row → column → mark; what hits a merged cell goes to its first one."""
    gathered: dict[tuple[int, int], list[Marked]] = {}
    for (row, column), mark in marks.items():
        inside = row < covered.shape[0] and column < covered.shape[1]
        at = int(covered[row, column]) if inside else -1
        gathered.setdefault(merges[at][:2] if at >= 0 else (row, column), []).append(mark)
    out: dict[int, dict[int, Marked]] = {}
    for (row, column), found in gathered.items():
        severity = "error" if any(mark.severity == "error" for mark in found) else "warning"
        out.setdefault(row, {})[column] = Marked(severity, "\n\n".join(dict.fromkeys(mark.text for mark in found)))
    return out
