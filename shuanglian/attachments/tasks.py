"""The night: files without a row are removed, older photos learn what they show."""

from __future__ import annotations

from procrastinate.contrib.django import app

from shuanglian.core import clock
from shuanglian.jobs.tasks import QUEUE

from .actions.attachments import FOLDER, look_at
from .models import Attachment

A_NIGHT = 2_000  # photos: about a minute


@app.periodic(cron="53 3 * * *", periodic_id="attachments.sweep")
@app.task(name="attachments.sweep", queue=QUEUE, queueing_lock="attachments.sweep")
def sweep(timestamp: int) -> None:
    """Remove files that no attachment speaks of; look at photos that were kept before photos were compared."""
    kept = set(Attachment.objects.filter(gone_at=None).values_list("file", flat=True))
    FOLDER.sweep(kept=kept, at=clock.now())
    look_at(most=A_NIGHT)
