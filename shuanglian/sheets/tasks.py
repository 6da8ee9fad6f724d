"""Background work of imports, and the nightly clearing of old files."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import translation
from procrastinate.contrib.django import app

from shuanglian.core import clock
from shuanglian.jobs.models import Job
from shuanglian.jobs.work import Progress, work
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

from . import files, marking
from .actions import batches, stages
from .models import Batch


@work("sheets.read")
def read(job: Job, progress: Progress) -> dict[str, Any]:
    return _told(stages.read(batch=_batch(job), at=clock.now(), tell=progress))


@work("sheets.check")
def check(job: Job, progress: Progress) -> dict[str, Any]:
    return _told(stages.check(batch=_batch(job), at=clock.now(), tell=progress))


@work("sheets.accept")
def accept(job: Job, progress: Progress) -> dict[str, Any]:
    batch, skip = _batch(job), bool(job.params.get("skip_errors"))
    return _told(stages.accept(batch=batch, skip_errors=skip, by=job.by, at=clock.now(), tell=progress))


@work("sheets.undo")
def undo(job: Job, progress: Progress) -> dict[str, Any]:
    return _told(stages.undo(batch=_batch(job), by=job.by, at=clock.now(), tell=progress))


@work("sheets.mark", permission="imports.run")
def mark(job: Job, progress: Progress) -> None:
    progress(0, 0, N_("正在标注"))
    with translation.override(job.params.get("language") or settings.LANGUAGE_CODE):
        data, name = marking.workbook(Batch.objects.get(pk=job.params["batch"]), job.params.get("part", 1))
    progress.keep(data, name)


def _batch(job: Job) -> Batch:
    """The batch of a job; one that has moved on since is left alone."""
    batch = Batch.objects.filter(pk=job.params["batch"]).first()
    if batch is None or batch.job_id != job.pk:
        raise Refusal("superseded", N_("这个批次已有别的任务在处理，本任务不再进行。"))
    begun = {
        "sheets.read": "reading",
        "sheets.check": "checking",
        "sheets.accept": "accepting",
        "sheets.undo": "undoing",
    }
    if batch.state != begun[job.kind]:  # taken up again after it broke off
        batch.state = begun[job.kind]
        batch.save(update_fields=["state"])
    return batch


def _told(batch: Batch) -> dict[str, Any]:
    counts = batch.counts
    return {
        "batch": batch.pk,
        "state": batch.state,
        **{name: counts.get(name) for name in ("rows", "errors", "warnings")},
    }


@app.periodic(cron="41 3 * * *", periodic_id="sheets.sweep")
@app.task(name="sheets.sweep", queue="work", queueing_lock="sheets.sweep")
def sweep(timestamp: int) -> None:
    """Remove uploaded files older than FILES_KEPT_DAYS, and files that no batch speaks of."""
    at = clock.now()
    batches.clear_old(older_than=timedelta(days=settings.FILES_KEPT_DAYS), at=at)
    named = Batch.objects.exclude(file="", staged="").values_list("file", "second_file", "staged")
    files.sweep(kept={name for row in named for name in row if name}, at=at)
