"""Reads of messages: one's own, and how sending goes in an area."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from . import access, templates
from .models import OPEN, Channel, Message, MessageQuerySet

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


@dataclass(frozen=True)
class Told:
    """A message in the reader's language."""

    message: Message
    title: str
    text: str


def inbox(user: User) -> MessageQuerySet:
    return access.own(user)


def unread(user: User) -> int:
    return access.own(user).filter(read_at=None).count()


def told(messages: Iterable[Message]) -> list[Told]:
    return [Told(one, *templates.told(one.template, one.params)) for one in messages]


def failures(*, seen_by: User) -> MessageQuerySet:
    """What did not get through, the newest first: given up, or waiting for another try."""
    failed = (Message.State.FAILED, Message.State.GIVEN_UP)
    return access.sent_in_area(seen_by).filter(state__in=failed).select_related("to")


def standing(*, seen_by: User) -> list[tuple[str, dict[str, int]]]:
    """channel → state → how many messages, of the actor's area."""
    rows = access.sent_in_area(seen_by).order_by().values("channel", "state").annotate(n=Count("pk"))
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["channel"], {})[row["state"]] = row["n"]
    return [(str(Channel(channel).label), found[channel]) for channel in Channel.values if channel in found]


__all__ = ["OPEN", "Told", "failures", "inbox", "standing", "told", "unread"]
