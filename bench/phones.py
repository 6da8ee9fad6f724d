"""A thousand phones come back into signal: 20 operations each through the real server, with repeats, other orders and cuts.

gunicorn as `shuanglian serve` starts it, over the embedded PostgreSQL that waits for the disk, in a database of its own.
A share of operations is sent twice, every phone's are shuffled and cut into batches, a share of answers is thrown away
so that the batch comes again. Afterwards the rows are counted: nothing lost, nothing doubled, the trail whole.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import psutil

from .pages import own_database
from .phones_county import MANY, OPERATIONS, Phone, county, history, many_homes

PHONES = 1_000
TWICE, LOST = 0.10, 0.05  # shares of operations sent twice, of answers that never arrive
LINES = 8  # phones that talk at the same time
TOKEN = "b" * 32
FIRST, NEXT = 8, 40  # households that come whole in the first answer, in each of the next (phone's sync.js)
HUNDREDS = 200  # households of the one whose first state is weighed


@dataclass
class Run:
    """What one run sent and how long each request took."""

    sent: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, seconds: float, results: list[dict[str, Any]]) -> None:
        with self.lock:
            self.seconds.append(seconds)
            self.sent += len(results)
            for one in results:
                key = one["status"] + (f" ({one['code']})" if one["status"] == "refused" else "")
                self.statuses[key] = self.statuses.get(key, 0) + 1


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--phones", type=int, default=PHONES)
    parser.add_argument("--peer", type=int, default=100, help="phones of the peer's runs")
    options = parser.parse_args()
    with own_database():
        text = measure(options.phones, min(options.peer, options.phones))
    print(text)


def measure(count: int, peer: int) -> str:
    from shuanglian.cli.service import make_ready

    make_ready(quiet=True)
    chance = random.Random(20151017)
    phones = county(count + 2 * peer)
    for phone in phones:
        phone.ops = history(phone, chance)
    ours, rest = phones[:count], phones[count:]
    large_one = many_homes(HUNDREDS)
    with Server("shuanglian.config.wsgi:application") as server:
        first = states(server, ours[: min(200, count)])
        run, wall, cpu = sync(server, ours, chance)
        checked = counted(ours)
        one_run, one_wall, one_cpu = sync(server, rest[:peer], chance, batch=1)
        again = states(server, ours[: min(200, count)], cursors=first.cursors)
        large = states(server, [large_one] * 5)
        listed = states(server, [large_one] * 5, most=FIRST)
        parts = rest_of(server, large_one, listed.cursors[large_one.user])
    with Server("bench.phones_peer:application") as server:
        naive = naive_way(server, rest[peer:], chance)
    text = told(count, peer, run, wall, cpu, checked, (one_run, one_wall, one_cpu), naive, first, again, large)
    return "\n".join([
        text, _state(f"its first answer: the list of all, {FIRST} whole", listed),
        _state(f"the rest, {NEXT} households an answer", parts, together=True),
    ])  # fmt: skip


# --- the server -----------------------------------------------------------------------------------------------------
class Server:
    """gunicorn as the product starts it (cli.supervise): two workers of four threads."""

    def __init__(self, application: str) -> None:
        from django.conf import settings

        self.application = application
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        given = settings.DATABASES["default"]
        told_ = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
        self.environment = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "shuanglian.config.settings", "HTTPS": "0",
            "SECRET_KEY": settings.SECRET_KEY, "SHUANGLIAN_DATA_KEY": settings.DATA_KEY,
            "DATABASE_URL": " ".join(f"{key}={given[name]}" for key, name in told_.items() if given[name]),
        }  # fmt: skip

    def __enter__(self) -> Server:
        from shuanglian.cli.supervise import _die_with_parent

        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", self.application, "--bind", f"127.0.0.1:{self.port}", "--worker-class",
             "gthread", "--workers", "2", "--threads", "4", "--log-level", "error", "--no-control-socket"],
            env=self.environment, start_new_session=True, preexec_fn=_die_with_parent,
        )  # fmt: skip
        for _try in range(1200):
            try:
                link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                link.request("GET", "/healthz")
                if link.getresponse().status == 200:
                    return self
            except OSError:
                time.sleep(0.1)
        raise SystemExit("the server did not start")

    def __exit__(self, *_: object) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait()

    def busy(self) -> float:
        """Processor seconds of the web server so far."""
        whole = psutil.Process(self.process.pid)
        return sum(sum(one.cpu_times()[:2]) for one in [whole, *whole.children(recursive=True)])

    def ask(self, link: http.client.HTTPConnection, phone: Phone, method: str, path: str, sent: Any = None) -> bytes:
        headers = {
            "Accept": "application/json", "Accept-Encoding": "gzip", "X-Device": str(phone.device), "X-CSRFToken": TOKEN,
            "Cookie": f"sessionid={phone.session}; csrftoken={TOKEN}", "Content-Type": "application/json",
        }  # fmt: skip
        link.request(method, path, None if sent is None else json.dumps(sent).encode(), headers)
        answer = link.getresponse()
        raw = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{method} {path}: {answer.status} {raw[:300]!r}")
        self.last = len(raw)
        return gzip.decompress(raw) if answer.getheader("Content-Encoding") == "gzip" else raw


def batches(phone: Phone, chance: random.Random, batch: int | None) -> list[tuple[list[dict[str, Any]], bool]]:
    """A phone's operations shuffled, some of them twice, cut into batches; whether the answer gets lost."""
    ops = phone.ops + [op for op in phone.ops if chance.random() < TWICE]
    chance.shuffle(ops)
    cut, place = [], 0
    while place < len(ops):
        size = batch or chance.randrange(5, OPERATIONS + 1)
        cut.append((ops[place : place + size], chance.random() < LOST))
        place += size
    return cut


