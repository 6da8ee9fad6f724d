"""What the queue does for letters: every five minutes look into the mailbox, every hour write back what waits."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from shuanglian.core import clock
from shuanglian.jobs.tasks import QUEUE
from shuanglian.kernel.refusal import Refusal

from . import fetching
from .actions import mail, writing_back

LOG = logging.getLogger(__name__)


@app.periodic(cron="*/5 * * * *", periodic_id="grievances.inbox")
@app.task(name="grievances.inbox", queue=QUEUE, queueing_lock="grievances.inbox")
def look(timestamp: int) -> None:
    """Without a mailbox in the settings there is nothing to do; one that does not open is tried again."""
    try:
        fetching.from_inbox(at=clock.now())
    except Refusal as refusal:
        LOG.warning("the mailbox was not looked into: %s", refusal.code)


@app.periodic(cron="23 * * * *", periodic_id="grievances.write_back")
@app.task(name="grievances.write_back", queue=QUEUE, queueing_lock="grievances.write_back")
def write_back(timestamp: int) -> None:
    writing_back.again(at=clock.now())


@app.periodic(cron="53 18 * * *", periodic_id="grievances.mail_files")
@app.task(name="grievances.mail_files", queue=QUEUE, queueing_lock="grievances.mail_files")
def sweep(timestamp: int) -> None:
    """Files of letters whose taking in broke off."""
    mail.sweep(at=clock.now())
