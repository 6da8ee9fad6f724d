"""A whole county at once: texts over tables of people and households, as columns of Ibis on DuckDB or Spark.

    sheet = Sheet(Tables(people, households), day=date(2015, 10, 1), year={"number": 2015})
    people, households = sheet.worked(
        lambda column: {"grant": column(expression, given)},     over people
        lambda column: {"house": column(other)},                 over households
    )

A column is NULL where the text cannot be decided or fails; else it is what Expression.value gives for that person.
Everything that is asked is one query: what texts ask of households' members is gathered into one group-by.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import ibis
import ibis.expr.datatypes as dt

from .column_lists import Array, Items, Listed
from .column_members import PERSON, Gathered, Members, NotClosed
from .column_texts import Scope, TextColumns
from .column_values import NO, YES, fact, undecided, written
from .engines import null, spell
from .language import Expression
from .types import DAY, Type

Column = Callable[..., Any]  # (expression, given = {}) → its column
Asked = Callable[[Column], Mapping[str, Any]]


@dataclass(frozen=True)
class Tables:
    """Ibis tables of facts: a column per fact, NULL where it is not known; a fact without a column is never known.

    people: id, household (the household's id), person's facts · households: id, household's facts, and the village's as
    village__NAME. Lists are arrays. A day is a date or a timestamp; one without zone is UTC.
    """

    people: Any
    households: Any


class Row:
    """The facts of a record in the columns of a table, or the fields of a struct, under a prefix."""

    def __init__(self, columns: Any, names: frozenset[str], prefix: str = "") -> None:
        self.columns, self.names, self.prefix = columns, names, prefix

    def of(self, name: str, kind: Type, depth: int) -> Any:
        known = self.prefix + name in self.names
        if kind.of is None:
            return fact(self.columns[self.prefix + name], kind) if known else undecided(kind)
        if not known:
            unknown = Items([], kind.of)
            unknown.sure = NO
            return unknown
        array = self.columns[self.prefix + name]
        return Array(array, kind.of, depth, spell("all_known", "boolean", array).fill_null(False))


class Fixed:
    """The facts of a record that are the same for everybody: of the year, and a rule's named amounts."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self.facts = facts

    def of(self, name: str, kind: Type, depth: int) -> Any:
        return written(self.facts.get(name), kind)


class MemberRow(Row):
    """A member as the group-by sees it: with the household's own facts beside it, without other members."""

    def __init__(self, columns: Any, names: frozenset[str], beside: Mapping[str, Any]) -> None:
        super().__init__(columns, names)
        self.beside = beside

    def scope(self, scope: Scope) -> Scope:
        return scope.with_names(self.beside, members=_no_members)


class Absent:
    """Facts that are not joined to the rows yet; remembers that somebody wants them."""

    wanted = False

    def of(self, name: str, kind: Type, depth: int) -> Any:
        self.wanted = True
        raise NotClosed


def _no_members(depth: int) -> Listed:
    raise NotClosed


def over(table: Any, root: str) -> Column:
    """Texts about one kind of record alone: `root` names it, a column of the table is a fact of it.

    visits = ibis.memtable(…)
    column = over(visits, "visit")
    visits.mutate(far=column(expression, {"km": 3}))
    """
    facts = Row(table, frozenset(table.columns))

    def column(expression: Expression, given: Mapping[str, Any] | None = None) -> Any:
        return TextColumns(expression).value(Scope({"given": Fixed(given or {}), root: facts}, _no_members))

    return column


class Sheet:
    """Tables, a day and the year's facts, ready for texts."""

    def __init__(self, tables: Tables, *, day: date, year: Mapping[str, Any]) -> None:
        self.people = tables.people
        self.households = tables.households.select(
            of_id=tables.households.id,
            **{name if name.startswith("village__") else f"household__{name}": tables.households[name]
               for name in tables.households.columns if name != "id"},
        )  # fmt: skip
        self.common = {"year": Fixed(year), "day": written(datetime(day.year, day.month, day.day, tzinfo=UTC), DAY)}

    def worked(self, people: Asked, households: Asked) -> tuple[Any, Any]:
        """What is asked over people (id, household, …) and over households (id, …)."""
        work = _Work(self, beside=False)
        work.ask(people, households)  # only to learn what is asked of members
        if work.absent.wanted:
            work = _Work(self, beside=True)
            work.ask(people, households)
        work.answer()
        return work.ask(people, households)


class _Work:
    """One query: first it learns what texts ask of members, then it has the answers beside every household.

    beside: whether members are gone through with their household's facts, which costs a join more.
    """

    def __init__(self, sheet: Sheet, *, beside: bool) -> None:
        self.sheet = sheet
        self.households = sheet.households
        # rows of its own: what a text says of the person whose case it is must not pass for the member's
        rows = (self._people(sheet.households) if beside else sheet.people).mutate(is_member=YES)
        self.gathered, self.absent = Gathered(rows), Absent()
        names = frozenset(rows.columns)
        around: Mapping[str, Any] = (
            {"household": Row(rows, names, "household__"), "village": Row(rows, names, "village__")}
            if beside
            else dict.fromkeys(("household", "village"), self.absent)
        )
        self.row = MemberRow(rows, frozenset(sheet.people.columns) - {"id", "household"}, around)
        self.answered = False
        self.people_ask = False  # whether a text over people asks of members at all
        self.arrays: set[str] = set()  # the members' facts that are wanted as an array

    def _people(self, households: Any) -> Any:
        people = self.sheet.people
        return people.left_join(households, people.household == households.of_id)

    def answer(self) -> None:
        """Join what was gathered, and the members' arrays, to the households."""
        self.answered = True
        if (sums := self.gathered.table()) is not None:
            self.households = self.households.left_join(sums, self.households.of_id == sums.of_household)
            self.households = self.households.drop("of_household")
        if self.arrays:
            people = self.sheet.people
            members = ibis.struct({name: people[name] for name in sorted(self.arrays)})
            arrays = people.group_by(in_household=people.household).aggregate(asked_members=members.collect())
            self.households = self.households.left_join(arrays, self.households.of_id == arrays.in_household)
            self.households = self.households.drop("in_household")

    def ask(self, people: Asked, households: Asked) -> tuple[Any, Any]:
        of_people = self._people(self.households if self.people_ask else self.sheet.households)
        of_households = self.households
        return (
            of_people.select(id=of_people.id, household=of_people.household, **people(self._column(of_people, True))),
            of_households.select(id=of_households.of_id, **households(self._column(of_households, False))),
        )

    def _column(self, table: Any, has_person: bool) -> Column:
        names = frozenset(table.columns)
        roots = {"household": Row(table, names, "household__"), "village": Row(table, names, "village__")}
        if has_person:
            roots["person"] = Row(table, frozenset(self.sheet.people.columns) - {"id", "household"})

        def column(expression: Expression, given: Mapping[str, Any] | None = None) -> Any:
            own = {"given": Fixed(given or {}), **self.sheet.common, **roots}
            return TextColumns(expression).value(Scope(own, self._members(table, expression, has_person)))

        return column

    def _members(self, table: Any, expression: Expression, has_person: bool) -> Callable[[int], Listed]:
        def members(depth: int) -> Listed:
            self.people_ask |= has_person
            return Members(self.gathered, self.row, table if self.answered else None,
                           lambda: self._array(table, expression, depth), depth)  # fmt: skip

        return members

    def _array(self, table: Any, expression: Expression, depth: int) -> Array:
        facts = {path.removeprefix("person.") for path in expression.facts if path.startswith("person.")}
        self.arrays |= (facts & set(self.sheet.people.columns)) or {"id"}
        if self.answered:
            column = table.asked_members
        else:
            column = null(dt.Array(dt.Struct({name: self.sheet.people[name].type() for name in self.arrays})))
        names = frozenset(column.type().value_type.names)
        return Array(column, PERSON, depth, None, taken=lambda one: Row(one, names - {"id"}))