def sync(
    server: Server, phones: list[Phone], chance: random.Random, batch: int | None = None
) -> tuple[Run, float, float]:
    """All phones send, LINES at a time: the run, seconds, processor seconds of server and database."""
    from shuanglian.core.clock import now

    run, plans = Run(), [(phone, batches(phone, chance, batch)) for phone in phones]
    busy, base = server.busy(), database_busy()

    def talk(one: tuple[Phone, list[tuple[list[dict[str, Any]], bool]]]) -> None:
        phone, cut = one
        link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)
        for ops, lost in cut:
            for _again in range(2 if lost else 1):
                started = time.perf_counter()
                raw = server.ask(link, phone, "POST", "/phone/api/ops/", {"clock": now().isoformat(), "ops": ops})
                run.note(time.perf_counter() - started, json.loads(raw)["results"])
        link.close()

    started = time.perf_counter()
    with ThreadPoolExecutor(LINES) as pool:
        list(pool.map(talk, plans))
    return run, time.perf_counter() - started, server.busy() - busy + database_busy() - base


def database_busy() -> float:
    """Processor seconds of the embedded server's processes, those that ended included where their parent waited."""
    from shuanglian import devdb
    from shuanglian.cli.main import var_folder

    pid = devdb.Server(var_folder() / "db").pid()
    if pid is None:
        return 0.0
    whole = psutil.Process(pid)
    times = whole.cpu_times()
    own = times.user + times.system + times.children_user + times.children_system
    return own + sum(sum(one.cpu_times()[:2]) for one in whole.children(recursive=True))


@dataclass
class States:
    sizes: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    households: list[int] = field(default_factory=list)
    cursors: dict[int, str] = field(default_factory=dict)
    more: bool = False  # whether the last one has more to send


def rest_of(server: Server, phone: Phone, cursor: str) -> States:
    """Answer by answer what the first one left over, as the phone asks for it."""
    found, more = States(), True
    while more:
        part = states(server, [phone], cursors={phone.user: cursor}, most=NEXT)
        cursor, more = part.cursors[phone.user], part.more
        for name in ("sizes", "seconds", "households"):
            getattr(found, name).extend(getattr(part, name))
    return found


def states(
    server: Server, phones: list[Phone], cursors: dict[int, str] | None = None, most: int | None = None
) -> States:
    """The first state of some phones, or what changed since; most: households that come whole."""
    found = States()
    for phone in phones:
        link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        asked = {"cursor": cursors[phone.user] if cursors else "", "most": most or ""}
        path = "/phone/api/state/?" + urlencode({name: told for name, told in asked.items() if told})
        started = time.perf_counter()
        sent = json.loads(server.ask(link, phone, "GET", path))
        found.seconds.append(time.perf_counter() - started)
        found.sizes.append(server.last)
        found.households.append(len(sent["households"]))
        found.cursors[phone.user] = sent["cursor"]
        found.more = bool(sent.get("more"))
        link.close()
    return found


# --- is it right ----------------------------------------------------------------------------------------------------
def counted(phones: list[Phone]) -> dict[str, int]:
    """Every operation stands once, with everything that belongs to it; ends the bench when it does not."""
    from shuanglian.fieldwork.models import Ask, AttendanceMark, Given, Visit
    from shuanglian.phone.models import Operation
    from shuanglian.trail.chain import verify

    sent = [op for phone in phones for op in phone.ops]
    keys = {UUID(op["id"]) for op in sent}
    visits = [op for op in sent if op["kind"] == "visit.record"]
    asks = sum(len(op["body"]["asks"]) for op in visits) + sum(op["kind"] == "ask.raise" for op in sent)
    wanted = {
        "operations": (
            len(sent),
            set(Operation.objects.values_list("pk", flat=True)) == keys,
            Operation.objects.count(),
        ),
        "visits": (len(visits), True, Visit.objects.exclude(by__username=MANY).count()),  # its visits were there before
        "goods": (sum(len(op["body"]["given"]) for op in visits), True, Given.objects.count()),
        "asks": (asks, True, Ask.objects.count()),
        "marks": (sum(op["kind"] == "attendance.mark" for op in sent), True, AttendanceMark.objects.count()),
    }
    wrong = {name: told_ for name, told_ in wanted.items() if told_[0] != told_[2] or not told_[1]}
    if wrong or Operation.objects.exclude(status="done").exists() or verify():
        raise SystemExit(
            f"lost or doubled: {wrong} {list(Operation.objects.order_by().values_list('status', 'code').distinct())}"
        )
    return {name: told_[2] for name, told_ in wanted.items()}


