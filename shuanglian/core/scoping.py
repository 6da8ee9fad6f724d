"""Row-level security: the database's own net below the query layer's bounds (issue 2 H, stack.md 3.2).

Pages work under the role `settings.SCOPE_ROLE` with two settings that live as long as the transaction: app.scope (the
code prefix of the reader's area; '' is nothing) and app.user (the reader's number). Policies bind every table of people
to them. The owner of the tables (jobs, commands, migrations) is not bound.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper

RANGE = "{column} >= (select shuanglian_scope()) and {column} < (select shuanglian_scope() || ':')"
ABOVE = "{column} = any ((select shuanglian_above())::text[])"
OWN = "{column} = (select shuanglian_user())"

FUNCTIONS = """
create or replace function shuanglian_scope() returns text language sql stable parallel restricted
    as $$ select nullif(current_setting('app.scope', true), '') $$;
create or replace function shuanglian_user() returns bigint language sql stable parallel restricted
    as $$ select nullif(current_setting('app.user', true), '')::bigint $$;
create or replace function shuanglian_above() returns text[] language sql stable parallel restricted
    as $$ select array(select rpad(left(shuanglian_scope(), digits), 12, '0')
                       from unnest(array[2, 4, 6, 9]) digits where digits < length(shuanglian_scope())) $$;
"""


@dataclass(frozen=True)
class Table:
    """One table under row-level security. `reads` says which rows are seen, `writes` which may be made or changed."""

    name: str
    reads: str
    writes: str = ""  # the same as reads
    readonly: bool = False  # rows come in only through functions of the owner


def by_code(name: str, column: str = "area_code") -> Table:
    """Rows at or below the reader's area."""
    return Table(name, RANGE.format(column=column))


def by_branch(name: str, column: str = "area_code") -> Table:
    """Rows at or below the reader's area are read and written; those of the areas above it are read only."""
    bounds = RANGE.format(column=column)
    return Table(name, f"({bounds}) or {ABOVE.format(column=column)}", bounds)


def by_code_or_own(name: str, owner: str, column: str = "area_code", readonly: bool = False) -> Table:
    """Rows at or below the reader's area, and those that are the reader's own."""
    return Table(name, f"({RANGE.format(column=column)}) or {OWN.format(column=owner)}", readonly=readonly)


def by_parent(name: str, column: str, parent: str, parent_column: str = "id") -> Table:
    """Rows whose parent row is seen."""
    return Table(name, f"exists (select from {parent} parent where parent.{parent_column} = {name}.{column})")


# --- at run time ----------------------------------------------------------------------------------------------------
OWNER = "none"  # what PostgreSQL calls the role that the connection came in with
BIND = "select set_config('role', %s, true), set_config('app.scope', %s, true), set_config('app.user', %s, true)"
BOUND = "select current_setting('role'), current_setting('app.scope', true), current_setting('app.user', true)"


def enter(prefix: str, user_id: int | None) -> None:
    """Bind the rest of this transaction to an area and a user."""
    _bind(settings.SCOPE_ROLE, prefix, str(user_id or ""))


def leave() -> None:
    """Back to the owner for the rest of this transaction."""
    _bind(OWNER, "", "")


def _bind(role: str, prefix: str, user: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BIND, [role, prefix, user])


@contextmanager
def scoped(prefix: str, user_id: int | None = None) -> Iterator[None]:
    """A transaction bound to an area: what a page does, for tests, commands and generators."""
    within_another = connection.in_atomic_block
    with transaction.atomic():  # its end takes the binding back; when it fails, its rollback does
        enter(prefix, user_id)
        yield
        if within_another:
            leave()


@contextmanager
def unscoped() -> Iterator[None]:
    """Within a page: a few statements as the owner, for figures and checks that must see every row. Use sparingly."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(BOUND)
            role, prefix, user = cursor.fetchone()
        _bind(OWNER, prefix or "", user or "")
        yield
        _bind(role, prefix or "", user or "")


# --- at set-up ------------------------------------------------------------------------------------------------------
TRIES = 5
MAKE_ROLE = """
do $$ begin
    if not exists (select from pg_roles where rolname = '{name}') then create role {role} nologin; end if;
