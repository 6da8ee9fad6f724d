"""What an accepted batch made or changed, whether anything has come to depend on it, and how it is taken back (REG-10).

Nothing here knows the rooms above: what refers to a row is read from the models' own relations.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pghistory.models
from django.apps import apps
from django.db import models

from . import acceptors
from .merging import one, plan_anew, rows, run
from .models import Batch

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

SHOWN = 5  # examples named in a refusal


@dataclass(frozen=True)
class Dependent:
    """Rows that hinder an undo: of which kind, how many, why, and some rows of the batch that they are about."""

    model: type[models.Model]
    count: int
    examples: tuple[str, ...]
    why: str  # "refers" or "changed"

    def as_dict(self) -> dict[str, Any]:
        return {"model": self.model._meta.label, "count": self.count, "examples": list(self.examples), "why": self.why}

    def __str__(self) -> str:
        names = "、".join(self.examples) + ("…" if self.count > len(self.examples) else "")
        return f"{self.model._meta.verbose_name} {self.count}（{names}）"


def marks(kind: str) -> dict[str, int]:
    """For each history table of a kind its last event now: what comes later was done by others."""
    found = {}
    for model in _tables(kind):
        for event in events_of(model):
            table = event._meta.db_table
            found[table] = one("SELECT coalesce(max(pgh_id), 0) FROM {t}", t=table)
    return found


def events_of(model: type[models.Model]) -> list[type[models.Model]]:
    """The history tables of a model."""
    return [
        rel.related_model
        for rel in _relations(model)
        if issubclass(rel.related_model, pghistory.models.Event) and rel.field.name == "pgh_obj"
    ]


def _relations(model: type[models.Model]) -> list[Any]:
    """Everything that refers to a model's rows, also relations without a name of their own."""
    fields = model._meta.get_fields(include_hidden=True)
    return [one for one in fields if one.auto_created and not one.concrete and (one.one_to_many or one.one_to_one)]


def table_names(kind: str) -> list[str]:
    """The database tables that a kind of roster may write."""
    return [model._meta.db_table for model in _tables(kind)]


def _tables(kind: str) -> list[type[models.Model]]:
    return [apps.get_model(label) for label in acceptors.of(kind).tables]


def dependents(batch: Batch) -> list[Dependent]:
    """Everything that keeps a batch from being undone; empty when it can be."""
    if (own := acceptors.of(batch.kind).hinders) is not None:
        return own(batch)
    found = []
    for model in _tables(batch.kind):
        found += _changed_later(batch, model)
        found += _referring(batch, model)
    return found


def _changed_later(batch: Batch, model: type[models.Model]) -> list[Dependent]:
    """Rows of this batch that are no longer as it left them, removed ones too; what was put back counts as the same."""
    found = []
    for event in events_of(model):
        table = event._meta.db_table
        mark = batch.marks.get(table, 0)
        gone = rows(
            """SELECT DISTINCT c.row_id FROM sheets_change c
               WHERE c.batch_id = %s AND c."table" = %s
                 AND EXISTS (SELECT 1 FROM {e} e WHERE e.pgh_obj_id = c.row_id AND e.pgh_id > %s)
                 AND NOT EXISTS (
                     SELECT 1 FROM {t} t, LATERAL (SELECT * FROM {e} e WHERE e.pgh_obj_id = c.row_id AND e.pgh_id <= %s
                                                   ORDER BY e.pgh_id DESC LIMIT 1) l
                     WHERE t.id = c.row_id AND to_jsonb(l) @> to_jsonb(t))
               ORDER BY c.row_id""",
            batch.pk, model._meta.db_table, mark, mark, e=table, t=model._meta.db_table,
        )  # fmt: skip
        ids = [row_id for (row_id,) in gone]
        if ids:
            found.append(Dependent(model, len(ids), _names(model, ids), "changed"))
    return found


