"""Findings marked in the user's own xlsx: styles stay, whatever could act on its own is left behind.

openpyxl believes what a file says: a link or a comment over a whole sheet becomes 17 billion cells, a made-up cell type
becomes a formula. So its reader is led past everything but cells, formats, widths, merges, comments and drop-downs.
"""

import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from openpyxl.cell import Cell, MergedCell
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.cell.rich_text import CellRichText
from openpyxl.comments import Comment
from openpyxl.comments.comment_sheet import CommentSheet
from openpyxl.packaging.relationship import RelationshipList, get_dependents, get_rels_path
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils.exceptions import IllegalCharacterError, InvalidFileException
from openpyxl.workbook import Workbook
from openpyxl.workbook.views import BookView
from openpyxl.worksheet._reader import WorksheetReader
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.constants import COMMENTS_NS
from openpyxl.xml.functions import fromstring

from . import mark_list
from .letters import letter, split_range, split_ref
from .mark_list import Marked, Told
from .mark_text import clean, free_name, like_formula, lines, link_to

MERGED = 400_000  # cells under merges, altogether
_PLAIN = re.compile(  # of drop-downs: words, numbers, a name, a range; nothing that is worked out
    r"^(?:\"[^\"]*\"|-?[0-9.]+|(?:'[^'\[\]|]+'!|[\w.]+!)?\$?[A-Z]{1,3}\$?[0-9]+(?::\$?[A-Z]{1,3}\$?[0-9]+)?|[^\W\d][\w.]*)$"
)
_RANGE = re.compile(r"^(?:'[^'\[\]|]+'|[\w.]+)!\$?[A-Z]{1,3}\$?[0-9]+(?::\$?[A-Z]{1,3}\$?[0-9]+)?$")
_EDGE = Side(style="thin", color="FFBFBFBF")
_BOX = Border(_EDGE, _EDGE, _EDGE, _EDGE)


class Unfit(Exception):
    """This workbook cannot be carried over as it is."""


