"""How floors below the trail get a line written: the trail hands its pen down when it starts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

Pen = Callable[..., Any]
_pens: list[Pen] = []


def register(pen: Pen) -> None:
    """The trail's `write`."""
    if pen not in _pens:
        _pens.append(pen)


def write(verb: str, *, about: Any = None, by: Any = None, at: datetime, area_code: str = "", **details: Any) -> None:
    """One line: see shuanglian.trail.trail.write."""
    for pen in _pens:
        pen(verb, about=about, by=by, at=at, area_code=area_code, **details)
