"""Conditions that must all hold: read from a profile's file, weighed for one person or family, with reasons.

The same for benefits, duties, exit standards, quality checks and assessed items: it knows none of them.

    conditions = tuple(Condition(shape.says, read(shape.when, vocabulary)) for shape in …)
    weighed = weigh(conditions, facts)
    weighed.met        True: all hold · False: one does not, whatever the others · None: cannot be decided
    weighed.asks       the facts that would decide it, by path; empty unless met is None
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from .cel.accounts import Account, Used
from .cel.language import Expression, Failed, Unknown
from .cel.rounds import BAD
from .fact_values import from_plain, to_plain
from .profile_shapes import Label

NOTHING: frozenset[str] = frozenset()
Facts = Mapping[str, Any]  # root → facts, as rules.cel.language describes


@dataclass(frozen=True)
class Condition:
    """One condition ready for use: what it says and its text, read and type-checked."""

    says: Label
    expression: Expression

    @property
    def when(self) -> str:
        return self.expression.text


class Reason(NamedTuple):
    """A condition or a part of one, and why it came out so; the account of the language, fit to be kept.

    kind: and, or, not, if, all, exists, exists_one; fact for what is not divided further. met: None when it cannot be
    decided, then `asks` names the facts or `failed` the code. used: the known facts it looked at. member: whose part.
    """

    kind: str
    text: str
    met: bool | None
    asks: frozenset[str] = frozenset()
    failed: str | None = None
    used: tuple[Used, ...] = ()
    parts: tuple[Reason, ...] = ()
    member: int | None = None

    def all_used(self) -> Iterator[Used]:
        """The facts of the whole, in the order of the text."""
        yield from self.used
        for part in self.parts:
            yield from part.all_used()

    def to_json(self) -> dict[str, Any]:
        """Plain values; what is empty is left out."""
        kept = {
            "kind": self.kind, "text": self.text, "met": self.met, "asks": sorted(self.asks), "failed": self.failed,
            "used": used_to_json(self.used), "parts": [one.to_json() for one in self.parts], "member": self.member,
        }  # fmt: skip
        return {key: value for key, value in kept.items() if value not in ([], None) or key == "met"}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Reason:
        return cls(
            kept["kind"], kept["text"], kept["met"], frozenset(kept.get("asks", ())), kept.get("failed"),
            used_from_json(kept.get("used", [])), tuple(map(cls.from_json, kept.get("parts", ()))), kept.get("member"),
        )  # fmt: skip


class Outcome(NamedTuple):
    """One condition weighed: what it says to people, and the reason."""

    says: Label
    reason: Reason

    @property
    def when(self) -> str:
        return self.reason.text

    @property
    def met(self) -> bool | None:
        return self.reason.met

    @property
    def asks(self) -> frozenset[str]:
        return self.reason.asks

    @property
    def failed(self) -> str | None:
        return self.reason.failed

    @property
    def used(self) -> tuple[Used, ...]:
        """The known facts it looked at, each once."""
        return tuple({(one.path, one.member): one for one in self.reason.all_used()}.values())

    def to_json(self) -> dict[str, Any]:
        return {"says": self.says.model_dump(), "reason": self.reason.to_json()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Outcome:
        return cls(Label.model_validate(kept["says"]), Reason.from_json(kept["reason"]))


@dataclass(frozen=True, slots=True)
class Weighed:
    """All conditions weighed together."""

    met: bool | None
    outcomes: tuple[Outcome, ...]

    @classmethod
    def of(cls, outcomes: tuple[Outcome, ...]) -> Weighed:
        met = [one.reason.met for one in outcomes]
        return cls(False if False in met else None if None in met else True, outcomes)

    @property
    def unmet(self) -> tuple[Label, ...]:
        return tuple(one.says for one in self.outcomes if one.met is False)

    @property
    def asks(self) -> frozenset[str]:
        return frozenset().union(*(one.asks for one in self.outcomes)) if self.met is None else frozenset()

    @property
    def failed(self) -> str | None:
        """The code of the first condition that failed, when nothing else decided."""
        return next((one.failed for one in self.outcomes if one.failed), None) if self.met is None else None


def weigh(conditions: Iterable[Condition], facts: Facts) -> Weighed:
    """Every condition, in order: also behind one that is not met, so that people see all reasons at once."""
    return Weighed.of(tuple([Outcome(one.says, reason_of(one.expression.account(facts))) for one in conditions]))


_new: Any = tuple.__new__  # as in accounts.py


def reason_of(account: Account) -> Reason:
    """The language's account as a reason that can be kept."""
    clause, value, used, parts, member = account  # once per condition and person: no property is asked twice
    for one in used:
        if one.value.__class__ in BAD:
            used = tuple([one for one in used if one.value.__class__ not in BAD])
            break
    below = tuple([reason_of(part) for part in parts]) if parts else ()
    if value.__class__ is bool:
        return _new(Reason, (clause.kind, clause.text, value, NOTHING, None, used, below, member))
    asks = value.facts if value.__class__ is Unknown else NOTHING
    return Reason(
        clause.kind, clause.text, None, asks, value.code if value.__class__ is Failed else None, used, below, member
    )


def used_to_json(used: Iterable[Used]) -> list[dict[str, Any]]:
    """path, value, and of a member's fact which member."""
    return [
        {"path": one.path, "value": to_plain(one.value)} | ({} if one.member is None else {"member": one.member})
        for one in used
    ]


def used_from_json(kept: Iterable[Mapping[str, Any]]) -> tuple[Used, ...]:
    return tuple(Used(one["path"], from_plain(one["value"]), one.get("member")) for one in kept)
