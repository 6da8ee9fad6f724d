"""The year's movement of the register in one table: start, in, out, end, by cause and by region (REG-3).

    start + entered + returned + split off − left − removed − merged = end, of every village and cause; every level
above is the sum of what lies below, so the figures agree by construction. A file that a split founded was not
newly recognised, one that a merge closed was not removed for being wrong: each is told for itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db import connection

from shuanglian.areas.models import PREFIX_LENGTHS, Area

MOVED = """
with told as (
    select h.id, h.area_code, coalesce(nullif(h.main_cause, ''), '') as cause, h.size, h.since, h.left_on, h.removed_on,
        least(h.left_on, h.removed_on) as gone,
        exists (select from registry_householdlink l where l.target_id = h.id and l.kind = 'split') as founded,
        exists (select from registry_householdlink l where l.source_id = h.id and l.source_id <> l.target_id
            and l.kind in ('merge', 'same') and l.undone_at is null and l.on <= h.removed_on) as joined,
        (select max(s.value::jsonb #>> '{}')::date from registry_statement s where s.household_id = h.id
            and s.fact = 'relapsed_on' and s.withdrawn_at is null) as back_on
    from registry_household h where h.area_code >= %(low)s and h.area_code < %(high)s and h.since <= %(end)s
), moved as (
    select id, area_code, cause, size, founded, joined,
        coalesce(back_on > %(start)s and back_on <= %(end)s and since <= %(start)s
            and (gone is null or gone > back_on), false) as returned,
        since > %(start)s as entered,
        coalesce(gone > %(start)s and gone <= %(end)s, false) as out,
        left_on is not null and (removed_on is null or left_on <= removed_on) as by_leaving,
        gone is null or gone > %(start)s as stood
    from told
), flows as (
    select id, area_code, cause, size,
        case when entered and founded then 'split' when entered then 'entered' when returned then 'returned'
             when stood then 'start' end as came,
        case when not out then 'end' when by_leaving then 'left' when joined then 'merged' else 'removed' end as went
    from moved where entered or returned or stood
)
"""
QUERY = f"""{MOVED}
select area_code, cause, count(*) as n, sum(size) as people, came, went from flows group by area_code, cause, came, went
"""  # noqa: S608 - our own text
ROWS = f"""{MOVED}
select id from flows where (came = %(flow)s or went = %(flow)s) and (%(cause)s::text is null or cause = %(cause)s)
"""  # noqa: S608 - our own text


@dataclass
class Flow:
    """Households and people of one region or cause over a year. `(households, people)` each."""

    start: tuple[int, int] = (0, 0)
    entered: tuple[int, int] = (0, 0)
    returned: tuple[int, int] = (0, 0)
    split: tuple[int, int] = (0, 0)
    left: tuple[int, int] = (0, 0)
    removed: tuple[int, int] = (0, 0)
    merged: tuple[int, int] = (0, 0)
    end: tuple[int, int] = (0, 0)

    def add(self, name: str, n: int, people: int) -> None:
        had = getattr(self, name)
        setattr(self, name, (had[0] + n, had[1] + people))

    def __add__(self, other: Flow) -> Flow:
        return Flow(*(
            (a[0] + b[0], a[1] + b[1])
            for a, b in ((getattr(self, one.name), getattr(other, one.name)) for one in fields(Flow))
        ))  # fmt: skip

    @property
    def balanced(self) -> bool:
        """start + entered + returned + split − left − removed − merged = end, in households and in people."""
        came = self.start, self.entered, self.returned, self.split
        went = self.left, self.removed, self.merged, self.end
        return all(sum(one[at] for one in came) == sum(one[at] for one in went) for at in (0, 1))

    def told(self) -> list[tuple[int, int]]:
        return [getattr(self, one.name) for one in fields(Flow)]


@dataclass(frozen=True)
class Movement:
    """Every village's flow by cause: (village code, cause) → Flow."""

    cells: dict[tuple[str, str], Flow]

    def of(self, prefix: str) -> Flow:
        """A region at any level, by the prefix of its code."""
        return _sum(flow for (code, _cause), flow in self.cells.items() if code.startswith(prefix))

    def by_cause(self, prefix: str = "") -> dict[str, Flow]:
        found: dict[str, Flow] = {}
        for (code, cause), flow in self.cells.items():
            if code.startswith(prefix):
                found[cause] = found.get(cause, Flow()) + flow
        return dict(sorted(found.items()))

    def by_area(self, areas: Iterable[Area]) -> dict[str, Flow]:
        """code of each area → its flow; in one pass for areas of one level."""
        wanted = list(areas)
        if not wanted:
            return {}
        digits = PREFIX_LENGTHS[wanted[0].level]
        found: dict[str, Flow] = {}
        for (code, _cause), flow in self.cells.items():
            found[code[:digits]] = found.get(code[:digits], Flow()) + flow
        return {one.code: found.get(one.prefix, Flow()) for one in wanted}


def _sum(flows: Iterable[Flow]) -> Flow:
    whole = Flow()
    for one in flows:
        whole = whole + one
    return whole


def movement(area: Area, year: int, on: date) -> Movement:
    """The movement of a year up to a day in it (or all of it when the day lies behind)."""
    given = _bounds(area, year, on)
    cells: dict[tuple[str, str], Flow] = {}
    with connection.cursor() as cursor:
        cursor.execute(QUERY, given)
        for code, cause, n, people, came, went in cursor.fetchall():
            flow = cells.setdefault((code, cause), Flow())
            flow.add(came, n, people or 0)
            flow.add(went, n, people or 0)
    return Movement(cells)


def households(area: Area, year: int, on: date, flow: str, cause: str | None = None) -> list[int]:
    """The households behind one figure of the movement: a flow's name, of one cause or of all."""
    if flow not in {one.name for one in fields(Flow)}:
        return []
    with connection.cursor() as cursor:
        cursor.execute(ROWS, {**_bounds(area, year, on), "flow": flow, "cause": cause})
        return [row[0] for row in cursor.fetchall()]


def _bounds(area: Area, year: int, on: date) -> dict[str, Any]:
    return {"low": area.prefix, "high": f"{area.prefix}:", "start": date(year - 1, 12, 31),
            "end": min(on, date(year, 12, 31))}  # fmt: skip
