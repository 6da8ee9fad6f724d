"""Starts the reading process (`apart.py`) and takes in what it wrote; what kills it is told as a Refusal."""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import polars as pl

from .archive import broken, locked, too_big
from .limits import Limits


@dataclass(frozen=True)
class RawSheet:
    """A sheet as the reader gave it: text columns, each with its 0-based number in the sheet."""

    name: str
    hidden: bool
    columns: list[int]
    frame: pl.DataFrame


class Reading:
    """A workbook being read in a process of its own; a context manager that leaves nothing behind."""

    def __init__(self, data: bytes, kind: str, filename: str, limits: Limits) -> None:
        self.filename, self.limits = filename, limits
        self.folder = tempfile.TemporaryDirectory(prefix="sheet")
        path = Path(self.folder.name) / f"book.{kind}"
        path.write_bytes(data)
        command = [sys.executable, "-I", str(Path(__file__).with_name("apart.py")), str(path), self.folder.name]
        self.process = subprocess.Popen(
            [*command, str(limits.memory), str(limits.seconds)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def sheets(self) -> list[RawSheet]:
        """Wait for the end and load every sheet."""
        try:
            told, words = self.process.communicate(timeout=self.limits.seconds * 2)
        except subprocess.TimeoutExpired as error:
            raise too_big(self.filename, self.limits.unpacked) from error
        if self.process.returncode == 3:
            said = words.decode("utf-8", "replace").lower()
            raise locked(self.filename) if "password" in said or "encrypt" in said else broken(self.filename)
        if self.process.returncode:  # out of memory or time
            raise too_big(self.filename, self.limits.memory)
        return [
            RawSheet(entry["name"], entry["hidden"], entry["columns"], self._frame(at))
            for at, entry in enumerate(json.loads(told))
        ]

    def _frame(self, at: int) -> pl.DataFrame:
        return pl.read_ipc(Path(self.folder.name) / f"{at}.arrow")

    def __enter__(self) -> "Reading":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        self.folder.cleanup()


def read_apart(data: bytes, kind: str, filename: str, limits: Limits) -> list[RawSheet]:
    """Read a workbook (xls, ods, xlsx) in a process of its own."""
    with Reading(data, kind, filename, limits) as reading:
        return reading.sheets()
