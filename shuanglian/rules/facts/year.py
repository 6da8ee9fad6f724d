"""Facts of the year that is asked about."""

from __future__ import annotations

import polars as pl

from shuanglian.rules.cel.types import NUMBER, TEXT, WHOLE

from .catalogue import Ground, fact
from .sources import PROFILE, YUAN


@fact("year", WHOLE, zh="年份", en="year", source=PROFILE)
def number(g: Ground) -> pl.Expr:
    return pl.lit(g.day.year, pl.Int64)


@fact("year", NUMBER, zh="贫困线", en="poverty line", source=PROFILE, unit=YUAN)
def poverty_line(g: Ground) -> pl.Expr:
    """The line of the year, else the latest earlier one (IDX-2)."""
    return pl.lit(str(g.profile.lines(g.day.year).yuan)).cast(pl.Decimal(18, 2))


@fact("year", TEXT, zh="贫困线口径", en="what the poverty line counts", source=PROFILE)
def line_concept(g: Ground) -> pl.Expr:
    return pl.lit(g.profile.lines(g.day.year).concept)
