"""A month of the log: its days, its neighbours, how an address names it (2015-07)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Month:
    """A calendar month."""

    year: int
    number: int

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> Month:
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def previous(self) -> Month:
        return month_of(self.first - timedelta(days=1))

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"


def month_of(day: date) -> Month:
    return Month(day.year, day.month)


def asked(text: str, today: date) -> Month:
    """The month that an address names; this one when it names none that can be."""
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text or "")
    if found and 2000 <= int(found[1]) <= 2100 and 1 <= int(found[2]) <= 12:
        return Month(int(found[1]), int(found[2]))
    return month_of(today)
