"""Real worker processes on a real queue: killed, stopped, taken up again."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.db import connection

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.core.clock import now
from shuanglian.jobs.actions import jobs, sweeping
from shuanglian.jobs.models import Job

from . import kinds

WORKER = """
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = {database!r}
django.setup()
from shuanglian.jobs.tests import kinds
from shuanglian.jobs import worker
worker.run(once={once}, grace={grace})
"""

GRACE = 2  # seconds, that nobody waits twenty for work which goes on until it is cut off

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def workers():
    """Starts worker processes on this test's database; none of them outlives the test."""
    started = []

    def start(once=False):
        code = WORKER.format(database=connection.settings_dict["NAME"], once=once, grace=GRACE)
        started.append(subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


@pytest.fixture
def slow(tmp_path):
    """Work that goes on until the file `go` is there."""
    params = {"began": str(tmp_path / "began"), "go": str(tmp_path / "go")}
    user = UserFactory()
    return jobs.start(kind="test.slow", title="慢", params=params, by=user, at=now()), tmp_path


def wait_for(condition, seconds=30):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.1)


def state(job):
    job.refresh_from_db()
    return job.state


def test_work_whose_worker_is_killed_is_taken_up_by_the_next_one(workers, slow):
    job, folder = slow
    first = workers()
    wait_for((folder / "began").exists)
    wait_for(lambda: state(job) == "running" and job.total)
    first.kill()
    first.wait()
    assert state(job) == "running"
    (folder / "go").touch()
    assert sweeping.rescue(at=now() + timedelta(minutes=1)) == [job.pk]
    assert workers(once=True).wait(30) == 0
    assert (state(job), job.attempts) == ("done", 2)
    assert job.result["pid"] != first.pid


def test_a_round_of_the_night_whose_worker_is_killed_is_done_by_the_next_one(workers, tmp_path):
    number = kinds.nightly_round.defer(began=str(tmp_path / "began"), go=str(tmp_path / "go"))
    first = workers()
    wait_for((tmp_path / "began").exists)
    assert number not in sweeping.rescue_rounds(at=now()), "its worker lives"
    first.kill()
    first.wait()
    (tmp_path / "began").unlink()
    (tmp_path / "go").touch()
    assert number in sweeping.rescue_rounds(at=now() + timedelta(minutes=2))
    assert number not in sweeping.rescue_rounds(at=now() + timedelta(minutes=2)), "it waits on the queue already"
    with connection.cursor() as cursor:  # nobody waits two minutes here
        cursor.execute("update procrastinate_jobs set scheduled_at = now() where id = %s", [number])
    assert workers(once=True).wait(30) == 0
    assert (tmp_path / "began").exists()


def test_a_worker_that_is_told_to_stop_gives_its_work_back(workers, slow):
    job, folder = slow
    first = workers()
    wait_for((folder / "began").exists)
    first.send_signal(signal.SIGTERM)
    assert first.wait(30) == 0
    assert (state(job), job.attempts) == ("waiting", 0)
    (folder / "go").touch()
    sweeping.rescue(at=now() + timedelta(minutes=1))
    workers(once=True).wait(30)
    assert state(job) == "done"


def test_running_work_is_cancelled_from_a_page_and_seen_there_meanwhile(workers, slow):
    job, _folder = slow
    workers()
    wait_for(lambda: state(job) == "running" and job.done)
    assert sweeping.rescue(at=now() + timedelta(minutes=1)) == []
    jobs.perform(job.pk)  # a second worker that gets the same order does nothing
    jobs.cancel(job=job, by=job.by, at=now())
    wait_for(lambda: state(job) == "cancelled")


def test_work_that_took_its_worker_down_three_times_is_not_tried_again(slow):
    job, folder = slow
    Job.objects.filter(pk=job.pk).update(state="running", attempts=jobs.MOST_ATTEMPTS)
    jobs.perform(job.pk)
    assert state(job) == "failed" and not (folder / "began").exists()
    assert os.path.exists(folder)
