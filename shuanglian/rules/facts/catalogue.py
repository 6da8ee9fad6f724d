"""Which facts there are: each is one function over the register's columns, found by being written.

    @fact("person", WHOLE, zh="年龄", en="age", unit=YEARS, source=BIRTH)
    def age(g: Ground) -> pl.Expr:
        return …

The function's name is the fact's name, its expression works on one family and on a province alike. A fact that no
column of the register holds is declared by `stated(…)`: it is asked for, and known once somebody has stated it with
a day and a source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from types import MappingProxyType

import polars as pl

from shuanglian.rules.cel.types import BOOL, DAY, NUMBER, TEXT, WHOLE, Type, list_of
from shuanglian.rules.cel.vocabulary import Vocabulary, Word
from shuanglian.rules.profile import Profile
from shuanglian.rules.profile_shapes import Label

TEXTS = list_of(TEXT)
DTYPES: Mapping[Type, pl.DataType] = MappingProxyType({
    BOOL: pl.Boolean(), WHOLE: pl.Int64(), NUMBER: pl.Decimal(18, 2), TEXT: pl.String(), DAY: pl.Datetime("us"),
    TEXTS: pl.List(pl.String()),
})  # fmt: skip
MODULES = ("person", "household", "village", "year")


@dataclass(frozen=True)
class Ground:
    """What facts stand on besides the columns: the day that is asked about and the profile as in force that day."""

    day: date
    profile: Profile

    def codes(self, list_name: str, *, group: str | None = None, mark: str | None = None) -> list[str]:
        """The codes of a list of the register that are of a group or bear a mark."""
        items = self.profile.codes[list_name]
        return [item.code for item in items if group in (None, item.group) and (mark is None or mark in item.marks)]


Work = Callable[[Ground], pl.Expr]


@dataclass(frozen=True)
class Entry:
    """A word of the vocabulary, how it is worked out (None: only ever stated), and over which columns.

    reads: people, households (with the household's latest yearly record), villages, year; or members: an aggregate
    over the facts of a household's people.
    """

    word: Word
    work: Work | None
    reads: str


_entries: dict[str, Entry] = {}
READS = {"person": "people", "household": "households", "village": "villages", "year": "year"}


def fact(
    record: str, kind: Type, *, zh: str, en: str, source: Label, unit: Label | None = None, codes: str | None = None,
    reads: str = "", sensitive: bool = False,
) -> Callable[[Work], Work]:  # fmt: skip
    """Declare the function below as the fact of its name."""

    def keep(work: Work) -> Work:
        word = Word(record, work.__name__, kind, Label(zh=zh, en=en), source, unit, codes, False, sensitive)
        _entries[word.path] = Entry(word, work, reads or READS[record])
        return work

    return keep


def stated(
    record: str, kind: Type, name: str, *, zh: str, en: str, source: Label, unit: Label | None = None,
    codes: str | None = None, sensitive: bool = False,
) -> None:  # fmt: skip
    """Declare a fact that no column holds: it is asked for."""
    word = Word(record, name, kind, Label(zh=zh, en=en), source, unit, codes, True, sensitive)
    _entries[word.path] = Entry(word, None, READS[record])


@cache
def entries() -> Mapping[str, Entry]:
    """path → entry, of every fact there is, in the order written."""
    for module in MODULES:
        import_module(f"{__package__}.{module}")
    return MappingProxyType(dict(_entries))


@cache
def vocabulary() -> Vocabulary:
    """The words that a text may speak of."""
    words: dict[str, dict[str, Word]] = {record: {} for record in READS}
    for entry in entries().values():
        words[entry.word.record][entry.word.name] = entry.word
    return Vocabulary(words)
