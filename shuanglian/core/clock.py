"""The clock, read by doors only and handed down as `at` and `on`."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """This moment, aware, in UTC."""
    return timezone.now()  # noqa: TID251 - the one place that may


def today() -> date:
    """Today in the county's time zone."""
    return timezone.localdate()


def day_of(at: datetime) -> date:
    """The day of a moment in the county's time zone: at seven in the morning there, it is still yesterday in UTC."""
    return timezone.localdate(at)
