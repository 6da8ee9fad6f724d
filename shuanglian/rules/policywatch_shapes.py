"""The shape of `policywatch.toml`: what is told of a policy, why it did not arrive, what came of it (VOICE-4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, Strict

from .profile_shapes import Amount, Count, Flag, Label, Named, Text, Words

Order = Annotated[int, Strict(), Field(ge=1)]
Days = Annotated[int, Strict(), Field(ge=1, le=366)]
DueState = Literal["undecided", "owed", "applied", "approved", "received", "refused", "appealed", "ended"]
OPEN_STATES: frozenset[str] = frozenset({"undecided", "owed", "applied", "approved", "refused", "appealed"})


class PolicyKind(Named):
    """What is said of a policy. amends: it does not fit and should be another, so a proposal comes of it;
    otherwise it is corrected for the family and for all like it."""

    order: Order
    plain: Label
    amends: Flag = False


class PolicyCause(Named):
    """Why somebody did not get what he is owed. states: where such a family's benefit stands now; short: something
    came, and less than is owed. Families whose benefit stands there are alike."""

    order: Order
    plain: Label
    states: Annotated[tuple[DueState, ...], Field(min_length=1)]
    short: Flag = False


class PolicyFate(Named):
    """What became of a proposal. adopts: the policy is changed by it, in whole or in part."""

    order: Order
    plain: Label
    adopts: Flag = False


class PolicyOwner(Named):
    """Benefits that an office above the county owns: whose word it takes to amend them."""

    level: Text
    benefits: Annotated[Words, Field(min_length=1)]


class PolicyTerms(Named):
    """Time limits in working days and from which likeness on two proposals are offered to be joined; see the file."""

    decide_days: Days
    remind: Count
    office_days: Days
    alike_days: Days
    weigh_days: Days
    alike: Annotated[Amount, Field(gt=0, le=1)]
    longest: Annotated[int, Strict(), Field(ge=50, le=4_000)]


class PolicyWatch:
    """What the watch over policies reads of a profile, in the order of its lists; lists are code → entry.

    .kinds  .causes  .fates  .owners  .terms (None where a profile watches no policies)
    """

    __slots__ = ("causes", "fates", "kinds", "owners", "terms")

    def __init__(self, stand: Callable[[str], Mapping[str, Any]]) -> None:
        self.kinds: Mapping[str, PolicyKind] = _ordered(stand("policy_kinds"))
        self.causes: Mapping[str, PolicyCause] = _ordered(stand("policy_causes"))
        self.fates: Mapping[str, PolicyFate] = _ordered(stand("policy_fates"))
        self.owners: Mapping[str, PolicyOwner] = stand("policy_owners")
        self.terms: PolicyTerms | None = next(iter(stand("policy_terms").values()), None)

    @property
    def runs(self) -> bool:
        """Whether the programme takes reports on policies at all."""
        return self.terms is not None and bool(self.kinds)

    def level_of(self, benefit: str) -> str:
        """The level that owns a benefit of the profile; the county where nothing else is said."""
        return next((one.level for one in self.owners.values() if benefit in one.benefits), "county")


def _ordered(entries: Mapping[str, Any]) -> Mapping[str, Any]:
    return dict(sorted(entries.items(), key=lambda pair: (pair[1].order, pair[0])))


LISTS: dict[str, type[Named]] = {
    "policy_kinds": PolicyKind,
    "policy_causes": PolicyCause,
    "policy_fates": PolicyFate,
    "policy_owners": PolicyOwner,
    "policy_terms": PolicyTerms,
}
