"""What pairing adds to the columns of households that the standard tables read: who helps, by rank (PAIR-1, REP-2)."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.db.models import Q

from shuanglian.areas.models import Area, below

from .models import Pairing

COLUMNS = ("helper_rank",)


def helpers(area: Area, on: date) -> pl.DataFrame:
    """Every household of an area that somebody answers for on a day, with that person's rank."""
    stands = Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gte=on))
    rows = Pairing.objects.filter(below(area.prefix), stands).order_by().values_list("household_id", "cadre__rank")
    return pl.DataFrame(list(rows), schema={"home": pl.Int64, "helper_rank": pl.String}, orient="row").unique("home")
