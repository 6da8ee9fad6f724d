"""The worker process: takes work off the queue, and every few seconds looks for work that lost its worker."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
import time

from django.db import InterfaceError, OperationalError, close_old_connections
from procrastinate import exceptions
from procrastinate.contrib.django import app

from shuanglian.core import clock

log = logging.getLogger("shuanglian.jobs")
CONCURRENCY = 2  # a long import must not keep a small export waiting; more would only share the same processors
RESCUE_SECONDS = 5
DATABASE_GONE_SECONDS = 2
SHUTDOWN_SECONDS = 20


def run(*, concurrency: int = CONCURRENCY, once: bool = False, grace: float = SHUTDOWN_SECONDS) -> None:
    """Work until told to stop (Ctrl-C, SIGTERM). A database that goes away is waited for. `once`: until idle.

    `grace`: seconds that work which runs has to come to its end after a stop.
    """
    stop = _Stop(grace)
    while not stop.asked:
        try:
            asyncio.run(_work(concurrency, once, stop))
        except (exceptions.ConnectorException, OperationalError, InterfaceError) as error:
            if stop.asked:
                return
            log.warning("the database is away (%s), trying again", error.__class__.__name__)
            time.sleep(DATABASE_GONE_SECONDS)
        else:
            if once or stop.asked:
                return
            log.warning("the worker's loop ended, beginning again")
            time.sleep(DATABASE_GONE_SECONDS)


class _Stop:
    """Remembers that a stop was asked for, also between two loops."""

    def __init__(self, grace: float) -> None:
        self.asked = False
        self.grace = grace
        self.task: asyncio.Task | None = None
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._heard)

    def _heard(self, *_args: object) -> None:
        if self.asked:
            os._exit(1)  # asked twice: at once; the database undoes what was open
        self.asked = True
        # a step of work that does not come to its end in time is cut off: its transaction is undone and it begins anew
        last = threading.Timer(self.grace + 5, os._exit, [1])
        last.daemon = True
        last.start()


async def _work(concurrency: int, once: bool, stop: _Stop) -> None:
    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
        async with app.open_async():
            worker = app._worker(
                name=f"worker-{os.getpid()}", concurrency=concurrency, wait=not once, install_signal_handlers=False,
                delete_jobs="successful", shutdown_graceful_timeout=stop.grace, fetch_job_polling_interval=3,
            )  # fmt: skip
            watch = asyncio.create_task(_watch(worker, stop))
            try:
                await worker.run()
            finally:
                watch.cancel()


async def _watch(worker, stop: _Stop) -> None:  # type: ignore[no-untyped-def]
    """Beside the worker: hand out again what was lost, pass a stop on to it."""
    due = 0.0
    while True:
        if stop.asked:
            worker.stop()
            return
        if time.monotonic() >= due:
            due = time.monotonic() + RESCUE_SECONDS
            await asyncio.to_thread(_rescue)
        await asyncio.sleep(0.25)


def _rescue() -> None:
    from .actions.sweeping import rescue, rescue_rounds

    close_old_connections()
    try:
        rescue(at=clock.now())
        rescue_rounds(at=clock.now())
    except (OperationalError, InterfaceError):
        log.warning("the database is away, no look for lost work this time")
    finally:
        close_old_connections()
