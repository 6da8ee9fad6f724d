"""Duties reckoned: what somebody owes for the days he was there, what counts for it, what is left (FIELD-2).

    first, last = period_of("month", day)
    need = owed(duty, first, last, held=[(since, None)], away=[(since, until)])
    done = counted(duty, entries)                    entries: facts of visits, days, services …; `entry.FACT`
    Due(done, need).left · .behind(day, first, last)

Fair: who came in the middle of a period, left, was ill or on leave owes for the days that remain, rounded as the
profile says. What is not known about an entry counts for the person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any

from shuanglian.kernel.words import N_, Said

from .benefit_files import Ground
from .cel.types import BOOL, NUMBER, TEXT, WHOLE, Type, list_of, record
from .cel.vocabulary import Vocabulary, Word
from .conditions import Condition
from .duty_shapes import DutyShape
from .fact_values import typed
from .profile_files import Desk, Table
from .profile_shapes import Label
from .text_files import read_text

Span = tuple[date, date | None]  # both days in; None: still
MONTHS = {"month": 1, "quarter": 3, "year": 12}
ROUNDED = {"down": ROUND_FLOOR, "half_up": ROUND_HALF_UP, "up": ROUND_CEILING}
SAYS = {True: N_("计入"), False: N_("不计入"), None: N_("不知道")}
EXPECTED = {"yes": True, "no": False, "ask": None}
DAY = timedelta(days=1)
_WHAT: dict[str, tuple[Type, str, str]] = {  # fact of an entry → type, label zh, en
    "entered": (BOOL, "进了家门", "the home was entered"),
    "refuted": (BOOL, "经核实没有到户", "found not to have taken place"),
    "flagged": (BOOL, "存疑待核实", "in doubt, not decided"),
    "homes": (WHOLE, "当天进的户", "homes entered that day"),
    "night": (BOOL, "住村", "the night was spent in the village"),
    "minutes": (NUMBER, "时长（分钟）", "minutes"),
    "people": (WHOLE, "人数", "people"),
    "tasks": (list_of(TEXT), "六大任务", "the six tasks"),
    "topic": (TEXT, "服务内容", "topic"),
    "channel": (TEXT, "登记方式", "how it was entered"),
    "days_late": (WHOLE, "补记天数", "days until it was entered"),
}


@dataclass(frozen=True, eq=False)
class Duty:
    """A duty ready for use; without a condition every entry of its kind counts."""

    shape: DutyShape
    condition: Condition | None
    given: Mapping[str, Decimal]

    @property
    def code(self) -> str:
        return self.shape.code


@dataclass(frozen=True, slots=True)
class Due:
    """What was done of what is owed in a period."""

    done: Decimal
    need: Decimal

    @property
    def left(self) -> Decimal:
        return max(Decimal(0), self.need - self.done)

    @property
    def met(self) -> bool:
        return self.done >= self.need

    def behind(self, on: date, first: date, last: date) -> bool:
        """Whether less was done than the part of the period that is over asks for."""
        over = Decimal((min(on, last) - first).days + 1) / Decimal((last - first).days + 1)
        return self.done < (self.need * over).to_integral_value(ROUND_FLOOR)


def period_of(per: str, day: date) -> tuple[date, date]:
    """The first and last day of the month, quarter or year of a day."""
    months = MONTHS[per]
    start = date(day.year, (day.month - 1) // months * months + 1, 1)
    number = start.year * 12 + start.month - 1 + months
    return start, date(number // 12, number % 12 + 1, 1) - DAY


def available(first: date, last: date, held: Iterable[Span], away: Iterable[Span]) -> int:
    """Days between two days, both in, on which somebody held a post and was not away."""
    there, gone = _stretches(first, last, held), _stretches(first, last, away)
    return sum(_length(*one) for one in there) - sum(
        max(0, _length(max(since, out), min(until, back))) for since, until in there for out, back in gone
    )


def owed(duty: Duty, first: date, last: date, *, held: Sequence[Span], away: Sequence[Span] = ()) -> Decimal:
    """How much of a duty falls on the days that somebody was there: all of it, a part, or nothing."""
    days = available(first, last, held, away)
    part = duty.shape.least * days / ((last - first).days + 1)
    return part.to_integral_value(ROUNDED[duty.shape.rounding])


def expected(need: Decimal, there: int, whole: int) -> Decimal:
    """The part of what is owed that falls on the days somebody was there so far, of all the days he is there."""
    return (need * there / whole).to_integral_value(ROUND_FLOOR) if whole else Decimal(0)


def counts(duty: Duty, entry: Mapping[str, Any]) -> bool:
    """Whether one entry counts: the doubt is for the person."""
    if duty.condition is None:
        return True
    return duty.condition.expression.value({"entry": entry, "given": duty.given}) is not False


def needed(duty: Duty) -> frozenset[str]:
    """The facts of an entry that decide whether it counts."""
    facts = duty.condition.expression.facts if duty.condition else frozenset()
    return frozenset(path.removeprefix("entry.") for path in facts if path.startswith("entry."))


def weigher(duty: Duty) -> Callable[[Mapping[str, Any]], bool]:
    """`counts` for many entries: entries alike in the facts that decide are weighed once."""
    names, known = sorted(needed(duty)), {}

    def weigh(entry: Mapping[str, Any]) -> bool:
        facts = {name: entry[name] for name in names if entry.get(name) is not None}
        mark = tuple((name, str(value)) for name, value in facts.items())
        if mark not in known:
            known[mark] = counts(duty, facts)
        return known[mark]

    return weigh


def counted(
    duty: Duty, entries: Iterable[Mapping[str, Any]], weigh: Callable[[Mapping[str, Any]], bool] | None = None
) -> Decimal:
    """What entries come to. An entry has `key`, what is counted once (its number, day or home), and may have `worth`.

    visit_days and village_days are given the day as key, homes the household; service_days what each was worth, and
    with `on` several of one day come to no more than the day, unless one alone was longer.
    """
    weigh = weigh or weigher(duty)
    worth: dict[Any, Decimal] = {}
    days: dict[Any, Any] = {}
    for entry in entries:
        if weigh(entry):
            key = entry["key"]
            worth[key] = max(worth.get(key, Decimal(0)), Decimal(entry.get("worth", 1)))
            days[key] = entry.get("on", key)
    if duty.shape.counts != "service_days":
        return sum(worth.values(), Decimal(0))
    by_day: dict[Any, list[Decimal]] = {}
    for key, one in worth.items():
        by_day.setdefault(days[key], []).append(one)
    return sum((min(sum(one, Decimal(0)), max(Decimal(1), *one)) for one in by_day.values()), Decimal(0))


def _stretches(first: date, last: date, spans: Iterable[Span]) -> list[tuple[date, date]]:
    """Spans cut to a period, in order, none touching another."""
    found: list[tuple[date, date]] = []
    for since, until in sorted((max(first, since), min(last, until or last)) for since, until in spans):
        if since > until:
            continue
        if found and since <= found[-1][1] + DAY:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return found


def _length(since: date, until: date) -> int:
    return (until - since).days + 1


# --- from a profile's file -------------------------------------------------------------------------------------------
def vocabulary() -> Vocabulary:
    """The words that a duty's text may use: entry.FACT."""
    source = Label(zh="工作日志", en="field work")
    words = {name: Word("entry", name, kind, Label(zh=zh, en=en), source) for name, (kind, zh, en) in _WHAT.items()}
    return Vocabulary({"entry": MappingProxyType(words)}, MappingProxyType({"entry": record("entry")}))


