"""csv and tsv: which encoding, which separator, then rows of text."""

import csv
import re
from io import StringIO
from itertools import islice, zip_longest

import polars as pl

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

from .letters import letter
from .limits import Limits

SEPARATORS = (",", "\t", ";", "|")
_SAMPLE = 200
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_FORMULA_TEXT = r'^="(.*)"$'  # ="6211…", the trick that keeps a number as text


def read_delimited(data: bytes, filename: str, limits: Limits) -> pl.DataFrame:
    """All cells as text under column letters, with `row` as a spreadsheet would number the lines."""
    text = decode(data, filename)
    if "\0" in text:
        raise not_text(filename)
    rows = _rows(text, separator(text), filename, limits)
    width = max(map(len, rows), default=0)
    if width > limits.columns or width * len(rows) > limits.cells:
        raise too_many_cells(filename, "", len(rows), width)
    columns = list(zip_longest(*rows, fillvalue=""))
    frame = pl.DataFrame(
        [pl.Series(letter(at + 1), column, dtype=pl.String) for at, column in enumerate(columns)]
    ).with_columns(pl.all().replace("", None).str.replace(_FORMULA_TEXT, "${1}"))
    return frame.with_row_index("row", offset=1)


def decode(data: bytes, filename: str) -> str:
    """UTF-8 or UTF-16 by their marks, plain UTF-8, else GB18030; Refusal when it is none of them."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strictly(data, encoding, filename)
    if len(data) % 2 == 0 and data[:400].count(0) > len(data[:400]) // 5:
        return _strictly(
            data, "utf-16-le" if data[1:400:2].count(0) >= data[:400:2].count(0) else "utf-16-be", filename
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _strictly(data, "gb18030", filename)


def separator(text: str) -> str:
    """The separator that gives the most lines of one and the same number of cells; a comma when none does."""
    lines = text[:200_000].splitlines(keepends=True)[:_SAMPLE]
    best, best_score = ",", 0.0
    for mark in SEPARATORS:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=mark) if row]
        except csv.Error:
            continue
        common = max(set(widths), key=lambda width: (widths.count(width) * (width > 1), width), default=1)
        score = widths.count(common) / max(1, len(widths)) * min(common, 50) if common > 1 else 0.0
        if score > best_score:
            best, best_score = mark, score
    return best


def not_text(filename: str) -> Refusal:
    """Bytes that are no text in any encoding a roster is written in."""
    return Refusal(
        "not_text",
        N_(
            "文件“{filename}”不是可读的文本（既不是 UTF-8，也不是 GB18030）。"
            "请在表格软件中打开原文件，另存为 xlsx 后上传。"
        ),
        filename=filename,
    )


def too_many_cells(filename: str, sheet: str, rows: int, columns: int) -> Refusal:
    """The rectangle around the content is larger than is read in one go."""
    return Refusal(
        "too_many_cells",
        N_(
            "文件“{filename}”{sheet}的内容一直延伸到第 {rows} 行、第 {columns} 列，超出可读取的范围。"
            "请检查最末行、最右列是否有多余的内容并删除，或分成几个文件上传。"
        ),
        filename=filename, sheet=f"工作表“{sheet}”" if sheet else "", rows=rows, columns=columns,
    )  # fmt: skip


def too_many_rows(filename: str, limit: int) -> Refusal:
    """More rows than are taken from one file."""
    return Refusal(
        "too_many_rows", N_("文件“{filename}”超过 {limit} 行，请分成几个文件上传。"), filename=filename, limit=limit
    )


def _strictly(data: bytes, encoding: str, filename: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise not_text(filename) from error


def _rows(text: str, mark: str, filename: str, limits: Limits) -> list[list[str]]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=mark)
    try:
        rows = list(islice(reader, limits.rows + 1))
    except csv.Error as error:
        raise Refusal(
            "csv_quotes",
            N_("文件“{filename}”第 {line} 行附近的引号不成对，无法分列。请在表格软件中打开，另存为 xlsx 后上传。"),
            filename=filename, line=reader.line_num,
        ) from error  # fmt: skip
    if len(rows) > limits.rows:
        raise too_many_rows(filename, limits.rows)
    while rows and not any(map(re.compile(r"\S").search, rows[-1])):
        rows.pop()
    return rows
