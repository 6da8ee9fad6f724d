"""Tables on disk for the command: csv (UTF-8, GB18030; also .gz) and Parquet; only the columns asked for."""

import csv
import difflib
import gzip
import io
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

from shuanglian.kernel.words import N_, Said

ROW = "\0row"  # number of a row in the file, the heading is 1
BIGGEST = 16 * 2**30  # bytes that a packed file may unpack to
MISSING = ("", ".", "-", "na", "n/a", "nan", "null", "none", "缺失")
TRUE, FALSE = ("1", "1.0", "true", "yes", "y", "是"), ("0", "0.0", "false", "no", "n", "否")


class BadTable(Exception):
    """A table that cannot be used: file, row (heading is 1), column, what is wrong and the cure."""

    def __init__(self, path: Path, row: int | None, column: str, said: Said) -> None:
        self.path, self.row, self.column, self.said = path, row, column, said
        super().__init__(str(said))


class Table:
    """A file of which columns are asked by name; nothing else of it is parsed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        raw = _raw(path)
        self.parquet = raw[:4] == b"PAR1"
        self._bytes = raw if self.parquet else _utf8(path, raw)
        try:
            heading = pl.read_parquet_schema(io.BytesIO(raw)) if self.parquet else _heading(self._bytes)
        except (pl.exceptions.PolarsError, OSError, csv.Error) as error:
            raise BadTable(path, None, "", Said(N_("文件读不懂：{why}。"), {"why": _short(error)})) from None
        self.columns = [name.strip() for name in heading]
        if not any(self.columns):
            raise BadTable(path, None, "", Said(N_("文件是空的；第一行应为列名。")))

    def names(self, text: str) -> list[str]:
        """Column names divided by commas; a single name may hold commas itself."""
        if text in self.columns:
            return [text]
        names = [self.known(name.strip()) for name in text.split(",") if name.strip()]
        for name in names:
            if names.count(name) > 1:
                raise BadTable(self.path, 1, name, Said(N_("列“{column}”给了两次；请只写一次。"), {"column": name}))
        return names

    def known(self, name: str) -> str:
        """A name that stands once in the heading; else a refusal that suggests the nearest."""
        if self.columns.count(name) == 1:
            return name
        if name in self.columns:
            raise BadTable(self.path, 1, name, Said(N_("列“{column}”出现了多次；请改名后再用。"), {"column": name}))
        lowered = {column.lower(): column for column in self.columns}
        near = difflib.get_close_matches(name.lower(), list(lowered), 1, 0.5)
        if near:
            said = Said(N_("没有列“{column}”；是否为“{near}”？"), {"column": name, "near": lowered[near[0]]})
        else:
            shown = ", ".join(self.columns[:20])
            said = Said(N_("没有列“{column}”；文件中的列有：{columns}。"), {"column": name, "columns": shown})
        raise BadTable(self.path, 1, name, said)

    def read(self, names: Sequence[str]) -> pl.DataFrame:
        """These columns, as text from csv and as they are from Parquet, and each row's number in the file.

        Rows with nothing in any column are no rows; where the file has one column, such a row is a missing value.
        """
        places = sorted({self.columns.index(self.known(name)) for name in names})
        found = self._parse(places).with_row_index(ROW, 2)
        if not self.parquet and len(self.columns) > 1 and found.select(_nothing(places).any()).item():
            empty = self._parse(list(range(len(self.columns)))).select(_nothing(range(len(self.columns)))).to_series()
            found = found.filter(~empty)
        if not found.height:
            raise BadTable(self.path, None, "", Said(N_("文件没有数据行；列名之下至少要有一行。")))
        return found.rename({str(place): self.columns[place] for place in places})

    def _parse(self, places: list[int]) -> pl.DataFrame:
        """Columns by their place in the file, named by it."""
        try:
            if self.parquet:
                found = pl.read_parquet(io.BytesIO(self._bytes), columns=places)
            else:
                found = pl.read_csv(self._bytes, columns=places, infer_schema=False, truncate_ragged_lines=True)
        except (pl.exceptions.PolarsError, OSError) as error:
            raise BadTable(self.path, None, "", Said(N_("文件读不懂：{why}。"), {"why": _short(error)})) from None
        found.columns = [str(place) for place in places]
        return found.with_columns(pl.col(pl.String).str.strip_chars())

    def numbers(self, frame: pl.DataFrame, name: str) -> pl.Series:
        """A column as floats, missing ones null; refuses text that is no number."""
        column = frame[name]
        if column.dtype.is_numeric() or column.dtype == pl.Boolean:
            parsed = column.cast(pl.Float64)
            return parsed.set(parsed.is_nan().fill_null(False), None)
        text = column.cast(pl.String)
        empty = text.is_null() | text.str.to_lowercase().is_in(MISSING)
        parsed = text.cast(pl.Float64, strict=False)
        self._refuse(frame, text, ~empty & ~parsed.is_finite().fill_null(False), name,
                     N_("“{cell}”不是数；请填写数字，不用千位分隔符。"))  # fmt: skip
        return parsed.set(empty, None)

    def flags(self, frame: pl.DataFrame, name: str) -> pl.Series:
        """A column of 0/1, true/false, yes/no, 是/否 as 0 and 1, missing ones null; refuses anything else."""
        text = frame[name].cast(pl.String).str.to_lowercase()
        yes, no = text.is_in(TRUE), text.is_in(FALSE)
        empty = text.is_null() | text.is_in(MISSING)
        self._refuse(frame, text, ~(yes | no | empty).fill_null(True), name,
                     N_("“{cell}”不是剥夺状态；请填 1（被剥夺）或 0（未被剥夺）。"))  # fmt: skip
        return yes.cast(pl.Float64).set(empty, None)

    def _refuse(self, frame: pl.DataFrame, text: pl.Series, wrong: pl.Series, name: str, sentence: str) -> None:
        at = wrong.arg_true()
        if len(at):
            raise BadTable(self.path, frame[ROW][int(at[0])], name, Said(sentence, {"cell": text[int(at[0])]}))


def _raw(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadTable(path, None, "", Said(N_("文件打不开：{why}。"), {"why": error.strerror or str(error)})) from None
    if raw[:2] != b"\x1f\x8b":
        return raw
    try:
        with gzip.open(io.BytesIO(raw)) as packed:
            raw = packed.read(BIGGEST + 1)
    except (OSError, EOFError, zlib.error):
        raise BadTable(path, None, "", Said(N_("压缩文件已损坏；请重新压缩。"))) from None
    if len(raw) > BIGGEST:
        raise BadTable(path, None, "", Said(N_("文件解压后过大；请分成几个文件。")))
    return raw


def _utf8(path: Path, raw: bytes) -> bytes:
    """The text of a csv file in UTF-8 without its mark."""
    if raw.startswith(b"PK\x03\x04") or b"\0" in raw[: 2**20]:
        raise BadTable(path, None, "", Said(N_("文件不是 csv 文本；请另存为 UTF-8 编码的 csv，或 Parquet。")))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding).rstrip().encode()
        except UnicodeDecodeError:
            continue
    raise BadTable(path, None, "", Said(N_("文件不是 csv 文本；请另存为 UTF-8 编码的 csv，或 Parquet。")))


def _heading(text: bytes) -> list[str]:
    return next(csv.reader(io.TextIOWrapper(io.BytesIO(text), "utf-8", newline="")), [])


def _nothing(places: Iterable[int]) -> pl.Expr:
    return pl.all_horizontal(pl.col(str(place)).cast(pl.String).fill_null("") == "" for place in places)


def _short(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200]
