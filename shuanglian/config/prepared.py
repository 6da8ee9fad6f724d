"""The tests' tables, made once: all migrations run into a database that every worker then copies in a moment.

`python -m shuanglian.config.prepared` makes it where it is not there yet. Its name holds a digest of what decides about
its tables, so a changed migration or another Django makes a new one; Django's own `migrate` still runs over each copy.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

ROOT = Path(__file__).resolve().parents[2]
READ_BY_MIGRATIONS = ("shuanglian/core/secrets.py", "shuanglian/core/history.py")
KEPT = 4  # templates of other states of the sources, for who goes to and fro between two of them


def name() -> str:
    """`prepared_…` after the migrations of this checkout and the packages installed beside it."""
    seen = hashlib.sha256()
    for path in [*sorted(ROOT.glob("shuanglian/*/migrations/*.py")), *(ROOT / one for one in READ_BY_MIGRATIONS)]:
        seen.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    for package in sorted({f"{one.name} {one.version}" for one in metadata.distributions()}):  # found twice from here
        seen.update(package.encode())
    return f"prepared_{seen.hexdigest()[:16]}"


def begin() -> None:
    """Make it beside whatever runs meanwhile."""
    subprocess.Popen(_command())


def ready() -> str:
    """The name, once it is there."""
    wanted = name()
    with _link() as link:
        missing = wanted not in _there(link)
    if missing:
        subprocess.run(_command(), check=True)
    return wanted


def make() -> None:
    """Under a name of its own first, so that a broken run leaves nothing that looks whole. Two at once share one."""
    wanted, draft = name(), f"{name()}_draft"
    with _link() as link, open(Path(os.environ["SHUANGLIAN_VAR"]) / "prepared.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        there = _there(link)
        if wanted in there:
            return
        link.execute(f'drop database if exists "{draft}" with (force)')
        link.execute(f'create database "{draft}"')
        _migrate(draft)
        link.execute(f'alter database "{draft}" rename to "{wanted}"')
        for old in there[:-KEPT]:
            link.execute(f'drop database if exists "{old}"')


def _command() -> list[str]:
    return [sys.executable, "-W", "error", "-m", __name__ if __name__ != "__main__" else __spec__.name]


def _migrate(database: str) -> None:
    import django
    from django.db import connection

    django.setup()
    from shuanglian.web import tables

    connection.settings_dict["NAME"] = database
    with _only_what_changed():
        tables.ensure()  # as every start of the product does
    connection.close()


@contextmanager
def _only_what_changed() -> Iterator[None]:
    """A step of a migration draws the model it changes anew, and not with it all that hang together: nearly all do.

    For tables, keys, triggers and policies it is enough that the model itself is the new one: a dump of the tables was
    the same either way (numbers of content types are given in another order). Nine seconds of processor, not 55.
    """
    from django.db.migrations.state import ProjectState

    before = ProjectState._find_reload_model  # type: ignore[attr-defined]
    ProjectState._find_reload_model = lambda _state, room, model, _delay=False: {(room, model.lower())}  # type: ignore[attr-defined]
    try:
        yield
    finally:
        ProjectState._find_reload_model = before  # type: ignore[attr-defined]


def _link() -> psycopg.Connection:
    """The server that the tests' settings name, by its database `postgres`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuanglian.config.settings_test")
    from . import settings_test

    given = settings_test.DATABASES["default"]
    told = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    where = {key: str(given[name]) for key, name in told.items() if given[name]}
    return psycopg.connect(make_conninfo(dbname="postgres", **where), autocommit=True)


def _there(link: psycopg.Connection) -> list[str]:
    """Templates there are, the oldest first."""
    rows = link.execute(r"select datname from pg_database where datname ~ '^prepared_[0-9a-f]+$' order by oid")
    return [row[0] for row in rows.fetchall()]


if __name__ == "__main__":
    make()
