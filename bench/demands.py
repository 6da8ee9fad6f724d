"""A hundred thousand open demands: a night's climb, a morning's reminders, ledgers; 200 forms at once, a killed server.

The county is made as phones_county makes it; the demands stand on their rungs as the verbs would have put them. The
server is gunicorn as `shuanglian serve` starts it, over the embedded PostgreSQL that waits for the disk.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import signal
import statistics
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import psutil

from .pages import own_database, settings_backend
from .phones import Server
from .phones_county import chatter, county

DEMANDS, CADRES, LATE, SOON = 100_000, 1_250, 0.10, 0.10
SAMPLE, LOOKS, FORMS = 300, 60, 200
OURS = "shuanglian.config.wsgi:application"


@dataclass
class Sent:
    """What people who filled in forms saw."""

    numbers: dict[str, list[str]] = field(default_factory=dict)  # words → the numbers that were shown for them
    seconds: list[float] = field(default_factory=list)
    again: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--demands", type=int, default=DEMANDS)
    options = parser.parse_args()
    with own_database():
        text = measure(options.demands)
    print(text)


def measure(count: int) -> str:
    from shuanglian.cli.service import make_ready
    from shuanglian.core import clock

    make_ready(quiet=True)
    county(CADRES)
    on, at = clock.today(), clock.now()
    plant(count, on, at)
    naive = one_by_one(on, at)
    night = clocked(lambda: climb(on, at))
    morning = clocked(lambda: remind(on, at))
    pages = looked_at()
    crowd = submit(FORMS)
    killed = submit(FORMS, kill=True)
    peer = submit(FORMS, kill=True, application="bench.demands_peer:application")
    return told(count, naive, night, morning, pages, crowd, killed, peer)


def clocked(what: Callable[[], int]) -> tuple[int, float, float]:
    """(how many, seconds, processor seconds of this process)."""
    wall, cpu = time.perf_counter(), time.process_time()
    many = what()
    return many, time.perf_counter() - wall, time.process_time() - cpu


# --- the demands ------------------------------------------------------------------------------------------------------
def plant(count: int, on: date, at: datetime) -> None:
    """Open demands on the first four rungs; a tenth of them late, a tenth due tomorrow."""
    from shuanglian.accounts.models import User
    from shuanglian.areas.models import Area
    from shuanglian.core.profile import active
    from shuanglian.grievances.holders import Ground
    from shuanglian.grievances.models import Demand, Step
    from shuanglian.registry.models import Household

    chance, ladder = random.Random(6), active().grievances.ladder
    homes = list(Household.objects.select_related("village").order_by("pk"))
    User.objects.create(username="bench-office", role="programme_office", password="!",
                        area=Area.objects.get(code="621121000000"))  # fmt: skip
    categories = list(active().grievances.open_categories)
    for start in range(0, count, 5_000):
        rows = []
        for number in range(start, min(start + 5_000, count)):
            home, draw = homes[number % len(homes)], chance.random()
            due = on + timedelta(days=-2 if draw < LATE else 1 if draw < LATE + SOON else 5)
            key = uuid4()
            rows.append(Demand(
                key=key, digest="0" * 64, number_digest=key.hex, door="hotline", village=home.village,
                area_code=home.area_code, household=home, text=chatter(chance, 20), category=chance.choice(categories),
                on=on - timedelta(days=9), at=at - timedelta(days=9), state=Demand.State.OPEN,
                since=at - timedelta(days=9), due_on=due, remind_on=due - timedelta(days=1),
            ))  # fmt: skip
        ground = Ground(rows, on)
        for one in rows:
            path = ground.path(one)
            rung = path[min(chance.randrange(4), len(path) - 1)]
            holder = ground.holder(one, rung)
            assert holder is not None and rung.code in ladder.by_code
            holder.onto(one)
        made = Demand.objects.bulk_create(rows, batch_size=2_000)
        Step.objects.bulk_create(
            [Step(demand=one, area_code=one.area_code, kind="received", at=one.at) for one in made], batch_size=5_000
        )


def climb(on: date, at: datetime) -> int:
    from shuanglian.grievances.actions import climbing

    return climbing.night(on=on, at=at)


def remind(on: date, at: datetime) -> int:
    from shuanglian.grievances.actions import reminding

    return reminding.remind(on=on, at=at)


def one_by_one(on: date, at: datetime) -> tuple[int, float, float]:
    """The naive night: each late demand fetched, moved and saved by itself, with a step and a line in the trail.

    A sample, taken back afterwards; the page scales it.
    """
    from django.db import transaction

    from shuanglian.grievances.actions import climbing
    from shuanglian.grievances.actions.demands import locked, step
    from shuanglian.grievances.models import Demand
    from shuanglian.trail import trail

    numbers = list(Demand.objects.late(on).values_list("pk", flat=True)[:SAMPLE])

    def walk() -> int:
        for number in numbers:
            with transaction.atomic():
                one = locked(number)
                before, holder = one.rung, climbing.up(one, at=at)
                if holder is not None:
                    one.climbed += 1
                    one.save(update_fields=[*climbing.STANDS, "climbed"])
                    step(one, "climbed", by=None, at=at, rung=before, to_rung=holder.rung, holder=holder.name)
                    trail.write("grievances.climb", about=one, by=None, at=at)
        return len(numbers)

    with transaction.atomic():
        found = clocked(walk)
        transaction.set_rollback(True)
    return found


# --- ledgers ----------------------------------------------------------------------------------------------------------
def looked_at() -> dict[str, list[float]]:
    """Milliseconds of each look at ledgers, through the server, one reader at a time."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from shuanglian.accounts.models import User

    def session(name: str) -> str:
        user, made = User.objects.get(username=name), SessionStore()
        made.update({SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: settings_backend(),
                     HASH_SESSION_KEY: user.get_session_auth_hash()})  # fmt: skip
        made.create()
        return str(made.session_key)

    office, cadre = session("bench-office"), session("bench0")
    pages = {
        "county, open": (office, "/grievances/?state=open"), "county, late": (office, "/grievances/?state=late"),
        "county, water": (office, "/grievances/?state=open&category=water"),
        "county, with me": (office, "/grievances/?state=mine"), "a cadre's": (cadre, "/grievances/"),
        "where they gather": (office, "/grievances/heat/"),
    }  # fmt: skip
    found: dict[str, list[float]] = {}
    with Server("shuanglian.config.wsgi:application") as server:
        link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        for name, (key, path) in pages.items():
            for look in range(LOOKS // 2 + 3):
                began = time.perf_counter()
                link.request("GET", path, headers={"Cookie": f"sessionid={key}"})
                answer = link.getresponse()
                answer.read()
                if answer.status != 200:
                    raise SystemExit(f"{path}: {answer.status}")
                if look >= 3:  # the first ones fill caches
                    found.setdefault(name, []).append((time.perf_counter() - began) * 1000)
    return found


# --- forms ------------------------------------------------------------------------------------------------------------
def submit(count: int, *, kill: bool = False, application: str = OURS) -> tuple[Sent, float, int, int, int]:
    """So many people send the village's form at once. kill: the workers are killed with -9 meanwhile, twice; whoever
    saw no number sends the same form again. (what they saw, seconds, records, seen without a record, recorded twice)."""
    from shuanglian.areas.models import Area
    from shuanglian.grievances.models import Demand
    from shuanglian.notices.models import Knock

    Knock.objects.all().delete()
    villages = list(Area.objects.current().filter(level=5, code__startswith="621121").order_by("code")
                    .values_list("code", flat=True))  # fmt: skip
    sent, mark = Sent(), uuid4().hex[:6]
    with Server(application) as server:
        forms = [
            {**form_of(server, villages[n % len(villages)], application), "from": (f"127.0.1.{n % 250 + 1}", 0)}
            for n in range(count)  # each from an address of his own, as people come
        ]
        time.sleep(4)  # people write for longer than a machine does
        began = time.perf_counter()
        with ThreadPoolExecutor(count) as people:
            tries = [people.submit(person, server, one, f"{mark} 第{n}个人说水管坏了", sent)
                     for n, one in enumerate(forms)]  # fmt: skip
            if kill:
                for _blow in range(2):
                    time.sleep(0.5)
                    for worker in psutil.Process(server.process.pid).children():
                        os.kill(worker.pid, signal.SIGKILL)
            for one in tries:
                one.result()
        wall = time.perf_counter() - began
    kept: dict[str, int] = {}
    for text in Demand.objects.filter(text__startswith=mark).values_list("text", flat=True):
        kept[text] = kept.get(text, 0) + 1
    without = sum(kept.get(words, 0) == 0 for words in sent.numbers)
    return sent, wall, sum(kept.values()), without, sum(n > 1 for n in kept.values())


def form_of(server: Server, village: str, application: str) -> dict[str, Any]:
    """The page of a village, opened: its hidden fields and its cookie; the naive form has none."""
    if application != OURS:
        return {"path": f"/naive/{village}/", "hidden": {}, "cookie": ""}
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    link.request("GET", f"/d/v/{village}/")
    answer = link.getresponse()
    page = answer.read().decode()
    hidden = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', page))
    cookie = re.search(r"csrftoken=([^;]+)", answer.getheader("Set-Cookie") or "")
    return {"path": f"/d/v/{village}/", "hidden": hidden, "cookie": cookie[1] if cookie else ""}


def person(server: Server, form: dict[str, Any], words: str, sent: Sent) -> None:
    """Send the form until a number is seen; the same form each time, as a browser does that asks to send again."""
    body = urlencode({**form["hidden"], "category": "water", "text": words, "place": "", "name": "", "phone": ""})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={form['cookie']}",
               "Referer": f"http://127.0.0.1:{server.port}/"}  # fmt: skip
    for _try in range(200):
        began = time.perf_counter()
        try:
            link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60, source_address=form["from"])
            link.request("POST", form["path"], body, headers)
            answer = link.getresponse()
            page = answer.read().decode()
        except (OSError, http.client.HTTPException):
            with sent.lock:
                sent.again += 1
            time.sleep(0.2)
            continue
        if answer.status != 200:
            raise SystemExit(f"{form['path']}: {answer.status} {page[:2000]}")
        number = re.search(r"[2-9A-Z]{5}-[2-9A-Z]{5}", page)
        with sent.lock:
            sent.seconds.append(time.perf_counter() - began)
            sent.numbers.setdefault(words, []).append(number[0] if number else "")
        return
    raise SystemExit("no answer")


