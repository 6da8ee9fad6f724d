"""通知 telling people. A message is never a condition of what it tells: whatever happens here, the caller goes on."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import Error, transaction
from django.db.models import Model

from shuanglian.core.scoping import unscoped
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.notifications import gateways, quiet, templates
from shuanglian.notifications.models import OPEN, Channel, Choice, Message

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

log = logging.getLogger("shuanglian.notifications")
MINUTES = (5, 30, 120, 360, 1440)  # after the first, second … failure; after the last it is given up
HELD = timedelta(minutes=15)  # a message that a sender has taken is nobody else's so long; then it is tried again
BATCH = 200


def send(
    *, to: User, template: str, params: Mapping[str, Any], about: Model | None = None, link: str = "",
    once: str | None = None, by: User | None, at: datetime,
) -> Message | None:  # fmt: skip
    """Put a message on a person's own page and, if they chose so, on its way; the message, or None if it failed.

    once: a text that makes it the same message: told once, however often it is asked for. Goes out with the caller's
    transaction: what is undone is not told. A fault in here is logged and leaves the caller as it was.
    """
    try:
        with unscoped():  # a township tells somebody of the county, whose row it does not see
            if once is not None and (kept := Message.objects.filter(once=once).first()):
                return kept
            return Message.objects.create(
                **_way(to, at), to=to, area_code=to.area.code if to.area else "", template=template,
                params=dict(params), about=f"{about._meta.label_lower}:{about.pk}" if about is not None else "",
                link=link, once=once, by=by, at=at,
            )  # fmt: skip
    except (Error, TypeError, ValueError):
        log.exception("message %s to user %s could not be kept", template, to.pk)
        return None


def _way(to: User, at: datetime) -> dict[str, Any]:
    """By which channel, to what, from when: the person's choice, if the installation has a gateway for it."""
    choice = Choice.objects.filter(user=to).first()
    channel = choice.channel if choice and not choice.off else Channel.PAGE
    if channel == Channel.PAGE or channel not in gateways.opened() or not to.is_active:
        return {"channel": Channel.PAGE, "state": Message.State.SENT, "not_before": at, "sent_at": at}
    assert choice is not None
    return {"channel": channel, "address": gateways.masked(channel, choice.address), "not_before": quiet.soonest(at)}


# --- what the queue calls ---------------------------------------------------------------------------------------------
def deliver_due(*, at: datetime) -> tuple[int, int]:
    """Send what is due, one by one, none twice at a time: (sent, not sent). At night nothing goes out."""
    sent = failed = 0
    if quiet.is_quiet(at):
        return 0, 0
    for pk in list(Message.objects.due(at).order_by("not_before", "pk").values_list("pk", flat=True)[:BATCH]):
        taken = _take(pk, at)
        if taken is None:
            continue
        if _deliver(taken, at):
            sent += 1
        else:
            failed += 1
    return sent, failed


@transaction.atomic
def _take(pk: int, at: datetime) -> Message | None:
    """Take one message for oneself: a second sender finds it taken, and one that dies lets it go after a while."""
    rows = Message.objects.select_for_update(skip_locked=True, of=("self",)).select_related("to")
    found = rows.due(at).filter(pk=pk).first()
    if found is not None:
        found.tries, found.not_before = found.tries + 1, at + HELD
        found.save(update_fields=["tries", "not_before"])
    return found


def _deliver(message: Message, at: datetime) -> bool:
    """Hand it to the gateway, outside any transaction, and write down what came of it."""
    choice = Choice.objects.filter(user=message.to).first()
    if not message.to.is_active or choice is None or choice.off or choice.channel != message.channel:
        _kept(message, state=Message.State.SENT, channel=Channel.PAGE, address="", sent_at=at, error="")
        return True  # changed their mind meanwhile: it stands on their page
    title, text = templates.told(message.template, message.params, choice.language)
    try:
        error = gateways.deliver(channel=message.channel, address=choice.address, title=title, text=text)
    except Exception as fault:
        error = fault.__class__.__name__
    if not error:
        _kept(message, state=Message.State.SENT, sent_at=at, error="")
        return True
    again = message.tries <= len(MINUTES)
    later = quiet.soonest(at + timedelta(minutes=MINUTES[message.tries - 1])) if again else at
    state = Message.State.FAILED if again else Message.State.GIVEN_UP
    _kept(message, state=state, error=error, not_before=later)
    log.warning("message %s by %s to %s: %s", message.pk, message.channel, message.address, error)
    return False


def _kept(message: Message, **values: Any) -> None:
    Message.objects.filter(pk=message.pk).update(**values)


# --- what people do ---------------------------------------------------------------------------------------------------
@transaction.atomic
def retry(*, message: Message, at: datetime) -> Message:
    """Try once more what was given up: the gateway has been mended."""
    message = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if message.state not in (*OPEN, Message.State.GIVEN_UP):
        raise Refusal("sent_already", N_("这条通知已经发出"))
    message.state, message.tries, message.not_before = Message.State.FAILED, 0, quiet.soonest(at)
    message.save(update_fields=["state", "tries", "not_before"])
    return message


def read(*, user: User, at: datetime) -> int:
    """All of one's messages as read; how many were new."""
    return Message.objects.filter(to=user, read_at=None).update(read_at=at)
