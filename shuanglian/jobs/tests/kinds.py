"""Kinds of work that tests order."""

import os
import time
from pathlib import Path

from django.db import connection
from procrastinate.contrib.django import app

from shuanglian.accounts.models import User
from shuanglian.jobs.models import Job
from shuanglian.jobs.tasks import QUEUE
from shuanglian.jobs.work import Progress, work
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_, Said


@work("test.count", permission="registry.export")
def count(job: Job, progress: Progress) -> dict:
    for number in range(1, job.params["to"] + 1):
        progress(number, job.params["to"], Said(N_("已处理 {number} 行"), {"number": number}))
    progress.keep("数到头了".encode(), "结果.txt")
    return {"counted": job.params["to"]}


@work("test.refuse")
def refuse(job: Job, progress: Progress) -> None:
    User.objects.filter(pk=job.by_id).update(full_name="changed")
    progress.keep(b"half", "half.txt")
    raise Refusal("no_quota", "没有{what}", what="名额")


@work("test.break")
def break_down(job: Job, progress: Progress) -> None:
    User.objects.filter(pk=job.by_id).update(full_name="changed")
    with connection.cursor() as cursor:
        cursor.execute("select 1 from secret_table_of_nobody")


@work("test.slow")
def slow(job: Job, progress: Progress) -> dict:
    """Says in a file that it has begun; takes its time only while another file is not there."""
    Path(job.params["began"]).write_text(str(os.getpid()))
    for number in range(600):
        if Path(job.params["go"]).exists():
            return {"pid": os.getpid()}
        progress(number, 600, N_("等待"))
        time.sleep(0.05)
    return {}


@app.task(name="test.nightly_round", queue=QUEUE, queueing_lock="test.nightly_round")
def nightly_round(began: str, go: str) -> None:
    """Says in a file that it has begun; ends when another file is there, after half a minute at the latest."""
    Path(began).write_text(str(os.getpid()))
    for _step in range(600):
        if Path(go).exists():
            return
        time.sleep(0.05)
