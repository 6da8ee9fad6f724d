"""xlsx and xlsm: looked through part by part, then read by the fast reader, its gaps filled from the look.

A small workbook is measured first and read here; a large one is read in a process with a memory limit while this
one looks through it, so that the look costs no time.
"""

from xml.parsers.expat import ExpatError

import fastexcel
import polars as pl

from shuanglian.kernel.refusal import Refusal

from . import sheet_scan, xlsx
from .archive import Archive, broken
from .delimited import too_many_cells
from .guarded import RawSheet, Reading
from .limits import Limits
from .sheet_scan import SheetScan

READ_HERE = 24 * 2**20  # unpacked bytes


def read_xlsx(data: bytes, filename: str, limits: Limits) -> list[tuple[RawSheet, SheetScan]]:
    """Every worksheet with what the look through it found. Raises Refusal."""
    book = Archive(data, filename, limits)
    parts = xlsx.sheet_parts(book)
    if len(parts) > limits.sheets:
        raise xlsx.too_many_sheets(filename, len(parts), limits.sheets)
    xlsx.check_shared_strings(book, limits)
    if sum(info.file_size for info in book.parts.values()) <= READ_HERE:
        scans = _scan_all(book, limits, measure=True)
        sheets = _read_here(data, filename, parts)
    else:
        with Reading(data, "xlsx", filename, limits) as reading:
            scans = _scan_all(book, limits, measure=False)
            try:
                sheets = reading.sheets()
            except Refusal as refusal:
                raise _why(book, limits) or refusal from refusal
    by_name = {part.name: part for part in parts}
    return [(sheet, scans.get(by_name[sheet.name].part, SheetScan())) for sheet in sheets if sheet.name in by_name]


def _read_here(data: bytes, filename: str, parts: list[xlsx.SheetPart]) -> list[RawSheet]:
    try:
        book = fastexcel.read_excel(data)
        out = []
        for part in parts:
            sheet = book.load_sheet(part.name, header_row=None, skip_rows=0, dtypes="string")
            columns = [column.absolute_index for column in sheet.available_columns()]
            out.append(RawSheet(part.name, part.hidden, columns, sheet.to_polars() if columns else pl.DataFrame()))
        return out
    except BaseException as error:
        # A panic of the Rust library is no Exception; only what it throws means a broken file.
        if type(error).__module__.startswith(("fastexcel", "_fastexcel", "pyo3_runtime")):
            raise broken(filename) from error
        raise


def _scan_all(book: Archive, limits: Limits, *, measure: bool) -> dict[str, SheetScan]:
    """Unpack every XML part once and count it; scan those that are worksheets, whoever points at them."""
    styles = xlsx.padded_styles(book)
    scans: dict[str, SheetScan] = {}
    for name in book.xml_parts():
        if not _is_sheet(book, name):
            book.check_part(name)
            continue
        scans[name] = found = _scan(book, name, styles, limits, measure)
        if measure:
            _check_extent(book, name, found.rows, found.columns, limits)
    return scans


def _is_sheet(book: Archive, name: str) -> bool:
    return not name.endswith(".rels") and b"worksheet" in next(book.stream(name), b"")[:65536]


def _scan(book: Archive, name: str, styles: dict[int, int], limits: Limits, measure: bool) -> SheetScan:
    try:
        found = sheet_scan.scan(book.stream(name), styles, measure)
    except sheet_scan.Odd:
        try:
            return sheet_scan.parse(book.stream(name), styles, limits.cells)
        except ExpatError as error:
            raise broken(book.filename) from error
    if found.rows > limits.rows or found.columns > limits.columns or found.rows * found.columns > limits.cells:
        found.rows, found.columns = sheet_scan.extent(book.stream(name), limits.cells)
    return found


def _check_extent(book: Archive, name: str, rows: int, columns: int, limits: Limits) -> None:
    if rows > limits.rows or columns > limits.columns or rows * columns > limits.cells:
        raise too_many_cells(book.filename, name.rpartition("/")[2].removesuffix(".xml"), rows, columns)


def _why(book: Archive, limits: Limits) -> Refusal | None:
    """Why the reading process gave up: the sheet that reaches too far, if there is one."""
    for name in book.xml_parts():
        if _is_sheet(book, name):
            try:
                _check_extent(book, name, *sheet_scan.extent(book.stream(name), limits.cells), limits)
            except Refusal as refusal:
                return refusal
    return None
