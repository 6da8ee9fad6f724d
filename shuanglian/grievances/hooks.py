"""What rooms above take part in. In apps.ready():

hooks.register_matter(Matter(code, label, open))   what else a demand can open; `open` gives the page's address
    whose end then calls actions.answers.answer(…, matter="room.model:pk"), so the answer follows from it (VOICE-3)
hooks.on_raised(fn)                                fn(demand) after it was accepted onto the ladder, in the transaction
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .models import Demand


@dataclass(frozen=True)
class Matter:
    """Another file that a demand can open. permission: who may; start(demand) → the address to begin it at."""

    code: str
    label: Any
    permission: str
    start: Callable[[Demand], str]


_matters: dict[str, Matter] = {}
_raised: list[Callable[[Demand], object]] = []


def register_matter(matter: Matter) -> None:
    _matters[matter.code] = matter


def matters() -> list[Matter]:
    return list(_matters.values())


def on_raised(fn: Callable[[Demand], object]) -> None:
    if fn not in _raised:
        _raised.append(fn)


def tell_raised(demand: Demand) -> None:
    for fn in _raised:
        fn(demand)
