"""Is the trail whole? Every line's digest is worked out anew, outside the database, and compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from django.db import connection, transaction

SEPARATOR = "\x1f"
BATCH = 5_000
LINES = """
select number, previous, digest, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), verb,
       coalesce(by_id::text, ''), by_name, area_code, about, about_label, details::text
from trail_entry order by number
"""


@dataclass(frozen=True)
class Head:
    """The last line: its number and digest. Printed outside the system, it proves later that nothing was cut off."""

    number: int
    digest: str

    def __str__(self) -> str:
        return f"{self.number}:{self.digest}"


def head() -> Head:
    """The last line's number and digest; 0 and '' for an empty trail."""
    with connection.cursor() as cursor:
        cursor.execute("select number, digest from trail_entry order by number desc limit 1")
        row = cursor.fetchone()
    return Head(*row) if row else Head(0, "")


def verify(known: Head | None = None) -> list[int]:
    """The numbers of lines that are wrong: changed, missing, or not following their predecessor; empty when whole.

    A changed line is named itself; where a line was changed and its own digest with it, the line after it is, because
    it no longer follows. With a `known` head, a trail that was cut off or written anew before it is found too.
    """
    broken: list[int] = []
    before, expected = "", 1
    for number, previous, digest, *content in _lines():
        broken.extend(range(expected, number))  # lines that are gone
        if digest != _digest(number, previous, content) or (previous != before and expected == number):
            broken.append(number)
        if known and number == known.number and digest != known.digest and number not in broken:
            broken.append(number)
        before, expected = digest, number + 1
    if known and known.number >= expected:
        broken.extend(range(expected, known.number + 1))
    return broken


def count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from trail_entry")
        return int(cursor.fetchone()[0])


def _digest(number: int, previous: str, content: list[str]) -> str:
    return sha256(SEPARATOR.join([str(number), previous, *content]).encode()).hexdigest()


def _lines() -> Iterator[list]:
    """All lines in order, fetched in batches: a trail of millions does not fill the memory."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(LINES)
        while rows := cursor.fetchmany(BATCH):
            yield from (list(row) for row in rows)
