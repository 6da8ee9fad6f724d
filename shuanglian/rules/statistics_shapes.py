"""The standard tables of the register as data (REP-2; domain 2.8): what is counted, in which rows, with which edges.

A table counts persons, households or villages. Its rows come in one of four ways:

- `codes`: one row a code of a list, by a `column` that holds the code (or several); `as_groups` names the list whose
  codes are the groups of that list, when groups are counted instead of codes;
- `bands`: stretches of a number in `column`, from `low` (in) to `below` (out);
- `rows`: each row has its own conditions; rows may overlap;
- `sums`: each row adds up a column (mu, yuan) and counts those who have any.

`tells` names columns that say nearly the same as a table or row: protected figures show only one of the two.

What fits no row is told as "not stated", so that rows of the first two kinds always make up the whole.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, Strict, model_validator

from .profile_shapes import Amount, Code, Count, Flag, Label, Shape, Sourced, Text

Unit = Literal["persons", "households", "villages"]


class Where(Shape):
    """One condition on a column: one of some codes, of some groups of its list, yes or no, or within edges."""

    column: Text
    codes: tuple[Text, ...] = ()
    groups: tuple[Text, ...] = ()
    of: Text | None = None  # the list whose groups are meant
    is_: Annotated[bool, Strict()] | None = Field(default=None, alias="is")
    low: Amount | None = None
    below: Amount | None = None
    told: Flag = False  # something is told at all

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = (bool(self.codes), bool(self.groups), self.is_ is not None, self.told,
                 self.low is not None or self.below is not None)  # fmt: skip
        if sum(given) != 1:
            raise ValueError("where_one_kind")
        if bool(self.groups) != (self.of is not None):
            raise ValueError("where_groups_of")
        return self


class Band(Shape):
    """A row of `bands`: from `low` (in) to `below` (out); without one of them it is open on that side."""

    row: Code
    label: Label
    low: Amount | None = None
    below: Amount | None = None


class Counted(Shape):
    """A row of `rows`. `unit` is told when it differs from the table's: households in a table of persons."""

    row: Code
    label: Label
    where: tuple[Where, ...] = ()
    unit: Literal["persons", "households"] | None = None
    tells: tuple[Text, ...] = ()


class Summed(Shape):
    """A row of `sums`: a column of amounts, adding up those that are not nought."""

    row: Code
    label: Label
    column: Text
    whole: Flag = False  # the row that the others make up: net income
    tells: tuple[Text, ...] = ()


class Statistic(Sourced):
    """One standard table."""

    label: Label
    order: Count
    unit: Unit
    column: Text | None = None
    codes: Text | None = None
    as_groups: Text | None = None
    bands: tuple[Band, ...] = ()
    rows: tuple[Counted, ...] = ()
    sums: tuple[Summed, ...] = ()
    amount: Label | None = None  # what sums are in: mu, yuan
    only: tuple[Where, ...] = ()  # whom the table is about, when not everybody
    account: Literal["year", "latest"] = "latest"  # the account of just that year, or the latest one until then
    tells: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if sum(map(bool, (self.codes, self.bands, self.rows, self.sums))) != 1:
            raise ValueError("statistic_one_way")
        if (self.codes or self.bands) and not self.column:
            raise ValueError("statistic_column")
        if bool(self.sums) != (self.amount is not None):
            raise ValueError("statistic_amount")
        return self

    @property
    def parts(self) -> bool:
        """Whether the rows make up the whole, as far as a column holds one code only."""
        return bool(self.codes or self.bands)

    @property
    def linked(self) -> bool:
        """Whether the rows are tied together by a sum: they make up the whole, or one of them is the sum of others."""
        return self.parts or any(one.whole for one in self.sums)


__all__ = ["Band", "Counted", "Statistic", "Summed", "Unit", "Where"]
