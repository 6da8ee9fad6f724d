"""What hangs on regions follows them: users, households, units, links go along when a region gets a new code or row.

Rooms above say in apps.ready() what of theirs hangs on a region:

    rehang.register("registry.Household", "village", "area_code")
    rehang.register("registry.Person", code_field="area_code")
    rehang.register("pairing.ProposedLink", "village", "area_code", history=True)   # keeps its region
    rehang.after(lambda moved: coverage.rebuild(...))                                 # once everything hangs right

A table with a foreign key to a region or a column `area_code` that nobody registered is found all the same and follows
in both. Everything happens in sets, in SQL, in the transaction of the load. The trail and other rows that the database
itself protects from change stay as they are.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pghistory.models
import pgtrigger
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models.functions import Greatest

from .models import Area

CODE_FIELD = "area_code"
MOVES = "areas_moves"


@dataclass(frozen=True)
class Hanging:
    """One table that hangs on regions: by key, by code column, or both. `history`: the key stays."""

    label: str
    field: str | None = None
    code: str | None = None
    history: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """One region's row and the row it lives on in."""

    old_id: int
    new_id: int
    old_code: str
    new_code: str


@dataclass
class Rehung:
    """How many rows went along, and how many could not because the new region already had the same (label → rows)."""

    went: dict[str, int]
    ended: dict[str, int]
    stayed: dict[str, int]


_registered: dict[tuple[str, str | None, str | None], Hanging] = {}
_afterwards: list[Callable[[list[Moved]], Any]] = []


def register(label: str, fk_field: str | None = None, code_field: str | None = None, *, history: bool = False) -> None:
    """Say what hangs on regions: a model, its foreign key, its code column; `history` rows keep the old region."""
    _registered[(label.lower(), fk_field, code_field)] = Hanging(label, fk_field, code_field, history)


def after(fn: Callable[[list[Moved]], Any]) -> None:
    """Call `fn(moved)` in the same transaction once everything hangs on the new regions (roll-ups, reports)."""
    if fn not in _afterwards:
        _afterwards.append(fn)


def hangings() -> list[Hanging]:
    """Everything that hangs on regions: what rooms registered, and what nobody did but hangs all the same."""
    named = {(label, name) for label, *names in _registered for name in names if name}
    found = (hanging for model in apps.get_models() for hanging in _of(model))
    return [*_registered.values(), *(one for one in found if (one.label.lower(), one.field or one.code) not in named)]


def _of(model: type[models.Model]) -> Iterator[Hanging]:
    """The foreign keys and the code column of a table that may be changed; regions' own tables are not among them."""
    meta = model._meta
    if meta.app_label == Area._meta.app_label or not meta.managed or meta.proxy or _protected(model):
        return
    for field in meta.concrete_fields:
        if field.is_relation and field.related_model is Area:
            yield Hanging(meta.label, field.name)
        elif field.name == CODE_FIELD:
            yield Hanging(meta.label, None, field.name)


def _protected(model: type[models.Model]) -> bool:
    """Histories and the trail: rows that nobody may change, so they keep the code of their day."""
    if issubclass(model, pghistory.models.Event):
        return True
    return any(isinstance(one, pgtrigger.Protect) for one in getattr(model._meta, "triggers", []))


def count_hanging(ids: Iterable[int], codes: Iterable[str]) -> dict[int | str, int]:
    """How many rows hang on regions, by id (foreign keys) and by code (tables that have only a code)."""
    counts: dict[int | str, int] = {}
    ids, codes = list(ids), list(codes)
    with_key = {hanging.label.lower() for hanging in hangings() if hanging.field}
    for hanging in hangings():
        model = apps.get_model(hanging.label)
        name, keys = (hanging.field, ids) if hanging.field else (hanging.code, codes)
        if not keys or _is_rollup(model, hanging.field) or (not hanging.field and hanging.label.lower() in with_key):
            continue
        rows = model._base_manager.filter(**{f"{name}__in": keys}).order_by().values_list(name)
        for key, count in rows.annotate(count=models.Count("pk")):
            counts[key] = counts.get(key, 0) + count
    return counts


