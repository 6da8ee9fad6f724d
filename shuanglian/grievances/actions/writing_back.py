"""The number goes back to whoever wrote by e-mail, if the installation has a way to mailboxes: never a condition."""

from __future__ import annotations

import logging
from datetime import datetime
from threading import Thread
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from shuanglian.grievances import numbers
from shuanglian.grievances.models import Mail
from shuanglian.notices.showing import supervision
from shuanglian.notifications import gateways

from .mail import TIMES, Received, language_of

LOG = logging.getLogger(__name__)
EMAIL = "email"


def write_back(received: Received) -> bool:
    """Send what came of one letter to its sender; whether the gateway took it. Call it when all is committed."""
    if not (received.number and received.address):
        return False
    took = _send(received.address, received.number, received.language)
    if received.mail is not None:
        _note(received.mail, took)
    return took


def later(received: Received) -> None:
    """The same from within a page: when its transaction is through, beside the answer, which does not wait for it."""
    if EMAIL in gateways.opened():
        transaction.on_commit(lambda: Thread(target=_apart, args=(received,), daemon=True).start())


def _apart(received: Received) -> None:
    try:
        write_back(received)
    finally:
        connection.close()


def again(*, at: datetime) -> int:
    """Try once more what has not gone out; how many went."""
    if EMAIL not in gateways.opened():
        return 0
    rows = Mail.objects.filter(told__in=(Mail.Told.WAITING, Mail.Told.FAILED), demand__isnull=False, tries__lt=TIMES)
    sent = 0
    for row in rows.filter(at__lt=at).select_related("demand").order_by("at")[:200]:
        assert row.demand is not None
        took = _send(row.sender, numbers.number_of(row.demand.key), language_of(row.demand.text))
        _note(row.pk, took)
        sent += took
    return sent


def _send(address: str, number: str, language: str) -> bool:
    if EMAIL not in gateways.opened() or not gateways.fits(EMAIL, address):
        return False
    with translation.override("en" if language == "en" else "zh-hans"):
        office, phone = supervision()
        title = _("来信收到了，查询号 {number}").format(number=number)
        text = _(
            "您的来信收到了，会有人办，也会有答复。\n查询号：{number}\n"
            "凭这个号可以到村委会、打电话或上网查办到哪一步；答复以后可以说认可不认可。\n{office} {phone}\n"
            "这封信是系统发的，请不要直接回复。"
        ).format(number=number, office=office, phone=phone)
    try:
        failed = gateways.deliver(channel=EMAIL, address=address, title=title, text=text)
    except Exception as error:  # whatever the way out does, the letter is in
        failed = type(error).__name__
    if failed:
        LOG.warning("a number was not sent back to %s: %s", gateways.masked(EMAIL, address), failed)
    return not failed


def _note(mail: UUID, took: bool) -> None:
    """Without a way to mailboxes it waits for one."""
    if took or EMAIL in gateways.opened():
        state = Mail.Told.SENT if took else Mail.Told.FAILED
        Mail.objects.filter(pk=mail).exclude(told=Mail.Told.NO).update(told=state, tries=F("tries") + 1)


__all__ = ["again", "later", "write_back"]
