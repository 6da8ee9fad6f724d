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

    from .models import Batch

Frames = Mapping[str, pl.DataFrame]
Counts = dict[str, Any]


class Accept(Protocol):
    def __call__(
        self, frames: Frames, *, area: Area, year: int, by: User | None, at: datetime, batch_id: int
    ) -> Counts: ...


@dataclass(frozen=True)
class Taken:
    """Rows (places in a typed frame) whose number belongs to somebody outside the area: nobody of ours to change."""

    frame: str
    rows: list[int]
    field: str
    code: str


@dataclass(frozen=True)
class Acceptor:
    """How one kind of roster enters.

    `accept` writes typed frames in the caller's transaction and returns counts (new, changed, unchanged, …).
    `tables` are the models it may write, those that are referred to first; an undo walks them backwards.
    `elsewhere` finds numbers that are taken outside the area: (frames as checked, area) → rows, to be refused.
    `hinders` and `take_back` stand in for both where rows are never removed: (batch) → what keeps it from being taken
    back; (batch, by=, at=) → {"removed", "restored"}.
    `derived` are rows that hang on those and are worked out anew: model label → which of them do not hinder an undo.
    """

    kind: str
    accept: Accept
    tables: tuple[str, ...]
    elsewhere: Callable[[Frames, Area], list[Taken]] | None = None
    derived: Mapping[str, Q] = field(default_factory=dict)
    hinders: Callable[[Batch], list[Any]] | None = None
    take_back: Callable[..., dict[str, int]] | None = None


Knows = Callable[["Area"], pl.DataFrame]
# kind of roster → what of the database its checks are compared with
COMPARED = {
    "households": ("households", "persons"), "units": ("units",), "cadres": ("units", "cadres"), "links": ("units",),
    "pairs": ("households", "persons", "units", "cadres"), "payments": ("payments",), "villages": (), "demands": (),
}  # fmt: skip
_acceptors: dict[str, Acceptor] = {}
_known: dict[str, Knows] = {}
_after: list[Callable[..., None]] = []


def register(acceptor: Acceptor) -> None:
    """Called once for each kind from the ready() of the room that owns the rows."""
    _acceptors[acceptor.kind] = acceptor


def of(kind: str) -> Acceptor:
    return _acceptors[kind]


def kinds() -> tuple[str, ...]:
    return tuple(_acceptors)


def register_known(name: str, fn: Knows) -> None:
    """Called by the room that holds such rows: fn(area) gives them as `engine.known.Known` wants the frame."""
    _known[name] = fn


def known(kind: str, area: Area) -> dict[str, pl.DataFrame]:
    """What the database holds within an area that a kind of roster is compared with."""
    return {name: _known[name](area) for name in COMPARED.get(kind, ()) if name in _known}


def elsewhere(kind: str, frames: Frames, area: Area) -> list[Taken]:
    """Rows of a checked roster whose numbers belong to somebody outside its area."""
    find = _acceptors[kind].elsewhere
    return find(frames, area) if find and frames else []


def after_accept(hook: Callable[..., None]) -> Callable[..., None]:
    """Register what is worked out anew when rows came or went: hook(kind=, area=, batch_id=, by=, at=).

    Hooks run in the same transaction; what takes long, they order as background work that begins after it.
    """
    if hook not in _after:
        _after.append(hook)
    return hook


def tell(*, kind: str, area: Area, batch_id: int, by: User | None, at: datetime) -> None:
    """Run the hooks in the order in which rooms registered them (lower floors first)."""
    for hook in _after:
        hook(kind=kind, area=area, batch_id=batch_id, by=by, at=at)
