"""Kinds of background work and how one tells how far it is.

    @work("sheets.check")
    def check(job: Job, progress: Progress) -> dict | None:
        progress(0, 100, N_("正在读取"))
        …
        progress.keep(workbook_bytes, "检查结果.xlsx")
        return {"errors": 3}

Registered in a room's tasks.py, which every process imports. The function may open transactions as it likes, but must
not save the job row itself: progress is written beside it, on a connection of its own, so that readers see it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

if TYPE_CHECKING:
    from .desk import Desk
    from .models import Job

SECONDS_BETWEEN = 0.4  # progress is for eyes: no need to write it more often


class Cancelled(Exception):
    """Somebody asked for the work to stop; raised out of `progress(…)`, everything not committed is undone."""


class Interrupted(Exception):
    """The worker is being shut down: the work stops here and begins again with the next worker."""


Run = Callable[["Job", "Progress"], dict[str, Any] | None]


@dataclass(frozen=True)
class Kind:
    """One kind of work; `permission` is what downloading its file needs, asked again at that moment."""

    code: str
    run: Run
    permission: str = ""


_kinds: dict[str, Kind] = {}


def work(code: str, *, permission: str = "") -> Callable[[Run], Run]:
    """Register a function as the work of a kind of job."""

    def register(run: Run) -> Run:
        _kinds[code] = Kind(code, run, permission)
        return run

    return register


def kind_of(code: str) -> Kind:
    """The registered kind; a job of a kind that is gone is refused in words."""
    if code not in _kinds:
        raise Refusal("unknown_work", N_("系统不认识“{kind}”这类任务。"), kind=code)
    return _kinds[code]


class Progress:
    """How far the work is. Call it often: it is cheap, it is where a cancel takes effect."""

    def __init__(self, job: Job, desk: Desk) -> None:
        self.job, self._desk = job, desk
        self._written = 0.0
        self._last: tuple[int, int, Any] = (0, 0, "")

    def __call__(self, done: int, total: int, message: Any = "") -> None:
        """`done` of `total` pieces; the message is a Chinese sentence marked with N_() or a Said with gaps."""
        changed = str(message) != str(self._last[2])
        self._last = (int(done), int(total), message)
        if not changed and time.monotonic() - self._written < SECONDS_BETWEEN:
            return
        self._written = time.monotonic()
        self._desk.check_stop()
        if self._desk.write_progress(*self._last):
            raise Cancelled

    def keep(self, content: bytes | Path, file_name: str) -> None:
        """Keep a result file, encrypted; the person who asked for the work can fetch it."""
        data = content.read_bytes() if isinstance(content, Path) else content
        self._desk.keep_file(data, file_name)
