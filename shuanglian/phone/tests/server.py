"""The real web server over the tests' own database, to be killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from .factories import BACKEND, Phone

ROOT = Path(__file__).resolve().parents[3]
TOKEN = "k" * 32  # what cookie and header say alike


class Server:
    """gunicorn with two workers on a free port; everything it starts is one group of processes, and dies as one."""

    def __init__(self, var: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        given = connection.settings_dict
        told = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
        self.environment = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "shuanglian.config.settings", "SHUANGLIAN_VAR": str(var),
            "SECRET_KEY": settings.SECRET_KEY, "SHUANGLIAN_DATA_KEY": settings.DATA_KEY, "HTTPS": "0",
            "DATABASE_URL": " ".join(f"{key}={given[name]}" for key, name in told.items() if given[name]),
        }  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "shuanglian.config.wsgi:application", "--bind", f"127.0.0.1:{self.port}",
             "--worker-class", "gthread", "--workers", "2", "--threads", "2", "--log-level", "critical",
             "--no-control-socket"],
            env=self.environment, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        end = time.monotonic() + 120
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        """kill -9 of all of it at once: nobody tidies up."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def send(self, session: str, phone: Phone, ops: list[dict[str, Any]], clock: str) -> list[dict[str, Any]] | None:
        """The results; None when the line was cut before the answer came."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/phone/api/ops/", json.dumps({"clock": clock, "ops": ops}).encode(),
            {"Content-Type": "application/json", "Accept": "application/json", "X-Device": str(phone.device.pk),
             "X-CSRFToken": TOKEN, "Cookie": f"sessionid={session}; csrftoken={TOKEN}"},
        )  # fmt: skip
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.loads(answer.read())["results"]
        except (urllib.error.URLError, ConnectionError, OSError):
            return None


def session_of(phone: Phone) -> str:
    client = Client()
    client.force_login(phone.user, backend=BACKEND)
    return client.cookies["sessionid"].value
