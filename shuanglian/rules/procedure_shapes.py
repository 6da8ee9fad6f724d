"""The written half of procedures: the shapes of procedures/CODE.toml (REG-4, REG-5)."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from .condition_shapes import ConditionShape
from .profile_shapes import Code, Count, Day, Flag, Label, Shape, Sourced, Text

Kind = Literal[
    "application", "evaluation", "notice", "verification", "comparison", "recheck", "confirmation", "approval",
    "announcement", "signoff",
]  # fmt: skip
Subject = Literal["household", "person", "newcomer", "village"]
Method = Literal["visit", "papers", "data"]


def fraction(text: str) -> Fraction:
    """ "2/3" or "0.20" exactly; ValueError when it is neither or lies outside 0 to 1."""
    try:
        found = Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise ValueError("bad_share") from None
    if not 0 <= found <= 1:
        raise ValueError("share_outside")
    return found


def _share(value: object) -> object:
    """Shares are exact: a text "0.20" or "2/3"; never a binary fraction."""
    if isinstance(value, float | bool):
        raise ValueError("bad_share")
    fraction(str(value))
    return str(value)


Share = Annotated[str, BeforeValidator(_share)]


class PaperShape(Shape):
    """One document that a step needs; `required = false` is taken when there is one."""

    code: Code
    label: Label
    required: Flag = True


class SignerShape(Shape):
    """One post whose holder signs a step (REG-5). `spellings`: how rosters write it; a deputy (副) never holds it."""

    code: Code
    label: Label
    spellings: tuple[Text, ...] = ()


class StepShape(Sourced):
    """One step: who acts at which level, what it needs, how long it stands, what may send it back.

    quorum: share of the representatives who must be present · majority: of those voting, more than this share must be
    for it · days: full calendar days a notice stands · share: of a list's cases, re-checked by draw · signs: posts ·
    back_to: earlier steps it may be sent back to · apart: earlier steps whose actors may not do this one · methods:
    how a finding may have been made (REG-5: never by phone or hearsay) · notice: the kind of notice that is put up.
    """

    label: Label
    kind: Kind
    level: Code
    by: Annotated[tuple[Code, ...], Field(min_length=1)]
    documents: tuple[PaperShape, ...] = ()
    days: Count | None = None
    quorum: Share | None = None
    majority: Share | None = None
    share: Share | None = None
    signs: tuple[SignerShape, ...] = ()
    back_to: tuple[Code, ...] = ()
    apart: tuple[Code, ...] = ()
    methods: tuple[Method, ...] = ()
    notice: Code | None = None
    needs: tuple[ConditionShape, ...] = ()
    form: Code | None = None
    plain: Label | None = None


class ProcedureShape(Shape):
    """One procedure of the register; the file's name is its code."""

    cites: Annotated[tuple[Text, ...], Field(min_length=1)]
    document: Text
    since: Day
    until: Day | None = None
    note: Text | None = None
    title: Label
    subject: Subject
    effect: Code
    plain: Label
    steps: Annotated[tuple[StepShape, ...], Field(min_length=1)]
