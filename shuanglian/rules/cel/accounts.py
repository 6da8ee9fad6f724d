"""Why a text came out as it did: every condition with the facts it looked at, met, not met, not known or failed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from .closures import Closures
from .outcomes import Failed, Unknown, merged
from .rounds import BAD, MISSING, NO_OVERLOAD, Closure, Surroundings, restore, spend
from .syntax import Call, Conditional, Logic, Macro, Name, Node, Select, Span, parts_of, walk
from .types import Value

if TYPE_CHECKING:
    from .language import Expression

WEIGHED = {"all", "exists", "exists_one"}
PLACE = "#place:"  # + a macro's name: which member it stands for at the moment


class Clause:
    """A condition of a text. kind: and, or, not, if, all, exists, exists_one; fact for what is not divided further."""

    __slots__ = ("_expression", "kind", "node", "text")

    def __init__(self, expression: Expression, node: Node, kind: str) -> None:
        self._expression, self.node, self.kind = expression, node, kind
        self.text = expression.text[slice(*node.span)]  # its piece of the text

    @property
    def span(self) -> Span:
        return self.node.span

    def sentence(self, lang: str = "zh", codes: Mapping[str, Any] | None = None) -> str:
        """What it says, for people; codes: the profile's code lists."""
        from .sentences import sentence

        return sentence(self._expression, lang, codes, self.node)

    def __repr__(self) -> str:
        return f"<Clause {self.kind} {self.text!r}>"


class Used(NamedTuple):
    """A fact that a condition looked at; value is Unknown when it is not known. member: whose, counted from 0."""

    path: str
    value: Value | Unknown | Failed
    member: int | None = None

    @property
    def known(self) -> bool:
        return self.value.__class__ not in BAD


