"""Procedures of the register (REG-4): which steps there are and what each demands; what may happen is the machine's.

procedure = profile.procedures["entry"]
then = procedure.on(day)         the steps in force that day; a case keeps those of the day it was opened
then.step("first_notice").days   7
then.after("first_notice")       the next step, None behind the last
then.deciding                    the last approval: when it passes, the effect takes place
written = then.written()         plain values that `procedure_of` reads again: what a case was opened under
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import Any

from shuanglian.kernel.period import Period

from .benefits import digest
from .conditions import Condition
from .procedure_shapes import PaperShape, ProcedureShape, SignerShape, StepShape, fraction
from .profile_shapes import Label

# What a procedure may do to the register when it is approved; rooms above say how (procedures.hooks).
EFFECTS = frozenset({
    "enter", "return", "exit", "remove", "correct", "merge", "split", "move", "member_in", "member_out", "member_move",
    "none",
})  # fmt: skip
# one such case at a time about one subject
CHANGES_STANDING = EFFECTS - {"correct", "member_in", "member_out", "none"}
NOTICES = frozenset({"notice", "announcement"})  # stand for days in public
PROPOSING = frozenset({"application", "evaluation", "verification", "comparison", "confirmation"})
FINDING = frozenset({"verification", "recheck", "comparison"})  # say what was found, house by house
DECIDING = frozenset({"evaluation", "verification", "recheck", "comparison", "approval", "signoff"})  # never relatives


@dataclass(frozen=True)
class Step:
    """One step in force; its conditions read. See StepShape for what each part means."""

    shape: StepShape
    needs: tuple[Condition, ...] = ()

    @property
    def code(self) -> str:
        return self.shape.code

    @property
    def kind(self) -> str:
        return self.shape.kind

    @property
    def label(self) -> Label:
        return self.shape.label

    @property
    def level(self) -> str:
        return self.shape.level

    @property
    def by(self) -> tuple[str, ...]:
        return self.shape.by

    @property
    def documents(self) -> tuple[PaperShape, ...]:
        return self.shape.documents

    @property
    def required(self) -> frozenset[str]:
        return frozenset(one.code for one in self.shape.documents if one.required)

    @property
    def days(self) -> int:
        return self.shape.days or 0

    @property
    def quorum(self) -> Fraction | None:
        return fraction(self.shape.quorum) if self.shape.quorum else None

    @property
    def majority(self) -> Fraction | None:
        return fraction(self.shape.majority) if self.shape.majority else None

    @property
    def share(self) -> Fraction | None:
        return fraction(self.shape.share) if self.shape.share else None

    @property
    def signs(self) -> tuple[SignerShape, ...]:
        return self.shape.signs

    @property
    def back_to(self) -> tuple[str, ...]:
        return self.shape.back_to

    @property
    def apart(self) -> tuple[str, ...]:
        return self.shape.apart

    @property
    def methods(self) -> tuple[str, ...]:
        return self.shape.methods

    @property
    def form(self) -> str:
        return self.shape.form or ""

    @property
    def stands(self) -> bool:
        """Whether something is put up in public and has to run its days."""
        return self.kind in NOTICES


@dataclass(frozen=True)
class Procedure:
    """One procedure: code, title, what it is about, what it does, its steps over all days or as on a day."""

    code: str
    shape: ProcedureShape
    steps: tuple[Step, ...]
    day: date | None = None

    @property
    def label(self) -> Label:
        return self.shape.title

    @property
    def subject(self) -> str:
        return self.shape.subject

    @property
    def effect(self) -> str:
        return self.shape.effect

    @property
    def exclusive(self) -> bool:
        """Whether it changes how its subject stands on the register."""
        return self.effect in CHANGES_STANDING

    def stands_on(self, day: date) -> bool:
        return day in Period(self.shape.since, self.shape.until)

    def on(self, day: date) -> Procedure:
        """Only the steps in force on a day, both ends in."""
        return replace(self, steps=tuple(one for one in self.steps if one.shape.stands_on(day)), day=day)

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return MappingProxyType({one.code: number for number, one in enumerate(self.steps)})

    def __contains__(self, code: str) -> bool:
        return code in self._places

    def place(self, code: str) -> int:
        """How many steps lie before this one; KeyError for a step of another procedure or day."""
        return self._places[code]

    def step(self, code: str) -> Step:
        return self.steps[self._places[code]]

    @property
    def first(self) -> Step:
        return self.steps[0]

    def after(self, code: str) -> Step | None:
        following = self.steps[self._places[code] + 1 :]
        return following[0] if following else None

    @cached_property
    def deciding(self) -> Step:
        """The last approval: the one that lets the effect take place."""
        return [one for one in self.steps if one.kind == "approval"][-1]

    def written(self) -> dict[str, Any]:
        """Plain values, steps of its day only; by them a case goes on even when the profile has changed since."""
        shape = self.shape.model_copy(update={"steps": tuple(one.shape for one in self.steps)})
        return {"code": self.code, "shape": shape.model_dump(mode="json")}

    @cached_property
    def version(self) -> str:
        """A short digest of everything that is demanded: two that say the same have the same."""
        return digest(self.written())
