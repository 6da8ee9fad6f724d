"""Read a text once, then ask it: its value, its account, its sentence.

    expression = read("person.age >= 60 && person.disabled", vocabulary)
    expression.value({"person": {"age": 70}})      Unknown(facts={"person.disabled"})
    expression.value({"person": {"age": 50}})      False: what is not known cannot change it

Facts are a mapping by root: person, household (with members), village, year → name → value, day → datetime, given →
name → amount. What is missing or None is not known. A day may be a date or a datetime (UTC), a number an int.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any

from shuanglian.kernel.words import N_, Said

from . import advice
from .accounts import Account, Clause, Keeper, Keepers, Used
from .check import FAULTY, Checked, Checker
from .closures import Closures
from .faults import Complaints, TextFault, TextFaults
from .outcomes import Failed, Unknown
from .parse import parse
from .reads import Reads, reads_of
from .rounds import MOST_STEPS, STEPS, Closure, TooMuch
from .syntax import Call, Node
from .types import ANY, BOOL, NUMBER, WHOLE, Type, Value
from .vocabulary import Vocabulary

__all__ = ["Account", "Expression", "Failed", "TextFault", "TextFaults", "Unknown", "Used", "read"]
TOO_MUCH = Failed("too_much")


class Expression:
    """A text that has been read and type-checked. Read only; it may be asked by many at once.

    tree: its nodes (syntax.py) · types: the type of every node · facts: the paths of all facts it speaks of; those of
    a member are called person.NAME.
    """

    def __init__(self, text: str, tree: Node, checked: Checked, vocabulary: Vocabulary) -> None:
        self.text, self.tree, self.vocabulary = text, tree, vocabulary
        self.types: Mapping[Node, Type] = checked.types
        self.facts = frozenset(checked.facts)
        self.type = checked.types[tree]

    def __repr__(self) -> str:
        return f"<Expression {self.text!r}: {self.type}>"

    @cached_property
    def _closure(self) -> Closure:
        return Closures(self.types).of(self.tree)

    @cached_property
    def _keeper(self) -> Keeper:
        return Keepers(self, Closures(self.types)).of(self.tree)

    @cached_property
    def reads(self) -> Reads | None:
        """The single facts that the answer hangs on; None when it goes through members (reads.py)."""
        return reads_of(self)

    def value(self, facts: Mapping[str, Any]) -> Value | Unknown | Failed:
        """What it comes to; Unknown says which facts would have to be known, Failed why there is no value."""
        try:
            found: Value | Unknown | Failed = self._closure({**facts, STEPS: MOST_STEPS})
        except TooMuch:
            return TOO_MUCH
        return found

    def account(self, facts: Mapping[str, Any]) -> Account:
        """The same with reasons: every condition with the facts it looked at, also those that decided nothing."""
        try:
            return self._keeper({**facts, STEPS: MOST_STEPS}, None)
        except TooMuch:
            return Account(Clause(self, self.tree, "fact"), TOO_MUCH)

    def sentence(self, lang: str = "zh", codes: Mapping[str, Any] | None = None) -> str:
        """What it says, for people, in Chinese or English; codes: the profile's code lists by name."""
        return Clause(self, self.tree, "fact").sentence(lang, codes)


def read(
    text: str, vocabulary: Vocabulary, expects: Type | None = BOOL, *, codes: Mapping[str, Any] | None = None,
    loose: bool = False,
) -> Expression:  # fmt: skip
    """Read a text that must come to a type (None: any). TextFaults says everything that is wrong with it.

    A whole number where a number is expected becomes one. codes: the profile's code lists, to catch codes that no list
    has. loose: as CEL does by itself, mixed lists and dyn() are looked at only when values are there.
    """
    return _read(text, vocabulary, expects, _ById(codes), loose)


class _ById:
    """Code lists as a key of the cache: the same object is the same."""

    def __init__(self, codes: Mapping[str, Any] | None) -> None:
        self.codes = codes

    def __hash__(self) -> int:
        return id(self.codes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and other.codes is self.codes


@lru_cache(maxsize=4096)
def _read(text: str, vocabulary: Vocabulary, expects: Type | None, codes: _ById, loose: bool) -> Expression:
    try:
        return _checked(text, vocabulary, expects, codes, loose)
    except RecursionError:  # called from so deep that little room is left; told below, outside the deep trace
        complaints = Complaints(text)
        complaints.add("too_deep", (0, len(text)), Said(N_("这个条件套得太深或太长")), Said(N_("拆成几个条件来写。")))
    raise TextFaults(text, complaints.found)


def _checked(text: str, vocabulary: Vocabulary, expects: Type | None, codes: _ById, loose: bool) -> Expression:
    tree = parse(text)
    complaints = Complaints(text)
    checker = Checker(vocabulary, complaints, codes.codes, loose)
    found = checker.value_type(tree)
    if expects == NUMBER and found == WHOLE:
        tree = Call(tree.span, "double", (tree,))
        found = checker.value_type(tree)
    if expects is not None and found not in (expects, ANY, FAULTY):
        given = {"expected": advice.name_of(expects), "found": advice.name_of(found)}
        said = Said(N_("这里须是{expected}，却是{found}"), given)
        complaints.add("wrong_result", tree.span, said, advice.for_result(expects, found))
    complaints.stop_if_any()
    return Expression(text, tree, checker.checked, vocabulary)
