"""The written half of benefits: the shapes of benefits/CODE.toml (BEN-1 … BEN-8)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from .condition_shapes import ConditionShape, Facts, GivenShape
from .profile_shapes import Amount, Code, Day, Label, Shape, Text

GivenName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]


class DiffersShape(Shape):
    """What another document says otherwise: shown as a conflict, never decides."""

    document: Text
    says: Label
    given: dict[GivenName, Amount] = {}


class TermsShape(Shape):
    """One stretch of days of a benefit: its conditions and amounts, and where they stand.

    complete: decides. incomplete: named in the papers but not given there; `lacks` says what is missing, nothing is
    decided.
    """

    cites: Annotated[tuple[Text, ...], Field(min_length=1)]
    document: Text
    since: Day
    until: Day | None = None
    note: Text | None = None
    state: Literal["complete", "incomplete"]
    lacks: tuple[Label, ...] = ()
    given: dict[GivenName, GivenShape] = {}
    yuan: Text | None = None
    all_of: tuple[ConditionShape, ...] = ()
    differs: tuple[DiffersShape, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> TermsShape:
        if self.state == "incomplete" and not self.lacks:
            raise ValueError("incomplete_without_lacks")
        if self.state == "complete" and self.lacks:
            raise ValueError("complete_with_lacks")
        if self.state == "complete" and not self.all_of:
            raise ValueError("no_conditions")
        return self


def _answer(value: object) -> object:
    """true and false are themselves; a word is kept for the choice below."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


class CaseShape(Shape):
    """One family on one day and what must come out; a benefit's cases are its tests."""

    on: Day
    person: Facts | None = None
    household: Facts = {}
    village: Facts = {}
    year: Facts = {}
    granted: Annotated[Literal["yes", "no", "ask", "incomplete"], BeforeValidator(_answer)]
    unmet: tuple[Text, ...] | None = None
    asks: tuple[Text, ...] | None = None
    yuan: Amount | None = None
    note: Text | None = None


class BenefitShape(Shape):
    """One benefit: what it is, who owes it, where to ask, and its terms by day; the file's name is its code."""

    title: Label
    kind: Code
    subject: Literal["person", "household"]
    department: Code
    channel: Literal["transfer", "none"]
    pays: Literal["money", "points", "service", "loan", "share"]
    every: Literal["year", "school_year", "month", "once", "case"]
    apply_at: Label
    papers: tuple[Label, ...] = ()
    plain: Label
    fund: Code
    note: Text | None = None
    terms: Annotated[tuple[TermsShape, ...], Field(min_length=1)]
    cases: tuple[CaseShape, ...] = ()

    @model_validator(mode="after")
    def _amounts(self) -> BenefitShape:
        if self.pays in ("money", "points") and any(one.yuan is None for one in self.terms if one.state == "complete"):
            raise ValueError("no_amount")
        return self
