"""A checked tree turned once into Python closures; each takes the surroundings and gives a value, Unknown or Failed.

Surroundings: one dict, root or macro variable → value, and how much may still be worked out (rounds.py).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from .check import ORDERED, comparable
from .facts_in import taker
from .functions import FUNCTIONS, Overload
from .numbers import OutOfRange
from .outcomes import CannotWork, Failed, Unknown, merged
from .rounds import BAD, MACROS, NO_OVERLOAD, Closure, Surroundings
from .syntax import Call, Conditional, Has, ListLiteral, Literal, Logic, Macro, Name, Node, Select, walk
from .types import ANY, BOOL, DAY, NOTHING, NUMBER, SPAN, TEXT, WHOLE, Type, list_of

OVERFLOW = Failed("overflow")
_PLAIN: Mapping[Type, type] = {BOOL: bool, WHOLE: int, TEXT: str}  # facts of these need no second look
_ORDER = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


class Closures:
    """Makes the closure of every node of one text; `types` as checked."""

    def __init__(self, types: Mapping[Node, Type]) -> None:
        self.types = types

    def of(self, node: Node) -> Closure:
        made: Closure = getattr(self, f"_{type(node).__name__.lower()}")(node)
        return made

    def _literal(self, node: Literal) -> Closure:
        value = node.value
        return lambda around: value

    def _name(self, node: Name) -> Closure:
        name = node.name
        kind = self.types[node]
        take, unknown = taker(kind, name), Unknown(frozenset([name]))
        if kind.record:
            return lambda around: around.get(name)

        def read(around: Surroundings) -> Any:
            value = around.get(name)
            return unknown if value is None else take(value)

        return read

    def _select(self, node: Select) -> Closure:
        of, kind, name = self.types[node.of], self.types[node], node.name
        if not of.record:
            return self._select_any(node)
        path = f"{of.record}.{name}"
        unknown, take, plain = Unknown(frozenset([path])), taker(kind, path), _PLAIN.get(kind)
        if isinstance(node.of, Name):
            root = node.of.name

            def read(around: Surroundings) -> Any:
                record = around.get(root)
                value = record.get(name) if record else None
                if value is None:
                    return unknown
                return value if value.__class__ is plain else take(value)

            return read
        above = self.of(node.of)

        def read_deep(around: Surroundings) -> Any:
            record = above(around)
            if record.__class__ in BAD:
                return unknown if record.__class__ is Unknown else record
            value = record.get(name) if record else None
            if value is None:
                return unknown
            return value if value.__class__ is plain else take(value)

        return read_deep

    def _select_any(self, node: Select) -> Closure:
        above, name = self.of(node.of), node.name
        take, unknown = taker(ANY, name), Unknown(frozenset([name]))

        def read(around: Surroundings) -> Any:
            record = above(around)
            if record.__class__ in BAD:
                return record
            if not isinstance(record, Mapping):
                return NO_OVERLOAD
            value = record.get(name)
            return unknown if value is None else take(value)

        return read

    def _has(self, node: Has) -> Closure:
        read = self.of(node.fact)
        return lambda around: read(around).__class__ is not Unknown

    def _listliteral(self, node: ListLiteral) -> Closure:
        if all(isinstance(item, Literal) for item in node.items):
            values = [item.value for item in node.items if isinstance(item, Literal)]
            return lambda around: values
        items = [self.of(item) for item in node.items]

        def build(around: Surroundings) -> Any:
            values = [item(around) for item in items]
            for value in values:
                if value.__class__ in BAD:
                    return merged(*values)
            return values

        return build

    def _logic(self, node: Logic) -> Closure:
        parts, decides = tuple(self.of(part) for part in node.parts), node.sign == "||"

        def weigh(around: Surroundings) -> Any:
            asked: frozenset[str] | None = None
            failed = None
            for part in parts:
                value = part(around)
                if value is decides:
                    return decides
                if value.__class__ is Unknown:
                    asked = value.facts if asked is None else asked | value.facts
                elif value.__class__ is not bool:
                    failed = failed or (value if value.__class__ is Failed else NO_OVERLOAD)
            if asked is not None:
                return Unknown(asked)
            return failed or not decides

        return weigh

    def _conditional(self, node: Conditional) -> Closure:
        when, then, other = self.of(node.when), self.of(node.then), self.of(node.other)

        def choose(around: Surroundings) -> Any:
            met = when(around)
            if met is True:
                return then(around)
            if met is False:
                return other(around)
            return met if met.__class__ in BAD else NO_OVERLOAD

        return choose

    def _call(self, node: Call) -> Closure:
        if node.name in ("==", "!="):
            return self._equality(node)
        if node.name in _ORDER:
            return self._order(node)
        if node.name == "in":
            return self._in(node)
        if node.name == "[]":
            return strict(_placed, *map(self.of, node.args))
        return self._function(node)

    def _equality(self, node: Call) -> Closure:
        left, right = (self.types[arg] for arg in node.args)
        sides = [self.of(arg) for arg in node.args]
        if _plainly_equal(left, right):
            return strict(operator.eq if node.name == "==" else operator.ne, *sides)
        return strict(same if node.name == "==" else lambda a, b: not same(a, b), *sides)

    def _order(self, node: Call) -> Closure:
        work = _ORDER[node.name]
        if any(self.types[arg] == ANY for arg in node.args):
            plain = work

            def work(a: Any, b: Any) -> bool:
                if value_type(a) not in ORDERED or not comparable(value_type(a), value_type(b)):
                    raise CannotWork("no_overload")
                return bool(plain(a, b))

        return strict(work, *map(self.of, node.args))

    def _in(self, node: Call) -> Closure:
        left, right = (self.types[arg] for arg in node.args)
        sides = [self.of(arg) for arg in node.args]
        if right.of and _plainly_equal(left, right.of):
            if isinstance(node.args[1], ListLiteral) and all(isinstance(one, Literal) for one in node.args[1].items):
                return _among(sides[0], frozenset(one.value for one in node.args[1].items if isinstance(one, Literal)))
            return strict(lambda value, values: value in values, *sides)
        return strict(_held, *sides)

    def _function(self, node: Call) -> Closure:
        takes = [self.types[arg] for arg in node.args]
        args = [self.of(arg) for arg in node.args]
        known = FUNCTIONS[node.name]
        exact = next((one for one in known if _exactly(takes, one.takes)), None)
        closure = strict(exact.work if exact else _chosen(known), *args)
        if all(isinstance(arg, Literal) for arg in node.args):
            value = closure({})
            return lambda around: value
        return closure

    def _macro(self, node: Macro) -> Closure:
        each = self.of(node.each)
        where = self.of(node.where) if node.where is not None else None
        cost = 1 + sum(1 for part in (node.each, node.where) if part is not None for _ in walk(part))
        return MACROS[node.kind](self.of(node.over), node.name, each, where, cost)


def strict(work: Callable[..., Any], *args: Closure) -> Closure:
    """A function that needs all its values: without one of them it comes to what is asked, or fails."""
    if len(args) == 2:
        first, second = args

        def of_two(around: Surroundings) -> Any:
            a, b = first(around), second(around)
            if a.__class__ in BAD or b.__class__ in BAD:
                return merged(a, b)
            try:
                return work(a, b)
            except OutOfRange:
                return OVERFLOW
            except CannotWork as error:
                return Failed(error.code)

        return of_two

    def of_any(around: Surroundings) -> Any:
        values = [arg(around) for arg in args]
        for value in values:
            if value.__class__ in BAD:
                return merged(*values)
        try:
            return work(*values)
        except OutOfRange:
            return OVERFLOW
        except CannotWork as error:
            return Failed(error.code)

    return of_any


def _among(read: Closure, values: frozenset[Any]) -> Closure:
    def among(around: Surroundings) -> Any:
        value = read(around)
        return value if value.__class__ in BAD else value in values

    return among


def value_type(value: Any) -> Type:
    """The type of a value that is only known now."""
    if isinstance(value, list):
        return list_of(ANY)
    return _TYPES.get(value.__class__, DAY)


_TYPES: Mapping[type, Type] = {bool: BOOL, int: WHOLE, Decimal: NUMBER, str: TEXT, type(None): NOTHING}


def same(left: Any, right: Any) -> bool:
    """Equality over all types: what is of another type is not equal, whole numbers and numbers are by size."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, bool) is not isinstance(right, bool):
        return False
    return bool(left == right)


