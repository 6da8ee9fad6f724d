"""Which people of the register look alike, and which files share a number.

People are compared as a frame by `sheets.engine.duplicates`; files by the digests of telephone and bank account.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
from django.db import connection
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
OF_HOUSEHOLDS = {"same_account": ("bank_digest", 0.55), "same_phone": ("phone_digest", 0.35)}  # why → column, score
SHARED = 5  # files with one telephone or account; more, and it is the village office's

SHARING = """
    SELECT a.id, b.id FROM (
        SELECT {column} AS mark, array_agg(id ORDER BY id) AS ids FROM registry_household
        WHERE {column} <> '' AND left_on IS NULL AND removed_on IS NULL AND area_code >= %s AND area_code < %s
        GROUP BY 1 HAVING count(*) BETWEEN 2 AND %s) g
    CROSS JOIN LATERAL unnest(g.ids) WITH ORDINALITY a(id, n) CROSS JOIN LATERAL unnest(g.ids) WITH ORDINALITY b(id, n)
    WHERE a.n < b.n ORDER BY 1, 2"""


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
        if why not in OF_HOUSEHOLDS:  # that speaks of two files, not of two people in them
            yield min(one, other), max(one, other), why, score


def household_pairs(within: Area | None) -> Iterator[tuple[int, int, str, float]]:
    """(one, other, why, score) of standing files that share a bank account or a telephone, the surer reason first."""
    low = within.prefix if within else ""
    seen: set[tuple[int, int]] = set()
    for why, (column, score) in OF_HOUSEHOLDS.items():
        with connection.cursor() as cursor:
            cursor.execute(SHARING.format(column=column), [low, f"{low}:", SHARED])
            found = cursor.fetchall()
        for one, other in found:
            if (one, other) not in seen:
                seen.add((one, other))
                yield one, other, why, score


def _frame(rows: QuerySet[Any], columns: dict[str, tuple[str, Any]]) -> pl.DataFrame:
    """Some columns of rows; sealed numbers are opened here, in memory only."""
    told = rows.values_list(*(column for column, _kind in columns.values())).iterator(chunk_size=PIECE)
    return pl.DataFrame(list(told), schema={name: kind for name, (_column, kind) in columns.items()}, orient="row")
