"""Stretches of days: both ends in, an open end is None."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Period:
    since: date
    until: date | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.since:
            raise ValueError(f"a period cannot end ({self.until}) before it begins ({self.since})")

    def __contains__(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)
