"""How often one web address may knock: counted in the database for all processes, the address kept as a digest only."""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta

from django.db import connection

from shuanglian.core.secrets import digest
from shuanglian.notices.models import Knock

HOUR = timedelta(hours=1)
ADD = """
insert into notices_knock (what, who, since, count) values (%s, %s, %s, 1)
on conflict (what, who, since) do update set count = notices_knock.count + 1 returning count
"""


def knock(*, what: str, address: str, at: datetime) -> int:
    """Count one knock within this hour; how many there were with it."""
    since = _hour(at)
    with connection.cursor() as cursor:
        cursor.execute(ADD, [what, _who(address, since), since])
        return int(cursor.fetchone()[0])


def knocked(*, what: str, address: str, at: datetime) -> int:
    """How often an address has knocked within this hour."""
    since = _hour(at)
    found = Knock.objects.filter(what=what, who=_who(address, since), since=since)
    return found.values_list("count", flat=True).first() or 0


def sweep(*, at: datetime) -> int:
    """Forget hours that are over; how many lines."""
    return Knock.objects.filter(since__lt=_hour(at) - HOUR).delete()[0]


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _who(address: str, since: datetime) -> str:
    """A digest that is another one every hour, so that no address can be followed; IPv6 by its network (/64)."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        known = None
    if known is not None and known.version == 6:
        address = str(ipaddress.ip_network((int(known), 64), strict=False).network_address)
    return digest(f"knock {since.isoformat()} {address}")
