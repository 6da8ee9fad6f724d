"""What every test may use: the embedded database is up, its tables are a copy, the profile is loaded.

With several workers, whole files go to them in the order of `Files`: what takes long begins early.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

hypothesis.settings.register_profile("house", deadline=None, derandomize=True)  # the same cases for everyone
hypothesis.settings.load_profile("house")
os.environ.setdefault("SHUANGLIAN_VAR", str(Path(tempfile.gettempdir()) / f"shuanglian-test-{os.getuid()}"))
_started: list[bool] = []


def pytest_configure(config: pytest.Config) -> None:
    from shuanglian import devdb

    _started.append(devdb.ensure(Path(os.environ["SHUANGLIAN_VAR"]) / "db", durable=False))
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        from shuanglian.config import prepared

        prepared.begin()  # while the workers read the tests and work off the rooms that need no database


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The test database is copied from one whose migrations ran already."""
    from django.db import connection

    from shuanglian.config import prepared

    connection.settings_dict["TEST"]["TEMPLATE"] = prepared.ready()


def pytest_unconfigure() -> None:
    from shuanglian import devdb

    # only who started it stops it: under xdist that is the controller, after its workers
    if _started == [True]:
        devdb.Server(Path(os.environ["SHUANGLIAN_VAR"]) / "db").stop()


@pytest.fixture(scope="session")
def profile():
    from shuanglian.rules.profile import load

    return load("tongwei_2015")


@pytest.fixture(autouse=True)
def _no_orders_left(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """What a test commits is emptied after it, but the queue's tables are nobody's models: they are emptied here."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if (marker and marker.kwargs.get("transaction")) or "transactional_db" in request.fixturenames:
        from django.db import connection

        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("truncate procrastinate_jobs cascade")
