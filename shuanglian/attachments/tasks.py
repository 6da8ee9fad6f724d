"""The nightly clearing of files whose row was never written, or that were taken away."""

from __future__ import annotations

from procrastinate.contrib.django import app

from shuanglian.core import clock
from shuanglian.jobs.tasks import QUEUE

from .actions.attachments import FOLDER
from .models import Attachment


@app.periodic(cron="53 3 * * *", periodic_id="attachments.sweep")
@app.task(name="attachments.sweep", queue=QUEUE, queueing_lock="attachments.sweep")
def sweep(timestamp: int) -> None:
    """Remove files that no attachment speaks of."""
    kept = set(Attachment.objects.filter(gone_at=None).values_list("file", flat=True))
    FOLDER.sweep(kept=kept, at=clock.now())
