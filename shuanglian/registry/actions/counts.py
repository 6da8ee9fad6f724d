"""Figures per region: villages are counted, what stands above them is added up (house.md: parts and wholes add).

Pages read these rows instead of counting tables. `refresh` keeps them right after one change, `rebuild` after many.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from shuanglian.areas.models import Area, below
from shuanglian.core.scoping import unscoped
from shuanglian.jobs.actions import jobs
from shuanglian.registry.models import Flag

from . import flags

ABOVE = (4, 3, 2, 1)  # township, county, city, province

_OWN = """
INSERT INTO registry_areacount (area_id, households, people, by_cause, by_band, findings, at)
SELECT a.id, coalesce(h.households, 0), coalesce(h.people, 0), coalesce(c.found, '{{}}'), coalesce(b.found, '{{}}'),
       coalesce(f.found -> a.code, '{{}}'), %(at)s
FROM areas_area a
CROSS JOIN (SELECT %(findings)s::jsonb AS found) f
LEFT JOIN (SELECT village_id, count(*) AS households, sum(size) AS people FROM registry_household
           WHERE left_on IS NULL AND removed_on IS NULL AND {households} GROUP BY 1) h ON h.village_id = a.id
LEFT JOIN (SELECT village_id, jsonb_object_agg(main_cause, n) AS found
           FROM (SELECT village_id, main_cause, count(*) AS n FROM registry_household
                 WHERE left_on IS NULL AND removed_on IS NULL AND {households} GROUP BY 1, 2) g
           GROUP BY 1) c ON c.village_id = a.id
LEFT JOIN (SELECT village_id, jsonb_object_agg(need_band, n) AS found
           FROM (SELECT village_id, need_band, count(*) AS n FROM registry_household
                 WHERE left_on IS NULL AND removed_on IS NULL AND {households} GROUP BY 1, 2) g
           GROUP BY 1) b ON b.village_id = a.id
WHERE a.level = 5 AND {areas}
ON CONFLICT (area_id) DO UPDATE SET households = excluded.households, people = excluded.people,
    by_cause = excluded.by_cause, by_band = excluded.by_band, findings = excluded.findings, at = excluded.at
"""

_SUM = """(SELECT coalesce(jsonb_object_agg(key, n), '{{}}')
           FROM (SELECT e.key, sum(e.value::bigint) AS n
                 FROM areas_area child JOIN registry_areacount c ON c.area_id = child.id,
                        jsonb_each_text(c.{column}) e WHERE child.parent_id = a.id GROUP BY 1) g)"""

_ADDED = """
INSERT INTO registry_areacount (area_id, households, people, by_cause, by_band, findings, at)
SELECT a.id, coalesce(s.households, 0), coalesce(s.people, 0), {causes}, {bands}, {findings}, %(at)s
FROM areas_area a
LEFT JOIN (SELECT child.parent_id, sum(c.households) AS households, sum(c.people) AS people
           FROM areas_area child JOIN registry_areacount c ON c.area_id = child.id
           WHERE child.level = %(level)s + 1 GROUP BY 1) s ON s.parent_id = a.id
WHERE a.level = %(level)s AND {areas}
ON CONFLICT (area_id) DO UPDATE SET households = excluded.households, people = excluded.people,
    by_cause = excluded.by_cause, by_band = excluded.by_band, findings = excluded.findings, at = excluded.at