class Account(NamedTuple):
    """One condition and what came of it.

    value: the condition's, or of an amount its yuan. parts: the conditions it is made of; of all, exists and
    exists_one one for every member, `member` being its place among the household's members (or in the list).
    """

    clause: Clause
    value: Value | Unknown | Failed
    used: tuple[Used, ...] = ()
    parts: tuple[Account, ...] = ()
    member: int | None = None

    @property
    def text(self) -> str:
        return self.clause.text

    @property
    def kind(self) -> str:
        return self.clause.kind

    @property
    def met(self) -> bool | None:
        """True or False; None when it is not known or failed."""
        return self.value if isinstance(self.value, bool) else None

    @property
    def asks(self) -> frozenset[str]:
        """The facts that are to be asked for, by path."""
        return self.value.facts if isinstance(self.value, Unknown) else frozenset()

    @property
    def failed(self) -> Failed | None:
        return self.value if isinstance(self.value, Failed) else None

    @property
    def decided_by(self) -> tuple[Account, ...]:
        """The parts that settle it: the first witness of exists, all counter-examples, else every part."""
        if self.kind in ("or", "exists") and self.met is True:
            witnesses = (one for one in self.parts if one.met is True)
            return tuple(witnesses) if self.kind == "or" else (next(witnesses),)
        if self.kind in ("and", "all") and self.met is False:
            return tuple(one for one in self.parts if one.met is False)
        if self.kind == "exists_one" and self.met is not None:
            return tuple(one for one in self.parts if one.met is True) or self.parts
        if self.met is None and self.kind not in ("fact", "if"):
            return tuple(one for one in self.parts if one.met is None)
        return self.parts

    @property
    def members(self) -> tuple[int, ...]:
        """The members that settle an all, exists or exists_one."""
        return tuple(one.member for one in self.decided_by if one.member is not None)

    def atoms(self) -> Iterator[Account]:
        """The conditions that are not divided further, in the order written, member by member."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.atoms()


_new: Any = tuple.__new__  # makes accounts by the hundred thousand: the named tuple's own way takes twice as long
Keeper = Callable[[Surroundings, int | None], Account]


class Keepers:
    """Makes of every condition of a text what keeps its account; works beside the closures of the same tree."""

    def __init__(self, expression: Expression, closures: Closures) -> None:
        self.expression, self.closures, self.types = expression, closures, expression.types

    def of(self, node: Node) -> Keeper:
        if isinstance(node, Logic):
            return self._logic(node)
        if isinstance(node, Conditional):
            return self._conditional(node)
        if isinstance(node, Macro) and node.kind in WEIGHED:
            return self._macro(node)
        if isinstance(node, Call) and node.name == "!" and _divided(node.args[0]):
            return self._not(node)
        return self._fact(node)

    def _clause(self, node: Node, kind: str) -> Clause:
        return Clause(self.expression, node, kind)

    def _fact(self, node: Node) -> Keeper:
        clause, value, looks = self._clause(node, "fact"), self.closures.of(node), self._looks(node)
        if len(looks) == 1 and isinstance(looks[0], _Look):
            (look,) = looks
            path, read, name = look.path, look.read, look.place
            if name is None and node is look.node:
                return _plain_fact(clause, path, read)
            if name is None:
                return lambda around, member: _new(
                    Account, (clause, value(around), (_new(Used, (path, read(around), None)),), (), member)
                )

        def keep(around: Surroundings, member: int | None) -> Account:
            used: list[Used] = []
            for look in looks:
                look(around, used)
            return Account(clause, value(around), tuple(used), (), member)

        return keep

    def _looks(self, node: Node) -> list[Any]:
        """What finds the facts of a condition: one look for every fact, one round for every list gone through."""
        found: list[Any] = []
        seen: set[tuple[str | None, str]] = set()
        for one in self._outside_macros(node):
            if isinstance(one, Macro):
                found.append(self._round(one))
                continue
            look = self._look(one)
            if look is not None and (look.place, look.path) not in seen:
                seen.add((look.place, look.path))
                found.append(look)
        return found

    def _outside_macros(self, node: Node) -> Iterator[Node]:
        """The node and what is below it, but of a macro only the list it goes through, and that before itself."""
        if isinstance(node, Macro):
            yield from self._outside_macros(node.over)
        yield node
        for part in () if isinstance(node, Macro) else parts_of(node):
            yield from self._outside_macros(part)

    def _look(self, node: Node) -> _Look | None:
        kind = self.types[node]
        if kind.record or (kind.of and kind.of.record):
            return None
        if isinstance(node, Name) and node.name in self.expression.facts:
            return _Look(node, node.name, self.closures.of(node), None)
        of = self.types.get(node.of) if isinstance(node, Select) else None
        if isinstance(node, Select) and of is not None and of.record:
            root = node.of.name if isinstance(node.of, Name) else None
            place = PLACE + root if root is not None and root not in self.expression.vocabulary.roots else None
            return _Look(node, f"{of.record}.{node.name}", self.closures.of(node), place)
        return None

    def _round(self, node: Macro) -> Callable[[Surroundings, list[Used]], None]:
        over, name = self.closures.of(node.over), node.name
        looks = [look for part in (node.where, node.each) if part is not None for look in self._looks(part)]

        def go_round(around: Surroundings, used: list[Used]) -> None:
            for _place in _members(over(around), around, name, len(looks)):
                for look in looks:
                    look(around, used)

        return go_round

    def _logic(self, node: Logic) -> Keeper:
        parts = tuple(self.of(part) for part in node.parts)
        decides = node.sign == "||"
        clause = self._clause(node, "or" if decides else "and")

        def keep(around: Surroundings, member: int | None) -> Account:
            kept = tuple([part(around, None) for part in parts])
            return Account(clause, _weighed(kept, decides), (), kept, member)

        return keep

    def _not(self, node: Call) -> Keeper:
        clause, inner = self._clause(node, "not"), self.of(node.args[0])

        def keep(around: Surroundings, member: int | None) -> Account:
            kept = inner(around, None)
            opposite = not kept.value if isinstance(kept.value, bool) else kept.value
            return Account(clause, opposite, (), (kept,), member)

        return keep

    def _conditional(self, node: Conditional) -> Keeper:
        clause = self._clause(node, "if")
        when, then, other = self.of(node.when), self.of(node.then), self.of(node.other)

        def keep(around: Surroundings, member: int | None) -> Account:
            asked = when(around, None)
            if not isinstance(asked.value, bool):
                value = asked.value if asked.value.__class__ in BAD else NO_OVERLOAD
                return Account(clause, value, (), (asked,), member)
            chosen = then(around, None) if asked.value else other(around, None)
            return Account(clause, chosen.value, (), (asked, chosen), member)

        return keep

    def _macro(self, node: Macro) -> Keeper:
        clause, over, name = self._clause(node, node.kind), self.closures.of(node.over), node.name
        each = self.of(node.each)
        looks = [] if isinstance(node.over, Name | Select) else self._looks(node.over)
        cost = 1 + sum(1 for _ in walk(node.each))
        whole = self._look(node.over)

        def keep(around: Surroundings, member: int | None) -> Account:
            items = over(around)
            used: list[Used] = []
            for look in looks:
                look(around, used)
            if whole is not None:
                whole(around, used)
            if items.__class__ is not list:
                value: Any = items if items.__class__ in BAD else NO_OVERLOAD
                return Account(clause, value, tuple(used), (), member)
            kept = tuple([each(around, place) for place in _members(items, around, name, cost)])
            return Account(clause, _OF_MEMBERS[node.kind](kept), tuple(used), kept, member)

        return keep


class _Look:
    """Finds one fact; place: where the surroundings tell whose it is, None for a root's."""

    __slots__ = ("node", "path", "place", "read")

    def __init__(self, node: Node, path: str, read: Closure, place: str | None) -> None:
        self.node, self.path, self.read, self.place = node, path, read, place

    def __call__(self, around: Surroundings, used: list[Used]) -> None:
        place = None if self.place is None else around.get(self.place)
        used.append(_new(Used, (self.path, self.read(around), place)))


