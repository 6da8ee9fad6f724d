"""The members of a household as a list: what all rules ask of them is gathered into one group-by over people.

A condition on a member that speaks of nothing but the member and the household is worked out once per person, summed up
per household, and joined back. One that also looks at the person whose case it is, or at other members, goes through
the household's members as an array instead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ibis
import ibis.expr.operations as ops

from .column_lists import Array, Each, Listed, from_state, state, summable
from .engines import literal, null
from .types import Type, record

PERSON = record("person")


class NotClosed(Exception):
    """What is asked of a member cannot be worked out from the member's own row."""


class Gathered:
    """What rules ask of the members, each once, summed up per household.

    rows: people with their household's facts beside them; their column `household` names the household.
    """

    def __init__(self, rows: Any) -> None:
        self.rows = rows
        self.sums: dict[Any, tuple[str, Any]] = {}

    def ask(self, aggregate: Any, answers: Any, depth: int) -> Any:
        """The column of one aggregate over `rows` in the table that holds the answers; NULL while there is none.

        NotClosed when it also speaks of other rows or of an element of a list around it (of less `depth`).
        """
        outer = {f"e{number}" for number in range(depth)}
        counted = aggregate.op().where if isinstance(aggregate.op(), ops.CountStar) else None
        relations = aggregate.op().relations | (counted.relations if counted is not None else frozenset())
        if relations - {self.rows.op()} or any(one.name in outer for one in aggregate.op().find(ops.Argument)):
            raise NotClosed
        name, _ = self.sums.setdefault(aggregate.op(), (f"asked_{len(self.sums)}", aggregate))
        return null(aggregate.type()) if answers is None else answers[name]

    def table(self) -> Any:
        """One row per household with everything that was asked; None when nothing was."""
        if not self.sums:
            return None
        return self.rows.group_by(of_household=self.rows.household).aggregate(**dict(self.sums.values()))


class Members(Listed):
    """household.members: `row` is the member as the group-by sees it, `array` goes the other way.

    answers: the table of the text with what was gathered joined to it; None before. depth: how many lists are around.
    """

    of, sure = PERSON, None

    def __init__(self, gathered: Gathered, row: Any, answers: Any, array: Callable[[], Array], depth: int) -> None:
        self.gathered, self.row, self.answers, self.array, self.depth = gathered, row, answers, array, depth

    def _asked(self, aggregate: Callable[[Any], Any], condition: Each) -> Any:
        """The aggregate of a condition; on a column, also where the condition is the same for everybody."""
        met = condition(self.row)
        if not met.op().shape.is_columnar():
            met &= self.gathered.rows.household.notnull()
        return self.gathered.ask(aggregate(met), self.answers, self.depth)

    def any_of(self, condition: Each) -> Any:
        try:
            return from_state(self._asked(lambda met: state(met).max(), condition))
        except NotClosed:
            return self.array().any_of(condition)

    def count(self, condition: Each) -> Any:
        rows = self.gathered.rows.op()  # not rows.count(where=…), which takes another table's columns for its own
        try:
            counted = self._asked(lambda met: ops.CountStar(rows, where=met.op()).to_expr(), condition)
            return counted.fill_null(literal(0, "int64"))
        except NotClosed:
            return self.array().count(condition)

    def total(self, condition: Each, value: Each, kind: Type) -> Any:
        try:
            return self._asked(lambda met: ibis.cases((met, summable(value(self.row), kind))).sum()
                               .cast("decimal(38, 6)"), condition)  # fmt: skip
        except NotClosed:
            return self.array().total(condition, value, kind)

    def extreme(self, condition: Each, value: Each, most: bool) -> Any:
        def furthest(met: Any) -> Any:
            found = ibis.cases((met, value(self.row)))
            return found.max() if most else found.min()

        try:
            return self._asked(furthest, condition)
        except NotClosed:
            return self.array().extreme(condition, value, most)
