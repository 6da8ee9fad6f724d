"""The measures of a profile → measures with their texts read, references followed, and every case run (PLAN-3)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

from shuanglian.kernel.words import N_, Said

from .benefit_files import Ground
from .benefits import Benefit
from .catalogue import Family, Measure, Offer, fixed_amount, offer
from .catalogue_shapes import MeasureCase, MeasureShape
from .cel.language import Expression
from .cel.types import BOOL, NUMBER, WHOLE, Type
from .cel.vocabulary import Vocabulary
from .conditions import Condition
from .fact_values import typed
from .facts.build import moment
from .profile_checks import Checker
from .profile_faults import suggest
from .profile_files import Desk, Table
from .text_files import read_text

Loc = tuple[str | int, ...]
OF_HOUSEHOLD = ("household", "village", "year", "day")
SAYS = {"yes": N_("可以选用"), "no": N_("不能选用"), "ask": N_("须先问清")}
# key of a measure → the list whose codes it names
NAMED = {"pays": "funds", "days": "plan_seasons", "land": "plan_lands", "excludes": "measures", "needs": "measures"}


def read_measures(
    lists: Mapping[str, tuple[Any, ...]], tables: Mapping[int, Table], benefits: Mapping[str, Benefit], ground: Ground,
    desk: Desk,
) -> dict[int, Measure]:  # fmt: skip
    """id of a shape → the measure ready for use; what is wrong goes to the desk."""
    _terms(lists, tables, benefits, ground, desk)
    found = {}
    for shape in lists["measures"]:
        told = len(desk.faults)
        reader = _Reader(shape, tables[id(shape)], benefits, ground, desk)
        measure = reader.measure()
        if len(desk.faults) == told:  # a case of faulty texts could only fail
            found[id(shape)] = measure
            for number, case in enumerate(shape.cases):
                reader.run(measure, case, ("cases", number))
    return found


def _terms(
    lists: Mapping[str, tuple[Any, ...]], tables: Mapping[int, Table], benefits: Mapping[str, Benefit], ground: Ground,
    desk: Desk,
) -> None:  # fmt: skip
    """What targets, terms, land and standing work refer to."""
    checker = Checker({}, {}, tables, desk)
    seasons = ground.codes.get("plan_seasons", ())
    for one in lists["plan_terms"]:
        if one.loan is not None:
            checker.dangling(one, ("loan",), one.loan, list(benefits))
    for one in lists["plan_lands"]:
        _number(one, checker, ground)
    for one in lists["plan_work"]:
        _number(one, checker, ground)
        for code in one.days:
            checker.dangling(one, ("days", code), code, seasons)


def _number(one: Any, checker: Checker, ground: Ground) -> None:
    """The fact of a household that a kind of land or of work goes by."""
    words = ground.vocabulary.words.get("household", {}).values()
    checker.dangling(one, ("fact",), one.fact, [word.path for word in words if word.type in (NUMBER, WHOLE)])


class _Reader:
    def __init__(
        self, shape: MeasureShape, table: Table, benefits: Mapping[str, Benefit], ground: Ground, desk: Desk
    ) -> None:
        self.shape, self.table, self.benefits, self.ground, self.desk = shape, table, benefits, ground, desk

    def fault(self, loc: Loc, code: str, said: Said, cure: Said) -> None:
        self.desk.fault(self.table.find(loc), code, said, cure)

    def measure(self) -> Measure:
        self._references()
        words = _vocabulary(self.ground.vocabulary, of_person=False)
        conditions = []
        for number, one in enumerate(self.shape.all_of):
            if expression := self._text(one.when, words, ("all_of", number, "when")):
                conditions.append(Condition(one.says, expression))
        person = None
        if self.shape.person is not None:
            mine = _vocabulary(self.ground.vocabulary, of_person=True)
            if expression := self._text(self.shape.person.when, mine, ("person", "when")):
                person = Condition(self.shape.person.says, expression)
        most = self._text(self.shape.most_of, words, ("most_of",), WHOLE) if self.shape.most_of else None
        return Measure(self.shape, tuple(conditions), person, most)

    def _references(self) -> None:
        checker = Checker({}, {}, {id(self.shape): self.table}, self.desk)
        for key, target in NAMED.items():
            known = self.ground.codes.get(target, ())
            written = getattr(self.shape, key)
            for number, word in enumerate(written):
                checker.dangling(self.shape, (key, word if isinstance(written, dict) else number), word, known)
                if word == self.shape.code:
                    self.fault((key,), "itself", Said(N_("{key} 指向自己"), {"key": key}), Said(N_("删去它。")))
        checker.dangling(self.shape, ("owner",), self.shape.owner, self.ground.codes.get("plan_owners", ()))
        if self.shape.figures not in self.ground.documents:
            said = Said(N_("出处 {value} 不在文件目录中"), {"value": self.shape.figures})
            cure = suggest(self.shape.figures, self.ground.documents)
            self.fault(("figures",), "unknown_document", said, cure)
        if self.shape.benefit is not None:
            self._benefit(self.shape.benefit, checker)

    def _benefit(self, code: str, checker: Checker) -> None:
        if code not in self.benefits:
            checker.dangling(self.shape, ("benefit",), code, list(self.benefits))
        elif not any(fixed_amount(self.benefits[code], one.since) for one in self.benefits[code].terms):
            said = Said(N_("“{value}”的金额因人而异，或还没有"), {"value": code})
            self.fault(("benefit",), "amount_differs", said, Said(N_("改写 low 和 likely 两个数。")))

    def _text(self, text: str, words: Vocabulary, loc: Loc, kind: Type = BOOL) -> Expression | None:
        return read_text(text, words, partial(self.fault, loc), kind=kind, codes=self.ground.code_lists)

    # --- cases ------------------------------------------------------------------------------------------------------
    def run(self, measure: Measure, case: MeasureCase, loc: Loc) -> None:
        family = self._family(case, loc)
        if family is None:
            return
        came = offer(measure, family, self.benefits)
        state = state_of(came)
        if state != case.offered:
            said = Said(N_("这一例应为 {expected}，得出 {came}"),
                        {"expected": Said(SAYS[case.offered]), "came": Said(SAYS[state])})  # fmt: skip
            self.fault((*loc, "offered"), "case_fails", said, Said(N_("改正例子，或改正条件。")))
        elif case.most is not None and came.most != case.most:
            said = Said(N_("这一例应为 {expected}，得出 {came}"), {"expected": case.most, "came": came.most})
            self.fault((*loc, "most"), "case_fails", said, Said(N_("改正例子，或改正条件。")))

    def _family(self, case: MeasureCase, loc: Loc) -> Family | None:
        raw = {"household": {**case.household, "members": [dict(one) for one in case.members]}, "village": case.village}
        facts, faults = typed(raw, self.ground.vocabulary)
        for fault in faults:
            place: Loc = fault.place
            if place[:2] == ("household", "members"):
                place = ("members", *place[2:])
            self.fault((*loc, *place), fault.code, fault.said, fault.cure)
        if faults:
            return None
        facts |= {"year": self.ground.year(case.on), "day": moment(case.on)}
        return Family(facts, dict(enumerate(facts["household"]["members"])), case.on)


def state_of(came: Offer) -> str:
    """yes: may be chosen; ask: it depends on what is not known; no."""
    if came.open:
        return "yes"
    return "ask" if came.met is None else "no"


@lru_cache(maxsize=32)
def _vocabulary(vocabulary: Vocabulary, *, of_person: bool) -> Vocabulary:
    names = ("person", *OF_HOUSEHOLD) if of_person else OF_HOUSEHOLD
    roots = {name: kind for name, kind in vocabulary.roots.items() if name in names}
    return Vocabulary(vocabulary.words, roots)


__all__ = ["read_measures", "state_of"]
