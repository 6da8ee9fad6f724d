"""What the queue calls: run one job; every night, clear away old result files."""

from datetime import timedelta

from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import JobAborted

from shuanglian.core import clock

QUEUE = "work"


@app.task(name="jobs.run", queue=QUEUE, pass_context=True)
def run(context: JobContext, job_id: int) -> None:
    """Do one job; see actions.jobs.perform."""
    from .actions.jobs import perform
    from .work import Interrupted

    try:
        perform(job_id, stop_asked=context.should_abort)
    except Interrupted:
        raise JobAborted from None


@app.periodic(cron="17 3 * * *", periodic_id="jobs.sweep")
@app.task(name="jobs.sweep", queue=QUEUE, queueing_lock="jobs.sweep")
def sweep(timestamp: int) -> None:
    """Remove result files older than FILES_KEPT_DAYS, files that no job speaks of, and old orders."""
    from .actions.sweeping import clear_files, clear_orders

    clear_files(older_than=timedelta(days=settings.FILES_KEPT_DAYS), at=clock.now())
    clear_orders(older_than=timedelta(days=7), at=clock.now())


def hand_out(job_id: int) -> None:
    """Put a job on the queue within the current transaction, through Django's own connection in every process."""
    from procrastinate.contrib.django.django_connector import DjangoConnector
    from procrastinate.jobs import Job as QueueJob
    from procrastinate.manager import JobManager

    order = QueueJob(
        id=None, queue=QUEUE, priority=0, lock=None, queueing_lock=None, task_name="jobs.run",
        task_kwargs={"job_id": job_id}, scheduled_at=None, attempts=0,
    )  # fmt: skip
    JobManager(DjangoConnector()).batch_defer_jobs([order])
