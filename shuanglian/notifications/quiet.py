"""Never at night: from when to when nothing goes out to a telephone or a mailbox, by the profile (FIELD-6)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from shuanglian.core.profile import active

NIGHT = (21, 8)  # where a profile says nothing: nobody is woken


def hours() -> tuple[int, int]:
    """(from, to) o'clock in the county's time zone."""
    told = active().reminding
    return (told.quiet_from, told.quiet_to) if told else NIGHT


def is_quiet(at: datetime) -> bool:
    since, until = hours()
    hour = timezone.localtime(at).hour
    return since <= hour < until if since <= until else hour >= since or hour < until


def soonest(at: datetime) -> datetime:
    """The moment itself by day; at night the morning after."""
    if not is_quiet(at):
        return at
    here = timezone.localtime(at)
    morning = here.replace(hour=hours()[1], minute=0, second=0, microsecond=0)
    return morning if morning > here else morning + timedelta(days=1)
