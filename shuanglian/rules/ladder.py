"""The ladder of demands: which rungs one goes through, when each is over, what is urgent (VOICE-2, VOICE-3, BEN-7).

    ladder = profile.grievances.ladder
    facts = {"category": "water", "people": 30, …}           names of FACTS; what is missing is not known
    path = ladder.path(facts)                                 the rungs in order, those passed over left out
    ladder.above(path, "unit")                                the next rung; None at the top
    urgency = ladder.urgency(facts)                           the first that holds, or None
    limit = limits(rung, urgent=True, since=day, days=WorkingDays("CN"))   .due  .remind

A rung whose condition cannot be decided is not passed over: in doubt somebody nearer the family looks first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any, NamedTuple

from shuanglian.kernel.words import N_, Said

from .benefit_files import Ground
from .cel.types import BOOL, TEXT, WHOLE, Type, record
from .cel.vocabulary import Vocabulary, Word
from .conditions import Condition, Reason, reason_of
from .fact_values import typed
from .ladder_shapes import RungShape, UrgencyShape
from .profile_files import Desk, Table
from .profile_shapes import Label
from .text_files import read_text
from .working_days import WorkingDays

SAYS = {True: N_("成立"), False: N_("不成立"), None: N_("不知道")}
EXPECTED = {"yes": True, "no": False, "ask": None}
_WHAT: dict[str, tuple[Type, str, str]] = {  # fact of a demand → type, label zh, en
    "category": (TEXT, "类别", "category"),
    "never": (TEXT, "三个绝不能中的哪一个", 'which of the "three nevers"'),
    "marked_urgent": (BOOL, "登记时标为紧急", "marked urgent when it came"),
    "door": (TEXT, "来自哪里", "the door it came through"),
    "people": (WHOLE, "提出的人（户）数", "how many people ask"),
    "denied": (WHOLE, "群众不认可的次数", "times the person said no"),
    "known": (BOOL, "知道是哪一户", "the household is known"),
    "paired": (BOOL, "这一户有联户干部", "the household has a responsible cadre"),
    "linked": (BOOL, "这个村有联村单位", "the village has a linked unit"),
}
FACTS = frozenset(_WHAT)


@dataclass(frozen=True, eq=False)
class Rung:
    """A rung ready for use; without a condition every demand comes here."""

    shape: RungShape
    condition: Condition | None
    given: Mapping[str, Decimal]

    @property
    def code(self) -> str:
        return self.shape.code

    def takes(self, facts: Mapping[str, Any]) -> bool:
        """Whether a demand comes here: not when the condition is known not to hold."""
        return self.condition is None or _value(self.condition, self.given, facts) is not False

    def days(self, urgent: bool) -> int:
        return self.shape.urgent_days if urgent else self.shape.days


@dataclass(frozen=True, eq=False)
class Urgency:
    """A ground for urgency ready for use."""

    shape: UrgencyShape
    condition: Condition
    given: Mapping[str, Decimal]

    def holds(self, facts: Mapping[str, Any]) -> bool:
        return _value(self.condition, self.given, facts) is True

    def reason(self, facts: Mapping[str, Any]) -> Reason:
        return reason_of(self.condition.expression.account({"demand": facts, "given": self.given}))


def _value(condition: Condition, given: Mapping[str, Decimal], facts: Mapping[str, Any]) -> Any:
    known = {name: value for name, value in facts.items() if value is not None}
    return condition.expression.value({"demand": known, "given": given})


class Limits(NamedTuple):
    """Until which day a rung has time, and from which day on it is reminded; both in."""

    due: date
    remind: date


def limits(rung: Rung, *, urgent: bool, since: date, days: WorkingDays) -> Limits:
    """The last day of a rung's time: so many working days after the day it came; never reminded before it came."""
    due = days.add(since, rung.days(urgent))
    return Limits(due, max(since, days.before(due, rung.shape.remind)))


