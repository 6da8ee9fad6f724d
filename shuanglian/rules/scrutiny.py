"""Visits weighed: every sign of a profile asked of one visit with reasons, or of a million at once (FIELD-3, FIELD-6).

    signs = profile.scrutiny.signs.values()
    weighed = weigh_visit(signs, facts)            facts: name → value, of visit_facts.work_out
    weighed.points · weighed.met: (sign, reason)…  · weighed.asks: facts that were not known
    found = find(signs, work_out(visits, photos))  the same as a table: id, a column a sign, points

Points are added up to at most 100. They only say whom a person should look at; they never decide anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from shuanglian.kernel.words import N_, Said

from .benefit_files import Ground
from .conditions import Condition, Reason, reason_of
from .fact_values import typed
from .profile_files import Desk, Table
from .profile_shapes import Label
from .scrutiny_shapes import SignShape
from .text_files import read_text
from .visit_facts import vocabulary

if TYPE_CHECKING:
    import polars as pl

    from .cel.vocabulary import Vocabulary

MOST_POINTS = 100
SAYS = {True: N_("成立"), False: N_("不成立"), None: N_("不知道")}
EXPECTED = {"yes": True, "no": False, "ask": None}


@dataclass(frozen=True, eq=False)
class Sign:
    """A sign ready for use: its shape, its text read and type-checked, its amounts."""

    shape: SignShape
    condition: Condition
    given: Mapping[str, Decimal]

    @property
    def code(self) -> str:
        return self.shape.code

    @property
    def points(self) -> int:
        return self.shape.points


class Met(NamedTuple):
    """A sign that a visit meets, and the facts that it looked at."""

    sign: Sign
    reason: Reason


@dataclass(frozen=True, slots=True)
class Weighed:
    """What speaks against one visit: points (0 to 100), the signs met by weight, the facts nobody knew."""

    points: int
    met: tuple[Met, ...]
    asks: frozenset[str]


def weigh_visit(signs: Iterable[Sign], facts: Mapping[str, Any]) -> Weighed:
    """Every sign asked of one visit. facts: name → value; what is missing or None is not known."""
    met, asks = [], set[str]()
    for sign in signs:
        reason = reason_of(sign.condition.expression.account({"visit": facts, "given": sign.given}))
        if reason.met:
            met.append(Met(sign, reason))
        asks |= reason.asks
    met.sort(key=lambda one: (-one.sign.points, one.sign.code))
    return Weighed(min(MOST_POINTS, sum(one.sign.points for one in met)), tuple(met), frozenset(asks))


def find(signs: Iterable[Sign], facts: pl.DataFrame) -> pl.DataFrame:
    """id, for each sign whether it is met (false where it is not known), and the points; in the order of `facts`."""
    import ibis
    import polars as pl

    from .cel.columns import over  # brings the engines of columns: only where a table is asked for

    signs = list(signs)
    table = ibis.memtable(facts.with_row_index("row"))
    column = over(table, "visit")
    asked = table.select("id", "row", **{one.code: column(one.condition.expression, one.given) for one in signs})
    found = pl.DataFrame(pl.from_arrow(asked.to_pyarrow())).sort("row").drop("row")
    found = found.with_columns(pl.col(one.code).fill_null(False) for one in signs)
    total = pl.sum_horizontal(pl.lit(0), *(pl.col(one.code).cast(pl.Int64) * one.points for one in signs))
    return found.with_columns(points=pl.min_horizontal(pl.lit(MOST_POINTS), total))


# --- from a profile's file -------------------------------------------------------------------------------------------
def read_signs(shapes: Iterable[SignShape], tables: Mapping[int, Table], ground: Ground, desk: Desk) -> dict[int, Sign]:
    """id of a shape → the sign ready for use; what is wrong with it, or with its cases, goes to the desk."""
    found = {}
    for shape in shapes:
        told, table = len(desk.faults), tables[id(shape)]
        labels = tuple((name, one.label) for name, one in shape.given.items())
        tell = partial(desk.fault, table.find(("when",)))
        expression = read_text(shape.when, _words(labels), tell, codes=ground.code_lists)
        if expression is not None:
            for name in shape.given:
                if f"given.{name}" not in expression.facts:
                    said = Said(N_("{key} 没有被用到"), {"key": f"given.{name}"})
                    desk.fault(table.find(("given", name)), "unused", said, Said(N_("在 when 里用它，或删去它。")))
        if expression is None or len(desk.faults) > told:
            continue
        given = {name: one.amount for name, one in shape.given.items()}
        found[id(shape)] = sign = Sign(shape, Condition(shape.label, expression), given)
        _run_cases(sign, table, desk)
    return found


def _run_cases(sign: Sign, table: Table, desk: Desk) -> None:
    for number, case in enumerate(sign.shape.cases):
        facts, faults = typed({"visit": case.visit}, vocabulary())
        for fault in faults:
            desk.fault(table.find(("cases", number, *fault.place)), fault.code, fault.said, fault.cure)
        if faults:
            continue
        value = sign.condition.expression.value({**facts, "given": sign.given})
        came = value if isinstance(value, bool) else None
        if came is not EXPECTED[case.met]:
            said = Said(N_("这一例应为 {expected}，得出 {came}"),
                        {"expected": Said(SAYS[EXPECTED[case.met]]), "came": Said(SAYS[came])})  # fmt: skip
            cure = Said(N_("改正例子，或改正条件。"))
            desk.fault(table.find(("cases", number, "met")), "case_fails", said, cure)


@lru_cache(maxsize=64)
def _words(labels: tuple[tuple[str, Label], ...]) -> Vocabulary:
    return vocabulary().with_given(dict(labels))


__all__ = ["MOST_POINTS", "Met", "Sign", "Weighed", "find", "read_signs", "weigh_visit"]
