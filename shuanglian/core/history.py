"""Row history written by the database itself: every insert, change and removal, also those of COPY and bulk updates."""

from collections.abc import Callable
from typing import Any

import pghistory
import pgtrigger


def tracked(**kwargs: Any) -> Callable:
    """Keep every state of a model's rows in `…Event`, with who and why from the request or job (REG-10).

    Statement level: 100,000 rows by COPY cost 0.5 s instead of 1.3 s row by row (stack trial).
    """
    return pghistory.track(
        pghistory.InsertEvent(level=pgtrigger.Statement),
        pghistory.UpdateEvent(level=pgtrigger.Statement),
        pghistory.DeleteEvent(level=pgtrigger.Statement),
        append_only=True,
        **kwargs,
    )