def read_duties(
    shapes: Iterable[DutyShape], tables: Mapping[int, Table], ground: Ground, desk: Desk
) -> dict[int, Duty]:
    """id of a shape → the duty ready for use; what is wrong with it, or with its cases, goes to the desk."""
    found = {}
    for shape in shapes:
        told, table = len(desk.faults), tables[id(shape)]
        condition = _condition(shape, table, ground, desk)
        if len(desk.faults) > told:
            continue
        given = {name: one.amount for name, one in shape.given.items()}
        found[id(shape)] = duty = Duty(shape, condition, given)
        _run_cases(duty, table, desk)
    return found


def _condition(shape: DutyShape, table: Table, ground: Ground, desk: Desk) -> Condition | None:
    if shape.when is None:
        return None
    labels = tuple((name, one.label) for name, one in shape.given.items())
    tell = partial(desk.fault, table.find(("when",)))
    expression = read_text(shape.when, _words(labels), tell, codes=ground.code_lists)
    return Condition(shape.label, expression) if expression is not None else None


def _run_cases(duty: Duty, table: Table, desk: Desk) -> None:
    for number, case in enumerate(duty.shape.cases):
        facts, faults = typed({"entry": case.entry}, vocabulary())
        for fault in faults:
            desk.fault(table.find(("cases", number, *fault.place)), fault.code, fault.said, fault.cure)
        if faults:
            continue
        value = duty.condition.expression.value({**facts, "given": duty.given}) if duty.condition else True
        came = value if isinstance(value, bool) else None
        if came is not EXPECTED[case.counts]:
            said = Said(N_("这一例应为 {expected}，得出 {came}"),
                        {"expected": Said(SAYS[EXPECTED[case.counts]]), "came": Said(SAYS[came])})  # fmt: skip
            cure = Said(N_("改正例子，或改正条件。"))
            desk.fault(table.find(("cases", number, "counts")), "case_fails", said, cure)


@lru_cache(maxsize=64)
def _words(labels: tuple[tuple[str, Label], ...]) -> Vocabulary:
    return vocabulary().with_given(dict(labels))


__all__ = [
    "Due", "Duty", "available", "counted", "counts", "expected", "needed", "owed", "period_of", "read_duties",
    "vocabulary", "weigher",
]  # fmt: skip
