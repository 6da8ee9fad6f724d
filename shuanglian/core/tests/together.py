"""Several at the same moment: real threads, real transactions."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from shuanglian.kernel.refusal import Refusal


def together(*todo: Callable[[], Any]) -> list[Any]:
    """Every call in a thread and connection of its own, begun at once; what each gave, or the code of its refusal."""
    gate = Barrier(len(todo))

    def run(work: Callable[[], Any]) -> Any:
        try:
            gate.wait(20)
            return work()
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(todo)) as pool:
        return list(pool.map(run, todo))
