"""Lists as columns: every list is gone through by a few folds, whatever it is made of.

written out ([1, 2]) → unrolled · a list fact (person.health) → the engine's functions over arrays · the members of a
household → one group-by over people (members.py) · filter and map → laid over another list · lists added or chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import ibis

from .column_values import COLUMN, NO, YES, choice, fact, guarded, matched, undecided, wide, written
from .engines import NUMBER_COLUMN, element, kept, literal, made, spell
from .types import ANY, BOOL, NUMBER, TEXT, WHOLE, Type

Each = Callable[[Any], Any]  # an element, single value, record or list → a column
TRUE_STATE, OPEN_STATE = 2, 1  # what a condition comes to as a number: the greatest decides an exists


class NoColumn(Exception):
    """A text that works for one family but not as a column; code says why."""


class Listed:
    """A list. sure: a column, never NULL, whether the list is known; None when it always is."""

    of: Type
    sure: Any = None

    def any_of(self, condition: Each) -> Any:
        """True when one element meets it, else NULL when one is undecided, else False; of nothing False."""
        raise NotImplementedError

    def holds(self, value: Any, kinds: tuple[Type, Type]) -> Any:
        """Whether a known value is among the elements; kinds: of the value, of the elements."""
        return self.any_of(lambda one: equal(value, one, kinds))

    def count(self, condition: Each) -> Any:
        """How many elements meet it."""
        raise NotImplementedError

    def total(self, condition: Each, value: Each, kind: Type) -> Any:
        """The sum over the elements that meet it, not yet cut to size; NULL or 0 of nothing."""
        raise NotImplementedError

    def extreme(self, condition: Each, value: Each, most: bool) -> Any:
        """The least or greatest value of the elements that meet it; NULL of nothing."""
        raise NotImplementedError


class Items(Listed):
    """Written out one by one."""

    def __init__(self, values: list[Any], of: Type) -> None:
        self.values, self.of = [wide(one) for one in values] if of == NUMBER else values, of
        known = [known_of(one, of) for one in values]
        self.sure = reduce(lambda a, b: a & b, known) if known else None

    def any_of(self, condition: Each) -> Any:
        return reduce(lambda a, b: a | b, map(condition, self.values), NO)

    def count(self, condition: Each) -> Any:
        return reduce(lambda a, b: a + b, (one_if(condition(one)) for one in self.values), literal(0, "int64"))

    def total(self, condition: Each, value: Each, kind: Type) -> Any:
        terms = (ibis.cases((condition(one), summable(value(one), kind))) for one in self.values)
        return reduce(lambda a, b: a + b, (one.fill_null(0) for one in terms), summable(written(0, WHOLE), kind))

    def extreme(self, condition: Each, value: Each, most: bool) -> Any:
        values = [ibis.cases((condition(one), value(one))) for one in self.values]
        return further(most, *values) if values else undecided(self.of if self.of in COLUMN else WHOLE)


class Array(Listed):
    """A list fact, or the members of a household gathered into one column."""

    def __init__(self, column: Any, of: Type, depth: int, sure: Any, taken: Each | None = None) -> None:
        self.column, self.of, self.depth, self.sure = column, of, depth, sure
        self.taken = taken or (lambda one: fact(one, of))

    def _each(self) -> tuple[Any, Any]:
        each = element(self.column, self.depth)
        return each, self.taken(each)

    def any_of(self, condition: Each) -> Any:
        each, taken = self._each()
        return from_state(made(self.column, each, state(condition(taken))).maxs())

    def holds(self, value: Any, kinds: tuple[Type, Type]) -> Any:
        """The engines look for a text five times as fast as they go through a list."""
        if kinds == (TEXT, TEXT) and self.sure is not None and self.column.type().value_type.is_string():
            return guarded(self.sure, self.column.contains(value))
        return super().holds(value, kinds)

    def count(self, condition: Each) -> Any:
        each, taken = self._each()
        return kept(self.column, each, condition(taken)).length().cast("int64").fill_null(0)

    def total(self, condition: Each, value: Each, kind: Type) -> Any:
        each, taken = self._each()
        values = made(kept(self.column, each, condition(taken)), each, wide(value(taken)))
        return spell("total", "decimal(38, 6)", values)

    def extreme(self, condition: Each, value: Each, most: bool) -> Any:
        each, taken = self._each()
        values = made(kept(self.column, each, condition(taken)), each, value(taken))
        return values.maxs() if most else values.mins()


class Narrowed(Listed):
    """filter: undecided as a whole while one element is."""

    def __init__(self, over: Listed, condition: Each) -> None:
        self.over, self.condition, self.of = over, condition, over.of
        self.sure = both(over.sure, ~over.any_of(lambda one: ~spell("known", "boolean", condition(one))))

    def _kept(self, condition: Each) -> Each:
        return lambda one: self.condition(one).fill_null(False) & condition(one)

    def any_of(self, condition: Each) -> Any:
        return self.over.any_of(self._kept(condition))

    def count(self, condition: Each) -> Any:
        return self.over.count(self._kept(condition))

    def total(self, condition: Each, value: Each, kind: Type) -> Any:
        return self.over.total(self._kept(condition), value, kind)

    def extreme(self, condition: Each, value: Each, most: bool) -> Any:
        return self.over.extreme(self._kept(condition), value, most)


class Mapped(Listed):
    """map: undecided as a whole while one value is."""

    def __init__(self, over: Listed, make: Each, of: Type) -> None:
        self.over, self.make, self.of = over, make, of
        self.sure = both(over.sure, ~over.any_of(lambda one: ~known_of(make(one), of)))

    def any_of(self, condition: Each) -> Any:
        return self.over.any_of(lambda one: condition(self.make(one)))

    def count(self, condition: Each) -> Any:
        return self.over.count(lambda one: condition(self.make(one)))

    def total(self, condition: Each, value: Each, kind: Type) -> Any:
        return self.over.total(lambda one: condition(self.make(one)), lambda one: value(self.make(one)), kind)

    def extreme(self, condition: Each, value: Each, most: bool) -> Any:
        return self.over.extreme(lambda one: condition(self.make(one)), lambda one: value(self.make(one)), most)


class Joined(Listed):
    """One list behind another."""

    def __init__(self, first: Listed, second: Listed) -> None:
        self.first, self.second = first, second
        self.of = first.of if first.of != ANY else second.of
        self.sure = both(first.sure, second.sure)

    def any_of(self, condition: Each) -> Any:
        return self.first.any_of(condition) | self.second.any_of(condition)

    def count(self, condition: Each) -> Any:
        return self.first.count(condition) + self.second.count(condition)

    def total(self, condition: Each, value: Each, kind: Type) -> Any:
        first, second = (one.total(condition, value, kind).fill_null(0) for one in (self.first, self.second))
        return first + second

    def extreme(self, condition: Each, value: Each, most: bool) -> Any:
        return further(most, self.first.extreme(condition, value, most), self.second.extreme(condition, value, most))


class Chosen(Listed):
    """One list or another."""

    def __init__(self, when: Any, then: Listed, other: Listed) -> None:
        self.when, self.then, self.other = when, then, other
        self.of = then.of if then.of != ANY else other.of
        self.sure = choice(when, _surely(then.sure), _surely(other.sure)).fill_null(False)

    def any_of(self, condition: Each) -> Any:
        return choice(self.when, self.then.any_of(condition), self.other.any_of(condition))

    def count(self, condition: Each) -> Any:
        return choice(self.when, self.then.count(condition), self.other.count(condition))

    def total(self, condition: Each, value: Each, kind: Type) -> Any:
        return choice(self.when, self.then.total(condition, value, kind), self.other.total(condition, value, kind))

    def extreme(self, condition: Each, value: Each, most: bool) -> Any:
        return choice(self.when, self.then.extreme(condition, value, most),
                      self.other.extreme(condition, value, most))  # fmt: skip


def _surely(sure: Any) -> Any:
    return YES if sure is None else sure


def both(one: Any, other: Any) -> Any:
    """Two columns of whether something is known, as one."""
    return other if one is None else one if other is None else one & other


def known_of(value: Any, kind: Type) -> Any:
    """Whether an element is known."""
    if isinstance(value, Listed):
        return _surely(value.sure)
    return YES if kind.record else spell("known", "boolean", value)


def state(condition: Any) -> Any:
    """A condition as a number whose maximum is its exists; without CASE, of which Spark repeats the operand."""
    return (condition.cast("int8") * TRUE_STATE).fill_null(OPEN_STATE)


def from_state(greatest: Any) -> Any:
    return greatest.fill_null(0).nullif(OPEN_STATE) == TRUE_STATE


def one_if(condition: Any) -> Any:
    return ibis.cases((condition, literal(1, "int64")), else_=literal(0, "int64"))


def summable(value: Any, kind: Type) -> Any:
    """Wide enough that adding up all elements of a list cannot overflow."""
    return (wide(value) if kind == NUMBER else value.cast("decimal(20, 0)")).cast("decimal(38, 6)")


def further(most: bool, *values: Any) -> Any:
    """The least or greatest of several, those that are NULL left out."""
    if len(values) == 1:
        return values[0]
    return ibis.greatest(*values) if most else ibis.least(*values)


def always(one: Any) -> Any:
    return YES


def exists(over: Listed, condition: Each) -> Any:
    return guarded(over.sure, over.any_of(condition))


def every(over: Listed, condition: Each) -> Any:
    return guarded(over.sure, ~over.any_of(lambda one: ~condition(one)))


def exactly_one(over: Listed, condition: Each) -> Any:
    sure = both(over.sure, ~over.any_of(lambda one: ~spell("known", "boolean", condition(one))))
    return guarded(sure, over.count(condition) == 1)


def size(over: Listed) -> Any:
    return guarded(over.sure, over.count(always))


def added(over: Listed, kind: Type) -> Any:
    found = over.total(always, lambda one: one, kind).fill_null(0)
    cut = found.try_cast(NUMBER_COLUMN) if kind == NUMBER else found.try_cast("decimal(20, 0)").try_cast("int64")
    return guarded(over.sure, cut)


def extreme(over: Listed, most: bool) -> Any:
    return guarded(over.sure, over.extreme(always, lambda one: one, most))


def held(value: Any, kind: Type, over: Listed) -> Any:
    """value in list."""
    if isinstance(value, Listed):
        raise NoColumn("list_in_list")
    return guarded(both(over.sure, spell("known", "boolean", value)), over.holds(value, (kind, over.of)))


def equal(left: Any, right: Any, kinds: tuple[Type, Type]) -> Any:
    """Two values or two lists; lists are compared place by place."""
    if not isinstance(left, Listed):
        left, right = matched(left, right, kinds)
        return left == right
    inner = (kinds[0].of or ANY, kinds[1].of or ANY)
    if isinstance(left, Items) and isinstance(right, Items):
        if len(left.values) != len(right.values):
            return guarded(both(left.sure, right.sure), NO)
        pairs = zip(left.values, right.values, strict=True)
        return guarded(
            both(left.sure, right.sure), reduce(lambda a, b: a & b, (equal(a, b, inner) for a, b in pairs), YES)
        )
    if isinstance(left, Items):
        return equal(right, left, (kinds[1], kinds[0]))
    if isinstance(left, Array) and not inner[0].record:
        return guarded(both(left.sure, right.sure), _same_places(left, right, inner))
    raise NoColumn("no_order")


def _same_places(left: Array, right: Listed, kinds: tuple[Type, Type]) -> Any:
    if isinstance(right, Array):
        return left.column == right.column
    if not isinstance(right, Items):
        raise NoColumn("no_order")
    same = left.column.length() == len(right.values)
    for place, one in enumerate(right.values):
        same &= equal(at_place(left, written(place, WHOLE)), one, kinds)
    return same


def at_place(over: Listed, place: Any) -> Any:
    """list[place]; NULL where the list has no such place."""
    if isinstance(over, Items):
        if any(isinstance(one, Listed) for one in over.values):
            raise NoColumn("list_in_list")
        cases = [(place == number, one) for number, one in enumerate(over.values)]
        return guarded(over.sure, ibis.cases(*cases)) if cases else undecided(BOOL)
    if isinstance(over, Array) and not over.of.record:
        inside = (place >= 0) & (place < over.column.length())
        sound = ibis.cases((inside, place), else_=0).cast("int32")  # Spark counts places in 32 bits
        return guarded(over.sure, ibis.cases((inside, over.taken(over.column[sound]))))
    raise NoColumn("no_order")
