"""Putting right what a killed process left: work without a worker, files without a job."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from shuanglian.jobs import files
from shuanglian.jobs.desk import is_being_run
from shuanglian.jobs.models import Job

from .jobs import MOST_ATTEMPTS, _hand_out

log = logging.getLogger("shuanglian.jobs")
STANDING = [Job.State.WAITING, Job.State.RUNNING]
OLD_ORDERS = """
delete from procrastinate_jobs orders
where (status in ('succeeded', 'failed', 'cancelled', 'aborted') or (status = 'doing' and worker_id is null))
  and not exists (select from procrastinate_events where job_id = orders.id and at > %s)
"""
GRACE = timedelta(seconds=5)  # between taking a job up and holding its lock there is a moment
SILENT = timedelta(seconds=60)  # a living worker gives a sign every ten seconds


def rescue(*, at: datetime) -> list[int]:
    """Hand out again what stands as running though no living process holds it; the numbers of those jobs.

    A process that dies lets go of its database connections, and with them of its jobs' locks: no waiting for
    heartbeats. What was on the queue and got lost with a worker is handed out too. Work that took its worker down too
    often is handed out as well: the worker itself then declares it failed.
    """
    standing = Job.objects.filter(state__in=STANDING, created_at__lt=at - GRACE).exclude(
        state=Job.State.RUNNING, started_at__gt=at - GRACE
    )
    return [job.pk for job in standing if not is_being_run(job.pk) and not _on_the_queue(job.pk) and _again(job)]


@transaction.atomic
def _again(job: Job) -> bool:
    if not Job.objects.select_for_update(skip_locked=True).filter(pk=job.pk, state__in=STANDING).exists():
        return False
    log.warning("job %s has no worker (attempt %s of %s), handed out again", job.pk, job.attempts, MOST_ATTEMPTS)
    _hand_out(job.pk)
    return True


def rescue_rounds(*, at: datetime) -> list[int]:
    """Queue again the rounds of the night (tasks that are nobody's job) whose worker died with them; their numbers.

    A round holds no lock, so its worker's silence tells. One that waits on the queue already does the same work; one
    that took its worker down too often waits for its next night.
    """
    from procrastinate.contrib.django.models import ProcrastinateJob

    dead = Q(worker=None) | Q(worker__last_heartbeat__lt=at - SILENT)
    lost = ProcrastinateJob.objects.filter(dead, status="doing", attempts__lt=MOST_ATTEMPTS).exclude(
        task_name="jobs.run"
    )
    return [one.pk for one in lost if _round_again(one.pk, one.task_name, one.queueing_lock, at)]


@transaction.atomic
def _round_again(number: int, task: str, queueing_lock: str | None, at: datetime) -> bool:
    from procrastinate.contrib.django.django_connector import DjangoConnector
    from procrastinate.contrib.django.models import ProcrastinateJob
    from procrastinate.manager import JobManager

    waits = ProcrastinateJob.objects.filter(status="todo", queueing_lock=queueing_lock)
    if queueing_lock and waits.exists():
        return False
    log.warning("the round %s lost its worker, queued again", task)
    JobManager(DjangoConnector()).retry_job_by_id(job_id=number, retry_at=at)
    return True


def _on_the_queue(job_id: int) -> bool:
    from procrastinate.contrib.django.models import ProcrastinateJob

    return ProcrastinateJob.objects.filter(task_name="jobs.run", status="todo", args__job_id=job_id).exists()


def clear_files(*, older_than: timedelta, at: datetime) -> int:
    """Remove the result files of jobs that ended longer ago than that, and strays; the jobs themselves stay."""
    gone = 0
    for job in Job.objects.exclude(file="").filter(finished_at__lt=at - older_than):
        files.remove(job.file)
        job.file = ""
        job.save(update_fields=["file"])
        gone += 1
    return gone + files.sweep(kept=set(Job.objects.exclude(file="").values_list("file", flat=True)), at=at)


def clear_orders(*, older_than: timedelta, at: datetime) -> int:
    """Take old orders off the queue's table: those that are over, and those that died with their worker."""
    with connection.cursor() as cursor:
        cursor.execute(OLD_ORDERS, [at - older_than])
        return cursor.rowcount
