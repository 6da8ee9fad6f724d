"""The tables as this version wants them: open migrations, else what later policies and the trail's door ask for."""

from collections.abc import Callable

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from shuanglian.trail import database as trail_door

from . import scope


def ensure(*, begins: Callable[[], None] = lambda: None) -> None:
    """Safe to run again; `begins` is told when there are migrations to apply."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        begins()
        call_command("migrate", verbosity=0)
    else:
        trail_door.ensure()
        scope.ensure()