# --- what is printed --------------------------------------------------------------------------------------------------
def p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def told(
    count: int, naive: tuple[int, float, float], night: tuple[int, float, float], morning: tuple[int, float, float],
    pages: dict[str, list[float]], crowd: tuple[Sent, float, int, int, int], killed: tuple[Sent, float, int, int, int],
    peer: tuple[Sent, float, int, int, int],
) -> str:  # fmt: skip
    scaled = naive[1] / naive[0] * night[0]
    lines = [
        f"{count:,} open demands of {CADRES:,} cadres' households, a tenth of them late.", "",
        "| what | how many | seconds | against one by one |", "|---|---:|---:|---:|",
        f"| a night: late demands climb | {night[0]:,} | {night[1]:.1f} | {scaled / night[1]:.0f}x |",
        f"| one by one (a sample of {naive[0]}, scaled) | {night[0]:,} | {scaled:.0f} | 1 |",
        f"| a morning: holders are told | {morning[0]:,} messages | {morning[1]:.1f} | |", "",
        "Pages through the server, one reader:", "", "| ledger | middle | p95 |", "|---|---:|---:|",
        *(f"| {name} | {statistics.median(rows):.0f} ms | {p95(rows):.0f} ms |" for name, rows in pages.items()), "",
        f"{FORMS} people send the village page's form at the same moment (two workers of four threads):", "",
        "| | all answered in | middle | p95 | sent again | records | a number without a record | recorded twice |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
        *(
            f"| {name} | {wall:.1f} s | {statistics.median(sent.seconds):.1f} s | {p95(sent.seconds):.1f} s | "
            f"{sent.again} | {rows} | {without} | {twice} |"
            for name, (sent, wall, rows, without, twice) in
            (("the server lives", crowd), ("both workers killed with -9, twice", killed),
             ("the same, a form without a key of its own", peer))
        ),
    ]  # fmt: skip
    return "\n".join(lines)


if __name__ == "__main__":
    main()
