"""What the queue does by itself: every few minutes, send what is due; once a month, forget what is long over."""

from __future__ import annotations

from datetime import timedelta

from procrastinate.contrib.django import app

from shuanglian.core import clock
from shuanglian.jobs.tasks import QUEUE

from .actions import messages
from .models import OPEN, Message

KEPT = timedelta(days=400)


@app.periodic(cron="*/3 * * * *", periodic_id="notifications.deliver")
@app.task(name="notifications.deliver", queue=QUEUE, queueing_lock="notifications.deliver")
def deliver(timestamp: int) -> None:
    messages.deliver_due(at=clock.now())


@app.periodic(cron="41 2 1 * *", periodic_id="notifications.clear")
@app.task(name="notifications.clear", queue=QUEUE, queueing_lock="notifications.clear")
def clear(timestamp: int) -> None:
    Message.objects.filter(at__lt=clock.now() - KEPT).exclude(state__in=OPEN).delete()
