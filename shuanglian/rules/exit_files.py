"""The exit standards of a profile → standards with their texts read, and every case run as `profile check` reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache, partial
from typing import Any

from shuanglian.kernel.words import N_, Said

from .benefit_files import Ground
from .cel.language import Expression
from .cel.vocabulary import Vocabulary
from .exit_areas import area_vocabulary
from .exit_shapes import ExitCase, StandardShape
from .exits import NOT_READY, READY, UNDECIDED, Ask, Standard, Told, look
from .fact_values import typed
from .profile_files import Desk, Table
from .profile_shapes import Label
from .text_files import read_text

Loc = tuple[str | int, ...]
OF_HOUSEHOLD = ("household", "village", "year", "day")
ROOTS = {"household": OF_HOUSEHOLD, "left": OF_HOUSEHOLD, "village": ("village", "year", "day")}
SAYS = {READY: N_("达到标准"), NOT_READY: N_("没有达到标准"), UNDECIDED: N_("须先问清")}
EXPECTED = {"yes": READY, "no": NOT_READY, "ask": UNDECIDED}


def read_standards(
    shapes: Iterable[StandardShape], tables: Mapping[int, Table], ground: Ground, desk: Desk
) -> dict[int, Standard]:
    """id of a shape → the standard ready for use; what is wrong goes to the desk."""
    found = {}
    for shape in shapes:
        told, table = len(desk.faults), tables[id(shape)]
        standard = _read(shape, table, ground, desk)
        if len(desk.faults) == told:  # a case of faulty texts could only fail
            found[id(shape)] = standard
            for number, case in enumerate(shape.cases):
                _run(standard, case, ("cases", number), table, ground, desk)
    return found


def _read(shape: StandardShape, table: Table, ground: Ground, desk: Desk) -> Standard:
    labels = tuple((name, one.label) for name, one in shape.given.items())
    vocabulary = _vocabulary(ground.vocabulary, shape.level, labels)
    asks, used = [], set[str]()
    for number, one in enumerate(shape.all_of):
        expression = _text(one.when, vocabulary, table, ("all_of", number, "when"), ground, desk)
        if expression is not None:
            asks.append(Ask(shape.code, one, expression, shape.kind == "blocks"))
            used |= expression.facts
    for name in shape.given if len(asks) == len(shape.all_of) else ():
        if f"given.{name}" not in used:
            said = Said(N_("{key} 没有被用到"), {"key": f"given.{name}"})
            desk.fault(table.find(("given", name)), "unused", said, Said(N_("在 when 里用它，或删去它。")))
    return Standard(shape, tuple(asks))


def _text(
    text: str, vocabulary: Vocabulary, table: Table, loc: Loc, ground: Ground, desk: Desk
) -> Expression | None:  # fmt: skip
    return read_text(text, vocabulary, partial(desk.fault, table.find(loc)), codes=ground.code_lists)


@lru_cache(maxsize=128)
def _vocabulary(vocabulary: Vocabulary, level: str, labels: tuple[tuple[str, Label], ...]) -> Vocabulary:
    """The words that a level's standards may use."""
    if level not in ROOTS:
        return area_vocabulary().with_given(dict(labels))
    roots = {name: kind for name, kind in vocabulary.roots.items() if name in ROOTS[level]}
    return Vocabulary(vocabulary.words, roots).with_given(dict(labels))


# --- cases ----------------------------------------------------------------------------------------------------------
def _run(standard: Standard, case: ExitCase, loc: Loc, table: Table, ground: Ground, desk: Desk) -> None:
    if not standard.shape.stands_on(case.on):
        said = Said(N_("这一例的日子 {on} 不在标准的期间内"), {"on": case.on})
        desk.fault(table.find((*loc, "on")), "case_day", said, Said(N_("改正例子的日子。")))
        return
    facts = _facts(standard, case, loc, table, ground, desk)
    if facts is None:
        return
    told = look([standard], facts, case.on)
    for key, expected, came in _differences(case, told):
        said = Said(N_("这一例应为 {expected}，得出 {came}"), {"expected": expected, "came": came})
        desk.fault(table.find((*loc, key)), "case_fails", said, Said(N_("改正例子，或改正条件。")))


def _facts(
    standard: Standard, case: ExitCase, loc: Loc, table: Table, ground: Ground, desk: Desk
) -> dict[str, Any] | None:
    raw: dict[str, Any] = {"year": case.year}
    if standard.level in ROOTS:
        raw |= {"household": case.household, "village": case.village}
        vocabulary = ground.vocabulary
    else:
        raw |= {"area": case.area}
        vocabulary = area_vocabulary()
    facts, faults = typed(raw, vocabulary)
    for fault in faults:
        desk.fault(table.find((*loc, *fault.place)), fault.code, fault.said, fault.cure)
    if faults:
        return None
    facts["year"] = {**ground.year(case.on), **facts["year"]}
    return facts


def _differences(case: ExitCase, told: Told) -> list[tuple[str, Any, Any]]:
    """(key, what the case expects, what came out), only the first that differs."""
    if EXPECTED[case.meets] != told.state:
        return [("meets", Said(SAYS[EXPECTED[case.meets]]), Said(SAYS[told.state]))]
    unmet = sorted(code.rpartition("__")[2] for code in told.in_the_way)
    if case.unmet is not None and sorted(case.unmet) != unmet:
        return [("unmet", _listed(case.unmet), _listed(unmet))]
    if case.asks is not None and set(case.asks) != told.asks:
        return [("asks", _listed(sorted(case.asks)), _listed(sorted(told.asks)))]
    return []


def _listed(words: Iterable[str]) -> str:
    return "、".join(words) or "—"
