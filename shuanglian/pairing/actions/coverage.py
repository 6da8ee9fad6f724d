"""结对汇总: coverage per region node, villages first and then added up (PAIR-1, 两个全覆盖)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from shuanglian.areas.models import PREFIX_LENGTHS, Area
from shuanglian.core import clock, profile

_BELOW = """
WITH lengths(k) AS (SELECT unnest(%(lengths)s::int[])),
poor AS (
    SELECT DISTINCT a.code FROM areas_area a JOIN areas_areatag t ON t.area_id = a.id
    WHERE a.until IS NULL AND a.code >= %(low)s AND a.code < %(high)s AND t.tag = ANY(%(tags)s)
      AND t.since <= %(on)s AND (t.until IS NULL OR t.until >= %(on)s)
),
linked AS (
    SELECT DISTINCT area_code FROM pairing_villagelink
    WHERE area_code >= %(low)s AND area_code < %(high)s AND since <= %(on)s AND (until IS NULL OR until >= %(on)s)
),
standing AS (
    SELECT * FROM pairing_pairing
    WHERE area_code >= %(low)s AND area_code < %(high)s AND since <= %(on)s AND (until IS NULL OR until >= %(on)s)
),
villages AS (
    SELECT code, sum(poor) AS poor, sum(linked) AS linked, sum(households) AS households, sum(paired) AS paired,
           sum(fallback) AS fallback
    FROM (
        SELECT poor.code, 1 AS poor, (linked.area_code IS NOT NULL)::int AS linked, 0 AS households, 0 AS paired,
               0 AS fallback
        FROM poor LEFT JOIN linked ON linked.area_code = poor.code
        UNION ALL
        SELECT h.area_code, 0, 0, 1, (p.id IS NOT NULL)::int, (p.slot IS NOT DISTINCT FROM 'fallback')::int
        FROM registry_household h LEFT JOIN standing p ON p.household_id = h.id
        WHERE h.area_code >= %(low)s AND h.area_code < %(high)s AND h.since <= %(on)s
          AND (h.left_on IS NULL OR h.left_on > %(on)s) AND (h.removed_on IS NULL OR h.removed_on > %(on)s)
    ) AS each GROUP BY code
),
sums AS (
    SELECT left(code, k) AS prefix, sum(poor) AS poor, sum(linked) AS linked, sum(households) AS households,
           sum(paired) AS paired, sum(fallback) AS fallback
    FROM villages CROSS JOIN lengths GROUP BY 1
),
people AS (
    SELECT left(area_code, k) AS prefix, count(DISTINCT cadre_id) AS cadres FROM standing CROSS JOIN lengths GROUP BY 1
),
bodies AS (
    SELECT left(area_code, k) AS prefix, count(DISTINCT unit_id) AS units
    FROM (SELECT area_code, unit_id FROM pairing_villagelink
          WHERE area_code >= %(low)s AND area_code < %(high)s AND since <= %(on)s AND (until IS NULL OR until >= %(on)s)
          UNION SELECT s.area_code, c.unit_id FROM standing s JOIN organisation_cadre c ON c.id = s.cadre_id) AS each
    CROSS JOIN lengths GROUP BY 1
)
INSERT INTO pairing_areacoverage
    (area_id, poor_villages, linked_villages, households, paired, fallback, cadres, units, at)
SELECT a.id, coalesce(poor, 0), coalesce(linked, 0), coalesce(households, 0), coalesce(paired, 0),
       coalesce(fallback, 0), coalesce(cadres, 0), coalesce(units, 0), %(at)s
FROM areas_area a LEFT JOIN sums USING (prefix) LEFT JOIN people USING (prefix) LEFT JOIN bodies USING (prefix)
WHERE a.until IS NULL AND a.code >= %(low)s AND a.code < %(high)s AND length(a.prefix) = ANY(%(lengths)s)
ON CONFLICT (area_id) DO UPDATE SET
    poor_villages = excluded.poor_villages, linked_villages = excluded.linked_villages,
    households = excluded.households, paired = excluded.paired, fallback = excluded.fallback,
    cadres = excluded.cadres, units = excluded.units, at = excluded.at
"""

_UP = """
INSERT INTO pairing_areacoverage
    (area_id, poor_villages, linked_villages, households, paired, fallback, cadres, units, at)
SELECT a.parent_id, sum(c.poor_villages), sum(c.linked_villages), sum(c.households), sum(c.paired), sum(c.fallback),
       sum(c.cadres), sum(c.units), %(at)s
FROM areas_area a JOIN pairing_areacoverage c ON c.area_id = a.id
WHERE a.until IS NULL AND a.parent_id = %(parent)s GROUP BY a.parent_id
ON CONFLICT (area_id) DO UPDATE SET
    poor_villages = excluded.poor_villages, linked_villages = excluded.linked_villages,
    households = excluded.households, paired = excluded.paired, fallback = excluded.fallback,
    cadres = excluded.cadres, units = excluded.units, at = excluded.at
"""


@contextmanager
def whole_tables() -> Iterator[None]:
    """Statements over a whole county: rows that came in this very transaction are not yet in the planner's figures,
    and it would go through them pair by pair."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield
        if not connection.needs_rollback:
            cursor.execute("SET LOCAL enable_nestloop = on")


@transaction.atomic
def rebuild(within: Area | None, at: datetime) -> None:
    """Work out the coverage of every node at and below `within` and of those above it; None is everything.

    A unit and a cadre help in one county, so above the county their numbers add up; below it each node counts its own.
    """
    county = _county_or_wider(within)
    level = county.level if county else Area.Level.PROVINCE
    tags = [code for code, tag in profile.active().tags.items() if tag.kind == "village" and code == poor_village_tag()]
    low = county.prefix if county else ""
    given: dict[str, Any] = {
        "low": low, "high": f"{low}:", "on": timezone.localtime(at).date(), "at": at, "tags": tags,
        "lengths": [length for number, length in PREFIX_LENGTHS.items() if number >= level],
    }  # fmt: skip
    with whole_tables(), connection.cursor() as cursor:
        cursor.execute(_BELOW, given)
        node = county
        while node is not None and node.parent_id is not None:
            cursor.execute(_UP, {"parent": node.parent_id, "at": at})
            node = node.parent


def poor_village_tag() -> str:
    """The tag of a poor village in the active profile (ORG-7)."""
    return "poor_village"


def _county_or_wider(area: Area | None) -> Area | None:
    while area is not None and area.level > Area.Level.COUNTY and area.parent is not None:
        area = area.parent
    return area


def after_regions(moved: list[Any]) -> None:
    """Regions got new codes: every figure is worked out anew."""
    rebuild(None, clock.now())
