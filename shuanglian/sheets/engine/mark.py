"""The user's workbook again, with every finding marked in its cell and a list of all of them in front (issue D)."""

import zipfile
from io import BytesIO
from pathlib import PurePath

import polars as pl

from shuanglian.kernel.words import N_

from . import workbook
from .file_kind import file_kind
from .limits import Limits
from .mark_book import Unfit, marked_book
from .mark_fresh import fresh_book
from .mark_list import Speak, label, told
from .mark_text import harmless
from .sheet_data import SheetData

ROWS = 20_000  # of a workbook that is edited; larger ones are made anew
CELLS = 700_000
UNPACKED = 48 * 2**20  # bytes
FINDINGS = 50_000

COLUMNS = {
    "sheet": pl.String, "row": pl.Int64, "column": pl.String, "header": pl.String, "value": pl.String,
    "code": pl.String, "severity": pl.String, "params": pl.String,
}  # fmt: skip


def mark(
    original: bytes, filename: str, findings: pl.DataFrame, speak: Speak, lang: str = "zh", limits: Limits | None = None
) -> bytes:
    """An xlsx: cells red (error) or amber (warning) with a comment that says what and how to mend it, and a list.

    `findings` has COLUMNS; `speak(code, params)` gives (what is wrong, how to mend it). An xlsx of ordinary size keeps
    its styles; anything else becomes a new workbook of text cells. No formula, link or macro is carried over.
    Raises Refusal for a file that `workbook.read` refuses.
    """
    sheets = workbook.read(original, filename, limits, forms=False)
    listed = told(_complete(findings), speak, [sheet.name for sheet in sheets])
    if _fits(original, filename, sheets, len(listed)):
        try:
            return marked_book(original, listed, lang)
        except Unfit:
            pass  # a file that reads well and is put together oddly
    return fresh_book(sheets, listed, lang)


def marked_name(filename: str, lang: str = "zh") -> str:
    """What the marked copy of a file is called."""
    return PurePath(filename).stem + label(N_("（已标注问题）"), lang) + ".xlsx"


def _complete(findings: pl.DataFrame) -> pl.DataFrame:
    """The columns wanted, in their types; what is missing is empty."""
    missing = [pl.lit(None, dtype=kind).alias(name) for name, kind in COLUMNS.items() if name not in findings.columns]
    return findings.with_columns(missing).select(pl.col(name).cast(kind) for name, kind in COLUMNS.items())


def _fits(data: bytes, filename: str, sheets: list[SheetData], findings: int) -> bool:
    """Whether the file is an xlsx small enough to be held as single cells."""
    if file_kind(data, filename) != "xlsx" or findings > FINDINGS:
        return False
    rows = sum(sheet.cells.height for sheet in sheets)
    cells = sum(sheet.cells.height * len(sheet.letters) for sheet in sheets)
    with zipfile.ZipFile(BytesIO(data)) as book:
        unpacked = sum(info.file_size for info in book.infolist())
    return rows <= ROWS and cells <= CELLS and unpacked <= UNPACKED


__all__ = ["COLUMNS", "harmless", "mark", "marked_name"]
