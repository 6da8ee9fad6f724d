"""What a profile says of exit, read without the language of conditions: its standards by level, its targets by year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .exit_shapes import DepartmentList, ExitTarget
    from .exits import Ask, Standard


class Exits:
    """What a profile says of exit, on its day: standards by code, targets by year."""

    def __init__(
        self, standards: Iterable[Standard], targets: Iterable[ExitTarget], lists: Iterable[DepartmentList] = ()
    ) -> None:
        self.standards: Mapping[str, Standard] = {one.code: one for one in standards}
        self.targets: Mapping[int, ExitTarget] = {one.year: one for one in targets}
        self.lists: Mapping[str, DepartmentList] = {one.code: one for one in lists}

    def of(self, level: str) -> tuple[Standard, ...]:
        """The sets of a level, the standard first."""
        own = [one for one in self.standards.values() if one.level == level]
        return tuple(sorted(own, key=lambda one: one.blocks))

    def conditions(self, level: str) -> dict[str, Ask]:
        """code → condition, over all sets of a level."""
        return {ask.code: ask for one in self.of(level) for ask in one.asks}

    def version(self, level: str) -> str:
        return "-".join(one.version for one in self.of(level))
