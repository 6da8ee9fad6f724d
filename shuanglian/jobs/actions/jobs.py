"""Verbs of background work: start, cancel, retry; perform is what a worker does."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any

import pghistory
from django.db import InterfaceError, OperationalError, connection, transaction

from shuanglian.accounts.models import User
from shuanglian.core import clock
from shuanglian.jobs import files
from shuanglian.jobs.desk import Aside, Desk
from shuanglian.jobs.models import Job
from shuanglian.jobs.work import Cancelled, Interrupted, Progress, kind_of
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said
from shuanglian.trail import trail

log = logging.getLogger("shuanglian.jobs")
MOST_ATTEMPTS = 3  # work that takes its worker down three times is not tried a fourth time


@transaction.atomic
def start(*, kind: str, title: str, params: dict[str, Any], by: User | None, at: datetime, area_code: str = "") -> Job:
    """Order a piece of work; it begins when this transaction is committed, and never if it is not.

    Without an area the work is about the area of whoever orders it.
    """
    kind_of(kind)
    area_code = area_code or (by.area.code if by and by.area else "")
    job = Job.objects.create(
        kind=kind, title=str(title)[:200], params=params, by=by, created_at=at, area_code=area_code
    )
    _hand_out(job.pk)
    trail.write("jobs.start", about=job, by=by, at=at, kind=kind)
    return job


@transaction.atomic
def cancel(*, job: Job, by: User, at: datetime) -> Job:
    """Ask for work to stop: at once while it waits, at its next step while it runs."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.is_over:
        raise Refusal("job_is_over", N_("这个任务已经结束，不能取消。"))
    job.cancel_asked = True
    if job.state == Job.State.WAITING:
        job.state, job.finished_at = Job.State.CANCELLED, at
        job.say(N_("开始之前已取消。"))
    job.save(update_fields=["cancel_asked", "state", "finished_at", "message", "gaps"])
    trail.write("jobs.cancel", about=job, by=by, at=at)
    return job


@transaction.atomic
def retry(*, job: Job, by: User, at: datetime) -> Job:
    """Begin failed or cancelled work anew, with the same parameters."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.state not in {Job.State.FAILED, Job.State.CANCELLED}:
        raise Refusal("job_not_failed", N_("只有失败或已取消的任务才能重新开始。"))
    job.state, job.cancel_asked, job.attempts = Job.State.WAITING, False, 0
    job.done = job.total = 0
    job.started_at = job.finished_at = None
    job.say("")
    job.save()
    _hand_out(job.pk)
    trail.write("jobs.retry", about=job, by=by, at=at)
    return job


def run_now(job: Job) -> Job:
    """Do the work here and at once, in the caller's transaction (tests and command line); the finished job."""
    job.refresh_from_db()
    _take_up(job, clock.now())
    _do(job, Desk(job, connection), transaction.atomic())
    return job


def content(job: Job) -> bytes:
    """The clear bytes of a job's result file; FileNotFoundError when it has been removed."""
    return files.fetch(job.file)


def perform(job_id: int, stop_asked: Callable[[], bool] = lambda: False) -> None:
    """What a worker does with a job. Safe to be called twice: the job's lock lets one in, a finished job is left."""
    with Aside() as aside:
        if not aside.take(job_id):
            return
        job = Job.objects.filter(pk=job_id).select_related("by").first()
        if job is None or job.is_over:
            return
        if job.cancel_asked:
            _finish(job, Job.State.CANCELLED, N_("已取消，未完成的改动没有保存。"), clock.now())
            return
        if job.attempts >= MOST_ATTEMPTS:
            _finish(job, Job.State.FAILED, N_("后台进程多次中断，任务已停止。请重试，或联系系统管理员。"), clock.now())
            return
        _take_up(job, clock.now())
        _do(job, Desk(job, aside.connection, stop_asked))


def _take_up(job: Job, at: datetime) -> None:
    job.state, job.started_at, job.attempts = Job.State.RUNNING, at, job.attempts + 1
    job.say("" if job.attempts == 1 else N_("上次中断了，正在重新开始。"))
    job.save(update_fields=["state", "started_at", "attempts", "message", "gaps"])


def _do(job: Job, desk: Desk, around: AbstractContextManager | None = None) -> None:
    """Run the work and write down how it ended; what failed in it is told in plain words, the rest goes to the log."""
    try:
        with pghistory.context(user=job.by_id, job=job.pk), around or nullcontext():
            result = kind_of(job.kind).run(job, Progress(job, desk))
    except Interrupted:
        log.warning("job %s interrupted by a shutdown, will be taken up again", job.pk)
        Job.objects.filter(pk=job.pk).update(state=Job.State.WAITING, attempts=job.attempts - 1)
        raise
    except Cancelled:
        _finish(job, Job.State.CANCELLED, N_("已取消，未完成的改动没有保存。"), clock.now(), desk)
    except Refusal as refusal:
        _finish(job, Job.State.FAILED, refusal.said, clock.now(), desk)
    except (OperationalError, InterfaceError):
        if _connection_lives():
            log.exception("job %s (%s) failed", job.pk, job.kind)
            _finish(job, Job.State.FAILED, _unexpected(job), clock.now(), desk)
        else:
            raise  # the database went away: the job stands as running, and the rescue takes it up again
    except Exception:
        log.exception("job %s (%s) failed", job.pk, job.kind)
        _finish(job, Job.State.FAILED, _unexpected(job), clock.now(), desk)
    else:
        job.result = result or {}
        job.file, job.file_name = desk.file, desk.file_name
        _finish(job, Job.State.DONE, job.message and Said(job.message, job.gaps), clock.now())


def _unexpected(job: Job) -> Said:
    return Said(
        N_("任务没有完成，未完成的改动没有保存。请重试；如果仍然失败，请把任务编号 {number} 告诉系统管理员。"),
        {"number": job.pk},
    )


def _finish(job: Job, state: str, message: Any, at: datetime, desk: Desk | None = None) -> None:
    if desk is not None and desk.file:  # the file of work that did not come to its end
        files.remove(desk.file)
    job.state, job.finished_at = state, at
    job.say(message)
    job.save(update_fields=["state", "finished_at", "message", "gaps", "result", "file", "file_name"])
    trail.write(f"jobs.{state}", about=job, by=job.by, at=at, kind=job.kind)


def _connection_lives() -> bool:
    try:
        return connection.is_usable()
    except Exception:
        return False


def _hand_out(job_id: int) -> None:
    from shuanglian.jobs.tasks import hand_out

    hand_out(job_id)
