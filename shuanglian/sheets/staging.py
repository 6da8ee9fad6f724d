"""What every room does with a staged roster: fill it up, refuse what it names in vain, number what has no number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from django.db.models import Model

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

from .acceptors import Taken
from .merging import rows, run

if TYPE_CHECKING:
    from shuanglian.areas.models import Area

SHOWN = 5  # examples named in a refusal


def complete(frame: pl.DataFrame, *names: str) -> pl.DataFrame:
    """The frame with a place `n` and every named column, those that it lacks empty."""
    frame = frame if "n" in frame.columns else frame.with_row_index("n")
    empty = [name for name in names if frame.schema.get(name, pl.Null) == pl.Null]
    return frame.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in empty)


def resident(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Identity numbers as the register keeps them: 18 characters that stand for the person, whichever card it was."""
    if f"{name}_resident" not in frame.columns:
        return frame
    told = pl.col(f"{name}_resident")
    return frame.with_columns(pl.when(told != "").then(told).alias(name))


def taken_outside(
    frame: pl.DataFrame, name: str, column: str, *, table: str, stored: str, area: Area, code: str, field: str,
    where: str = "true",
) -> list[Taken]:  # fmt: skip
    """The rows of a frame whose `column` (plain values or digests) stands in a table outside an area."""
    if column not in frame.columns:
        return []
    values = frame[column].cast(pl.String)
    known = {
        value
        for (value,) in rows(
            f"""SELECT DISTINCT "{stored}" FROM {{t}} WHERE "{stored}" = ANY(%s)
                AND NOT (area_code >= %s AND area_code < %s) AND {where}""",  # noqa: S608 - our own text
            [value for value in values.unique().to_list() if value], area.prefix, f"{area.prefix}:", t=table,
        )
    }  # fmt: skip
    found = [place for place, value in enumerate(values.to_list()) if value in known] if known else []
    return [Taken(name, found, field, code)] if found else []


def nothing(name: str) -> pl.Expr:
    """An empty column, to be filled in the database."""
    return pl.lit(None, dtype=pl.String).alias(name)


def refuse_unknown(stage: str, named: str, found: str, code: str, sentence: str, *, optional: bool = False) -> None:
    """Refuse when a staged name found nothing; the sentence's {names} are the first few."""
    unknown = rows(
        """SELECT DISTINCT s.{named} FROM {s} s WHERE s.{found} IS NULL AND (s.{named} IS NOT NULL OR NOT %s)
           ORDER BY 1 LIMIT %s""",
        optional, SHOWN, s=stage, named=named, found=found,
    )  # fmt: skip
    if unknown:
        raise Refusal(code, sentence, names="、".join(str(name or "—") for (name,) in unknown))


def refuse_elsewhere(stage: str, table: str, column: str, area: Area) -> None:
    """A number that stands outside the batch's area belongs to somebody else's rows: nothing of theirs is touched."""
    taken = rows(
        """SELECT s.{c} FROM {s} s JOIN {t} t ON t.id = s.row_id
           WHERE NOT (t.area_code >= %s AND t.area_code < %s) ORDER BY 1 LIMIT %s""",
        area.prefix, f"{area.prefix}:", SHOWN, s=stage, t=table, c=column,
    )  # fmt: skip
    if taken:
        numbers = "、".join(str(number) for (number,) in taken)
        raise Refusal("number_elsewhere", N_("这些编号已用于其他区域：{numbers}"), numbers=numbers)


def running_numbers(stage: str, model: type[Model], column: str, stem: str, *, width: int) -> None:
    """Numbers for new rows without one: a stem (SQL over w) and the next running number behind it, in sheet order."""
    run(
        f"""WITH wanting AS (SELECT w.n, {stem} AS stem FROM {{s}} w WHERE w.row_id IS NULL AND w.{column} IS NULL),
                 known AS (SELECT {column} AS number FROM {{t}} UNION ALL
                           SELECT {column} FROM {{s}} WHERE {column} IS NOT NULL),
                 last AS (SELECT d.stem, max(substr(k.number, length(d.stem) + 1)::bigint) AS last
                          FROM (SELECT DISTINCT stem FROM wanting) d
                          JOIN known k ON k.number >= d.stem || '0' AND k.number < d.stem || ':'
                           AND substr(k.number, length(d.stem) + 1) ~ '^[0-9]{{{{1,12}}}}$'
                          GROUP BY 1),
                 given AS (SELECT n, w.stem,
                                  coalesce(l.last, 0) + row_number() OVER (PARTITION BY w.stem ORDER BY n) AS next
                           FROM wanting w LEFT JOIN last l ON l.stem = w.stem)
            UPDATE {{s}} s SET {column} = g.stem || lpad(g.next::text, greatest(%s, length(g.next::text)), '0')
            FROM given g WHERE g.n = s.n""",  # noqa: S608 - our own text
        width,
        s=stage,
        t=model._meta.db_table,
    )
