"""Where a running job's progress is written and its cancel is read, apart from the transaction of the work itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.errors import LockNotAvailable

from shuanglian.kernel.words import Said

from . import files
from .models import Job
from .work import Interrupted

LOCK = 7_412_002  # with the job's number: held by whoever is running it, let go by the database when that process dies
LOCK_WAIT_MS = 300
PROGRESS = (
    "update jobs_job set done = %s, total = %s, message = %s, gaps = %s::jsonb where id = %s returning cancel_asked"
)


def _never() -> bool:
    return False


class Desk:
    """The side of a job that others look at. `aside` is a connection of its own, or the work's own one in tests."""

    def __init__(self, job: Job, aside: BaseDatabaseWrapper, stop_asked: Callable[[], bool] = _never) -> None:
        self.job, self._aside, self._stop_asked = job, aside, stop_asked
        self.file, self.file_name = "", ""

    def check_stop(self) -> None:
        if self._stop_asked():
            raise Interrupted

    def write_progress(self, done: int, total: int, message: Any) -> bool:
        """Show how far it is; True when a cancel has been asked for. The numbers land in the job object too."""
        job = self.job
        job.done, job.total = done, total
        job.say(message if isinstance(message, Said) else str(message))
        try:
            with self._aside.cursor() as cursor:
                cursor.execute(PROGRESS, [job.done, job.total, job.message, json.dumps(job.gaps), job.pk])
                row = cursor.fetchone()
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                return False  # somebody is looking at the row just now; the next step will tell
            raise
        return bool(row and row[0])

    def keep_file(self, data: bytes, file_name: str) -> None:
        if self.file:
            files.remove(self.file)
        self.file, self.file_name = files.store(data), file_name[:200]


class Aside:
    """A connection beside the work's own: progress is committed at once, and the job's lock is held on it."""

    def __init__(self) -> None:
        self.connection = connection.copy()

    def __enter__(self) -> Aside:
        with self.connection.cursor() as cursor:
            cursor.execute("select set_config('lock_timeout', %s, false)", [f"{LOCK_WAIT_MS}ms"])
        return self

    def __exit__(self, *_error: object) -> None:
        self.connection.close()

    def take(self, job_id: int) -> bool:
        """Become the one who runs a job; False when somebody else is at it."""
        with self.connection.cursor() as cursor:
            cursor.execute("select pg_try_advisory_lock(%s, %s)", [LOCK, job_id % 2**31])
            return bool(cursor.fetchone()[0])


def is_being_run(job_id: int) -> bool:
    """Whether a living process holds the job (asked of the database's own list of locks)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists (select from pg_locks where locktype = 'advisory' and classid = %s and objid = %s"
            " and database = (select oid from pg_database where datname = current_database()) and granted)",
            [LOCK, job_id % 2**31],
        )
        return bool(cursor.fetchone()[0])
