"""Working days of a country's calendar: holidays, days off that were moved, make-up weekends (VOICE-2, VOICE-3).

    days = WorkingDays("CN")
    days.is_working(date(2015, 2, 15))        True: the Sunday that makes up for Spring Festival
    days.add(date(2015, 2, 17), 3)            2015-02-27: the third working day after it, over the festival
    days.between(date(2015, 2, 17), …)        working days after the first, up to and with the second

The days themselves come from the `holidays` package, which carries the state council's yearly arrangements. Of years
whose arrangement is not out yet only the holidays fixed by law are known: `known(year)` says so. A profile may add days
of its own (a county's flood, a local feast): `extra_off`, `extra_on`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

import holidays

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

DAY = timedelta(days=1)
LONGEST = 3_660  # days: no time limit is looked for beyond ten years


@lru_cache(maxsize=16)
def _calendar(country: str) -> holidays.HolidayBase:
    """The country's days; a Refusal for one that nobody keeps a calendar of."""
    try:
        return holidays.country_holidays(country)
    except NotImplementedError:
        raise Refusal("no_calendar", N_("没有 {country} 的工作日历"), country=country) from None


class WorkingDays:
    """Counts in working days. Read only; the same for every caller of one process."""

    __slots__ = ("country", "off", "on")

    def __init__(self, country: str, extra_off: Iterable[date] = (), extra_on: Iterable[date] = ()) -> None:
        self.country, self.off, self.on = country, frozenset(extra_off), frozenset(extra_on)
        if country:
            _calendar(country)

    def is_working(self, day: date) -> bool:
        """Whether offices are open: the profile's own days first, then the country's; without one, no weekends."""
        if day in self.on or day in self.off:
            return day in self.on
        return _calendar(self.country).is_working_day(day) if self.country else day.weekday() < 5

    def known(self, year: int) -> bool:
        """Whether the moved days of a year are known, or only the holidays that the law fixes."""
        if not self.country:
            return True
        calendar = _calendar(self.country)
        calendar.is_working_day(date(year, 1, 1))  # brings the year in
        return any(day.year == year for day in calendar.weekend_workdays)

    def add(self, day: date, n: int) -> date:
        """The n-th working day after a day; 0 is the day itself, or the first working day from it on."""
        if n < 0:
            raise ValueError("working days are counted forward")
        found, left = day, n
        if n == 0:
            while not self.is_working(found):
                found += DAY
            return found
        for _step in range(LONGEST):
            found += DAY
            left -= self.is_working(found)
            if left == 0:
                return found
        raise ValueError("no working day within ten years")

    def before(self, day: date, n: int) -> date:
        """The n-th working day before a day; 0 is the day itself."""
        found, left = day, n
        for _step in range(LONGEST):
            if left == 0:
                return found
            found -= DAY
            left -= self.is_working(found)
        raise ValueError("no working day within ten years")

    def between(self, since: date, until: date) -> int:
        """Working days after the first day, up to and with the second; never below 0."""
        return sum(self.is_working(since + DAY * step) for step in range(1, (until - since).days + 1))


__all__ = ["WorkingDays"]
