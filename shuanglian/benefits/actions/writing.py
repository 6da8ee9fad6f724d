"""Dues, decisions and steps written down: a few as they are, many by COPY and on in one statement, in their order.

Rows come as columns by name. What hangs on a due holds the due's row, which has its `id` as soon as it is written.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import polars as pl
from django.contrib.postgres.fields import ArrayField
from django.db import models

from shuanglian.benefits.models import Decision, Due, Step
from shuanglian.sheets import merging

Row = dict[str, Any]
PIECE = 2000
MANY = 500  # rows from which on they go by COPY
STAGE = "benefits_staged"
CHANGED = ("state", "yuan", "asks", "entitled", "on", "changed_at", "department")
KEPT = (pl.Int64, pl.String, pl.Decimal(12, 2), pl.List(pl.String), pl.Boolean, pl.Date, pl.Datetime(time_zone="UTC"),
        pl.String)  # fmt: skip


def new_dues(rows: Sequence[Row]) -> None:
    """Write new dues; each row gets its `id`."""
    if len(rows) < MANY:
        made = Due.objects.bulk_create([Due(**row) for row in rows], batch_size=PIECE)
        for row, due in zip(rows, made, strict=True):
            row["id"] = due.pk
        return
    numbers = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
    for row, (pk,) in zip(rows, merging.rows(numbers, Due._meta.db_table, len(rows)), strict=True):
        row["id"] = pk
    _copy(Due, rows)


def decisions(rows: Sequence[tuple[Row, Row]]) -> None:
    """(due, decision) each; `inputs` and `reasons` as JSON texts."""
    _of_dues(Decision, rows, ("inputs", "reasons"))


def steps(rows: Sequence[tuple[Row, Row]]) -> None:
    """(due, step) each."""
    _of_dues(Step, rows, ("papers",))


def _of_dues(model: type[models.Model], pairs: Sequence[tuple[Row, Row]], texts: Sequence[str]) -> None:
    rows = [{"due_id": due["id"], **row} for due, row in pairs]
    if len(rows) >= MANY:
        _copy(model, rows)
        return
    made = [model(**row | {name: json.loads(row[name]) for name in texts}) for row in rows]
    model._default_manager.bulk_create(made, batch_size=PIECE)


def _copy(model: type[models.Model], rows: Sequence[Row]) -> None:
    columns: dict[str, pl.Series] = {}
    for name in rows[0]:
        values = [row[name] for row in rows]
        if isinstance(_field(model, name), ArrayField):
            columns[name] = pl.Series(name, values, pl.List(pl.String))
        else:
            columns[name] = pl.Series(name, [_text(one) for one in values], pl.String)
    merging.stage(STAGE, pl.DataFrame(columns), model)
    listed = ", ".join(f'"{name}"' for name in columns)
    merging.run(f"INSERT INTO {{t}} ({listed}) SELECT {listed} FROM {{s}} ORDER BY n", t=model._meta.db_table, s=STAGE)  # noqa: S608


def _field(model: type[models.Model], column: str) -> Any:
    return next(one for one in model._meta.concrete_fields if one.column == column)


def _text(value: Any) -> str | None:
    """A column's value as COPY reads it."""
    return value if value is None or isinstance(value, str) else str(value)


def changed_dues(dues: Sequence[Due]) -> None:
    """The changed columns of many dues: by COPY into a temporary table and from there in one statement."""
    if not dues:
        return
    columns = [str(Due._meta.get_field(name).column) for name in CHANGED]  # type: ignore[union-attr]
    told = [(due.pk, str(due.state), due.yuan, due.asks, due.entitled, due.on, due.changed_at, due.department)
            for due in dues]  # fmt: skip
    frame = pl.DataFrame(told, schema=dict(zip(("id", *columns), KEPT, strict=True)), orient="row")
    merging.stage(STAGE, frame, Due)
    sets = ", ".join(f'"{column}" = s."{column}"' for column in columns)
    merging.plan_anew()
    merging.run(f"UPDATE benefits_due d SET {sets} FROM {{s}} s WHERE s.id = d.id", s=STAGE)  # noqa: S608 - our columns
