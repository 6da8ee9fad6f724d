"""From rows to the tables that visits are looked at in: a county's visits of some weeks, beside each other."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from shuanglian.areas.models import Area
from shuanglian.fieldwork.models import Photo, Visit
from shuanglian.organisation.models import Absence
from shuanglian.registry.models import Household, Person
from shuanglian.rules.visit_facts import PHOTOS, VISITS

if TYPE_CHECKING:
    from collections.abc import Iterable

COLUMNS = {
    "id": "pk", "cadre": "cadre_id", "household": "household_id", "on": "on", "started": "started_at",
    "ended": "ended_at", "saved": "told_at", "kept": "at", "lon": "lon", "lat": "lat", "accuracy": "accuracy",
    "home_lon": "household__lon", "home_lat": "household__lat", "village_lon": "household__village__lon",
    "village_lat": "household__village__lat", "entered": "entered", "on_leave": "leave", "clock_off": "clock_off",
    "text": "done",
}  # fmt: skip
MOMENTS = ("started", "ended", "saved", "kept")


def tables(
    area: Area, since: date, until: date, asked: Iterable[int] | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(visits, photos) as rules.visit_facts wants them: every standing visit of the area between two days, both in.

    asked: numbers of the visits that are asked about; None: all of them.
    """
    rows = Visit.objects.within(area).standing().filter(on__range=(since, until))
    visits = _visits(rows)
    wanted = pl.lit(True) if asked is None else pl.col("id").is_in(list(asked))
    return visits.with_columns(asked=wanted).select(list(VISITS)), _photos(rows)


def _visits(rows: QuerySet[Visit]) -> pl.DataFrame:
    away = Absence.objects.filter(cadre=OuterRef("cadre"), since__lte=OuterRef("on"))
    away = away.filter(Q(until__isnull=True) | Q(until__gte=OuterRef("on")))
    found = rows.annotate(leave=Exists(away)).order_by().values_list(*COLUMNS.values())
    names = _names(rows)
    told: list[list[Any]] = [list(one) for one in found.iterator(chunk_size=5000)]
    home, text = list(COLUMNS).index("household"), list(COLUMNS).index("text")
    for one in told:
        one[text] = _without(one[text], names.get(one[home], ()))
    schema: dict[str, Any] = {name: VISITS[name] for name in COLUMNS} | {
        name: pl.Datetime("us", "UTC") for name in MOMENTS
    }
    # by the server's clock, where the phone told how far it was off: else nobody could be said to be late or early
    off = pl.duration(seconds=pl.col("clock_off").fill_null(0))
    table = pl.DataFrame(told, schema=schema, orient="row").with_columns(
        pl.col(name).dt.convert_time_zone(settings.TIME_ZONE).dt.replace_time_zone(None) for name in MOMENTS
    )
    return table.with_columns(pl.col(name) - off for name in ("started", "ended", "saved"))


def _names(rows: QuerySet[Visit]) -> dict[int, tuple[str, ...]]:
    """The names of every household's people, longest first."""
    homes = rows.order_by().values("household_id")
    found: dict[int, set[str]] = {}
    for pk, head in Household.objects.filter(pk__in=homes).values_list("pk", "head_name"):
        found.setdefault(pk, set()).add(head)
    for pk, name in Person.objects.filter(household__in=homes).values_list("household_id", "name"):
        found.setdefault(pk, set()).add(name)
    return {pk: tuple(sorted((one for one in names if one), key=len, reverse=True)) for pk, names in found.items()}


def _without(text: str, names: tuple[str, ...]) -> str:
    for name in names:
        text = text.replace(name, "")
    return text


def _photos(rows: QuerySet[Visit]) -> pl.DataFrame:
    found = Photo.objects.filter(visit__in=rows.order_by().values("pk")).values_list(
        "visit_id", "attachment__likeness", "attachment__digest", "attachment__taken_at"
    )
    schema: dict[str, Any] = {**PHOTOS, "taken": pl.Datetime("us", "UTC")}
    return pl.DataFrame(list(found), schema=schema, orient="row").with_columns(
        pl.col("taken").dt.convert_time_zone(settings.TIME_ZONE).dt.replace_time_zone(None)
    )
