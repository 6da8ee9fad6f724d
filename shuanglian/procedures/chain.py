"""Whether a case's story is whole: every act chained to the one before, as the database wrote it (REG-10)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

# The same text as the trigger of procedures_act digests; kept apart on purpose: a changed trigger would be found.
_SQL = """
select case_id, number from (
  select a.case_id, a.number, a.digest, a.previous,
    coalesce(lag(a.digest) over chain, '') as before, row_number() over chain as place,
    encode(sha256(convert_to(concat_ws(E'\\x1f', a.case_id, a.number, a.previous, a.step, a.deed, a."on"::text,
      a.back_to, a.why, a.content::text, coalesce(a.by_id::text, ''),
      to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')), 'UTF8')), 'hex') as worked
  from procedures_act a where a.case_id = any(%s)
  window chain as (partition by a.case_id order by a.number)
) chained
where number <> place or previous <> before or digest <> worked
order by case_id, number
"""


def broken(cases: Iterable[int]) -> list[tuple[int, int]]:
    """(case, number) of every act that does not fit: changed, missing before it, or out of order. Empty: all whole."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [list(cases)])
        return [(case, number) for case, number in cursor.fetchall()]
