"""Which single facts a text hangs on, so that who gives the same facts gets the same answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .syntax import Name, Node, Select, parts_of
from .types import BOOL, TEXT, WHOLE, Type

if TYPE_CHECKING:
    from .language import Expression

OWN = ("day", "given")  # roots that the terms of a rule fill in, not the facts
Reads = tuple[tuple[str, str, type | None], ...]  # (root, name, plain class of the value), sorted
Key = Callable[[Mapping[str, Any]], Any]
_PLAIN: Mapping[Type, type] = {BOOL: bool, TEXT: str, WHOLE: int}
_NOTHING: Mapping[str, Any] = {}


def reads_of(expression: Expression) -> Reads | None:
    """The facts beside the day and the amounts; None when it goes through the members or takes a whole record."""
    found: set[tuple[str, str, type | None]] = set()
    return tuple(sorted(found, key=lambda one: one[:2])) if _gather(expression, expression.tree, found) else None


def together(reads: Iterable[Reads | None]) -> Reads | None:
    """What several texts read."""
    found: set[tuple[str, str, type | None]] = set()
    for one in reads:
        if one is None:
            return None
        found |= set(one)
    return tuple(sorted(found, key=lambda one: one[:2]))


def _gather(text: Expression, node: Node, found: set[tuple[str, str, type | None]]) -> bool:
    kind = text.types[node]
    if kind.record or (kind.of is not None and kind.of.record):
        return False
    if isinstance(node, Select) and text.types[node.of].record:
        if not isinstance(node.of, Name) or node.of.name not in text.vocabulary.roots:
            return False
        if node.of.name not in OWN:
            found.add((node.of.name, node.name, _PLAIN.get(kind)))
        return True
    if isinstance(node, Name) and node.name in text.facts and node.name not in OWN:
        return False  # a fact that belongs to no record
    return all(_gather(text, part, found) for part in parts_of(node))


def key_of(reads: Reads) -> Key:
    """What makes a key of facts: equal only when what is read is alike in every way: True is not 1, 1.0 not 1.00."""
    if len(reads) == 1:
        return _key_of_one(*reads[0])
    roots: dict[str, list[tuple[str, type | None]]] = {}
    for root, name, plain in reads:
        roots.setdefault(root, []).append((name, plain))
    groups = tuple((root, tuple(names)) for root, names in roots.items())

    def key(facts: Mapping[str, Any]) -> tuple[Any, ...]:
        found: list[Any] = []
        for root, names in groups:
            record = facts.get(root) or _NOTHING
            for name, plain in names:
                value = record.get(name)
                if value is not None and value.__class__ is not plain:
                    value = value.__class__, repr(value)
                found.append(value)
        return tuple(found)

    return key


def _key_of_one(root: str, name: str, plain: type | None) -> Key:
    def key(facts: Mapping[str, Any]) -> Any:
        value = (facts.get(root) or _NOTHING).get(name)
        return value if value is None or value.__class__ is plain else (value.__class__, repr(value))

    return key
