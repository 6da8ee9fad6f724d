"""One sheet of a roster file as text cells: what the reader hands to everything else."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

MARKS = {"row": pl.UInt32, "column": pl.String, "text": pl.String}


@dataclass(frozen=True)
class SheetData:
    """One sheet: `cells` has `row` (UInt32, as the spreadsheet numbers it) and a String column per column letter.

    Only rows with content are kept. `errors` lists cells that show an error such as #REF! (row, column, text);
    `merges` are 1-based (first row, first column, last row, last column). `moved` tells, for a form that was turned
    into a table, where (row, column) of the file a cell of the table stands.
    """

    name: str
    cells: pl.DataFrame
    hidden: bool = False
    merges: tuple[tuple[int, int, int, int], ...] = ()
    errors: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=MARKS))
    formulas: int = 0
    first_formula: str = ""
    source: str = "xlsx"
    moved: Mapping[tuple[int, str], tuple[int, str]] = field(default_factory=dict)

    @property
    def letters(self) -> list[str]:
        """The column letters in order."""
        return [name for name in self.cells.columns if name != "row"]
