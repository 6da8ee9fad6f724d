"""The tree of a text: frozen nodes, each knowing where it stands. Operators are calls named by their sign.

Nodes are equal only to themselves, so that what is known about one (its type) can be kept in a mapping by node.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

Span = tuple[int, int]  # first character and the one behind the last, counted from 0 in the text


@dataclass(frozen=True, eq=False, slots=True)
class Literal:
    """true, 60, 0.5, 'senior', null: a bool, int, Decimal, str or None."""

    span: Span
    value: bool | int | Decimal | str | None


@dataclass(frozen=True, eq=False, slots=True)
class Name:
    """A root (person, day) or the variable of a macro around it."""

    span: Span
    name: str


@dataclass(frozen=True, eq=False, slots=True)
class Select:
    """person.age, m.age, household.members: a fact of a record."""

    span: Span
    of: Node
    name: str


@dataclass(frozen=True, eq=False, slots=True)
class Has:
    """has(person.age): whether the fact is known."""

    span: Span
    fact: Select


@dataclass(frozen=True, eq=False, slots=True)
class ListLiteral:
    """[1, 2]"""

    span: Span
    items: tuple[Node, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Call:
    """A function, a method (the receiver is the first argument) or an operator.

    name: of operators their sign: == != < <= > >= in + - * / % ! and [] (a place in a list); minus of one argument is
    the sign of a number. Calls and methods of one name mean the same: size(x), x.size().
    """

    span: Span
    name: str
    args: tuple[Node, ...]
    method: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Logic:
    """A chain of && or of ||: two parts or more, never one of the same sign directly in another."""

    span: Span
    sign: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Conditional:
    """when ? then : other"""

    span: Span
    when: Node
    then: Node
    other: Node


@dataclass(frozen=True, eq=False, slots=True)
class Macro:
    """over.kind(name, each); kind: all, exists, exists_one, filter, map.

    each: the condition, or what map makes of a member; where: the condition of a map of three arguments.
    """

    span: Span
    kind: str
    over: Node
    name: str
    each: Node
    where: Node | None = None


Node = Literal | Name | Select | Has | ListLiteral | Call | Logic | Conditional | Macro


def parts_of(node: Node) -> tuple[Node, ...]:
    """The nodes directly below, in the order written."""
    match node:
        case Select(of=of):
            return (of,)
        case Has(fact=fact):
            return (fact,)
        case ListLiteral(items=parts) | Call(args=parts) | Logic(parts=parts):
            return parts
        case Conditional(when=when, then=then, other=other):
            return when, then, other
        case Macro(over=over, each=each, where=where):
            return (over, each) if where is None else (over, where, each)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, from the top and from the left."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(parts_of(node)))
