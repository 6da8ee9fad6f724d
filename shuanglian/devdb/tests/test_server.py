"""The embedded database: started by anyone, killed by anything, nothing committed is lost."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time

import psutil
import psycopg
import pytest

from shuanglian.devdb import Server, conninfo, ensure
from shuanglian.devdb.server import binaries


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("devdb") / "db")
    server.start()
    yield server
    server.stop()


def test_it_answers_only_on_a_private_socket(server):
    assert server.socket.stat().st_mode & 0o077 == 0
    with psycopg.connect(conninfo(server.data)) as link:
        assert link.execute("show listen_addresses").fetchone() == ("",)


def test_a_second_start_finds_the_first(server):
    pid = server.pid()
    assert server.start() is False
    assert server.pid() == pid


def test_two_starts_at_once_make_one_server(server):
    server.stop()
    answers: list[bool] = []
    threads = [threading.Thread(target=lambda: answers.append(Server(server.data).start())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False, True]


def test_committed_rows_survive_kill_9_of_the_postmaster(server):
    with psycopg.connect(conninfo(server.data)) as link:
        link.execute("create table if not exists kept (n int)")
        link.execute("insert into kept values (42)")
    killed = server.pid()
    os.kill(killed, signal.SIGKILL)
    _gone(killed)
    assert server.start() is True
    with psycopg.connect(conninfo(server.data)) as link:
        assert link.execute("select count(*) from kept where n = 42").fetchone()[0] >= 1


def test_a_pid_that_now_belongs_to_another_process_is_not_believed(server):
    server.stop()
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n")
    assert server.pid() is None
    assert server.start() is True


def test_with_DATABASE_URL_nothing_is_started(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/db")
    assert ensure(tmp_path / "db") is False
    assert not (tmp_path / "db").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="others than root cannot be kept out of their own folder")
def test_root_starts_it_in_a_clone_below_a_folder_that_is_closed_to_others(tmp_path):
    """As after `mktemp -d`: PostgreSQL runs as nobody and must still reach its programs, its libraries and its data."""
    closed = tmp_path / "clone"
    closed.mkdir(mode=0o700)
    package = binaries().parents[1]
    for folder in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(folder, closed / "packages" / folder.name, copy_function=_same_file, symlinks=True)
    told = subprocess.run(
        [sys.executable, "-c", START, str(closed / "var" / "db")], capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": str(closed / "packages")},
    )  # fmt: skip
    assert told.stderr == ""
    where, answer = told.stdout.splitlines()
    assert where.startswith(str(closed)) and answer.startswith("PostgreSQL")


START = """
import sys; from pathlib import Path
import psycopg
from shuanglian.devdb import Server, conninfo
from shuanglian.devdb.server import binaries
server = Server(Path(sys.argv[1]))
try:
    server.start()
    print(binaries())
    print(psycopg.connect(conninfo(server.data)).execute("select version()").fetchone()[0])
finally:
    server.stop()
"""


def _same_file(old: str, new: str) -> None:
    """A second name for the same file where the disk allows it, else a copy."""
    try:
        os.link(old, new)
    except OSError:
        shutil.copy2(old, new)


def _gone(pid: int) -> None:
    deadline = time.monotonic() + 20
    while psutil.pid_exists(pid) and time.monotonic() < deadline:
        if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.05)
