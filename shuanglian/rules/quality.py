"""Data quality: each rule asked of one member, household or village, with reasons (REG-7, REP-2).

    rules = profile.quality.values()                        of a profile; profile.on(day) has those in force
    for complaint in complaints(rules, household, members, facts): …
    complaint.rule.label · complaint.person (None: the household) · complaint.reason (facts used)

A rule complains only where its condition holds. What is not known does not complain, unless the rule asks for exactly
that with has(…). The same texts over a whole county: quality_finding.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from .conditions import Condition, Facts, Reason, reason_of
from .fact_values import to_plain
from .facts.build import Families, moment
from .profile_shapes import Label
from .quality_shapes import Check, ExceptionTerms

BY_DAY = {"person.age": "person.born_on"}  # what changes by the calendar alone → what it is worked out from
MEMBERS = "household.members"


@dataclass(frozen=True, eq=False)
class Rule:
    """A check ready for use: its text read and type-checked; None for a rule that compares households (`same`)."""

    check: Check
    condition: Condition | None
    given: Mapping[str, Decimal | int]

    @property
    def code(self) -> str:
        return self.check.code

    @property
    def label(self) -> Label:
        return self.check.label

    @property
    def level(self) -> str:
        return self.check.level

    @property
    def severity(self) -> str:
        return self.check.severity

    @property
    def same(self) -> str:
        """phone, bank or id where the rule looks for one number in two places, else nothing."""
        return self.check.kind.removeprefix("same_") if self.check.kind.startswith("same_") else ""

    @property
    def facts(self) -> frozenset[str]:
        """The paths of the facts it goes by; those of members as person.NAME."""
        return self.condition.expression.facts if self.condition else frozenset()

    @property
    def of_members(self) -> bool:
        """Whether it asks about the household's members all together."""
        return self.condition is not None and MEMBERS in self.condition.when


class Complaint(NamedTuple):
    """What a rule complains about: a member by id, or (None) the household or village itself."""

    rule: Rule
    person: Any
    reason: Reason


def complains(rule: Rule, facts: Facts) -> bool | None:
    """Whether a rule complains: None where the facts do not decide. facts: as conditions read them, with `day`."""
    assert rule.condition is not None, rule.code
    value = rule.condition.expression.value({**facts, "given": rule.given})
    return value if isinstance(value, bool) else None


def reason(rule: Rule, facts: Facts) -> Reason:
    """The same with the facts that it looked at."""
    assert rule.condition is not None, rule.code
    return reason_of(rule.condition.expression.account({**facts, "given": rule.given}))


def complaints(rules: Iterable[Rule], members: Mapping[Any, Mapping[str, Any]], facts: Facts) -> Iterator[Complaint]:
    """What every rule complains about in one household: the household's rules first, then member by member.

    members: id → the member's facts; facts: the household's with members, its village, year, day.
    """
    rules = [one for one in rules if one.condition is not None]
    for rule in rules:
        if rule.level == "household" and complains(rule, facts):
            yield Complaint(rule, None, reason(rule, facts))
    personal = [one for one in rules if one.level == "person"]
    for person, own in members.items():
        mine = {**facts, "person": own}
        for rule in personal:
            if complains(rule, mine):
                yield Complaint(rule, person, reason(rule, mine))


def of_villages(rules: Iterable[Rule], families: Families) -> Iterator[tuple[str, Rule, Reason]]:
    """What the rules about villages complain about: the village's code, the rule, the reason."""
    wanted = [one for one in rules if one.level == "village" and one.condition is not None]
    if not wanted:
        return
    common = {"year": dict(families.year), "day": moment(families.day)}
    for row in families.villages.iter_rows(named=True):
        facts = {"village": {name: value for name, value in row.items() if value is not None}, **common}
        for rule in wanted:
            if complains(rule, facts):
                yield row["id"], rule, reason(rule, facts)


def facts_digest(rule: Rule, facts: Facts) -> str:
    """A mark of the facts that a rule goes by: an accepted exception stands while it is the same (32 hex figures).

    Birthdays do not change it: instead of the age the day of birth counts.
    """
    paths = sorted({BY_DAY.get(path, path) for path in rule.facts} - {MEMBERS})
    told = {path: _value(path, rule, facts) for path in paths if not path.startswith("given.")}
    written = json.dumps([told, {name: str(one) for name, one in rule.given.items()}], sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:32]


def _value(path: str, rule: Rule, facts: Facts) -> Any:
    root, _, name = path.partition(".")
    if root == "person":
        members = facts.get("household", {}).get("members", ()) if rule.of_members else ()
        whole = sorted(json.dumps(to_plain(one.get(name)), default=str) for one in members)
        return [to_plain(facts.get("person", {}).get(name)), whole]
    found = facts.get(root)
    return to_plain(found.get(name)) if isinstance(found, Mapping) else None


def stands_until(terms: ExceptionTerms, on: date) -> date:
    """The last day on which an exception accepted on a day stands."""
    return date.fromordinal(on.toordinal() + terms.days)


__all__ = ["Complaint", "Rule", "complains", "complaints", "facts_digest", "of_villages", "reason", "stands_until"]
