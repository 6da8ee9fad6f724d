"""The region table as columns, for the importer to match rosters against."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from . import names
from .models import Area, below
from .table import ancestors_of

if TYPE_CHECKING:
    import polars

LEVEL_COLUMNS = {1: "province", 2: "city", 3: "county", 4: "township", 5: "village"}


def names_frame(within: Area | None = None, on: date | None = None) -> polars.DataFrame:
    """Every region for the importer to match rosters against, one row each, ordered by code.

    Columns: id, code, name, short, level (1–5), parent_code, province, city, county, township, village (names of the
    chain, null where a level is missing), path (joined by /), aliases (list of spellings, shared ones stay shared),
    lon, lat. `within` keeps only what lies at or below a region (with its chain's names all the same).
    """
    import polars as pl

    rows = Area.objects.on(on) if on else Area.objects.current()
    above = Q(code__in=[*ancestors_of(within.code), within.code]) | below(within.prefix, "code") if within else Q()
    wanted = list(
        rows.filter(above).order_by("code")
        .values_list("id", "code", "name", "short", "level", "parent_id", "kind", "lon", "lat")
    )  # fmt: skip
    by_id = {row[0]: row for row in wanted}
    lines = []
    for row in wanted:
        if within is not None and not row[1].startswith(within.prefix):
            continue
        links, parent = _names_above(row, by_id), by_id.get(row[5])
        path = "/".join(links[level] for level in sorted(links))
        lines.append((
            *row[:5], parent[1] if parent else None, *(links.get(level) for level in LEVEL_COLUMNS), path,
            list(names.aliases(row[2], row[4])), row[7], row[8],
        ))  # fmt: skip
    schema: Any = {
        "id": pl.Int64, "code": pl.String, "name": pl.String, "short": pl.String, "level": pl.Int8,
        "parent_code": pl.String, **dict.fromkeys(LEVEL_COLUMNS.values(), pl.String), "path": pl.String,
        "aliases": pl.List(pl.String), "lon": pl.Float64, "lat": pl.Float64,
    }  # fmt: skip
    return pl.DataFrame(lines, schema=schema, orient="row")


def _names_above(row: tuple, by_id: dict[int, tuple]) -> dict[int, str]:
    links = {}
    step: tuple | None = row
    while step is not None:
        if step[6] != Area.Kind.VIRTUAL or step is row:
            links[step[4]] = step[2]
        step = by_id.get(step[5])
    return links