"""


@transaction.atomic
def rebuild(within: Area | None, at: datetime, *, sweep: bool = True) -> int:
    """Count every village at or below a region (None: everywhere) and add up to the province; how many villages.

    The checks are asked anew first, unless somebody has just done it.
    """
    if sweep:
        flags.sweep(within, at=at)
    prefix = within.prefix if within else ""
    values: dict[str, Any] = {"low": prefix, "high": f"{prefix}:"}
    findings = _findings(below(prefix) if within else Q())
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE registry_areacount IN SHARE ROW EXCLUSIVE MODE")
        own = _OWN.format(
            households="area_code >= %(low)s AND area_code < %(high)s", areas="a.code >= %(low)s AND a.code < %(high)s"
        )
        cursor.execute(own, {**values, "at": at, "findings": findings})
        villages = int(cursor.rowcount)
        chain = _ancestors(within)
        for level in ABOVE:
            inside = "((a.code >= %(low)s AND a.code < %(high)s) OR a.id = ANY(%(chain)s))"
            cursor.execute(_added(inside), {**values, "at": at, "level": level, "chain": chain})
    return villages


@dataclass
class _Waiting:
    villages: set[str] = field(default_factory=set)
    households: set[int] = field(default_factory=set)


_waiting: ContextVar[_Waiting | None] = ContextVar("changes that are counted together", default=None)


@contextmanager
def together(*, at: datetime) -> Iterator[None]:
    """Changes inside are counted, and the checks asked, once at the end: a list's, not each household's.

    Within the caller's transaction: what flies out of it has changed nothing, and nothing is counted.
    """
    if _waiting.get() is not None:  # whoever is further out does it
        yield
        return
    waiting = _Waiting()
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    if waiting.villages:
        refresh(waiting.villages, at=at, households=waiting.households)


@transaction.atomic
def refresh(codes: Iterable[str], *, at: datetime, households: Collection[int] = ()) -> None:
    """Count some villages anew after a change in them and carry the difference up to the province.

    The checks are asked again of the villages and of the households that changed.

    Rows are locked from the villages upwards in the order of codes, the same for everybody, so two clerks wait for each
    other and neither counts without the other's change.
    """
    if (waiting := _waiting.get()) is not None:
        waiting.villages.update(codes)
        waiting.households.update(households)
        return
    villages = sorted(set(codes))
    _ask_again(households, villages, at)
    with unscoped(), connection.cursor() as cursor:  # the areas above the reader's own are added up as well
        cursor.execute(
            """WITH RECURSIVE up AS (
                   SELECT id, parent_id, level, code FROM areas_area WHERE code = ANY(%s) AND until IS NULL
                   UNION SELECT a.id, a.parent_id, a.level, a.code FROM areas_area a JOIN up ON up.parent_id = a.id)
               SELECT id FROM up ORDER BY level DESC, code""",
            [villages],
        )
        chain = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            """INSERT INTO registry_areacount (area_id, households, people, by_cause, by_band, findings, at)
               SELECT unnest(%s::bigint[]), 0, 0, '{}', '{}', '{}', %s ON CONFLICT DO NOTHING""",
            [chain, at],
        )
        cursor.execute(
            """SELECT c.area_id FROM registry_areacount c JOIN areas_area a ON a.id = c.area_id
               WHERE c.area_id = ANY(%s) ORDER BY a.level DESC, a.code FOR UPDATE OF c""",
            [chain],
        )
        findings = _findings(Q(area_code__in=villages))
        own = _OWN.format(households="area_code = ANY(%(codes)s)", areas="a.id = ANY(%(chain)s)")
        cursor.execute(own, {"at": at, "chain": chain, "codes": villages, "findings": findings})
        for level in ABOVE:
            cursor.execute(_added("a.id = ANY(%(chain)s)"), {"at": at, "level": level, "chain": chain})


def _added(areas: str) -> str:
    sums = {name: _SUM.format(column=column) for name, column in
            (("causes", "by_cause"), ("bands", "by_band"), ("findings", "findings"))}  # fmt: skip
    return _ADDED.format(areas=areas, **sums)


def _ancestors(area: Area | None) -> list[int]:
    chain: list[int] = []
    while area is not None and area.parent_id is not None:
        chain.append(area.parent_id)
        area = area.parent
    return chain


def _findings(scope: Q) -> str:
    """Village code → check → how many rows it complains about, as JSON."""
    found: dict[str, dict[str, int]] = {}
    rows = Flag.objects.filter(scope, state=Flag.State.OPEN).order_by().values("area_code", "rule")
    for row in rows.annotate(n=Count("pk")):
        found.setdefault(row["area_code"], {})[row["rule"]] = row["n"]
    return json.dumps(found)


def _ask_again(households: Collection[int], villages: list[str], at: datetime) -> None:
    """Now; or, while the county is being swept, right after it."""
    if villages and not flags.ask_again(households, villages, at=at):
        params = {"households": list(households), "villages": villages}
        jobs.start(kind="registry.ask_again", title=_("重新检查改动过的户"), params=params, by=None, at=at,
                   area_code=villages[0])  # fmt: skip
