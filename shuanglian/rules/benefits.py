"""The worked half of benefits: decide for one person or family, find everyone (BEN-1 … BEN-8).

    benefit = profile.benefits["senior_middle_grant"]
    decision = decide(benefit, facts, on)              one, with every condition's reason and what is to be asked
    table = find(profile.benefits.values(), tables, on)    everyone, as columns

The terms in force on the day decide (BEN-8), whatever day it is today.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any

from shuanglian.kernel.period import Period

from .benefit_shapes import BenefitShape, DiffersShape, TermsShape
from .cel.accounts import Used
from .cel.language import Expression, Failed, Unknown
from .condition_shapes import GivenShape
from .conditions import Condition, Facts, Outcome, Weighed, reason_of, used_from_json, used_to_json, weigh
from .profile_shapes import Label


@dataclass(frozen=True, eq=False)
class Terms:
    """One stretch of days of a benefit, its texts read: `conditions` and `yuan` decide, `given` are its amounts."""

    shape: TermsShape
    given: Mapping[str, GivenShape]
    conditions: tuple[Condition, ...]
    yuan: Expression | None
    version: str

    @cached_property
    def since(self) -> date:
        return self.shape.since

    @cached_property
    def until(self) -> date | None:
        return self.shape.until

    @property
    def cites(self) -> tuple[str, ...]:
        return self.shape.cites

    @property
    def document(self) -> str:
        return self.shape.document

    @cached_property
    def complete(self) -> bool:
        return self.shape.state == "complete"

    @property
    def lacks(self) -> tuple[Label, ...]:
        return self.shape.lacks

    @property
    def differs(self) -> tuple[DiffersShape, ...]:
        return self.shape.differs

    @cached_property
    def amounts(self) -> Mapping[str, Decimal]:
        """The named amounts as texts read them."""
        return MappingProxyType({name: one.amount for name, one in self.given.items()})

    @cached_property
    def period(self) -> Period:
        return Period(self.since, self.until)

    def stands_on(self, day: date) -> bool:
        return day in self.period


@dataclass(frozen=True, eq=False)
class Benefit:
    """One benefit with the terms of all days. Read only, compared by identity."""

    code: str
    shape: BenefitShape
    terms: tuple[Terms, ...] = field(repr=False)

    @property
    def title(self) -> Label:
        return self.shape.title

    @property
    def kind(self) -> str:
        return self.shape.kind

    @property
    def subject(self) -> str:
        """Who receives it: person or household."""
        return self.shape.subject

    @property
    def department(self) -> str:
        return self.shape.department

    @property
    def channel(self) -> str:
        """The channel of income that the money counts to (PLAN-4), or none."""
        return self.shape.channel

    @property
    def pays(self) -> str:
        return self.shape.pays

    @property
    def every(self) -> str:
        return self.shape.every

    @property
    def apply_at(self) -> Label:
        return self.shape.apply_at

    @property
    def papers(self) -> tuple[Label, ...]:
        return self.shape.papers

    @property
    def plain(self) -> Label:
        """One sentence for the family's card."""
        return self.shape.plain

    @property
    def fund(self) -> str:
        return self.shape.fund

    @property
    def note(self) -> str | None:
        return self.shape.note

    @property
    def version(self) -> str:
        """A short digest of all terms."""
        return digest([self.code, *(one.version for one in self.terms)])

    def in_force(self, day: date) -> Terms | None:
        """The terms that decide on a day (BEN-8)."""
        for one in self.terms:
            if one.since <= day and (one.until is None or day <= one.until):
                return one
        return None

    def with_given(self, amounts: Mapping[str, Decimal | int | str]) -> Benefit:
        """The same with other named amounts, for a scenario; KeyError when no terms know a name."""
        unknown = set(amounts) - {name for one in self.terms for name in one.given}
        if unknown:
            raise KeyError(", ".join(sorted(unknown)))
        exact = {name: Decimal(amount) for name, amount in amounts.items()}
        return replace(self, terms=tuple(_with_given(self.code, one, exact) for one in self.terms))


def _with_given(code: str, terms: Terms, amounts: Mapping[str, Decimal]) -> Terms:
    given = {
        name: one.model_copy(update={"amount": amounts[name]}) if name in amounts else one
        for name, one in terms.given.items()
    }
    shape = terms.shape.model_copy(update={"given": given})
    return replace(terms, shape=shape, given=given, version=version_of(code, shape))


