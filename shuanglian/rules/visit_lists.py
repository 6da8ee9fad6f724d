"""Who visits whom: everybody is on somebody's list, no list is too long, nobody visits relatives (REG-6, REG-9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ToVisit:
    """One household: its key, its village, who should go if possible (the helper), who must not."""

    key: int
    village: str
    first: str = ""
    never: frozenset[str] = field(default_factory=frozenset)


def share_out(
    rows: Sequence[ToVisit], teams: Mapping[str, Sequence[str]], *, most: int, loads: Mapping[str, int] | None = None
) -> dict[int, str]:  # fmt: skip
    """key → person; "" when nobody is free. First the helper, then whoever of the village's team has the shortest list.

    loads: what is on people's lists already. The same rows give the same lists, in whatever order they come.
    """
    load: Counter[str] = Counter(loads or {})
    given: dict[int, str] = {}
    rest: list[ToVisit] = []
    for row in sorted(rows, key=lambda row: (row.village, row.key)):
        if row.first and row.first not in row.never and load[row.first] < most:
            given[row.key] = row.first
            load[row.first] += 1
        else:
            rest.append(row)
    for row in rest:
        given[row.key] = person = _shortest(teams.get(row.village, ()), row.never, load, most)
        if person:
            load[person] += 1
    return given


def _shortest(team: Collection[str], never: Collection[str], load: Mapping[str, int], most: int) -> str:
    free = [person for person in team if person not in never and load.get(person, 0) < most]
    return min(free, key=lambda person: (load.get(person, 0), person), default="")
