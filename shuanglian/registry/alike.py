"""Which people of the register look alike: its rows as a frame for the comparison of `sheets.engine.duplicates`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
from django.db.models import QuerySet

from shuanglian.areas.models import Area
from shuanglian.core.forms import translated
from shuanglian.kernel.words import Said
from shuanglian.sheets.engine import duplicates

from . import queries

PEOPLE = {
    "key": ("pk", pl.Int64), "household": ("household_id", pl.Int64), "name": ("name", pl.String),
    "id_number": ("id_number", pl.String), "birth": ("born_on", pl.Date), "sex": ("sex", pl.String),
    "area_code": ("area_code", pl.String),
}  # fmt: skip
HOUSEHOLDS = {
    "household": ("pk", pl.Int64), "phone": ("phone", pl.String), "bank_account": ("bank_account", pl.String),
    "address": ("address", pl.String),
}  # fmt: skip
PIECE = 20_000


def words(why: str) -> str:
    """The reason of a suspicion in the reader's language."""
    return translated(Said(duplicates.WHY.get(why, why)))


def pairs(within: Area | None) -> Iterator[tuple[int, int, str, float]]:
    """(one, other, why, score) of standing people who may be one person; the entry made first comes first."""
    base = queries.standing_in(within)
    frame = _frame(base.people.order_by("pk"), PEOPLE).join(
        _frame(base.households, HOUSEHOLDS), on="household", how="left", maintain_order="left"
    )
    frame = frame.with_columns(pl.col("household").cast(pl.String))
    if frame.is_empty():
        return
    for one, other, why, score in duplicates.find(frame).select("one", "other", "why", "score").iter_rows():
        yield min(one, other), max(one, other), why, score


def _frame(rows: QuerySet[Any], columns: dict[str, tuple[str, Any]]) -> pl.DataFrame:
    """Some columns of rows; sealed numbers are opened here, in memory only."""
    told = rows.values_list(*(column for column, _kind in columns.values())).iterator(chunk_size=PIECE)
    return pl.DataFrame(list(told), schema={name: kind for name, (_column, kind) in columns.items()}, orient="row")
