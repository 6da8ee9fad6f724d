"""Keeps database, server and worker running together: whoever is killed is started again; Ctrl-C stops all."""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import click
import psutil

from shuanglian import devdb

from .main import var_folder

WAIT_SECONDS = 60


def refuse_busy_port(port: int) -> None:
    """Say so, and how to mend it, where the port is taken; a run left over from a killed start is ended first."""
    left = _noted()
    if left and not _alive(left["supervisor"]):
        stop_running()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            click.echo(
                f"Port {port} is in use 端口 {port} 已被占用: stop what runs there, or "
                f"或改用其他端口: PORT={port + 1} make demo",
                err=True,
            )
            sys.exit(1)


def stop_running() -> None:
    """End what an earlier run of this checkout left behind, by the process ids it noted."""
    for pid in (_noted() or {}).get("children", []):
        if _alive(pid):
            _end(pid)
    _note_path().unlink(missing_ok=True)


def run(*, host: str, port: int, greeting: str = "") -> None:
    """Start, greet when ready, watch, stop in order: server, worker, database."""
    refuse_busy_port(port)
    server = devdb.Server(var_folder() / "db") if not os.environ.get("DATABASE_URL") else None
    commands: dict[str, Callable[[], subprocess.Popen]] = {"web": lambda: _web(host, port), "worker": _worker}
    children = {name: start() for name, start in commands.items()}
    _note(children)
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    try:
        if _wait_ready(port, lambda: stopping):
            if greeting:
                click.echo(greeting)
            click.echo(f"Ready: http://{host}:{port}/")
            sys.stdout.flush()
        while not stopping:
            time.sleep(0.5)
            if server and (server.pid() is None or not server.socket.exists()):
                click.echo("database restarted 数据库已重新启动", err=True)
                server.start()
            for name, child in children.items():
                if child.poll() is not None and not stopping:
                    click.echo(f"{name} restarted 已重新启动", err=True)
                    time.sleep(0.5)
                    children[name] = commands[name]()
                    _note(children)
    finally:
        for child in children.values():
            if child.poll() is None:
                _end(child.pid)
        if server:
            server.stop()
        _note_path().unlink(missing_ok=True)


def _web(host: str, port: int) -> subprocess.Popen:
    return _child(
        "-m", "gunicorn", "shuanglian.config.wsgi:application", "--bind", f"{host}:{port}", "--worker-class", "gthread",
        "--workers", os.environ.get("WEB_WORKERS", "2"), "--threads", os.environ.get("WEB_THREADS", "4"),
        "--timeout", "120", "--graceful-timeout", "10", "--max-requests", "20000", "--max-requests-jitter", "2000",
        "--log-level", "warning", "--no-control-socket",
    )  # fmt: skip


def _worker() -> subprocess.Popen:
    return _child("-c", "from shuanglian.cli import main; main(['worker'])")


def _child(*args: str) -> subprocess.Popen:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "shuanglian.config.settings"}
    # a group of its own: Ctrl-C reaches us first, and we stop them in order
    return subprocess.Popen(
        [sys.executable, *args],
        env=environment,
        start_new_session=True,
        preexec_fn=_die_with_parent,  # noqa: PLW1509 - no threads here
    )


def _die_with_parent() -> None:
    """On Linux a child ends when we are killed outright (prctl PR_SET_PDEATHSIG); elsewhere the noted ids serve."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _wait_ready(port: int, given_up: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline and not given_up():
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return True
        except OSError:
            time.sleep(0.1)
    return False


def _note_path() -> Path:
    return var_folder() / "run.json"


def _note(children: dict[str, subprocess.Popen]) -> None:
    _note_path().write_text(
        json.dumps({"supervisor": os.getpid(), "children": [child.pid for child in children.values()]})
    )


def _noted() -> dict | None:
    try:
        return json.loads(_note_path().read_text())
    except (OSError, ValueError):
        return None


def _alive(pid: int) -> bool:
    """Is this still one of ours, and not a stranger who got the number?"""
    try:
        return "shuanglian" in " ".join(psutil.Process(pid).cmdline())
    except psutil.Error:
        return False


def _end(pid: int) -> None:
    try:
        process = psutil.Process(pid)
        process.terminate()
        process.wait(timeout=15)
    except psutil.TimeoutExpired:
        process.kill()
    except psutil.Error:
        pass