exception when duplicate_object or unique_violation then null;
end $$
"""


class RoleProblem(SystemExit):
    """The database user may not make or use the role that pages work under."""


def ensure(tables: Iterable[Table]) -> bool:
    """Role, functions, grants and policies as they should be; safe to run any number of times. False: all was right."""
    tables = sorted(tables, key=lambda table: table.name)
    role = connection.ops.quote_name(settings.SCOPE_ROLE)
    text = "\n".join([FUNCTIONS, _grants(role), *(_policy(table, role) for table in tables)])
    mark = hashlib.sha256(text.encode()).hexdigest()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(7412003)")
        _ensure_role(cursor, role)
        if _stands(cursor, mark, [table.name for table in tables]):
            return False
        cursor.execute(text)
        cursor.execute(f"comment on function shuanglian_scope() is '{mark}'")
    return True


def _ensure_role(cursor: CursorWrapper, role: str) -> None:
    """Make the role and join it. Roles belong to the whole server: another database's set-up may be at it right now."""
    try:
        with transaction.atomic():
            cursor.execute(MAKE_ROLE.format(name=settings.SCOPE_ROLE, role=role))
    except DatabaseError as error:
        raise _cannot(role, error) from error
    # since 16 the maker of a role is a member without being allowed to take it on: that is a right of its own
    right = "SET" if connection.pg_version >= 160000 else "MEMBER"  # type: ignore[attr-defined]
    for attempt in range(TRIES):
        cursor.execute("select pg_has_role(current_user, %s, %s)", [settings.SCOPE_ROLE, right])
        if cursor.fetchone()[0]:
            return
        try:
            with transaction.atomic():
                cursor.execute(f"grant {role} to current_user")
        except DatabaseError as error:
            if attempt == TRIES - 1:
                raise _cannot(role, error) from error


def _cannot(role: str, error: Exception) -> RoleProblem:
    with connection.cursor() as cursor:
        cursor.execute("select quote_ident(current_user)")
        me = cursor.fetchone()[0]
    return RoleProblem(
        f"数据库用户 {me} 不能建立页面使用的角色 {role}。请由数据库管理员执行一次：\n"
        f"The database user {me} may not set up the role {role} that pages work under. Let a superuser run once:\n"
        f"    CREATE ROLE {role} NOLOGIN; GRANT {role} TO {me};\n({str(error).strip()})"
    )


def _stands(cursor: CursorWrapper, mark: str, names: Sequence[str]) -> bool:
    """Whether the last set-up was this one and every table still has its policy (a table made anew has none)."""
    cursor.execute("select obj_description(to_regprocedure('shuanglian_scope()'), 'pg_proc')")
    if cursor.fetchone()[0] != mark:
        return False
    cursor.execute(
        "select count(*) from pg_class c where c.relname = any(%s) and c.relnamespace = current_schema()::regnamespace"
        " and c.relrowsecurity and exists (select from pg_policy p where p.polrelid = c.oid)"
        " and has_table_privilege(%s, c.oid, 'select')",
        [list(names), settings.SCOPE_ROLE],
    )
    return cursor.fetchone()[0] == len(names)


def _grants(role: str) -> str:
    return f"""
grant usage on schema public to {role};
grant select, insert, update, delete on all tables in schema public to {role};
grant usage, select on all sequences in schema public to {role};
grant execute on all functions in schema public to {role};
alter default privileges in schema public grant select, insert, update, delete on tables to {role};
alter default privileges in schema public grant usage, select on sequences to {role};
alter default privileges in schema public grant execute on functions to {role};
revoke insert, update, delete on django_migrations from {role};
"""  # noqa: S608 - the role's name is a setting of ours, quoted


def _policy(table: Table, role: str) -> str:
    name, writes = connection.ops.quote_name(table.name), table.writes or table.reads
    lines = [
        f"alter table {name} enable row level security;",
        f"drop policy if exists shuanglian_reads on {name};",
        f"drop policy if exists shuanglian_writes on {name};",
        f"create policy shuanglian_reads on {name} for select to {role} using ({table.reads});",
    ]
    if table.readonly:
        lines.append(f"revoke insert, update, delete, truncate on {name} from {role};")
    else:
        lines.append(f"create policy shuanglian_writes on {name} to {role} using ({writes}) with check ({writes});")
    return "\n".join(lines)