def _referring(batch: Batch, model: type[models.Model]) -> list[Dependent]:
    """Rows of any table that refer to a row this batch made, unless it made them too or they are derived."""
    found = []
    derived = acceptors.of(batch.kind).derived
    for rel in _relations(model):
        other = rel.related_model
        if issubclass(other, pghistory.models.Event):
            continue
        column = rel.field.column
        sql = f"""SELECT o."{other._meta.pk.column}", c.row_id FROM "{other._meta.db_table}" o
                  JOIN sheets_change c ON c.row_id = o."{column}" AND c.batch_id = %s AND c."table" = %s
                       AND c.before IS NULL
                  WHERE NOT EXISTS (SELECT 1 FROM sheets_change m WHERE m.batch_id = %s AND m."table" = %s
                                    AND m.row_id = o."{other._meta.pk.column}" AND m.before IS NULL)"""  # noqa: S608
        table = model._meta.db_table
        referred = dict(rows(sql, batch.pk, table, batch.pk, other._meta.db_table))  # theirs → ours
        if referred and other._meta.label in derived:
            spared = other._default_manager.filter(derived[other._meta.label])
            kept = other._default_manager.filter(pk__in=referred).exclude(pk__in=spared)
            referred = {pk: referred[pk] for pk in kept.values_list("pk", flat=True)}
        if referred:
            ours = sorted(set(referred.values()))
            found.append(Dependent(other, len(referred), _names(model, ours), "refers"))
    return found


def _names(model: type[models.Model], ids: list[int]) -> tuple[str, ...]:
    return tuple(str(row) for row in model._default_manager.filter(pk__in=ids[:SHOWN]).order_by("pk"))


def take_back(batch: Batch, *, by: User | None, at: datetime) -> dict[str, int]:
    """Delete what the batch made and put back what it changed; {"removed", "restored"}. Nothing may depend on it."""
    if (own := acceptors.of(batch.kind).take_back) is not None:
        return own(batch, by=by, at=at)
    tables = list(reversed(_tables(batch.kind)))
    for model in tables:
        _drop_derived(batch, model)
    removed = sum(_remove(batch, model) for model in tables)
    restored = sum(_restore(batch, model) for model in tables)
    return {"removed": removed, "restored": restored}


def _drop_derived(batch: Batch, model: type[models.Model]) -> None:
    for rel in _relations(model):
        if rel.related_model._meta.label in acceptors.of(batch.kind).derived:
            run(
                """DELETE FROM {o} o USING sheets_change c WHERE c.batch_id = %s AND c."table" = %s
                   AND c.before IS NULL AND c.row_id = o.{f}""",
                batch.pk, model._meta.db_table, o=rel.related_model._meta.db_table, f=str(rel.field.column),
            )  # fmt: skip


def _remove(batch: Batch, model: type[models.Model]) -> int:
    table = model._meta.db_table
    return run(
        """DELETE FROM {t} t USING sheets_change c
           WHERE c.batch_id = %s AND c."table" = %s AND c.before IS NULL AND c.row_id = t.id""",
        batch.pk, table, t=table,
    )  # fmt: skip


def _restore(batch: Batch, model: type[models.Model]) -> int:
    """Put back the values before; of several notes about one column of a row the first one holds."""
    table = model._meta.db_table
    columns: list[Any] = rows(
        """SELECT DISTINCT jsonb_object_keys(before) FROM sheets_change WHERE batch_id = %s AND "table" = %s
           AND before IS NOT NULL""",
        batch.pk, table,
    )  # fmt: skip
    names = sorted(name for (name,) in columns)
    if not names:
        return 0
    plan_anew()
    listed, values = (", ".join(f'{part}"{name}"' for name in names) for part in ("", "r."))
    return run(
        f"""UPDATE "{table}" t SET ({listed}) = (SELECT {values} FROM jsonb_populate_record(t, b.before) r)
            FROM (SELECT k.row_id, jsonb_object_agg(k.key, k.value) AS before
                  FROM (SELECT DISTINCT ON (c.row_id, e.key) c.row_id, e.key, e.value
                        FROM sheets_change c, jsonb_each(c.before) e
                        WHERE c.batch_id = %s AND c."table" = %s AND c.before IS NOT NULL
                        ORDER BY c.row_id, e.key, c.id) k
                  GROUP BY k.row_id) b
            WHERE b.row_id = t.id""",  # noqa: S608 - table and columns are the models' own
        batch.pk,
        table,
    )
