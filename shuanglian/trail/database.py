"""The function through which alone lines come into the trail; made anew after every migration."""

from typing import Any

from django.db import connection, transaction

ADD = """
create or replace function shuanglian_trail_add(
    at timestamptz, verb text, by_id bigint, by_name text, area_code text, about text, about_label text, details jsonb)
    returns table (id bigint, number bigint, previous text, digest text)
    language sql security definer set search_path = public, pg_temp as $$
        insert into trail_entry
            (number, at, verb, by_id, by_name, area_code, about, about_label, details, previous, digest)
        values (0, $1, $2, $3, $4, $5, $6, $7, $8, '', '')
        returning id, number, previous, digest $$;
"""


def ensure(**_kwargs: Any) -> None:
    """After migrate: the function, owned by the owner of the trail."""
    if "trail_entry" in connection.introspection.table_names():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(7412004)")
            cursor.execute(ADD)
