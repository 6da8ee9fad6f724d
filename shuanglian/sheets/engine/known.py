"""What the register already holds, handed in by the caller, so that a roster can be compared with it."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Known:
    """Frames of what is registered; a frame left out (None) is not compared with.

    `keyed` turns a plain value (an identity number, a phone) into the key under which the frames hold it, so that
    plain numbers need not leave the database.

    households: number, head_name, head_key, village_code · persons: id_key, household_number
    payments: id_key, code, paid_on, amount · units: name, code · cadres: number, name, unit, id_key, phone_key
    """

    keyed: Callable[[str], str]
    households: pl.DataFrame | None = None
    persons: pl.DataFrame | None = None
    units: pl.DataFrame | None = None
    cadres: pl.DataFrame | None = None
    payments: pl.DataFrame | None = None

    def keys(self, values: pl.Series) -> pl.Series:
        """The keys of a column of plain values; nulls and empty texts stay null."""
        distinct = {value: self.keyed(value) for value in values.drop_nulls().unique() if value}
        table = pl.DataFrame(
            {"v": pl.Series(list(distinct), dtype=pl.String), "k": pl.Series(list(distinct.values()), dtype=pl.String)}
        )
        return pl.DataFrame({"v": values}).join(table, on="v", how="left", maintain_order="left")["k"]
