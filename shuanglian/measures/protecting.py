"""Small groups in published figures: what must not be shown, and what else, so that it cannot be worked out.

A table says of every group of households how many there are, how many gain, lose, are poor … and of all together the
same. A row with a count from 1 to `least` - 1 is hidden as a whole. The totals say what the hidden rows have together,
so more rows are hidden until

- there are two of them or more,
- together they have `least` households or none in every column, and
- together they have more households than rows, else each would have exactly one.

Then any hidden count can be another one: a household may be moved from one hidden row to another and everything that is
shown stays as it is (tests try all tables). When no row would remain, there is no table. A total from 1 to `least` - 1
is hidden too, with all amounts beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

Counts = Mapping[str, int]  # what is counted → households
SIZE = "households"  # the column with the size of a group; each of the others counts a part of it


def small(count: int, least: int) -> bool:
    """Whether a count of households names people."""
    return 0 < count < least


def hidden_rows(rows: Mapping[str, Counts], least: int, *, told: Collection[str] | None = None) -> frozenset[str]:
    """The rows that are not shown; all of them when there is no table to show. Every row has the same columns.

    told: columns of which the reader learns what all rows have together; as a rule those whose total is not small.
    """
    totals = _sums(rows.values())
    known = [column for column, count in totals.items() if not small(count, least)] if told is None else told
    hidden = {code for code, counts in rows.items() if any(small(count, least) for count in counts.values())}
    waiting = sorted(rows.keys() - hidden, key=lambda code: (rows[code][SIZE], code))
    while hidden and waiting and not _safe([rows[code] for code in hidden], known, least):
        hidden.add(waiting.pop(0))
    return frozenset(hidden)


def _safe(rows: Sequence[Counts], told: Collection[str], least: int) -> bool:
    together = {column: count for column, count in _sums(rows).items() if column in told}
    if any(small(count, least) for count in together.values()):
        return False
    if len(rows) == 1 and any(together.values()):
        return False
    return SIZE not in together or together[SIZE] > len(rows)


def _sums(rows: Collection[Counts]) -> dict[str, int]:
    columns = next(iter(rows), {})
    return {column: sum(counts[column] for counts in rows) for column in columns}
