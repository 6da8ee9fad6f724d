"""The written half of public notices: the shapes of notices.toml (REG-4, FUND-6)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, Strict, field_validator

from .profile_shapes import Count, Flag, Label, Named, Sourced, Text, Words

Days = Annotated[int, Strict(), Field(ge=1, le=365)]
Positive = Annotated[int, Strict(), Field(ge=1)]

# What no profile can put on a board: a field whose code speaks of these is refused when the profile is read.
NEVER_FIELDS = (
    "id_number", "id_digest", "identity", "phone", "mobile", "tel", "bank", "card", "account", "born", "birth",
    "health", "illness", "disease", "disabil", "hiv", "religion", "address", "password",
)  # fmt: skip


class NoticeField(Named):
    """One field that a row of a notice may show, and how long its text may be. `wide`: gets most room on paper."""

    order: Count
    longest: Annotated[int, Strict(), Field(ge=1, le=400)]
    wide: Flag = False

    @field_validator("code")
    @classmethod
    def _never(cls, code: str) -> str:
        if any(word in code.lower() for word in NEVER_FIELDS):
            raise ValueError("never_published")
        return code


class NoticeKind(Named):
    """A kind of notice: what its rows may show, how names are shown, how long it stands, whether it takes objections.

    `names`: full 张三丰, middle 张*丰, surname 张**. `by_hand`: staff may write one without a procedure.
    """

    fields: Words
    names: Literal["full", "middle", "surname"]
    days: Days
    objections: Flag
    by_hand: Flag = False
    sentence: Label
    asks: Label | None = None  # what the village is asked to do


class ObjectionTerms(Sourced):
    """How objections are taken, answered and followed.

    Days are calendar days. `identity_levels`: the levels whose answering office may look at who objected. Limits a web
    address in one hour: `per_hour` objections, `misses_per_hour` codes and numbers that open nothing. `repeated_by`:
    the levels at which two people may find that an objection repeats an answered one and stops no clock; empty: none.
    """

    answer_days: Days
    follow_days: Days
    longest: Annotated[int, Strict(), Field(ge=100, le=10_000)]
    photos: Annotated[int, Strict(), Field(ge=0, le=9)]
    photo_mb: Annotated[int, Strict(), Field(ge=1, le=20)]
    per_hour: Positive
    misses_per_hour: Positive
    identity_levels: Words
    repeated_by: Words = ()


class NeverWords(Sourced):
    """Words that must not stand on a board, why, and what to write instead (health: the cause, not the disease)."""

    label: Label
    words: Annotated[tuple[Text, ...], Field(min_length=1)]
    instead: Label
