"""A roster file into sheets of text cells, whatever it is: xlsx, xlsm, xls, ods, csv, tsv.

Nothing in the file is run: macros and links outside are not opened, formulas are never worked out (their last stored
value is shown and counted). What is refused is refused by a Refusal that says why and what to do.
"""

from collections.abc import Callable
from pathlib import Path

import polars as pl

from shuanglian.kernel.ids import parse_card, parse_id
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

from . import sheet_scan
from .archive import Archive, broken
from .delimited import read_delimited, too_many_cells, too_many_rows
from .file_kind import file_kind
from .forms import as_table
from .guarded import RawSheet, read_apart
from .letters import letter, split_ref
from .limits import Limits
from .ods import check_repeats
from .sheet_data import MARKS, SheetData
from .sheet_scan import SheetScan
from .xlsx import too_many_sheets
from .xlsx_read import read_xlsx


def read(
    source: str | Path | bytes, filename: str = "", limits: Limits | None = None, *, forms: bool = True
) -> list[SheetData]:
    """Every worksheet of a file, hidden ones marked; at least one has content. Raises Refusal, nothing else.

    With `forms`, registration forms (one household, labels beside values) come as tables.
    """
    limits = limits or Limits()
    filename = filename or (Path(source).name if isinstance(source, str | Path) else "")
    data = source if isinstance(source, bytes) else _bytes(Path(source), filename, limits)
    if len(data) > limits.file_size:
        raise _too_large(filename, limits)
    try:
        sheets = _READERS[file_kind(data, filename)](data, filename, limits)
    except (MemoryError, RecursionError, pl.exceptions.PolarsError) as error:
        raise broken(filename) from error
    if not any(sheet.cells.height for sheet in sheets):
        raise Refusal("workbook_empty", N_("文件“{filename}”里没有任何内容。请检查是否选错了文件。"), filename=filename)
    return [as_table(sheet) for sheet in sheets] if forms else sheets


def _bytes(path: Path, filename: str, limits: Limits) -> bytes:
    try:
        if path.stat().st_size > limits.file_size:
            raise _too_large(filename, limits)
        return path.read_bytes()
    except OSError as error:
        raise Refusal(
            "file_missing", N_("打不开文件“{filename}”：文件不存在或没有读取权限。请检查路径。"), filename=filename
        ) from error


def _too_large(filename: str, limits: Limits) -> Refusal:
    return Refusal(
        "file_too_large",
        N_("文件“{filename}”超过 {megabytes} MB。请删去图片和多余的工作表，或分成几个文件上传。"),
        filename=filename, megabytes=limits.file_size // 2**20,
    )  # fmt: skip


def _delimited(data: bytes, filename: str, limits: Limits) -> list[SheetData]:
    name = Path(filename).stem or "csv"
    return [SheetData(name, _filled_rows(read_delimited(data, filename, limits)), source="csv")]


def _xlsx(data: bytes, filename: str, limits: Limits) -> list[SheetData]:
    return [_seen(raw, found) for raw, found in read_xlsx(data, filename, limits)]


def _seen(raw: RawSheet, found: SheetScan) -> SheetData:
    frame = _overwrite(_lettered(raw), {**found.long_numbers, **found.padded, **found.errors})
    errors = [(place[1], place[0], text) for ref, text in found.errors.items() if (place := split_ref(ref))]
    return SheetData(
        raw.name, _filled_rows(frame), raw.hidden, tuple(found.merges),
        pl.DataFrame(errors, schema=MARKS, orient="row"), found.formulas, found.first_formula,
    )  # fmt: skip


def _xls(data: bytes, filename: str, limits: Limits) -> list[SheetData]:
    return _apart(data, "xls", filename, limits, 0)


def _ods(data: bytes, filename: str, limits: Limits) -> list[SheetData]:
    book = Archive(data, filename, limits)
    if "content.xml" not in book.parts:
        raise broken(filename)
    for name in book.xml_parts():
        if name != "content.xml":
            book.check_part(name)
    return _apart(data, "ods", filename, limits, check_repeats(book.stream("content.xml"), filename, limits))


