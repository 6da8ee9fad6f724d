"""What pairing does with rosters: how links and last year's pairs enter, and the coverage worked out afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from shuanglian.sheets import acceptors

from .actions import bulk, coverage

if TYPE_CHECKING:
    from shuanglian.areas.models import Area


def register() -> None:
    """Called once from ready()."""
    acceptors.register(acceptors.Acceptor("links", bulk.accept_links, tables=("pairing.VillageLink",)))
    acceptors.register(acceptors.Acceptor("pairs", bulk.accept_pairs, tables=("pairing.Pairing",)))
    acceptors.after_accept(_work_out)


def _work_out(*, kind: str, area: Area, batch_id: int, at: datetime, **_more: Any) -> None:
    """Pairs stand where their household stands; coverage of the area (两个全覆盖, PAIR-1)."""
    if kind == "households":
        bulk.keep_places()
    coverage.rebuild(area, at)