# --- the naive way --------------------------------------------------------------------------------------------------
def naive_way(server: Server, phones: list[Phone], chance: random.Random) -> dict[str, Any]:
    """The same visits by the same verb, one POST each, no number of the phone's own: what comes twice is kept twice."""
    from shuanglian.fieldwork.models import Visit

    before = Visit.objects.count()
    plans = []
    for phone in phones:
        visits = [op for op in phone.ops if op["kind"] == "visit.record"]
        visits += [op for op in visits if chance.random() < TWICE]
        plans.append((phone, [(op, chance.random() < LOST) for op in visits]))
    busy, base = server.busy(), database_busy()
    seconds: list[float] = []

    def talk(one: tuple[Phone, list[tuple[dict[str, Any], bool]]]) -> None:
        phone, cut = one
        link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)
        for op, lost in cut:
            for _again in range(2 if lost else 1):
                started = time.perf_counter()
                server.ask(link, phone, "POST", "/naive/", op["body"])
                seconds.append(time.perf_counter() - started)
        link.close()

    started = time.perf_counter()
    with ThreadPoolExecutor(LINES) as pool:
        list(pool.map(talk, plans))
    distinct = sum(op["kind"] == "visit.record" for phone in phones for op in phone.ops)
    return {
        "wall": time.perf_counter() - started, "cpu": server.busy() - busy + database_busy() - base,
        "requests": len(seconds), "distinct": distinct, "kept": Visit.objects.count() - before, "seconds": seconds,
    }  # fmt: skip


# --- in words -------------------------------------------------------------------------------------------------------
def told(count: int, peer: int, run: Run, wall: float, cpu: float, checked: dict[str, int], one: Any, naive: dict[str, Any],
         first: States, again: States, large: States) -> str:  # fmt: skip
    distinct, one_run, (one_wall, one_cpu) = checked["operations"], one[0], one[1:]
    one_distinct = peer * OPERATIONS
    kept = ", ".join(f"{number:,} {name}" for name, number in checked.items())
    rows = [
        _row("batches of 5–20, each operation a transaction", distinct, run.sent, len(run.seconds), wall, cpu, run.seconds, "0", "0"),
        _row("one operation a POST, same endpoint", one_distinct, one_run.sent, len(one_run.seconds), one_wall, one_cpu,
             one_run.seconds, "0", "0"),
        _row("naive: one visit a POST, no number of the phone's own", naive["distinct"], naive["requests"], naive["requests"],
             naive["wall"], naive["cpu"], naive["seconds"], "0", f"**{naive['kept'] - naive['distinct']}**"),
    ]  # fmt: skip
    return "\n".join([
        f"{count:,} phones with {OPERATIONS} operations each, {LINES} talking at a time, through gunicorn (2 workers of 4 "
        f"threads) and the embedded PostgreSQL; {TWICE:.0%} of operations sent twice, all shuffled, {LOST:.0%} of answers "
        f"thrown away. Answers: {', '.join(f'{n:,} {name}' for name, n in sorted(run.statuses.items()))}. Rows afterwards: "
        f"{kept}; nothing lost, nothing doubled, the trail's chain whole (the run ends with an error otherwise). Clients run "
        "on the same two cores.",
        "",
        "| way | operations kept | sent | requests | operations a second | processor ms an operation sent | request p50 ms | p95 ms | lost | doubled |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        *rows,
        "",
        "| state | households | requests | bytes on the line (gzip) | p50 ms | p95 ms | at 40 kbit/s |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        _state(f"first, {len(first.sizes)} phones", first),
        _state("after the sync, with the cursor", again),
        _state("first, one phone with 200 households", large),
    ])  # fmt: skip


def _row(name: str, distinct: int, sent: int, requests: int, wall: float, cpu: float, seconds: list[float], lost: str,
         doubled: str) -> str:  # fmt: skip
    p50, p95 = _quantiles(seconds)
    return (f"| {name} | {distinct:,} | {sent:,} | {requests:,} | {distinct / wall:,.0f} | {cpu / sent * 1000:.1f} | {p50:.0f} | "
            f"{p95:.0f} | {lost} | {doubled} |")  # fmt: skip


def _state(name: str, found: States, *, together: bool = False) -> str:
    """One line, of a typical answer or of all answers together."""
    p50, p95 = _quantiles(found.seconds)
    size, homes = statistics.mean(found.sizes), statistics.mean(found.households)
    many = len(found.sizes) if together else 1
    return (f"| {name} | {many * homes:.0f} | {many} | {many * size:,.0f} | {p50:.0f} | {p95:.0f} | "
            f"{many * size * 8 / 40_000:.1f} s |")  # fmt: skip


def _quantiles(seconds: list[float]) -> tuple[float, float]:
    ordered = sorted(seconds)
    return ordered[len(ordered) // 2] * 1000, ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))] * 1000


if __name__ == "__main__":
    main()