@dataclass(frozen=True, eq=False)
class Ladder:
    """All rungs in order, and what makes a demand urgent."""

    rungs: tuple[Rung, ...]
    urgencies: tuple[Urgency, ...] = ()
    by_code: Mapping[str, Rung] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_code", MappingProxyType({one.code: one for one in self.rungs}))

    def path(self, facts: Mapping[str, Any]) -> tuple[Rung, ...]:
        """The rungs that a demand goes through, from below; the topmost is never passed over, so one always answers."""
        found = tuple(one for one in self.rungs if one.takes(facts))
        return found or self.rungs[-1:]

    def above(self, path: Sequence[Rung], code: str) -> Rung | None:
        """The next rung of a path over one of the ladder, whether or not that one is in the path; None at the top."""
        here = self.order(code)
        return next((one for one in path if one.shape.order > here), None)

    def below(self, path: Sequence[Rung], code: str) -> tuple[Rung, ...]:
        """The rungs of a path under one, from below."""
        here = self.order(code)
        return tuple(one for one in path if one.shape.order < here)

    def order(self, code: str) -> int:
        """Where a rung stands; one that the profile no longer has stands below all."""
        found = self.by_code.get(code)
        return found.shape.order if found else -1

    def urgency(self, facts: Mapping[str, Any]) -> Urgency | None:
        return next((one for one in self.urgencies if one.holds(facts)), None)


# --- from a profile's file -------------------------------------------------------------------------------------------
@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The words that conditions of the ladder may use: demand.FACT."""
    source = Label(zh="诉求登记", en="the record of the demand")
    words = {name: Word("demand", name, kind, Label(zh=zh, en=en), source) for name, (kind, zh, en) in _WHAT.items()}
    return Vocabulary({"demand": words}, MappingProxyType({"demand": record("demand")}))


@lru_cache(maxsize=64)
def _words(labels: tuple[tuple[str, Label], ...]) -> Vocabulary:
    return vocabulary().with_given(dict(labels))


def read_rungs(shapes: Iterable[RungShape], tables: Mapping[int, Table], ground: Ground, desk: Desk) -> dict[int, Rung]:
    """id of a shape → the rung ready for use; faults of its text or of its cases go to the desk."""
    found: dict[int, Rung] = {}
    for shape in shapes:
        if shape.when is None:
            found[id(shape)] = Rung(shape, None, {})
        elif (read := _read(shape, shape.when, tables[id(shape)], ground, desk)) is not None:
            found[id(shape)] = Rung(shape, *read)
    return found


def read_urgencies(
    shapes: Iterable[UrgencyShape], tables: Mapping[int, Table], ground: Ground, desk: Desk
) -> dict[int, Urgency]:
    """The same for grounds of urgency."""
    read = {id(shape): (shape, _read(shape, shape.when, tables[id(shape)], ground, desk)) for shape in shapes}
    return {key: Urgency(shape, *got) for key, (shape, got) in read.items() if got is not None}


def _read(
    shape: RungShape | UrgencyShape, when: str, table: Table, ground: Ground, desk: Desk
) -> tuple[Condition, dict[str, Decimal]] | None:
    told = len(desk.faults)
    labels = tuple((name, one.label) for name, one in shape.given.items())
    tell = partial(desk.fault, table.find(("when",)))
    expression = read_text(when, _words(labels), tell, codes=ground.code_lists)
    if expression is None:
        return None
    for name in shape.given:
        if f"given.{name}" not in expression.facts:
            said = Said(N_("{key} 没有被用到"), {"key": f"given.{name}"})
            desk.fault(table.find(("given", name)), "unused", said, Said(N_("在 when 里用它，或删去它。")))
    if len(desk.faults) > told:
        return None
    condition, given = Condition(shape.label, expression), {name: one.amount for name, one in shape.given.items()}
    _run_cases(shape, condition, given, table, desk)
    return condition, given


def _run_cases(
    shape: RungShape | UrgencyShape, condition: Condition, given: Mapping[str, Decimal], table: Table, desk: Desk
) -> None:
    for number, case in enumerate(shape.cases):
        facts, faults = typed({"demand": case.demand}, vocabulary())
        for fault in faults:
            desk.fault(table.find(("cases", number, *fault.place)), fault.code, fault.said, fault.cure)
        if faults:
            continue
        value = condition.expression.value({**facts, "given": given})
        came = value if isinstance(value, bool) else None
        if came is not EXPECTED[case.met]:
            said = Said(N_("这一例应为 {expected}，得出 {came}"),
                        {"expected": Said(SAYS[EXPECTED[case.met]]), "came": Said(SAYS[came])})  # fmt: skip
            desk.fault(table.find(("cases", number, "met")), "case_fails", said, Said(N_("改正例子，或改正条件。")))


__all__ = ["FACTS", "Ladder", "Limits", "Rung", "Urgency", "limits", "read_rungs", "read_urgencies", "vocabulary"]
