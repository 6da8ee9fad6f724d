"""The shape of `complaints.toml`: what safe letters are about, who reads them, by when, how they end (VOICE-6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import Field, Strict

from .profile_shapes import Flag, Label, Named, Text, Words

Order = Annotated[int, Strict(), Field(ge=1)]
Days = Annotated[int, Strict(), Field(ge=1, le=3_660)]


class ComplaintKind(Named):
    """What a letter is about; `plain`: as a family would say it. prohibitions: one of the eight is named (FIELD-6)."""

    order: Order
    plain: Label
    prohibitions: Flag = False


class ComplaintOffice(Named):
    """Leaders and staff of a level who can be named without a name; the letter is read above that level.

    words: how a text names them.
    """

    order: Order
    level: Text
    words: Words = ()


class SafeWords(Named):
    """Words in a text that send it the safe way, and the kind it then is."""

    kind: Text
    words: Annotated[tuple[Text, ...], Field(min_length=1)]


class ComplaintOutcome(Named):
    """How a letter ends. consequence: what follows for whom must be named (ASSESS-12)."""

    order: Order
    plain: Label
    consequence: Flag = False


class ComplaintConsequence(Named):
    """What follows for the person found at fault, whatever the score (ASSESS-12)."""

    order: Order


class ComplaintTerms(Named):
    """Time limits in working days, sizes, and the smallest count that is published; see the comment in the file."""

    accept_days: Days
    answer_days: Days
    word_days: Days
    remind: Annotated[int, Strict(), Field(ge=0, le=30)]
    opening_hours: Annotated[int, Strict(), Field(ge=1, le=240)]
    opening_days: Days
    identity_days: Days
    follow_days: Days
    longest: Annotated[int, Strict(), Field(ge=100, le=10_000)]
    shortest_answer: Annotated[int, Strict(), Field(ge=1, le=500)]
    photos: Annotated[int, Strict(), Field(ge=0, le=9)]
    photo_mb: Annotated[int, Strict(), Field(ge=1, le=20)]
    per_hour: Annotated[int, Strict(), Field(ge=1)]
    fewest: Annotated[int, Strict(), Field(ge=2)]
    morning: Annotated[int, Strict(), Field(ge=0, le=23)]


class Complaints:
    """What safe letters read of a profile, in the order of its lists; lists are code → entry.

    .kinds  .offices  .words  .outcomes  .consequences  .terms (None where a profile takes no letters)
    """

    __slots__ = ("consequences", "kinds", "offices", "outcomes", "terms", "words")

    def __init__(self, stand: Callable[[str], Mapping[str, Any]]) -> None:
        self.kinds: Mapping[str, ComplaintKind] = _ordered(stand("complaint_kinds"))
        self.offices: Mapping[str, ComplaintOffice] = _ordered(stand("complaint_offices"))
        self.outcomes: Mapping[str, ComplaintOutcome] = _ordered(stand("complaint_outcomes"))
        self.consequences: Mapping[str, ComplaintConsequence] = _ordered(stand("complaint_consequences"))
        self.words: tuple[SafeWords, ...] = tuple(stand("complaint_words").values())
        self.terms: ComplaintTerms | None = next(iter(stand("complaint_terms").values()), None)


def _ordered(entries: Mapping[str, Any]) -> Mapping[str, Any]:
    return dict(sorted(entries.items(), key=lambda pair: (pair[1].order, pair[0])))


LISTS: dict[str, type[Named]] = {
    "complaint_kinds": ComplaintKind,
    "complaint_offices": ComplaintOffice,
    "complaint_words": SafeWords,
    "complaint_outcomes": ComplaintOutcome,
    "complaint_consequences": ComplaintConsequence,
    "complaint_terms": ComplaintTerms,
}
