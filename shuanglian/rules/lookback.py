"""What the answers of a look-back visit show (REG-6; domain 3.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .lookback_shapes import Question, Verdict

Answers = Mapping[str, bool | None]  # code of a question → yes, no; missing or None: not asked, not known


def asked_of(questions: Mapping[str, Question], subject: str) -> list[Question]:
    """The questions of a visit to somebody registered, who left, or who is not on the register; in order."""
    return sorted((one for one in questions.values() if subject in one.of), key=lambda one: (one.order, one.code))


def shown_by(
    questions: Mapping[str, Question], verdicts: Iterable[Verdict], answers: Answers, subject: str
) -> dict[str, bool | None]:  # fmt: skip
    """verdict → True: an answer shows it; False: all its questions are answered and none does; None: not known yet."""
    shown: dict[str, bool | None] = {}
    for verdict in verdicts:
        if subject not in verdict.of:
            continue
        asked = [one for one in asked_of(questions, subject) if verdict.code in one.shows]
        told = [answers.get(one.code) for one in asked]
        hit = any(
            answer is (one.shows[verdict.code] == "yes") for one, answer in zip(asked, told, strict=True)
        )  # None is neither yes nor no
        shown[verdict.code] = True if hit else None if None in told or not asked else False
    return shown
