"""Rows by the hundred thousand: a frame goes by COPY into a temporary table and from there into the real one.

A staged table has `n` (place of the row in the frame), `row_id` (the row it stands for, null: a new one), `fresh`, and
columns named like those of the real table. A null says "the roster does not tell" and leaves what is known as it is.
What is made or changed is noted in `sheets_change`, so that the batch can be undone (REG-10). Caller's transaction.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
import psycopg
from django.db import connection, models
from psycopg import sql

from shuanglian.core.secrets import digest, open_sealed, seal

MANY = 1000  # rows, so many that the planner must hear of them at once
PIECE = 50_000  # rows written to COPY at a time: bounds the memory of their text form
ARGUMENTS = 50  # pairs of a function's arguments: the database takes a hundred arguments at most
NULL = "\x1a"  # no cell holds it: the reader takes control characters out


@dataclass
class Tally:
    """What became of the rows of one table."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0

    def as_dict(self) -> dict[str, int]:
        return {"new": self.new, "changed": self.changed, "unchanged": self.unchanged}


def run(statement: str, *params: Any, **names: str) -> int:
    """One statement whose {names} are identifiers; how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(_named(statement, names), params or None)
        return int(cursor.rowcount)


def rows(statement: str, *params: Any, **names: str) -> list[tuple[Any, ...]]:
    """The answer of one query whose {names} are identifiers."""
    with connection.cursor() as cursor:
        cursor.execute(_named(statement, names), params or None)
        return list(cursor.fetchall())


def plan_anew() -> None:
    """Forget the plans of this connection: to be said before a statement that changes many rows of a tracked table.

    What writes the row history joins the rows before and after. Its plan is kept from its first use, and one made for
    a single row goes through all pairs when ten thousand come: minutes instead of a second.
    """
    run("DISCARD PLANS")


def one(statement: str, *params: Any, **names: str) -> Any:
    """The first cell of the answer."""
    return rows(statement, *params, **names)[0][0]


def _say(cursor: Any, statement: sql.Composed, params: Sequence[Any] | None = None) -> None:
    """As plain text: what keeps the row history reads the statements that pass."""
    cursor.execute(statement.as_string(), params)


def _named(statement: str, names: Mapping[str, str]) -> str:
    """As plain text: what keeps the row history reads the statements that pass."""
    return sql.SQL(statement).format(**{key: sql.Identifier(value) for key, value in names.items()}).as_string()


def copy(table: str, frame: pl.DataFrame) -> None:
    """Append a frame to a table by COPY; columns by name, lists as database arrays."""
    flat = frame.with_columns(_array(name) for name, kind in frame.schema.items() if isinstance(kind, pl.List))
    flat = flat.with_columns(pl.col(pl.String).str.replace_all("[\x00\x1a]", ""))
    target = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, NULL {})").format(
        sql.Identifier(table), _list(frame.columns), sql.Literal(NULL)
    )
    with connection.cursor() as cursor, cursor.copy(target) as pipe:
        for piece in flat.iter_slices(PIECE):
            pipe.write(piece.write_csv(include_header=False, null_value=NULL, quote_style="necessary").encode())


def frame_of(query: str, schema: Mapping[str, Any], *params: Any) -> pl.DataFrame:
    """The answer of a query as a frame, by COPY: a million rows in a second or two."""
    with connection.cursor() as cursor:
        text = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, NULL {})").format(sql.SQL(query).format(), sql.Literal(NULL))
        bound = psycopg.ClientCursor(cursor.connection).mogrify(text, params) if params else text
        with cursor.copy(bound) as pipe:
            data = b"".join(bytes(piece) for piece in pipe)
    if not data:
        return pl.DataFrame(schema=schema)
    return pl.read_csv(io.BytesIO(data), has_header=False, schema=schema, null_values=NULL, empty_string_is_null=False)


def _array(name: str) -> pl.Expr:
    quoted = pl.element().cast(pl.String).str.replace_all(r'(["\\])', r"\${1}")
    inside = pl.col(name).list.eval(pl.lit('"') + quoted + pl.lit('"')).list.join(",")
    return pl.when(pl.col(name).is_not_null()).then(pl.concat_str(pl.lit("{"), inside, pl.lit("}"))).alias(name)


def _list(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in names)


def types_of(model: type[models.Model], names: Iterable[str]) -> dict[str, str]:
    """Database types of a model's columns; what the model does not have is text."""
    known = {field.column: field.db_type(connection) or "text" for field in model._meta.concrete_fields}
    return {name: known.get(name, "text") for name in names}