def _apart(data: bytes, kind: str, filename: str, limits: Limits, formulas: int) -> list[SheetData]:
    sheets = read_apart(data, kind, filename, limits)
    if len(sheets) > limits.sheets:
        raise too_many_sheets(filename, len(sheets), limits.sheets)
    out: list[SheetData] = []
    for raw in sheets:
        if raw.frame.height > limits.rows:
            raise too_many_rows(filename, limits.rows)
        if len(raw.columns) > limits.columns or raw.frame.height * len(raw.columns) > limits.cells:
            raise too_many_cells(filename, raw.name, raw.frame.height, len(raw.columns))
        cells = _ruined_numbers(_filled_rows(_lettered(raw)))
        out.append(SheetData(raw.name, cells, raw.hidden, source=kind, formulas=0 if out else formulas))
    return out


def _lettered(raw: RawSheet) -> pl.DataFrame:
    """Columns under their letters, `row` in front, dates without an empty time of day."""
    frame = raw.frame
    frame.columns = [letter(index + 1) for index in raw.columns]
    dates = [name for name in frame.columns if frame[name].str.ends_with(" 00:00:00").any(ignore_nulls=True)]
    shorter = pl.col(dates).str.replace(r"^(\d{4}-\d\d-\d\d) 00:00:00$", "${1}")
    return (frame.with_columns(shorter) if dates else frame).with_row_index("row", offset=1)


def _filled_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """Without the rows in which nothing stands; empty texts as nulls."""
    names = [name for name in frame.columns if name != "row"]
    if not names:
        return frame.clear()
    frame = frame.with_columns(pl.when(pl.col(names) != "").then(pl.col(names)).name.keep())
    return frame.filter(pl.any_horizontal(pl.col(names).is_not_null()))


def _overwrite(frame: pl.DataFrame, texts: dict[str, str]) -> pl.DataFrame:
    """Put texts into single cells; cells outside the frame are left alone."""
    by_column: dict[str, tuple[list[int], list[str]]] = {}
    for ref, text in texts.items():
        place = split_ref(ref)
        if place and place[0] in frame.columns and place[1] <= frame.height:
            rows, values = by_column.setdefault(place[0], ([], []))
            rows.append(place[1] - 1)
            values.append(text)
    return frame.with_columns(
        [frame[name].scatter(rows, pl.Series(values, dtype=pl.String)) for name, (rows, values) in by_column.items()]
    )


def _ruined_numbers(frame: pl.DataFrame) -> pl.DataFrame:
    """Numbers of 17 digits and more that passed through a binary fraction (xls, ods), written with their exponent.

    Their cells do not say whether they were text, but text that fails its check digit would hardly end in just the
    zeros that a fraction leaves, or be one of the few whole numbers of 18 digits (one in 64 or 128) that it can hold.
    """
    for name in frame.columns[1:]:
        zeros = pl.col(name).str.contains(r"^[1-9][0-9]{14,17}00$")
        whole = pl.col(name).cast(pl.Int64, strict=False)
        held = pl.col(name).str.contains(r"^[1-9][0-9]{17}$") & (whole.cast(pl.Float64).cast(pl.Int64) == whole)
        long = frame.select((zeros | held).fill_null(False)).to_series()
        if not long.any():
            continue
        ruined = {text: sheet_scan.shown_long(text) for text in frame[name].filter(long).unique() if _ruined(text)}
        frame = frame.with_columns(pl.col(name).replace(ruined))
    return frame


def _ruined(text: str) -> bool:
    """Whether a text is how a binary fraction is written, and no number that holds by itself."""
    written = _shortest(text) or int(float(text)) == int(text)
    return written and parse_id(text).problem is not None and parse_card(text) is None


def _shortest(text: str) -> bool:
    """Whether a text is how a binary fraction of its size is written: its shortest digits, then zeros."""
    digits = repr(float(text)).replace(".", "").partition("e")[0]
    return digits.rstrip("0") == text.rstrip("0")


_READERS: dict[str, Callable[[bytes, str, Limits], list[SheetData]]] = {
    "xlsx": _xlsx, "xls": _xls, "ods": _ods, "csv": _delimited,
}  # fmt: skip

__all__ = ["Limits", "SheetData", "read"]
