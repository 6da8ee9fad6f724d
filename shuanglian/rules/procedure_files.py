"""The files of procedures → procedures with their conditions read and everything checked (REG-4, REG-5)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from shuanglian.kernel.period import Period
from shuanglian.kernel.words import N_, Said

from .benefit_files import Ground
from .cel.language import Expression, read
from .cel.types import BOOL
from .cel.vocabulary import Vocabulary
from .code_list import CodeList
from .conditions import Condition
from .procedure_shapes import ProcedureShape, StepShape
from .procedures import EFFECTS, Procedure, Step
from .profile_checks import Checker, overlap
from .profile_faults import suggest
from .profile_files import Desk, Table
from .text_files import read_text

ONE = timedelta(days=1)
Loc = tuple[str | int, ...]
ROOTS = {
    "household": ("household", "village", "year", "day"), "newcomer": ("household", "village", "year", "day"),
    "person": ("person", "household", "village", "year", "day"), "village": ("village", "year", "day"),
}  # fmt: skip
# What a kind of step demands, and what only that kind may say.
DEMANDS = {
    "quorum": ("evaluation",), "majority": ("evaluation",), "days": ("notice", "announcement"),
    "notice": ("notice", "announcement"), "share": ("recheck",), "signs": ("signoff",),
    "methods": ("verification", "recheck", "comparison"),
}  # fmt: skip


def read_procedures(
    files: Mapping[str, Table], ground: Ground, roles: Mapping[str, Any], desk: Desk
) -> dict[str, Procedure]:
    """code → procedure, of the files that can be read; everything wrong goes to the desk with file, line and cure."""
    found = {}
    for name, file in files.items():
        table, code = file.part(tuple(key for key in file if key != "source")), Path(name).stem
        shape = ground.shaped(ProcedureShape, table, desk)
        if shape is not None:
            found[code] = _Reader(code, shape, table, ground, roles, desk).procedure()
    return found


def procedure_of(written: Mapping[str, Any], vocabulary: Vocabulary, codes: Mapping[str, CodeList]) -> Procedure:
    """A procedure from what `Procedure.written` gave; TextFaults when it speaks of facts that are gone since."""
    shape = ProcedureShape.model_validate_json(json.dumps(written["shape"]))
    words = vocabulary_for(vocabulary, shape.subject)
    steps = tuple(
        Step(one, tuple(Condition(need.says, read(need.when, words, BOOL, codes=codes)) for need in one.needs))
        for one in shape.steps
    )
    return Procedure(written["code"], shape, steps)


@lru_cache(maxsize=32)
def vocabulary_for(vocabulary: Vocabulary, subject: str) -> Vocabulary:
    """What the conditions of a procedure about this subject may speak of."""
    return Vocabulary(
        vocabulary.words, {name: kind for name, kind in vocabulary.roots.items() if name in ROOTS[subject]}
    )


class _Reader:
    """Checks one procedure and reads its conditions."""

    def __init__(
        self, code: str, shape: ProcedureShape, table: Table, ground: Ground, roles: Mapping[str, Any], desk: Desk
    ) -> None:
        self.code, self.shape, self.table, self.ground, self.roles, self.desk = code, shape, table, ground, roles, desk
        self.checker = Checker({}, {}, {id(shape): table}, desk)
        self.words = vocabulary_for(ground.vocabulary, shape.subject)

    def fault(self, loc: Loc, code: str, said: Said, cure: Said) -> None:
        self.desk.fault(self.table.find(loc), code, said, cure)

    def procedure(self) -> Procedure:
        self.checker.dangling(self.shape, ("effect",), self.shape.effect, sorted(EFFECTS))
        self.checker.sources(self.shape, self.ground.rules, self.ground.documents)
        steps = tuple(Step(one, self._needs(number, one)) for number, one in enumerate(self.shape.steps))
        for number, one in enumerate(self.shape.steps):
            self.checker.sources(self.shape, self.ground.rules, self.ground.documents, ("steps", number))
            self._actors(number, one)
            self._demands(number, one)
            self._earlier(number, one)
            self._once(number, one)
        self._order()
        return Procedure(self.code, self.shape, steps)

    def _actors(self, number: int, one: StepShape) -> None:
        """Roles exist, may act, and exist at the step's level: a step that nobody can do would stop every case."""
        self.checker.dangling(self.shape, ("steps", number, "level"), one.level, self.ground.codes.get("levels", ()))
        if one.notice:
            kinds = sorted(self.ground.codes.get("notice_kinds", ()))
            self.checker.dangling(self.shape, ("steps", number, "notice"), one.notice, kinds)
        for at, role in enumerate(one.by):
            loc: Loc = ("steps", number, "by", at)
            self.checker.dangling(self.shape, loc, role, sorted(self.roles))
            known = self.roles.get(role)
            if known is None:
                continue
            if "procedures.act" not in known.may or (known.levels and one.level not in known.levels):
                said = Said(N_("角色 {role} 在 {level} 一级不能办理"), {"role": known.label, "level": one.level})
                self.fault(loc, "cannot_act", said, Said(N_("换一个在这一级有 procedures.act 权限的角色。")))

    def _demands(self, number: int, one: StepShape) -> None:
        for key, kinds in DEMANDS.items():
            given, wanted = getattr(one, key) not in (None, ()), one.kind in kinds
            told = {"key": key, "kind": one.kind}
            if wanted and not given:
                self.fault(
                    ("steps", number), "missing_key", Said(N_("{kind} 步骤缺少 {key}"), told),
                    Said(N_("补上 {key}。"), told),
                )  # fmt: skip
            elif given and not wanted:
                self.fault(
                    ("steps", number, key), "unknown_key", Said(N_("{kind} 步骤不用写 {key}"), told),
                    Said(N_("删去它，或改写 kind。")),
                )  # fmt: skip
        if one.days == 0:
            self.fault(
                ("steps", number, "days"), "too_small", Said(N_("公示天数须大于 0")), Said(N_("写公示的整天数，如 7。"))
            )

    def _earlier(self, number: int, one: StepShape) -> None:
        earlier = [step.code for step in self.shape.steps[:number] if step.code != one.code]
        for key in ("back_to", "apart"):
            for at, code in enumerate(getattr(one, key)):
                if code not in earlier:
                    said = Said(N_("{key} 须指向更早的步骤，{value} 不是"), {"key": key, "value": code})
                    self.fault(("steps", number, key, at), "not_earlier", said, suggest(code, earlier))

    def _once(self, number: int, one: StepShape) -> None:
        for other in self.shape.steps[:number]:
            if other.code == one.code and overlap(one, other):
                said = Said(N_("代码 {value} 写了两次"), {"value": one.code})
                cure = Said(N_("删去一条，或给两条不同的起止日。"))
                self.fault(("steps", number, "code"), "duplicate", said, cure)

    def _order(self) -> None:
        """On every day of change: it begins with the application, it decides, it announces only what is decided."""
        stretches = [(one.since, one.until) for one in self.shape.steps] + [(self.shape.since, self.shape.until)]
        if any(until and until < since for since, until in stretches):
            return  # said already
        changes = {one.since for one in self.shape.steps} | {one.until + ONE for one in self.shape.steps if one.until}
        standing = Period(self.shape.since, self.shape.until)
        for day in sorted({self.shape.since} | {day for day in changes if day in standing}):
            kinds = [one.kind for one in self.shape.steps if one.stands_on(day)]
            if not kinds or kinds[0] != "application":
                self.fault(
                    ("steps", 0), "order", Said(N_("{day} 起的第一步不是申请（application）"), {"day": day}),
                    Said(N_("把申请步骤写在最前。")),
                )  # fmt: skip
            if "approval" not in kinds:
                self.fault(
                    ("steps",), "order", Said(N_("{day} 起没有审批步骤（approval）"), {"day": day}),
                    Said(N_("写一步 kind = \"approval\"。")),
                )  # fmt: skip
            elif "announcement" in kinds and kinds.index("announcement") < len(kinds) - 1 - kinds[::-1].index(
                "approval"
            ):
                self.fault(
                    ("steps",), "order", Said(N_("{day} 起公告排在审批之前"), {"day": day}),
                    Said(N_("公告（announcement）写在最后一次审批之后。")),
                )  # fmt: skip

    def _needs(self, number: int, one: StepShape) -> tuple[Condition, ...]:
        read_ones = ((need, self._text(("steps", number, "needs", at, "when"), need.when))
                     for at, need in enumerate(one.needs))  # fmt: skip
        return tuple(Condition(need.says, expression) for need, expression in read_ones if expression is not None)

    def _text(self, loc: Loc, text: str) -> Expression | None:
        return read_text(
            text, self.words, partial(self.fault, loc), codes=self.ground.code_lists, columns=False
        )  # fmt: skip