def stage(name: str, frame: pl.DataFrame, model: type[models.Model], also: Mapping[str, str] | None = None) -> None:
    """Make the temporary table `name` of a frame: column types as in the model, others as `also` says, else text.

    `also` may name columns that the frame does not have: they begin empty.
    """
    if "n" not in frame.columns:
        frame = frame.with_row_index("n")
    types = {**types_of(model, frame.columns), **(also or {}), "n": "integer"}
    extra = {"row_id": "bigint", "fresh": "boolean NOT NULL DEFAULT false"}
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(kind)) for column, kind in {**types, **extra}.items()
    )
    run("DROP TABLE IF EXISTS {t}", t=name)
    with connection.cursor() as cursor:
        _say(cursor, sql.SQL("CREATE TEMP TABLE {} ({}) ON COMMIT DROP").format(sql.Identifier(name), columns))
    copy(name, frame)
    run("ANALYZE {t}", t=name)


def drop_repeats(name: str) -> int:
    """Two staged rows that stand for one real row: the first counts; how many were left out."""
    run("ANALYZE {t}", t=name)  # what the planner knows is from before the rows were matched
    return run(
        """DELETE FROM {t} WHERE n IN (
               SELECT n FROM (SELECT n, row_number() OVER (PARTITION BY row_id ORDER BY n) AS nth
                              FROM {t} WHERE row_id IS NOT NULL) r WHERE r.nth > 1)""",
        t=name,
    )


def number_new(model: type[models.Model], name: str) -> int:
    """Give every row without a match its id beforehand, in the order of the sheet; how many are new."""
    sequence = one("SELECT pg_get_serial_sequence(%s, 'id')", model._meta.db_table)
    new = run(
        """UPDATE {t} s SET row_id = o.id, fresh = true
           FROM (SELECT n, nextval(%s::regclass) AS id FROM (SELECT n FROM {t} WHERE row_id IS NULL ORDER BY n) p) o
           WHERE s.n = o.n""",
        sequence,
        t=name,
    )
    run("ANALYZE {t}", t=name)  # until now the planner takes row_id for empty, and joins row by row
    return new


def merge(
    model: type[models.Model], name: str, columns: Sequence[str], *, batch_id: int, only_new: Sequence[str] = ()
) -> Tally:
    """Write staged rows into the model's table; `only_new` columns are never changed on rows that stand already.

    Rows must have been matched (`row_id`) and numbered (`number_new`). Equal rows are not touched at all.
    """
    table = model._meta.db_table
    total = one("SELECT count(*) FROM {t}", t=name)
    changed = _change(table, name, columns, batch_id) if columns else 0
    new = _insert(model, name, [*columns, *only_new], batch_id)
    if new > MANY:
        run("ANALYZE {t}", t=table)
    return Tally(new, changed, total - new - changed)


def _change(table: str, name: str, columns: Sequence[str], batch_id: int) -> int:
    differs = sql.SQL(" OR ").join(
        sql.SQL("(s.{c} IS NOT NULL AND s.{c} IS DISTINCT FROM t.{c})").format(c=sql.Identifier(column))
        for column in columns
    )
    before = sql.SQL(" || ").join(
        sql.SQL("jsonb_build_object({})").format(sql.SQL(", ").join(
            sql.SQL("{}, t.{}").format(sql.Literal(column), sql.Identifier(column)) for column in some
        )) for some in (columns[n : n + ARGUMENTS] for n in range(0, len(columns), ARGUMENTS))
    )  # fmt: skip
    parts = {"t": sql.Identifier(table), "s": sql.Identifier(name), "differs": differs, "before": before}
    plan_anew()
    with connection.cursor() as cursor:
        _say(
            cursor,
            sql.SQL(
                """INSERT INTO sheets_change (batch_id, "table", row_id, before)
                   SELECT %s, %s, t.id, {before} FROM {s} s JOIN {t} t ON t.id = s.row_id
                   WHERE NOT s.fresh AND ({differs})"""
            ).format(**parts),
            [batch_id, table],
        )
        if not cursor.rowcount:
            return 0
        sets = sql.SQL(", ").join(
            sql.SQL("{c} = coalesce(s.{c}, t.{c})").format(c=sql.Identifier(column)) for column in columns
        )
        _say(
            cursor,
            sql.SQL("UPDATE {t} t SET {sets} FROM {s} s WHERE t.id = s.row_id AND NOT s.fresh AND ({differs})").format(
                sets=sets, **parts
            ),
        )
        return int(cursor.rowcount)