def marked_book(data: bytes, findings: Sequence[Told], lang: str) -> bytes:
    """The workbook with its findings marked and listed; Unfit when openpyxl cannot take it in or give it out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about what it leaves out, which is what we want
        try:
            reader = _Reader(BytesIO(data), data_only=True, keep_links=False, rich_text=True)
            reader.read()
            book = reader.wb
            marks = mark_list.by_cell(findings, lang)
            _strip(book)
            room = iter(range(mark_list.COMMENTS))
            for name, sheet in reader.sheets.items():
                _sweep(sheet)
                _mark(sheet, marks.get(name, {}), room)
            _add_list(book, findings, mark_list.summary(findings, lang, marks, anew=False), lang)
            out = BytesIO()
            book.save(out)
        except (
            ValueError, TypeError, KeyError, IndexError, AttributeError, OSError, ParseError, DefusedXmlException,
            zipfile.BadZipFile, InvalidFileException, IllegalCharacterError, OverflowError, NotImplementedError,
        ) as error:  # fmt: skip
            raise Unfit(str(error)) from error
    return out.getvalue()


class _Reader(ExcelReader):
    """Reads worksheets without links, tables, drawings, pivots, conditional formats; `sheets` by their names."""

    sheets: dict[str, Worksheet]

    def read_custom(self) -> None:
        """Custom properties stay behind."""

    def read_chartsheet(self, sheet: object, rel: object) -> None:
        """Charts stay behind."""

    def read_worksheets(self) -> None:
        self.sheets, self.left = {}, MERGED
        for sheet, rel in self.parser.find_sheets():
            if rel.target not in self.valid_files or not rel.Type.endswith("/worksheet"):
                continue
            page = self.wb.create_sheet(sheet.name)
            path = get_rels_path(rel.target)
            rels = get_dependents(self.archive, path) if path in self.valid_files else RelationshipList()
            with self.archive.open(rel.target) as source:
                self._cells(WorksheetReader(page, source, self.shared_strings, True, True))
            for one in rels.find(COMMENTS_NS):
                self._comments(page, one.target)
            page.legacy_drawing = None
            page.sheet_state = sheet.state
            self.sheets[sheet.name] = page

    def _cells(self, source: WorksheetReader) -> None:
        source.parser.date_formats = frozenset()  # dates stay numbers: one out of bounds would turn into #VALUE!
        source.bind_cells()
        merges = source.parser.merged_cells.mergeCell if source.parser.merged_cells else []
        for one in merges:
            area = split_range(one.ref)
            self.left -= (area[2] - area[0] + 1) * (area[3] - area[1] + 1) if area else MERGED + 1
        if self.left < 0:
            raise Unfit("merges")
        source.bind_merged_cells()
        source.bind_col_dimensions()
        source.bind_row_dimensions()
        source.bind_properties()

    def _comments(self, page: Worksheet, target: str) -> None:
        for ref, comment in CommentSheet.from_tree(fromstring(self.archive.read(target))).comments:
            if split_ref(ref) and not isinstance(cell := page[ref], MergedCell):
                cell.comment = comment


def _strip(book: Workbook) -> None:
    """Nothing hidden away in the workbook itself: names only for plain ranges, our older lists gone."""
    for holder in (book, *book.worksheets):
        for name, defined in list(holder.defined_names.items()):
            if not _RANGE.match(defined.value or ""):
                del holder.defined_names[name]
    for sheet in book.worksheets:
        first = sheet._cells.get((1, 1))
        if first is not None and mark_list.is_our_list(first.value):
            book.remove(sheet)
    book.template, book.code_name, book.views = False, None, [BookView()]


def _sweep(sheet: Worksheet) -> None:
    """Every cell a value of its own, marks of an earlier check taken off, drop-downs only from words and ranges."""
    ours, none = _our_fills(sheet.parent), PatternFill()
    for cell in sheet._cells.values():
        if isinstance(cell, MergedCell):
            continue
        if not _is_value(cell):
            cell.data_type, cell._value = "s", clean(str(cell._value or ""))
        if cell.data_type == "s" and like_formula(str(cell._value)):
            cell.quotePrefix = True
        if cell.has_style and cell._style.fillId in ours:
            cell.fill = none
        if cell.comment is not None:
            _without_ours(cell)
    sheet.data_validations.dataValidation = [
        one for one in sheet.data_validations.dataValidation
        if all(_PLAIN.match(text) for text in (one.formula1, one.formula2) if text)
    ]  # fmt: skip
    sheet.scenarios = type(sheet.scenarios)()
    sheet.sheet_properties.codeName = None
    for view in sheet.views.sheetView:
        view.tabSelected = False


def _our_fills(book: Workbook) -> set[int]:
    """The numbers of the colours that only we use."""
    colours = set(mark_list.FILLS.values())
    return {at for at, fill in enumerate(book._fills) if fill.fill_type == "solid" and fill.fgColor.rgb in colours}


def _is_value(cell: Cell) -> bool:
    """Whether a cell is written as the value it is; a type that was made up would come out as a formula."""
    kind, value = cell.data_type, cell._value
    if kind == "s":
        return value is None or isinstance(value, str | CellRichText)
    if kind == "e":
        return value in ERROR_CODES
    return kind in ("n", "b", "d") and not isinstance(value, str | CellRichText)


def _without_ours(cell: Cell) -> None:
    """Take what an earlier check wrote out of a comment."""
    comment = cell.comment
    own = "" if comment.author == mark_list.AUTHOR else comment.text.partition(mark_list.PART)[0].rstrip("\n")
    cell.comment = Comment(own, comment.author or "", height=_height(own), width=_WIDE) if own else None


def _mark(sheet: Worksheet, marks: Mapping[tuple[int, int], Marked], room: Iterator[int]) -> None:
    """Colour cells and say why in a comment; what hits a merged cell is shown in its first one."""
    fills = {name: PatternFill("solid", fgColor=colour) for name, colour in mark_list.FILLS.items()}
    firsts = _firsts(sheet)
    gathered: dict[tuple[int, int], list[Marked]] = {}
    for place, mark in marks.items():
        gathered.setdefault(firsts.get(place, place), []).append(mark)
    for place, found in gathered.items():
        cell = sheet.cell(*place)
        cell.fill = fills["error" if any(mark.severity == "error" for mark in found) else "warning"]
        if next(room, None) is not None:
            cell.comment = _comment("\n\n".join(dict.fromkeys(mark.text for mark in found)), cell.comment)


def _firsts(sheet: Worksheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Each covered cell of a merge → the first one of it."""
    return {
        (row, column): (area.min_row, area.min_col)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }


