"""Looks through an OpenDocument sheet before it is read: rows and cells may be declared repeated a million times."""

import re
from collections.abc import Iterable, Iterator

from .delimited import too_many_cells
from .limits import Limits

_ROW = b"<table:table-row"
_TABLE_ENDS = b"</table:table>"
_ROWS_REPEATED = re.compile(rb'^<table:table-row[^<>]*table:number-rows-repeated="(\d{1,9})')
_CELL = re.compile(rb"<table:(?:covered-)?table-cell([^<>]*?)(/?)>")
_CELLS_REPEATED = re.compile(rb'number-columns-repeated="(\d{1,9})')
_CONTENT = re.compile(rb"<text:p|office:value|office:date-value|office:string-value")


def check_repeats(pieces: Iterable[bytes], filename: str, limits: Limits) -> int:
    """Refuse what would not fit once written out in full; returns the number of formula cells."""
    formulas = rows = cells = 0
    for part in _rows(pieces):
        formulas += part.count(b"table:formula=")
        row, ends, _rest = part.partition(_TABLE_ENDS)
        if row.startswith(_ROW):
            repeated = _ROWS_REPEATED.match(row)
            times = int(repeated[1]) if repeated else 1
            rows += times
            if _CONTENT.search(row):  # empty rows at the end are dropped by every reader; in the middle they count
                width = _width(row)
                cells += times * width
                if (
                    rows > limits.rows
                    or width > limits.columns
                    or cells > limits.cells
                    or rows * width > limits.cells * 4
                ):
                    raise too_many_cells(filename, "", rows, width)
        if ends:  # the next sheet begins behind the last row of this one
            rows = 0
    return formulas


def _rows(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The stream cut before each row."""
    rest = b""
    for piece in pieces:
        parts = (rest + piece).split(_ROW)
        rest = (_ROW if len(parts) > 1 else b"") + parts[-1]
        for at, part in enumerate(parts[:-1]):
            yield part if at == 0 else _ROW + part
    yield rest


def _width(row: bytes) -> int:
    """How many cells a row has, repeats counted, up to the last that holds something."""
    if b"columns-repeated" not in row:
        return row.count(b"table-cell") + 1
    width = filled = 0
    for cell in _CELL.finditer(row):
        repeated = _CELLS_REPEATED.search(cell[1])
        width += int(repeated[1]) if repeated else 1
        if not cell[2] or b"office:" in cell[1]:
            filled = width
    return filled