def _insert(model: type[models.Model], name: str, columns: Sequence[str], batch_id: int) -> int:
    table, given = model._meta.db_table, set(columns)
    names, params = ["id"], []
    values: list[sql.Composable] = [sql.SQL("s.row_id")]
    for field in model._meta.concrete_fields:
        column = str(field.column)
        if field.primary_key or (field.null and column not in given):
            continue
        names.append(column)
        cell = sql.SQL("s.{}").format(sql.Identifier(column))
        if field.null:
            values.append(cell)
            continue
        kind = sql.SQL(field.db_type(connection) or "text")
        default = sql.SQL("%s::{}").format(kind)
        values.append(sql.SQL("coalesce({}, {})").format(cell, default) if column in given else default)
        params.append(field.get_db_prep_save(field.get_default(), connection))
    with connection.cursor() as cursor:
        _say(
            cursor,
            sql.SQL("INSERT INTO {t} ({names}) SELECT {values} FROM {s} s WHERE s.fresh ORDER BY s.n").format(
                t=sql.Identifier(table), names=_list(names), values=sql.SQL(", ").join(values), s=sql.Identifier(name)
            ),
            params,
        )
    return note_made(table, "SELECT row_id FROM {s} WHERE fresh", batch_id=batch_id, s=name)


def settle(tables: Iterable[str]) -> None:
    """Let the planner know what has come in, before it joins a hundred thousand new rows one by one."""
    for table in tables:
        run("ANALYZE {t}", t=table)


def note_made(table: str, ids: str, *params: Any, batch_id: int, **names: str) -> int:
    """Note rows that a batch made, from a query of their ids."""
    statement = f'INSERT INTO sheets_change (batch_id, "table", row_id) SELECT %s, %s, m.id FROM ({ids}) AS m (id)'  # noqa: S608 - our own text
    return run(statement, batch_id, table, *params, **names)


def change(
    model: type[models.Model], values: Mapping[str, str], found: str, *, batch_id: int, params: Sequence[Any] = ()
) -> int:
    """Change rows with SQL values and note what stood before: {column: value over t and f}; `found` is FROM … WHERE.

    Example: change(Person, {"area_code": "f.area_code"}, "registry_household f WHERE f.id = t.household_id AND …").
    `params` fill the values' gaps.
    """
    table = model._meta.db_table
    before = ", ".join(f"'{column}', t.\"{column}\"" for column in values)
    noted = run(
        f"""INSERT INTO sheets_change (batch_id, "table", row_id, before)
            SELECT {int(batch_id)}, '{table}', t.id, jsonb_build_object({before}) FROM "{table}" t, {found}"""  # noqa: S608
    )
    if noted:
        plan_anew()
        sets = ", ".join(f'"{column}" = {value}' for column, value in values.items())
        run(f'UPDATE "{table}" t SET {sets} FROM {found}', *params)  # noqa: S608 - our own text
    return noted


# --- sealed values ---------------------------------------------------------------------------------------------------
def digests(values: pl.Series) -> pl.Series:
    """Keyed digests of a column of texts, each distinct text once; null and empty stay null."""
    return _each(values, lambda text: digest(text) or None)


def _each(values: pl.Series, work: Callable[[str], str | None]) -> pl.Series:
    if values.dtype == pl.Null:
        return values.cast(pl.String)
    found = {text: work(text) for text in values.unique().to_list() if text}
    return pl.Series(values.name, [found.get(text) for text in values.to_list()], dtype=pl.String)


def seal_changed(
    model: type[models.Model], name: str, column: str, values: Sequence[str | None], *, by_digest: str = ""
) -> int:
    """Fill the staged column with sealed values, but only where they are new or other than what stands; how many.

    `values` are the clear texts by `n`. Told apart by the staged and stored digest column, else by opening.
    """
    table = model._meta.db_table
    if by_digest:
        statement = "SELECT s.n FROM {s} s LEFT JOIN {t} t ON t.id = s.row_id WHERE s.{d} IS DISTINCT FROM t.{d}"
        found = [n for (n,) in rows(statement, s=name, t=table, d=by_digest) if values[n]]
    else:
        statement = "SELECT s.n, t.{c} FROM {s} s LEFT JOIN {t} t ON t.id = s.row_id"
        kept = rows(statement, s=name, t=table, c=column)
        found = [n for n, sealed in kept if values[n] and (not sealed or open_sealed(sealed) != values[n])]
    if not found:
        return 0
    run("DROP TABLE IF EXISTS {t}", t="sealed_now")
    run("CREATE TEMP TABLE {t} (n integer, v text) ON COMMIT DROP", t="sealed_now")
    copy("sealed_now", pl.DataFrame({"n": found, "v": [seal(values[n] or "") for n in found]}))
    return run("UPDATE {s} s SET {c} = v FROM sealed_now z WHERE z.n = s.n", s=name, c=column)
