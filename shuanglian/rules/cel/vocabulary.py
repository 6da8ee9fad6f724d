"""What a text may speak of: records (person, household, village, year) and their facts, each typed and named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from shuanglian.rules.profile_shapes import Label

from .types import DAY, NUMBER, Type, list_of, record


@dataclass(frozen=True)
class Word:
    """One fact: `name` of a `record`, its type, what it is called and means, its unit, and where it comes from.

    codes: the list of the profile whose codes a text fact holds, for pick-lists and sentences. stated: nobody's column
    holds it, so it is asked for and kept as a statement with day and source. sensitive: health and the like, never in
    public notices.
    """

    record: str
    name: str
    type: Type
    label: Label
    source: Label
    unit: Label | None = None
    codes: str | None = None
    stated: bool = False
    sensitive: bool = False

    @property
    def path(self) -> str:
        return f"{self.record}.{self.name}"


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """All words by record and name, and the roots a text may begin with.

    roots: name → type, such as person → record(person), day → timestamp. `household.members` is a list of person.
    """

    words: Mapping[str, Mapping[str, Word]]
    roots: Mapping[str, Type] = field(
        default_factory=lambda: MappingProxyType({name: record(name) for name in ("person", "household", "village",
                                                                                  "year")} | {"day": DAY})
    )  # fmt: skip

    def word(self, record_name: str, name: str) -> Word | None:
        return self.words.get(record_name, {}).get(name)

    def type_of(self, record_name: str, name: str) -> Type | None:
        if (record_name, name) == ("household", "members"):
            return list_of(record("person"))
        found = self.word(record_name, name)
        return found.type if found else None

    def with_given(self, given: Mapping[str, Label]) -> Vocabulary:
        """The same with the named amounts of one rule: `given.NAME`, exact numbers that a scenario may change."""
        source = Label(zh="本项规定", en="this provision")
        words = {name: Word("given", name, NUMBER, label, source) for name, label in given.items()}
        return Vocabulary({**self.words, "given": words}, {**self.roots, "given": record("given")})
