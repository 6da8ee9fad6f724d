"""How often one web address sent a letter within an hour: generous, since a village may stand behind one address."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from shuanglian.complaints.models import Turn
from shuanglian.core.scoping import unscoped
from shuanglian.core.secrets import digest

HOUR = timedelta(hours=1)
ADD = """
insert into complaints_turn (who, since, count) values (%s, %s, 1)
on conflict (who) do update set count = complaints_turn.count + 1 returning count
"""


def take(*, address: str, at: datetime) -> int:
    """Count one; how many there were with it this hour. The digest is another one every hour."""
    since = at.replace(minute=0, second=0, microsecond=0)
    with unscoped(), connection.cursor() as cursor:
        cursor.execute(ADD, [digest(f"letter from {since.isoformat()} {address}"), since])
        return int(cursor.fetchone()[0])


def sweep(*, at: datetime) -> int:
    """Forget hours that are over; how many lines."""
    return Turn.objects.filter(since__lt=at - 2 * HOUR).delete()[0]
