"""What every test may use: the embedded database is up, the profile is loaded."""

import os
import tempfile
from pathlib import Path

import hypothesis
import pytest

hypothesis.settings.register_profile("house", deadline=None, derandomize=True)  # the same cases for everyone
hypothesis.settings.load_profile("house")
os.environ.setdefault("SHUANGLIAN_VAR", str(Path(tempfile.gettempdir()) / f"shuanglian-test-{os.getuid()}"))
_started: list[bool] = []


def pytest_configure() -> None:
    from shuanglian import devdb

    _started.append(devdb.ensure(Path(os.environ["SHUANGLIAN_VAR"]) / "db"))


def pytest_unconfigure() -> None:
    from shuanglian import devdb

    # only who started it stops it: under xdist that is the controller, after its workers
    if _started == [True]:
        devdb.Server(Path(os.environ["SHUANGLIAN_VAR"]) / "db").stop()


@pytest.fixture(scope="session")
def profile():
    from shuanglian.rules.profile import load

    return load("tongwei_2015")
