"""The running product for tests that look at it as a user would: own database, own folder, own port, small county."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from shuanglian import devdb
from shuanglian.config import prepared

from .browser import ROOT, open_browser


@dataclass(frozen=True)
class Product:
    url: str
    var: Path
    process: subprocess.Popen
    database: str
    said: list[str]

    def query(self, statement: str, *params: object) -> list[tuple]:
        with psycopg.connect(self.database) as link:
            return link.execute(statement, params).fetchall()


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """`shuanglian demo --small` until "Ready:"; stopped as Ctrl-C stops it."""
    var = tmp_path_factory.mktemp("product")
    for name in ("assets", "fonts"):
        if (ROOT / "var" / name).exists():
            (var / name).symlink_to(ROOT / "var" / name)
    database = f"product_{os.getpid()}"
    home = devdb.conninfo(Path(os.environ["SHUANGLIAN_VAR"]) / "db").rsplit(" ", 1)[0]
    with psycopg.connect(f"{home} dbname=postgres", autocommit=True) as link:
        link.execute(f"drop database if exists {database} with (force)")
        link.execute(f"create database {database} template {prepared.ready()}")
    port = _free_port()
    environment = {
        k: v
        for k, v in os.environ.items()
        if k not in {"DJANGO_SETTINGS_MODULE", "SECRET_KEY", "SHUANGLIAN_DATA_KEY", "HTTPS"}
    }
    environment |= {
        "SHUANGLIAN_VAR": str(var),
        "DATABASE_URL": f"{home} dbname={database}",
        "PYTHONWARNINGS": "default",
    }
    process = subprocess.Popen(
        [sys.executable, "-c", "from shuanglian.cli import main; main()", "demo", "--small", "--port", str(port)],
        env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    said: list[str] = []
    for line in process.stdout or ():
        said.append(line)
        if line.startswith("Ready:"):
            break
    else:
        pytest.fail("the product did not start:\n" + "".join(said))
    rest = threading.Thread(target=lambda: said.extend(process.stdout or ()), daemon=True)
    rest.start()
    yield Product(f"http://127.0.0.1:{port}", var, process, f"{home} dbname={database}", said)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 0
    rest.join(timeout=10)
    if process.stdout:
        process.stdout.close()
    with psycopg.connect(f"{home} dbname=postgres", autocommit=True) as link:
        link.execute(f"drop database if exists {database} with (force)")


@pytest.fixture(scope="session")
def browser():
    with open_browser() as found:
        yield found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
