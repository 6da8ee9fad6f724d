"""The written half of scrutiny: signs that a visit is hard to believe, when they flag it, call-backs (FIELD-3, 6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BeforeValidator, Field

from .condition_shapes import Facts, GivenShape
from .profile_shapes import Amount, Code, Count, Label, Named, Shape, Text

if TYPE_CHECKING:
    from .scrutiny import Sign

Points = Annotated[int, Field(ge=1, le=100)]
Share = Annotated[Amount, Field(gt=0, le=1)]


def _answer(value: object) -> object:
    """true and false are themselves; a word is kept for the choice below."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


class SignCase(Shape):
    """One visit by its facts, and whether the sign is met: a sign's cases are its tests; "ask": it is not known."""

    visit: Facts
    met: Annotated[Literal["yes", "no", "ask"], BeforeValidator(_answer)]
    note: Text | None = None


class SignShape(Named):
    """One sign: `when` over the facts of a visit (visit.FACT), what it weighs, and what may well explain it.

    against: what it says against the visit, in words; explained: what would explain it. A sign is never a finding.
    """

    when: Text
    points: Points
    against: Label
    explained: Label
    given: dict[Code, GivenShape] = {}
    cases: tuple[SignCase, ...] = ()


class Scoring(Named):
    """flag_at: from how many points on a person looks at the visit; days: visits that far apart are held together.

    answer_days: how long the cadre has to say what happened before the reviewer decides without.
    """

    flag_at: Points
    days: Count
    answer_days: Count


class VerdictShape(Named):
    """What a reviewer may find; counts: whether the visit still counts for duties afterwards."""

    counts: bool
    order: Count


class CallBack(Named):
    """Households that are asked each month whether a visit took place: a share of those visited.

    least: at least so many a village. days: how long the answer by the code on the card is waited for.
    """

    share: Share
    least: Count
    days: Count


class Scrutiny:
    """What scrutiny reads of a profile: signs, scoring, verdicts, call-backs; without scoring nothing is flagged."""

    __slots__ = ("call_back", "scoring", "signs", "verdicts")

    def __init__(
        self, signs: Iterable[Sign], scoring: Iterable[Scoring], verdicts: Iterable[VerdictShape],
        call_backs: Iterable[CallBack],
    ) -> None:  # fmt: skip
        self.signs: Mapping[str, Sign] = {one.code: one for one in signs}
        self.scoring: Scoring | None = next(iter(scoring), None)
        self.verdicts: Mapping[str, VerdictShape] = {
            one.code: one for one in sorted(verdicts, key=lambda one: one.order)
        }
        self.call_back: CallBack | None = next(iter(call_backs), None)

    def flags(self, points: int) -> bool:
        """Whether a person should look at a visit with so many points."""
        return self.scoring is not None and points >= self.scoring.flag_at


__all__ = ["CallBack", "Scoring", "Scrutiny", "SignCase", "SignShape", "VerdictShape"]
