"""The worked half of exit: which conditions of a standard hold, for one and for everyone (IDX-2, BEN-7, REG-3).

    told = look(profile.exits.of("household"), facts, on)      one household, every condition with its reason
    told.state        ready · not_ready · undecided
    find(standards, tables, on, year=…)                         everyone, a boolean column per condition

A set of kind "blocks" says what keeps from leaving: there a condition that holds is in the way. Facts that are not
known never let a household out: it stays undecided, and the facts are asked for by name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .conditions import Facts, Outcome, reason_of
from .exit_sets import Exits
from .exit_shapes import ExitCondition, StandardShape
from .profile_shapes import Label

if TYPE_CHECKING:
    from .cel.columns import Tables
    from .cel.language import Expression

READY, NOT_READY, UNDECIDED = "ready", "not_ready", "undecided"


@dataclass(frozen=True, eq=False)
class Ask:
    """One condition with its text read; `blocks`: it must not hold."""

    standard: str
    shape: ExitCondition
    expression: Expression
    blocks: bool

    @property
    def code(self) -> str:
        """Unique among all sets of a level: the set and the condition."""
        return f"{self.standard}__{self.shape.code}"

    @property
    def says(self) -> Label:
        return self.shape.says

    @property
    def evidence(self) -> Label:
        return self.shape.evidence

    def fine(self, met: bool | None) -> bool | None:
        """Whether the condition lets out, of what its text came to."""
        return None if met is None else met != self.blocks


@dataclass(frozen=True, eq=False)
class Standard:
    """A standard ready for use."""

    shape: StandardShape
    asks: tuple[Ask, ...]

    @property
    def code(self) -> str:
        return self.shape.code

    @property
    def level(self) -> str:
        return self.shape.level

    @property
    def blocks(self) -> bool:
        return self.shape.kind == "blocks"

    @cached_property
    def given(self) -> Mapping[str, Decimal]:
        return {name: one.amount for name, one in self.shape.given.items()}

    @cached_property
    def version(self) -> str:
        """A short digest of what the standard says."""
        said = self.shape.model_dump(mode="json", by_alias=True, exclude={"cases"})
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Weighed:
    """One condition for one household or area: fine True (lets out), False (in the way), None (to be asked)."""

    ask: Ask
    outcome: Outcome

    @property
    def fine(self) -> bool | None:
        return self.ask.fine(self.outcome.met)


@dataclass(frozen=True)
class Told:
    """Everything that the sets of a level say of one."""

    weighed: tuple[Weighed, ...]

    @property
    def state(self) -> str:
        return state_of(one.fine for one in self.weighed)

    @property
    def in_the_way(self) -> tuple[str, ...]:
        return tuple(one.ask.code for one in self.weighed if one.fine is False)

    @property
    def open(self) -> tuple[str, ...]:
        return tuple(one.ask.code for one in self.weighed if one.fine is None)

    @property
    def asks(self) -> frozenset[str]:
        """Facts to be asked for, by path."""
        return frozenset(path for one in self.weighed if one.fine is None for path in one.outcome.asks)


def state_of(fine: Iterable[bool | None]) -> str:
    """ready: every condition lets out · not_ready: one is in the way · undecided: none is, some are not known."""
    known = list(fine)
    if not known:
        return UNDECIDED
    return NOT_READY if False in known else UNDECIDED if None in known else READY


def look(standards: Iterable[Standard], facts: Facts, on: date) -> Told:
    """Every condition of some sets for one household (facts: household with members, village, year) or area."""
    day = datetime(on.year, on.month, on.day, tzinfo=UTC)
    return Told(tuple(_weighed(standards, {**facts, "day": day})))


def _weighed(standards: Iterable[Standard], facts: Facts) -> Iterator[Weighed]:
    for one in standards:
        own = {**facts, "given": one.given}
        for ask in one.asks:
            yield Weighed(ask, Outcome(ask.says, reason_of(ask.expression.account(own))))


def find(standards: Iterable[Standard], tables: Tables, on: date, *, year: Mapping[str, Any]) -> Any:
    """Everyone: an Ibis table with `id` and a column per condition: fine True or False, NULL to be asked."""
    from .cel.columns import Sheet  # brings the engines of columns: only where a table is asked for

    def worked(column: Any) -> dict[str, Any]:
        found = {}
        for one in standards:
            for ask in one.asks:
                met = column(ask.expression, one.given)
                found[ask.code] = ~met if ask.blocks else met
        return found

    return Sheet(tables, day=on, year=year).worked(lambda column: {}, worked)[1]


def facts_of(standards: Iterable[Standard]) -> frozenset[str]:
    """The paths of all facts that some sets speak of; those of members as person.NAME."""
    return frozenset().union(*(ask.expression.facts for one in standards for ask in one.asks))


__all__ = ["NOT_READY", "READY", "UNDECIDED", "Ask", "Exits", "Standard", "Told", "Weighed", "facts_of", "find", "look",
           "state_of"]  # fmt: skip
