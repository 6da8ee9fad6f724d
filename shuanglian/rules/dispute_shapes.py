"""The shape of `disputes.toml`: kinds of disputes, who mediates and for how long, what is kept how long (VOICE-5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, Strict

from .profile_shapes import Count, Flag, Label, Named

Order = Annotated[int, Strict(), Field(ge=1)]
Days = Annotated[int, Strict(), Field(ge=1, le=366)]
Level = Literal["village", "township", "county"]


class DisputeKind(Named):
    """What a dispute is about. begins: the level that hears of it first; collective: many are party to such a one."""

    order: Order
    plain: Label
    begins: Level = "village"
    collective: Flag = False


class DisputeRung(Named):
    """How long a level mediates before the next one takes it up, in working days."""

    order: Order
    level: Level
    days: Days
    remind: Count = 1


class DisputeEnd(Named):
    """How mediation ends. agreed: the parties signed; only then is there an agreement to look after. explained: it was
    not settled here, and whoever asked is told why and where to go."""

    order: Order
    plain: Label
    agreed: Flag = False
    explained: Flag = False


class DisputeTerms(Named):
    """Numbers of the whole.

    follow_days: calendar days after an agreement until somebody looks whether it holds. keep_months: after so many
    months from closing what names people is deleted. screen_by: the day of the month by which a village has looked
    round. many: from so many people on a dispute counts as one of many.
    """

    follow_days: Days
    keep_months: Annotated[int, Strict(), Field(ge=1, le=120)]
    screen_by: Annotated[int, Strict(), Field(ge=1, le=28)]
    many: Annotated[int, Strict(), Field(ge=2)]
    longest: Annotated[int, Strict(), Field(ge=50, le=10_000)]
    parties: Annotated[int, Strict(), Field(ge=2, le=50)]
    fewest: Annotated[int, Strict(), Field(ge=2)]


class Disputes:
    """What mediation reads of a profile, in the order of its lists; lists are code → entry.

    .kinds  .rungs: level → entry  .ends  .terms (None where a profile keeps no disputes)
    """

    __slots__ = ("ends", "kinds", "rungs", "terms")

    def __init__(self, stand: Callable[[str], Mapping[str, Any]]) -> None:
        self.kinds: Mapping[str, DisputeKind] = _ordered(stand("dispute_kinds"))
        self.rungs: Mapping[str, DisputeRung] = {
            one.level: one for one in _ordered(stand("dispute_rungs")).values()
        }  # fmt: skip
        self.ends: Mapping[str, DisputeEnd] = _ordered(stand("dispute_ends"))
        self.terms: DisputeTerms | None = next(iter(stand("dispute_terms").values()), None)

    @property
    def runs(self) -> bool:
        """Whether the programme keeps disputes at all."""
        return self.terms is not None and bool(self.kinds) and bool(self.rungs)


def _ordered(entries: Mapping[str, Any]) -> Mapping[str, Any]:
    return dict(sorted(entries.items(), key=lambda pair: (pair[1].order, pair[0])))


LISTS: dict[str, type[Named]] = {
    "dispute_kinds": DisputeKind,
    "dispute_rungs": DisputeRung,
    "dispute_ends": DisputeEnd,
    "dispute_terms": DisputeTerms,
}
