"""What every test may use: the embedded database is up, the profile is loaded."""

import os
import tempfile
from pathlib import Path

import pytest

os.environ.setdefault("SHUANGLIAN_VAR", str(Path(tempfile.gettempdir()) / f"shuanglian-test-{os.getuid()}"))


def pytest_configure() -> None:
    from shuanglian import devdb

    devdb.ensure(Path(os.environ["SHUANGLIAN_VAR"]) / "db")


@pytest.fixture(scope="session")
def profile():
    from shuanglian.rules.profile import load

    return load("tongwei_2015")
