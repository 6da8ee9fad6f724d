"""One text as a column: its tree over the names of a scope."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from functools import reduce
from typing import Any

from . import column_lists as lists
from . import times
from .column_lists import Chosen, Items, Joined, Listed, Mapped, Narrowed, NoColumn
from .column_values import MOMENT_PARTS, WORK, choice, matched, undecided, wide, written
from .engines import literal, spell
from .functions import FUNCTIONS
from .language import Expression
from .numbers import OutOfRange
from .outcomes import CannotWork
from .syntax import Call, Conditional, Has, ListLiteral, Literal, Logic, Macro, Name, Node, Select
from .types import ANY, DAY, NOTHING, NUMBER, SPAN, TEXT, WHOLE, Type

_ORDER: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}  # fmt: skip


@dataclass(frozen=True)
class Scope:
    """What names stand for: root or variable → record, single value or list. members: household.members here."""

    names: Mapping[str, Any]
    members: Callable[[int], Listed]
    depth: int = 0

    def with_names(self, names: Mapping[str, Any], **also: Any) -> Scope:
        return replace(self, names={**self.names, **names}, **also)

    def within(self, name: str, element: Any) -> Scope:
        """Inside a macro: its variable stands for an element."""
        inside: Scope = element.scope(self) if hasattr(element, "scope") else self
        return inside.with_names({name: element}, depth=self.depth + 1)


class TextColumns:
    """Turns the tree of one expression into columns. NoColumn for what only works for one family."""

    def __init__(self, expression: Expression) -> None:
        self.types = expression.types
        self.tree = expression.tree

    def value(self, scope: Scope) -> Any:
        return self.of(self.tree, scope)

    def of(self, node: Node, scope: Scope) -> Any:
        return getattr(self, f"_{type(node).__name__.lower()}")(node, scope)

    def _literal(self, node: Literal, scope: Scope) -> Any:
        if node.value is None:
            raise NoColumn("null")
        return written(node.value, self.types[node])

    def _name(self, node: Name, scope: Scope) -> Any:
        return scope.names[node.name]

    def _select(self, node: Select, scope: Scope) -> Any:
        of, kind = self.types[node.of], self.types[node]
        if (of.record, node.name) == ("household", "members"):
            return scope.members(scope.depth)
        if not of.record:
            raise NoColumn("dyn")
        return self.of(node.of, scope).of(node.name, kind, scope.depth)

    def _has(self, node: Has, scope: Scope) -> Any:
        return lists.known_of(self.of(node.fact, scope), self.types[node.fact])

    def _listliteral(self, node: ListLiteral, scope: Scope) -> Any:
        of = self.types[node].of
        assert of is not None
        if of == ANY and node.items:
            raise NoColumn("dyn")
        return Items([self.of(item, scope) for item in node.items], of)

    def _logic(self, node: Logic, scope: Scope) -> Any:
        parts = [self.of(part, scope) for part in node.parts]
        return reduce((lambda a, b: a | b) if node.sign == "||" else (lambda a, b: a & b), parts)

    def _conditional(self, node: Conditional, scope: Scope) -> Any:
        when, then, other = (self.of(part, scope) for part in (node.when, node.then, node.other))
        kind = self.types[node]
        if kind == ANY:
            raise NoColumn("dyn")
        if isinstance(then, Listed):
            return Chosen(when, then, other)
        return choice(when, wide(then), wide(other)) if kind == NUMBER else choice(when, then, other)

    def _macro(self, node: Macro, scope: Scope) -> Any:
        over = self.of(node.over, scope)

        def each(element: Any) -> Any:
            return self.of(node.each, scope.within(node.name, element))

        if node.kind == "map":
            if node.where is not None:
                where = node.where
                over = Narrowed(over, lambda one: self.of(where, scope.within(node.name, one)))
            of = self.types[node.each]
            return Mapped(over, each, of)
        work = {"exists": lists.exists, "all": lists.every, "exists_one": lists.exactly_one, "filter": Narrowed}
        return work[node.kind](over, each)

    def _call(self, node: Call, scope: Scope) -> Any:
        kinds = tuple(self.types[arg] for arg in node.args)
        if node.name in ("==", "!=") and kinds == (NOTHING, NOTHING):
            return literal(node.name == "==", "boolean")
        if node.name in FUNCTIONS and all(isinstance(arg, Literal) for arg in node.args):
            return self._constant(node, kinds)
        args = [self.of(arg, scope) for arg in node.args]
        if node.name in ("==", "!="):
            same = lists.equal(args[0], args[1], (kinds[0], kinds[1]))
            return same if node.name == "==" else ~same
        if node.name in _ORDER:
            return _ORDER[node.name](*matched(args[0], args[1], (kinds[0], kinds[1])))
        if node.name == "in":
            return self._in(node, args, kinds)
        if node.name == "[]":
            return lists.at_place(args[0], args[1])
        return self._function(node, args, kinds)

    def _constant(self, node: Call, kinds: tuple[Type, ...]) -> Any:
        """A call of nothing but what is written out, such as date('2015-09-01'), is worked out now."""
        kind = self.types[node]
        for one in FUNCTIONS[node.name]:
            if one.takes == kinds:
                try:
                    return written(one.work(*(arg.value for arg in node.args if isinstance(arg, Literal))), kind)
                except (CannotWork, OutOfRange):
                    return undecided(kind)
        raise NoColumn("dyn")

    def _in(self, node: Call, args: list[Any], kinds: tuple[Type, ...]) -> Any:
        over = args[1]
        plain = isinstance(node.args[1], ListLiteral) and all(isinstance(one, Literal) for one in node.args[1].items)
        if plain and over.values and over.of == kinds[0]:
            return args[0].isin(over.values)
        return lists.held(args[0], kinds[0], over)

    def _function(self, node: Call, args: list[Any], kinds: tuple[Type, ...]) -> Any:
        if isinstance(args[0], Listed):
            return self._of_list(node, args, kinds[0].of or ANY)
        if node.name == "matches":
            pattern = node.args[1]
            if not isinstance(pattern, Literal):
                raise NoColumn("pattern")
            return spell("matches", "boolean", args[0], literal(plain_pattern(str(pattern.value)), "string"))
        if node.name in MOMENT_PARTS and kinds == (DAY, TEXT):
            return MOMENT_PARTS[node.name](WORK["+"][DAY, SPAN](args[0], _offset(node.args[1])))
        work = WORK.get(node.name, {}).get(kinds)
        if work is None:
            raise NoColumn("written_out" if kinds == (TEXT,) else "dyn")
        return work(*args)

    def _of_list(self, node: Call, args: list[Any], of: Type) -> Any:
        if node.name == "+":
            return Joined(args[0], args[1])
        if node.name == "size":
            return lists.size(args[0])
        if of not in (WHOLE, NUMBER):
            raise NoColumn("dyn")
        return lists.added(args[0], of) if node.name == "sum" else lists.extreme(args[0], node.name == "max")


def _offset(zone: Node) -> Any:
    """A fixed difference to UTC in microseconds; zones with a history are looked up for one family only."""
    if not isinstance(zone, Literal):
        raise NoColumn("zone")
    try:
        found = times.zone(str(zone.value))
    except CannotWork:
        return undecided(WHOLE)
    if not isinstance(found, timezone) and str(zone.value) not in ("UTC", "Etc/UTC", "GMT"):
        raise NoColumn("zone")
    difference = found.utcoffset(datetime(2000, 1, 1))
    assert difference is not None
    return literal(difference // times.MICROSECOND, "int64")


def plain_pattern(pattern: str) -> str:
    """A pattern that says the same to RE2 and to Java: $ is the very end, a dot is anything but the end of a line."""
    said, at, in_class = [], 0, False
    while at < len(pattern):
        letter = pattern[at]
        if letter == "\\":
            said.append(pattern[at : at + 2])
            at += 2
            continue
        if in_class:
            in_class = letter != "]"
        elif letter == "[":
            in_class = True
        else:
            letter = {"$": r"\z", ".": r"[^\n]"}.get(letter, letter)
        said.append(letter)
        at += 1
    return "".join(said)
