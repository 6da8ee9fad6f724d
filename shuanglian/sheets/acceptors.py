"""Who takes what a roster brings: upper rooms register here how their rows are written (sheets is below them all)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

import polars as pl
from django.db.models import Q

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.areas.models import Area

Frames = Mapping[str, pl.DataFrame]
Counts = dict[str, Any]


class Accept(Protocol):
    def __call__(
        self, frames: Frames, *, area: Area, year: int, by: User | None, at: datetime, batch_id: int
    ) -> Counts: ...


@dataclass(frozen=True)
class Acceptor:
    """How one kind of roster enters.

    `accept` writes typed frames in the caller's transaction and returns counts (new, changed, unchanged, …).
    `known` tells the checks what the database already holds: (frames as read or None, area) → named facts.
    `tables` are the models it may write, those that are referred to first; an undo walks them backwards.
    `derived` are rows that hang on those and are worked out anew: model label → which of them do not hinder an undo.
    """

    kind: str
    accept: Accept
    tables: tuple[str, ...]
    known: Callable[[Area], dict[str, Any]] | None = None
    derived: Mapping[str, Q] = field(default_factory=dict)


_acceptors: dict[str, Acceptor] = {}
_after: list[Callable[..., None]] = []


def register(acceptor: Acceptor) -> None:
    """Called once for each kind from the ready() of the room that owns the rows."""
    _acceptors[acceptor.kind] = acceptor


def of(kind: str) -> Acceptor:
    return _acceptors[kind]


def kinds() -> tuple[str, ...]:
    return tuple(_acceptors)


def after_accept(hook: Callable[..., None]) -> Callable[..., None]:
    """Register what is worked out anew when rows came or went: hook(kind=, area=, batch_id=, at=), same transaction."""
    if hook not in _after:
        _after.append(hook)
    return hook


def tell(*, kind: str, area: Area, batch_id: int, at: datetime) -> None:
    """Run the hooks in the order in which rooms registered them (lower floors first)."""
    for hook in _after:
        hook(kind=kind, area=area, batch_id=batch_id, at=at)
