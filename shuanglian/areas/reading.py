"""A table file into plain cells: csv (UTF-8, UTF-16 or GB18030; also gzipped), xlsx, xls, ods. Formulas are never run.

Only reading happens here: which row is the header and what the cells mean is said in `table`.
"""

import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

MOST_BYTES = 256 * 1024 * 1024  # unpacked; the whole country's table is some 60 MB
MOST_ROWS = 1_000_000  # the whole country has 665,000 regions
MOST_COLUMNS = 200

Row = tuple[int, list[str]]
T = TypeVar("T")

if TYPE_CHECKING:
    from fastexcel import ExcelReader


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name and its rows with their numbers as a spreadsheet shows them."""

    name: str
    rows: list[Row]


class Unreadable(Refusal):
    """The file cannot be read at all; nothing of it was looked at."""


def sheets_of(path: str | Path) -> Iterator[Sheet]:
    """The sheets of a file, one after the other; Unreadable says why not and what to do."""
    path = Path(path)
    if not path.is_file():
        raise Unreadable("no_such_file", N_("找不到文件 {name}。"), name=path.name)
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable("too_big", N_("文件 {name} 太大。"), name=path.name)
    with open(path, "rb") as file:
        start = file.read(8)
    if start[:2] == b"\x1f\x8b":
        yield Sheet("", _csv_rows(_unzipped(path), path.name))
    elif start[:4] == b"PK\x03\x04" or start == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        yield from _workbook(path)
    else:
        yield Sheet("", _csv_rows(path.read_bytes(), path.name))


def _unzipped(path: Path) -> bytes:
    try:
        with gzip.open(path) as packed:
            data = packed.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        raise Unreadable("broken", N_("压缩文件 {name} 已损坏。请重新下载或另存。"), name=path.name) from None
    if len(data) > MOST_BYTES:
        raise Unreadable("too_big", N_("文件 {name} 解压后太大。"), name=path.name)
    return data


def _csv_rows(data: bytes, name: str) -> list[Row]:
    text = _decoded(data, name)
    if "\0" in text:
        raise Unreadable("not_a_table", N_("{name} 不是表格文件。请另存为 csv 或 xlsx。"), name=name)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",\t;|", key=first.count)
    rows: list[Row] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for number, cells in enumerate(reader, start=1):
            rows.append((number, cells[:MOST_COLUMNS]))
            if len(rows) > MOST_ROWS:
                raise Unreadable("too_many_rows", N_("{name} 超过 {limit} 行。"), name=name, limit=MOST_ROWS)
    except csv.Error:
        raise Unreadable("not_a_table", N_("{name} 不是表格文件。请另存为 csv 或 xlsx。"), name=name) from None
    return rows


def _decoded(data: bytes, name: str) -> str:
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("encoding", N_("{name} 的文字编码无法识别。请另存为 UTF-8 编码的 csv。"), name=name)


def _workbook(path: Path) -> Iterator[Sheet]:
    import fastexcel

    _weigh(path)
    book = _quietly(lambda: fastexcel.read_excel(path), path)
    for name in book.sheet_names:
        rows = _quietly(partial(_sheet_rows, book, name), path)
        yield Sheet(name, rows)


def _sheet_rows(book: "ExcelReader", name: str) -> list[Row]:
    """Every cell as text, rows and columns where the workbook has them: empty ones in front are kept."""
    sheet = book.load_sheet(name, header_row=None, dtypes="string", skip_rows=0, n_rows=MOST_ROWS)
    frame = sheet.to_polars()
    before = [""] * min((column.absolute_index for column in sheet.selected_columns), default=0)
    cut = frame[:, :MOST_COLUMNS]
    return [(number, before + [cell or "" for cell in row]) for number, row in enumerate(cut.iter_rows(), start=1)]


def _weigh(path: Path) -> None:
    """A packed workbook says beforehand how big it is unpacked: refuse bombs before they are opened."""
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, OSError):
        raise Unreadable("broken", N_("表格文件 {name} 已损坏。请用表格软件打开后另存。"), name=path.name) from None
    if size > 2 * MOST_BYTES:
        raise Unreadable("too_big", N_("文件 {name} 解压后太大。"), name=path.name)


def _quietly(read: Callable[[], T], path: Path) -> T:
    """The reader's own failures, also the kind that is no Exception, become one plain sentence."""
    try:
        return read()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as fault:
        raise Unreadable("broken", N_("表格文件 {name} 已损坏。请用表格软件打开后另存。"), name=path.name) from fault


def rows_given(rows: Iterable[Sequence[object]]) -> Sheet:
    """Rows from a program (the first is the header) as a sheet of texts."""
    return Sheet("", [(n, ["" if cell is None else str(cell) for cell in row]) for n, row in enumerate(rows, start=1)])
