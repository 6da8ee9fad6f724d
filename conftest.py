"""What every test may use: the embedded database is up, its tables are a copy, the profile is loaded.

With several workers each is handed a file at a time (`make_scheduler` below), what takes long early, so that at the
end none works alone.
"""

import gc
import os
import re
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import pytest

hypothesis.settings.register_profile("house", deadline=None, derandomize=True)  # the same cases for everyone
hypothesis.settings.load_profile("house")
os.environ.setdefault("SHUANGLIAN_VAR", str(Path(tempfile.gettempdir()) / f"shuanglian-test-{os.getuid()}"))
_started: list[bool] = []
gc.disable()  # what is imported stays: nothing to find there (see `pytest_collection_finish`)
# Rooms without a database first: meanwhile its tables are prepared. Then what takes minutes.
EARLY = (
    "shuanglian/matching/",
    "shuanglian/measures/",
    "the running product",
    "tests/test_walls.py",
    "tests/test_safe_complaints.py",
)
IN_PARTS = {
    "tests/test_walls.py": 6,
    "tests/test_safe_complaints.py": 4,
}  # tests that share little and take minutes


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


def part_of(nodeid: str) -> str:
    """What a worker is handed as a whole: a file, a part of a long one, all that looks at the running product."""
    file = nodeid.split("::", 1)[0]
    if _asks_for_the_product(file):
        return "the running product"
    if file in IN_PARTS:
        return f"{file}:{zlib.crc32(nodeid.encode()) % IN_PARTS[file]}"
    return file


@cache
def _asks_for_the_product(file: str) -> bool:
    """Whether a test or fixture of the file has `product` among its parameters: it starts once, with one worker."""
    source = Path(__file__).parent / file
    return source.is_file() and bool(re.search(r"^def \w+\([^)]*\bproduct\b", source.read_text("utf-8"), re.MULTILINE))


def _turn(item: pytest.Item) -> tuple[int, str]:
    part = part_of(item.nodeid)
    early = (place for place, begins in enumerate(EARLY) if part.startswith(begins))
    return next(early, len(EARLY)), part if part.startswith(EARLY) else ""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        items.sort(key=_turn)


def pytest_collection_finish() -> None:
    """Half a million objects of imports and of 6,500 tests are there to the end: the collector passes them over."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """`--dist loadfile` with our parts, in the order of collection."""
    from xdist.scheduler import LoadFileScheduling

    class Parts(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return part_of(nodeid)

    if config.getoption("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False
    return Parts(config, log)


def pytest_unconfigure() -> None:
    from shuanglian import devdb

    # only who started it stops it: under xdist that is the controller, after its workers
    if _started == [True]:
        devdb.Server(Path(os.environ["SHUANGLIAN_VAR"]) / "db").stop()


@pytest.fixture(scope="module")
def kept(django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[[], AbstractContextManager]]:
    """For rows that are dear to make: one transaction around all tests of a module, each in a savepoint of its own.

    A fixture of the module makes them inside `with kept():`. Not for modules whose tests commit.
    """
    from django.db import transaction

    around = transaction.atomic()
    with django_db_blocker.unblock():
        around.__enter__()
    yield django_db_blocker.unblock
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


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
