"""Conditions that must all hold: read from a profile's file, weighed for one person or family, with reasons.

The same for benefits, duties, exit standards, quality checks and assessed items: it knows none of them.

    conditions = tuple(Condition(shape.says, read(shape.when, vocabulary)) for shape in …)
    weighed = weigh(conditions, facts)
    weighed.met        True: all hold · False: one does not, whatever the others · None: cannot be decided
    weighed.asks       the facts that would decide it, by path; empty unless met is None
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .cel.language import Expression, Failed, Unknown
from .profile_shapes import Label

Facts = Mapping[str, Any]  # root → facts, as rules.cel.language describes


@dataclass(frozen=True)
class Condition:
    """One condition ready for use: what it says and its text, read and type-checked."""

    says: Label
    expression: Expression

    @property
    def when(self) -> str:
        return self.expression.text


@dataclass(frozen=True)
class Used:
    """A fact that a condition looked at: its path, such as person.age or household.members[1].age, and its value."""

    path: str
    value: Any


@dataclass(frozen=True)
class Outcome:
    """One condition weighed: met or not, None with `asks` or `failed` when it cannot be decided; the facts it used."""

    says: Label
    when: str
    met: bool | None
    asks: frozenset[str] = frozenset()
    failed: str | None = None
    used: tuple[Used, ...] = ()


@dataclass(frozen=True)
class Weighed:
    """All conditions weighed together."""

    met: bool | None
    outcomes: tuple[Outcome, ...]

    @property
    def unmet(self) -> tuple[Label, ...]:
        return tuple(one.says for one in self.outcomes if one.met is False)

    @property
    def asks(self) -> frozenset[str]:
        return frozenset().union(*(one.asks for one in self.outcomes)) if self.met is None else frozenset()

    @property
    def failed(self) -> str | None:
        """The code of the first condition that failed, when nothing else decided."""
        failures = [one.failed for one in self.outcomes if one.failed]
        return failures[0] if failures and self.met is None else None


def weigh(conditions: Iterable[Condition], facts: Facts) -> Weighed:
    """Every condition, in order: also behind one that is not met, so that people see all reasons at once."""
    outcomes = tuple(_weigh_one(one, facts) for one in conditions)
    met = [one.met for one in outcomes]
    return Weighed(False if False in met else None if None in met else True, outcomes)


def _weigh_one(condition: Condition, facts: Facts) -> Outcome:
    value = condition.expression.value(facts)
    used = used_in(condition.expression, facts)
    if isinstance(value, Unknown):
        return Outcome(condition.says, condition.when, None, asks=value.facts, used=used)
    if isinstance(value, Failed):
        return Outcome(condition.says, condition.when, None, failed=value.code, used=used)
    return Outcome(condition.says, condition.when, bool(value), used=used)


def used_in(expression: Expression, facts: Facts) -> tuple[Used, ...]:
    """The facts that a text speaks of and that are known, with their values; members one by one."""
    found: list[Used] = []
    for path in sorted(expression.facts):
        root, _, name = path.partition(".")
    return tuple(found)
