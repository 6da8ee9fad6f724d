"""The checks of a profile → rules with their texts read, and every case run as `shuanglian profile check` reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from shuanglian.kernel.words import N_, Said

from .benefit_files import Ground
from .cel.vocabulary import Vocabulary
from .conditions import Condition
from .fact_values import typed
from .facts.build import moment
from .profile_checks import Checker
from .profile_faults import suggest
from .profile_files import Desk, Table
from .profile_shapes import Label
from .profile_weights import Limit
from .quality import Rule, complains
from .quality_shapes import Check, CheckCase
from .text_files import read_text

Loc = tuple[str | int, ...]
ROOTS = {
    "person": ("person", "household", "village", "year", "day"), "household": ("household", "village", "year", "day"),
    "village": ("village", "year", "day"),
}  # fmt: skip
BOUNDS = {"low": Label(zh="下限", en="lower bound"), "high": Label(zh="上限", en="upper bound")}
SAYS = {True: N_("有问题"), False: N_("没有问题"), None: N_("须先问清")}
EXPECTED = {"yes": True, "no": False, "ask": None}


def read_checks(
    checks: Iterable[Check], limits: Iterable[Limit], tables: Mapping[int, Table], ground: Ground, desk: Desk
) -> dict[int, Rule]:
    """id of a check → its rule, of checks that the register can be asked; what is wrong with them goes to the desk."""
    known = {one.code: one for one in limits}
    found = {}
    for check in checks:
        if check.kind == "columns":
            continue
        told = len(desk.faults)
        rule = _Reader(check, tables[id(check)], known, ground, desk).rule()
        if rule is not None and len(desk.faults) == told:
            found[id(check)] = rule
            _run_cases(rule, tables[id(check)], ground, desk)
    return found


class _Reader:
    def __init__(
        self, check: Check, table: Table, limits: Mapping[str, Limit], ground: Ground, desk: Desk
    ) -> None:  # fmt: skip
        self.check, self.table, self.limits, self.ground, self.desk = check, table, limits, ground, desk

    def fault(self, loc: Loc, code: str, said: Said, cure: Said) -> None:
        self.desk.fault(self.table.find(loc), code, said, cure)

    def rule(self) -> Rule | None:
        given = self._given()
        if self.check.when is None:
            return Rule(self.check, None, given)
        if self.check.level not in ROOTS:
            said = Said(N_("{level} 的规则不能写条件"), {"level": self.check.level})
            self.fault(("level",), "no_facts", said, suggest(self.check.level, ROOTS))
            return None
        vocabulary = _vocabulary(self.ground.vocabulary, self.check.level, tuple(given))
        expression = read_text(
            self.check.when, vocabulary, partial(self.fault, ("when",)), codes=self.ground.code_lists
        )  # fmt: skip
        if expression is None:
            return None
        for name in self.check.params:
            if f"given.{name}" not in expression.facts:
                said = Said(N_("{key} 没有被用到"), {"key": f"given.{name}"})
                self.fault(("params", name), "unused", said, Said(N_("在 when 里用它，或删去它。")))
        return Rule(self.check, Condition(self.check.label, expression), given)

    def _given(self) -> dict[str, Decimal | int]:
        given: dict[str, Decimal | int] = {name: _exact(one) for name, one in self.check.params.items()}
        for number, code in enumerate(self.check.limits):
            limit = self.limits.get(code)
            if limit is None:
                checker = Checker({}, {}, {id(self.check): self.table}, self.desk)
                checker.dangling(self.check, ("limits", number), code, self.limits)
                continue
            for side in ("low", "high"):
                if (amount := getattr(limit, side)) is not None:
                    given[f"{code}_{side}"] = amount
        return given


def _exact(amount: Any) -> Decimal:
    return Decimal(amount)


@lru_cache(maxsize=512)
def _vocabulary(vocabulary: Vocabulary, level: str, given: tuple[str, ...]) -> Vocabulary:
    """The words that a rule of a level may use; one for all with the same amounts, so that texts are read once."""
    roots = {name: kind for name, kind in vocabulary.roots.items() if name in ROOTS[level]}
    return Vocabulary(vocabulary.words, roots).with_given({name: _label(name) for name in given})


def _label(name: str) -> Label:
    return BOUNDS.get(name.rpartition("_")[2], Label(zh="规定的数", en="the rule's number"))


# --- cases ----------------------------------------------------------------------------------------------------------
def _run_cases(rule: Rule, table: Table, ground: Ground, desk: Desk) -> None:
    for number, case in enumerate(rule.check.cases):
        loc: Loc = ("cases", number)
        if rule.condition is None or (case.person is not None) != (rule.level == "person"):
            said = Said(N_("这一例与规则的层级 {level} 不符"), {"level": rule.level})
            cure = Said(N_("人的规则写 person，户的规则写 household，两户比较的规则不写例子。"))
            desk.fault(table.find(loc), "case_person", said, cure)
            continue
        facts = _facts(case, rule, loc, table, ground, desk)
        if facts is None:
            continue
        came = complains(rule, facts)
        if came is not EXPECTED[case.complains]:
            given = {"expected": Said(SAYS[EXPECTED[case.complains]]), "came": Said(SAYS[came])}
            said = Said(N_("这一例应为 {expected}，得出 {came}"), given)
            desk.fault(table.find((*loc, "complains")), "case_fails", said, Said(N_("改正例子，或改正条件。")))


def _facts(
    case: CheckCase, rule: Rule, loc: Loc, table: Table, ground: Ground, desk: Desk
) -> dict[str, Any] | None:  # fmt: skip
    raw = {"household": case.household, "village": case.village, "year": case.year}
    if case.person is not None:
        raw["person"] = case.person
    facts, faults = typed(raw, ground.vocabulary)
    for fault in faults:
        desk.fault(table.find((*loc, *fault.place)), fault.code, fault.said, fault.cure)
    if faults:
        return None
    on: date = case.on or rule.check.since
    facts["household"].setdefault("members", [])
    return {**facts, "year": {**ground.year(on), **facts["year"]}, "day": moment(on)}