def _plain_fact(clause: Clause, path: str, read: Closure) -> Keeper:
    """The condition is a fact by itself: looked at once."""

    def keep(around: Surroundings, member: int | None) -> Account:
        value = read(around)
        return _new(Account, (clause, value, (_new(Used, (path, value, None)),), (), member))

    return keep


def _divided(node: Node) -> bool:
    return isinstance(node, Logic | Conditional) or (isinstance(node, Macro) and node.kind in WEIGHED)


def _members(items: Any, around: Surroundings, name: str, cost: int) -> Iterator[int]:
    """Go through a list: the surroundings hold the member and its place among the household's, which is given out."""
    if items.__class__ is not list:
        return
    spend(around, len(items) * cost)
    household = around.get("household")
    family = household.get("members") if isinstance(household, Mapping) else None
    place_name = PLACE + name
    before, place_before = around.get(name, MISSING), around.get(place_name, MISSING)
    for number, item in enumerate(items):
        place = number if items is family or not isinstance(item, Mapping) else _place(item, family, number)
        around[name], around[place_name] = item, place
        yield place
    restore(around, name, before)
    restore(around, place_name, place_before)


def _place(item: Any, family: Any, otherwise: int) -> int:
    """Where a member of a filtered list stands in the family."""
    for number, one in enumerate(family or ()):
        if one is item:
            return number
    return otherwise


def _weighed(kept: tuple[Account, ...], decides: bool) -> Any:
    """As the closures weigh || (decides True) and && (False)."""
    bad = []
    for one in kept:
        if one.value is decides:
            return decides
        if one.value.__class__ is not bool:
            bad.append(one.value if one.value.__class__ in BAD else NO_OVERLOAD)
    if not bad:
        return not decides
    asked = [one.facts for one in bad if isinstance(one, Unknown)]
    return Unknown(frozenset().union(*asked)) if asked else bad[0]


def _exactly_one(kept: tuple[Account, ...]) -> Any:
    bad = [one.value if one.value.__class__ in BAD else NO_OVERLOAD for one in kept if one.met is None]
    return merged(*bad) if bad else sum(1 for one in kept if one.met) == 1


_OF_MEMBERS: Mapping[str, Callable[[tuple[Account, ...]], Any]] = {
    "exists": lambda kept: _weighed(kept, True),
    "all": lambda kept: _weighed(kept, False),
    "exists_one": _exactly_one,
}
__all__ = ["Account", "Clause", "Keepers", "Used"]
