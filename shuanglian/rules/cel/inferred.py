"""A vocabulary from facts themselves, so that anybody can try a text without declaring anything.

true, false → bool · 3 → int · 3.0 → number · "text" → string · [ ] → list · { } → a record · null → not known.
What a vocabulary knows keeps its type: a date is written as text, 2015-09-01. Amounts of `given` are always numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from shuanglian.rules.profile_shapes import Label

from .types import ANY, BOOL, DAY, NUMBER, SPAN, TEXT, WHOLE, Type, list_of, record
from .vocabulary import Vocabulary, Word

SOURCE = Label(zh="输入的事实", en="facts as given")
_KINDS: tuple[tuple[type, Type], ...] = (
    (bool, BOOL), (int, WHOLE), (Decimal, NUMBER), (float, NUMBER), (str, TEXT), (date, DAY), (timedelta, SPAN),
)  # fmt: skip


def inferred(facts: Mapping[str, Any], known: Vocabulary | None = None) -> Vocabulary:
    """The vocabulary of these facts, laid over a known one."""
    words = {name: dict(own) for name, own in known.words.items()} if known else {}
    roots = dict(known.roots) if known else {}
    for name, value in facts.items():
        if name == "given" and isinstance(value, Mapping):
            words["given"] = {one: _word("given", one, NUMBER) for one in value}
            roots["given"] = record("given")
        elif name in roots and roots[name].record:
            _gather(roots[name].record, value, words, known)
        elif name not in roots:
            roots[name] = _type(name, value, words, known)
    return Vocabulary(words, roots)


def _word(owner: str, name: str, kind: Type) -> Word:
    return Word(owner, name, kind, Label.model_construct(zh=name, en=name), SOURCE)


def _gather(owner: str, facts: Any, words: dict[str, dict[str, Word]], known: Vocabulary | None) -> None:
    """The words of one record; what is already known keeps its type."""
    own = words.setdefault(owner, {})
    for name, value in facts.items() if isinstance(facts, Mapping) else ():
        declared = known.type_of(owner, name) if known else None
        if declared is not None:
            if declared.of and declared.of.record and isinstance(value, list):
                for member in value:
                    _gather(declared.of.record, member, words, known)
            continue
        kind = _type(f"{owner}.{name}", value, words, known)
        before = own.get(name)
        if before is None or before.type == ANY:
            own[name] = _word(owner, name, kind)
        elif kind not in (before.type, ANY):
            own[name] = _word(owner, name, NUMBER if {kind, before.type} == {WHOLE, NUMBER} else ANY)


def _type(path: str, value: Any, words: dict[str, dict[str, Word]], known: Vocabulary | None) -> Type:
    if isinstance(value, Mapping):
        _gather(path, value, words, known)
        return record(path)
    if isinstance(value, list):
        return _list_type(path, value, words, known)
    return next((kind for python, kind in _KINDS if isinstance(value, python)), ANY)


def _list_type(path: str, items: list[Any], words: dict[str, dict[str, Word]], known: Vocabulary | None) -> Type:
    if items and all(isinstance(one, Mapping) for one in items):
        for one in items:
            _gather(path, one, words, known)
        return list_of(record(path))
    kinds = {_type(path, one, words, known) for one in items if one is not None}
    return list_of(kinds.pop() if len(kinds) == 1 else NUMBER if kinds == {WHOLE, NUMBER} else ANY)