def move_all(moved: list[Moved], *, before: date) -> Rehung:
    """Let everything follow. Rows that would double at the new region (two links of one unit to villages that merged)
    stay; those with an open stretch since–until end the day before `before`."""
    result = Rehung({}, {}, {})
    if not moved:
        return result
    _stage(moved)
    hanging_now = hangings()
    keyed = {hanging.label.lower() for hanging in hanging_now if hanging.field and not hanging.history}
    for hanging in hanging_now:
        model = apps.get_model(hanging.label)
        if hanging.field and not hanging.history:
            _move_key(model, hanging.field, moved, before, result)
        if hanging.code:
            _move_code(model, hanging.code, result, counted=hanging.label.lower() not in keyed)
    with connection.cursor() as cursor:
        cursor.execute(f"drop table {MOVES}")
    for fn in _afterwards:
        fn(moved)
    return result


def _stage(moved: list[Moved]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"create temporary table {MOVES} (old_id bigint primary key, new_id bigint not null, "
            'old_code text collate "C" not null, new_code text collate "C" not null)'
        )
        with cursor.copy(f"copy {MOVES} from stdin") as copy:
            for one in moved:
                copy.write_row((one.old_id, one.new_id, one.old_code, one.new_code))
        cursor.execute(f"create index on {MOVES} (old_code)")
        cursor.execute(f"analyze {MOVES}")


def _move_key(model: type[models.Model], name: str, moved: list[Moved], before: date, result: Rehung) -> None:
    """One statement for the whole table; only when the table's own rules object, row by row."""
    column, table = _quoted(model, name)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"update {table} t set {column} = m.new_id from {MOVES} m where t.{column} = m.old_id")  # noqa: S608
            _add(result.went, model, cursor.rowcount)
    except IntegrityError:
        _move_one_by_one(model, name, moved, before, result)


def _move_one_by_one(model: type[models.Model], name: str, moved: list[Moved], before: date, result: Rehung) -> None:
    target = {one.old_id: one.new_id for one in moved}
    rows = model._base_manager.filter(**{f"{name}__in": target}).order_by("pk").values_list("pk", name)
    for pk, old_id in list(rows):
        row = model._base_manager.filter(pk=pk)
        try:
            with transaction.atomic():
                _add(result.went, model, row.update(**{f"{name}_id": target[old_id]}))
        except IntegrityError:
            if not _is_rollup(model, name):
                _add(result.ended if _end(model, row, before) else result.stayed, model, 1)


def _end(model: type[models.Model], row: models.QuerySet, before: date) -> bool:
    """Close the stretch of a row that cannot go along, on the day before; never before it began."""
    fields = {field.name for field in model._meta.concrete_fields}
    if not {"since", "until"} <= fields:
        return False
    return bool(
        row.filter(until__isnull=True).update(until=Greatest("since", models.Value(before - timedelta(days=1))))
    )


def _move_code(model: type[models.Model], name: str, result: Rehung, *, counted: bool) -> None:
    column, table = _quoted(model, name)
    with connection.cursor() as cursor:
        cursor.execute(
            f"update {table} t set {column} = m.new_code from {MOVES} m "  # noqa: S608
            f"where t.{column} = m.old_code and m.old_code <> m.new_code"
        )
        if counted:
            _add(result.went, model, cursor.rowcount)


def _quoted(model: type[models.Model], name: str) -> tuple[str, str]:
    """A column and its table as SQL writes them."""
    field: Any = model._meta.get_field(name)
    return connection.ops.quote_name(field.column), connection.ops.quote_name(model._meta.db_table)


def _is_rollup(model: type[models.Model], name: str | None) -> bool:
    """A figure per region (the region is its key): made again from the rows below, so it need not follow."""
    pk = model._meta.pk
    return name is not None and pk is not None and pk.name == name


def _add(counts: dict[str, int], model: type[models.Model], rows: int) -> None:
    if rows:
        counts[model._meta.label] = counts.get(model._meta.label, 0) + rows