_WIDE = 320  # pixels of a comment, some 44 Latin characters


def _comment(text: str, before: Comment | None) -> Comment:
    author = mark_list.AUTHOR
    if before is not None:  # somebody's own words stay, ours come after them
        author, text = before.author or "", f"{before.text}\n\n{mark_list.PART}\n{text}"
    text = clean(text)
    return Comment(text, author, height=_height(text), width=_WIDE)


def _height(text: str) -> int:
    return min(600, 18 * lines(text, 44) + 16)


def _add_list(book: Workbook, findings: Sequence[Told], notes: Sequence[str], lang: str) -> None:
    """The list of findings as the first sheet, open when the file is."""
    name = free_name(mark_list.label(mark_list.TITLE, lang), book.sheetnames)
    page = book.create_sheet(name, 0)
    book.active = 0
    known = set(book.sheetnames)
    _put(page, 1, 1, mark_list.heading(lang)).font = Font(bold=True, size=14)
    for row, note in enumerate(notes, 2):
        _put(page, row, 1, note)
    head = len(notes) + 3
    for column, (text, wide) in enumerate(mark_list.HEADINGS, 1):
        cell = _put(page, head, column, mark_list.label(text, lang))
        cell.font, cell.border = Font(bold=True), _BOX
        cell.fill = PatternFill("solid", fgColor="FFE8E8E8")
        page.column_dimensions[letter(column)].width = wide
    fills = {key: PatternFill("solid", fgColor=colour) for key, colour in mark_list.FILLS.items()}
    wrap = Alignment(vertical="top", wrap_text=True)
    for row, one in enumerate(findings, head + 1):
        for column, text in enumerate(mark_list.columns(one, lang), 1):
            cell = _put(page, row, column, text)
            cell.alignment, cell.border = wrap, _BOX
            if column == 6:
                cell.fill = fills[one.severity]
        _link(page, row, one, known, row - head <= mark_list.LINKS)
    page.freeze_panes = f"A{head + 1}"
    page.auto_filter.ref = f"A{head}:{letter(len(mark_list.HEADINGS))}{head + max(len(findings), 1)}"
    _for_paper(page, head)


def _for_paper(page: Worksheet, head: int) -> None:
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = f"{head}:{head}"
    page.oddFooter.center.text = "&P / &N"


def _link(page: Worksheet, row: int, one: Told, known: set[str], linked: bool) -> None:
    column = len(mark_list.HEADINGS)
    there = one.sheet in known and one.cell
    cell = _put(page, row, column, one.cell if there else "")
    cell.border, cell.alignment = _BOX, Alignment(vertical="top")
    if there and linked:
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=link_to(one.sheet, one.cell), display=one.cell)
        cell.font = Font(color="FF0563C1", underline="single")


def _put(page: Worksheet, row: int, column: int, text: str) -> Cell:
    """Text into a cell as text, whatever it looks like."""
    cell = page.cell(row, column)
    cell._value, cell.data_type = clean(text), "s"
    if like_formula(text):
        cell.quotePrefix = True
    return cell
