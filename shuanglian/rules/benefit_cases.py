"""The cases of a benefit are its tests: each is decided like any family, and what differs is told at its line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from shuanglian.kernel.words import N_, Said

from .benefit_shapes import CaseShape
from .benefits import Benefit, Decision, decide
from .cel.vocabulary import Vocabulary
from .fact_values import typed
from .profile_files import Desk, Table

ANSWERS = {"granted": "yes", "refused": "no", "not_in_force": "no", "ask": "ask", "incomplete": "incomplete"}
SAYS = {
    "granted": N_("享受"), "refused": N_("不享受"), "ask": N_("须先问清"), "incomplete": N_("条款不全，不能决定"),
    "not_in_force": N_("当日没有生效的条款"), "failed": N_("算不出来"),
}  # fmt: skip
YearFacts = Callable[[date], Mapping[str, Any]]


def run_cases(benefit: Benefit, table: Table, vocabulary: Vocabulary, year: YearFacts, desk: Desk) -> None:
    """Every case of a benefit; year: the year's facts on a day, which a case may state otherwise."""
    for number, case in enumerate(benefit.shape.cases):
        _run(benefit, case, ("cases", number), table, vocabulary, year, desk)


def _run(
    benefit: Benefit, case: CaseShape, loc: tuple[str | int, ...], table: Table, vocabulary: Vocabulary,
    year: YearFacts, desk: Desk,
) -> None:  # fmt: skip
    if (case.person is not None) != (benefit.subject == "person"):
        what, mend = (
            (N_("这一例缺少 person"), N_("写明这个人，如 person = {example}。"))
            if benefit.subject == "person"
            else (N_("户的福利，例子里不写 person"), N_("把事实写进 household，成员写进 members，如 {example}。"))
        )
        example = "{ age = 60 }" if benefit.subject == "person" else "members = [ { age = 60 } ]"
        desk.fault(table.find((*loc, "person")), "case_person", Said(what), Said(mend, {"example": example}))
        return
    raw = {"household": case.household, "village": case.village, "year": case.year}
    if case.person is not None:
        raw["person"] = case.person
    facts, faults = typed(raw, vocabulary)
    for fault in faults:
        desk.fault(table.find((*loc, *fault.place)), fault.code, fault.said, fault.cure)
    if faults:
        return
    facts["year"] = {**year(case.on), **facts["year"]}
    decision = decide(benefit, facts, case.on)
    for key, expected, came in _differences(case, decision):
        said = Said(N_("这一例应为 {expected}，得出 {came}"), {"expected": expected, "came": came})
        cure = Said(N_("原因：{why}。改正例子，或改正条款。"), {"why": why(decision)})
        desk.fault(table.find((*loc, key)), "case_fails", said, cure)


def _differences(case: CaseShape, decision: Decision) -> list[tuple[str, Any, Any]]:
    """(key, what the case expects, what came out), only the first that differs: the others follow from it."""
    answer = ANSWERS.get(decision.state, decision.state)
    if case.granted != answer:
        expected = {"yes": "granted", "no": "refused"}.get(case.granted, case.granted)
        return [("granted", Said(SAYS[expected]), Said(SAYS[decision.state]))]
    unmet = [one.zh for one in decision.unmet]
    if case.unmet is not None and sorted(case.unmet) != sorted(unmet):
        return [("unmet", _listed(case.unmet), _listed(unmet))]
    if case.asks is not None and set(case.asks) != decision.asks:
        return [("asks", _listed(sorted(case.asks)), _listed(sorted(decision.asks)))]
    if case.yuan is not None and case.yuan != decision.yuan:
        return [("yuan", case.yuan, "—" if decision.yuan is None else _plain(decision.yuan))]
    return []


def _listed(words: Any) -> str:
    return "、".join(words) or "—"


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


def why(decision: Decision) -> Said:
    """One sentence on why a decision came out as it did."""
    if decision.state == "incomplete":
        return Said(N_("条款缺少 {lacks}"), {"lacks": _listed([one.zh for one in decision.lacks])})
    if decision.state == "not_in_force":
        return Said(N_("{on} 没有生效的条款"), {"on": decision.on})
    if decision.state == "refused":
        return Said(N_("不符合：{unmet}"), {"unmet": _listed([one.zh for one in decision.unmet])})
    if decision.asks:
        return Said(N_("不知道 {asks}"), {"asks": _listed(sorted(decision.asks))})
    if decision.failed:
        return Said(N_("计算出错（{code}）"), {"code": decision.failed})
    return Said(N_("全部条件符合"))
