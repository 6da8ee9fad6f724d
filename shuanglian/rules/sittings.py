"""Many decisions of one day in one sitting: equal facts are weighed once, also for several people and families (BEN-8).

    sitting = Sitting(on)
    decision = sitting.decide(benefit, facts)      exactly what benefits.decide(benefit, facts, on) gives

A decision hangs on the facts that its texts speak of, and on nothing else. Most are a code or a yes or no, so that
thousands of families give a handful of answers, and a condition that several provisions share is weighed for all of
them. Texts that go through the members of a family are worked out every time.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from .benefits import Benefit, Decision, Terms, decided, facts_on
from .cel.language import Expression
from .cel.reads import Key, Reads, key_of, together
from .conditions import Facts, Outcome, Reason, Weighed, reason_of
from .profile_shapes import Label

Answers = dict[Any, Any]
MOST = 10_000  # answers kept of one provision or condition; then it begins anew, which bounds the memory


class Step(NamedTuple):
    """One condition of some terms: how its facts make a key (None: it goes through members), whose answers serve."""

    says: Label
    expression: Expression
    key: Key | None
    shares: object


class Plan(NamedTuple):
    """How the terms in force on a day are decided; key: None when every family is worked out by itself."""

    terms: Terms
    key: Key | None
    steps: tuple[Step, ...]


@lru_cache(maxsize=2048)
def _plan(terms: Terms) -> Plan:
    texts = [one.expression for one in terms.conditions] + ([terms.yuan] if terms.yuan else [])
    reads = together(one.reads for one in texts)
    steps = tuple(_step(one.says, one.expression, terms) for one in terms.conditions)
    return Plan(terms, None if reads is None else key_of(reads), steps)


def _step(says: Label, expression: Expression, terms: Terms) -> Step:
    reads = expression.reads
    if reads is None:
        return Step(says, expression, None, None)
    amounts = terms if any(path.startswith("given.") for path in expression.facts) else None
    return Step(says, expression, key_of(reads), _shares(expression.text, reads, amounts))


@lru_cache(maxsize=4096)
def _shares(text: str, reads: Reads, amounts: Terms | None) -> object:
    """The same for all provisions that say the same about the same facts; amounts: of the terms that name them."""
    return object()


class Sitting:
    """Decisions of one day. Not to be shared between threads; it may be thrown away at any time."""

    def __init__(self, on: date) -> None:
        self.on = on
        self._desks: dict[Benefit, tuple[Plan | None, Answers]] = {}
        self._same: dict[Benefit, Decision] = {}  # not in force, incomplete: the same for everybody
        self._reasons: defaultdict[object, Answers] = defaultdict(dict)

    def decide(self, benefit: Benefit, facts: Facts) -> Decision:
        """One person or family, as `benefits.decide`."""
        plan, answers = self._desks.get(benefit) or self._desk(benefit)
        if plan is None:
            return self._same[benefit]
        if plan.key is None:
            return self._decided(benefit, plan, facts)
        key = plan.key(facts)
        found: Decision | None = answers.get(key)
        return found or _keep(answers, key, self._decided(benefit, plan, facts))

    def _desk(self, benefit: Benefit) -> tuple[Plan | None, Answers]:
        terms = benefit.in_force(self.on)
        if terms is None or not terms.complete:
            self._same[benefit] = decided(benefit, terms, self.on, None, {})
        desk = self._desks[benefit] = _plan(terms) if terms is not None and terms.complete else None, {}
        return desk

    def _decided(self, benefit: Benefit, plan: Plan, facts: Facts) -> Decision:
        facts = facts_on(self.on, plan.terms, facts)
        outcomes = tuple([Outcome(one.says, self._reason(one, facts)) for one in plan.steps])
        return decided(benefit, plan.terms, self.on, Weighed.of(outcomes), facts)

    def _reason(self, step: Step, facts: Facts) -> Reason:
        if step.key is None:
            return reason_of(step.expression.account(facts))
        answers, key = self._reasons[step.shares], step.key(facts)
        found: Reason | None = answers.get(key)
        return found or _keep(answers, key, reason_of(step.expression.account(facts)))


def _keep(answers: Answers, key: Any, answer: Any) -> Any:
    if len(answers) >= MOST:
        answers.clear()
    answers[key] = answer
    return answer