def _plainly_equal(left: Type, right: Type) -> bool:
    """Whether Python's == says the same as ours for these types."""
    while left.of and right.of:
        left, right = left.of, right.of
    return ANY not in (left, right) and not left.of and not right.of and comparable(left, right)


def _held(value: Any, values: Any) -> bool:
    if not isinstance(values, list):
        raise CannotWork("no_overload")
    return any(same(value, one) for one in values)


def _placed(values: Any, place: Any) -> Any:
    if not isinstance(values, list) or isinstance(place, bool) or not isinstance(place, int | Decimal):
        raise CannotWork("no_overload")
    if place != int(place) or not 0 <= place < len(values):
        raise CannotWork("no_such_place")
    return values[int(place)]


def _exactly(takes: list[Type], wanted: tuple[Type, ...]) -> bool:
    return len(takes) == len(wanted) and all(
        one == want or (want == list_of(ANY) and one.of is not None) for one, want in zip(takes, wanted, strict=True)
    )


def _chosen(known: tuple[Overload, ...]) -> Callable[..., Any]:
    """The overload that fits the values, when types do not tell."""

    def work(*values: Any) -> Any:
        for one in known:
            if len(one.takes) == len(values) and all(map(_is, values, one.takes)):
                return one.work(*values)
        raise CannotWork("no_overload")

    return work


def _is(value: Any, kind: Type) -> bool:
    if kind == ANY:
        return True
    if kind.of:
        return isinstance(value, list) and (kind.of == ANY or all(_is(one, kind.of) for one in value))
    if kind in (DAY, SPAN):
        return type(value).__name__ == ("datetime" if kind == DAY else "timedelta")
    return value_type(value) == kind
