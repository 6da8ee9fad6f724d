"""Keep a county's standard tables as of today, so that a province need not read every file at each look (REP-2)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from shuanglian.areas.models import Area
from shuanglian.core import clock
from shuanglian.core.profile import active
from shuanglian.registry import statistics
from shuanglian.registry.models import KeptStatistics


@transaction.atomic
def keep(county: Area, *, at: datetime) -> int:
    """Count every year that can be asked for in one county and keep the cells; how many years. Safe to run again."""
    today, profile = clock.day_of(at), active()
    days = days_to_keep(today)
    found = statistics.count(county, days, profile)
    rows = [
        KeptStatistics(area=county, area_code=county.code, year=on.year, on=on, at=at, basis=statistics.basis(profile),
                       cells=statistics.cells_of(found[on], county))
        for on in days
    ]  # fmt: skip
    KeptStatistics.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["area", "year"],
        update_fields=["area_code", "on", "basis", "cells", "at"],
    )  # fmt: skip
    return len(rows)


def days_to_keep(today: date) -> tuple[date, ...]:
    """The day of every year that can be asked for, and of the year before each (it stands beside)."""
    asked = [day for year in statistics.years(active(), today) for day in statistics.days_of(year, today)]
    return tuple(sorted(set(asked)))