def version_of(code: str, shape: TermsShape) -> str:
    """A short digest of what terms say: two that decide alike word for word have the same."""
    return digest([code, shape.model_dump(mode="json", by_alias=True)])


def digest(content: Any) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Decision:
    """What came out for one person or family on one day; kept for ever as `to_json`, never worked out again.

    state: granted · refused · ask (some facts are not known) · failed (a text could not be worked out) · incomplete
    (the papers do not give it, `lacks`) · not_in_force. granted: True, False, None when it cannot be decided.
    yuan: what `pays` counts (yuan, points); None when nothing is granted, or when the amount cannot be worked out.
    """

    benefit: str
    on: date
    state: str
    granted: bool | None
    yuan: Decimal | None = None
    conditions: tuple[Outcome, ...] = ()
    asks: frozenset[str] = frozenset()
    failed: str | None = None
    lacks: tuple[Label, ...] = ()
    used: tuple[Used, ...] = ()  # what the amount was worked out from
    since: date | None = None
    version: str | None = None

    @property
    def unmet(self) -> tuple[Label, ...]:
        return tuple(one.says for one in self.conditions if one.met is False)

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON column; exact amounts and days are marked as such."""
        return {
            "benefit": self.benefit, "on": self.on.isoformat(), "state": self.state, "granted": self.granted,
            "yuan": None if self.yuan is None else str(self.yuan),
            "conditions": [one.to_json() for one in self.conditions],
            "asks": sorted(self.asks), "failed": self.failed, "lacks": [one.model_dump() for one in self.lacks],
            "used": used_to_json(self.used),
            "since": self.since.isoformat() if self.since else None, "version": self.version,
        }  # fmt: skip

    @cached_property
    def text(self) -> str:
        """`to_json` written out; decisions of a sitting are shared, so it is written once for many families."""
        return json.dumps(self.to_json(), ensure_ascii=False)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Decision:
        """A kept decision as it was made."""
        return cls(
            kept["benefit"], date.fromisoformat(kept["on"]), kept["state"], kept["granted"],
            None if kept["yuan"] is None else Decimal(kept["yuan"]),
            tuple(map(Outcome.from_json, kept["conditions"])),
            frozenset(kept["asks"]), kept["failed"], tuple(Label.model_validate(one) for one in kept["lacks"]),
            used_from_json(kept["used"]),
            date.fromisoformat(kept["since"]) if kept["since"] else None, kept["version"],
        )  # fmt: skip


def decide(benefit: Benefit, facts: Facts, on: date) -> Decision:
    """One person or family on one day, with every reason (BEN-8).

    facts: root → facts (person, household with members, village, year); `day` and `given` are filled in here.
    """
    terms = benefit.in_force(on)
    if terms is None or not terms.complete:
        return decided(benefit, terms, on, None, facts)
    facts = facts_on(on, terms, facts)
    return decided(benefit, terms, on, weigh(terms.conditions, facts), facts)


def facts_on(on: date, terms: Terms, facts: Facts) -> dict[str, Any]:
    """The facts as the texts of some terms read them."""
    return {**facts, "day": datetime(on.year, on.month, on.day, tzinfo=UTC), "given": terms.amounts}


def decided(benefit: Benefit, terms: Terms | None, on: date, weighed: Weighed | None, facts: Facts) -> Decision:
    """What conditions that have been weighed come to; the amount is worked out here."""
    if terms is None:
        return Decision(benefit.code, on, "not_in_force", False)
    stands: dict[str, Any] = {"since": terms.since, "version": terms.version}
    if weighed is None:
        return Decision(benefit.code, on, "incomplete", None, lacks=terms.lacks, **stands)
    stands["conditions"] = weighed.outcomes
    if weighed.met is None:
        state = "ask" if weighed.asks else "failed"
        return Decision(benefit.code, on, state, None, asks=weighed.asks, failed=weighed.failed, **stands)
    if not weighed.met:
        return Decision(benefit.code, on, "refused", False, **stands)
    account = terms.yuan.account(facts) if terms.yuan else None
    if account is None:
        return Decision(benefit.code, on, "granted", True, **stands)
    yuan, used = account.value, {(one.path, one.member): one for one in reason_of(account).all_used()}
    return Decision(
        benefit.code, on, "granted", True, yuan if isinstance(yuan, Decimal) else None,
        asks=yuan.facts if isinstance(yuan, Unknown) else frozenset(),
        failed=yuan.code if isinstance(yuan, Failed) else None, used=tuple(used.values()), **stands,
    )  # fmt: skip
