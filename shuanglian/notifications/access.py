"""Whose messages and whose choices: one's own; how sending goes, of one's area without what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from shuanglian.accounts.rights import may

from .models import Choice, Message, MessageQuerySet

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


def own(actor: User) -> MessageQuerySet:
    return Message.objects.filter(to=actor)


def own_message(actor: User, pk: int) -> Message:
    return get_object_or_404(own(actor), pk=pk)


def own_choice(actor: User) -> Choice | None:
    return Choice.objects.filter(user=actor).first()


def sent_in_area(actor: User) -> MessageQuerySet:
    """Messages to people of the actor's area: how far they got, never what they say."""
    if not may(actor, "notifications.view"):
        raise PermissionDenied(_("您的角色没有这项权限。"))
    return Message.objects.within(actor.area)


def message_to_retry(actor: User, pk: int) -> Message:
    return get_object_or_404(sent_in_area(actor), pk=pk)
