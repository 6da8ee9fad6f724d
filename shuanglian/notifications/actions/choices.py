"""通知方式 how somebody wants to be told."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.notifications import gateways
from shuanglian.notifications.models import Channel, Choice
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


@transaction.atomic
def choose(*, channel: str, address: str = "", language: str = "", off: bool = False, by: User, at: datetime) -> Choice:
    """One's own way; the address is kept sealed, and the trail names the channel only."""
    address = address.strip()
    if channel not in Channel.values or language not in {"", *dict(settings.LANGUAGES)}:
        raise Refusal("no_such_channel", N_("请选择通知途径"))
    if channel != Channel.PAGE and channel not in gateways.opened():
        raise Refusal("no_gateway", N_("系统还没有接通这个途径"))
    if channel != Channel.PAGE and not gateways.fits(channel, address):
        raise Refusal("wrong_address", N_("这个地址不能用于所选途径"))
    told = {"channel": channel, "address": "" if channel == Channel.PAGE else address, "language": language,
            "off": off, "changed_at": at, "area_code": by.area.code if by.area else ""}  # fmt: skip
    made, _new = Choice.objects.update_or_create(user=by, defaults=told)
    trail.write("notifications.choices.choose", by=by, at=at, area_code=made.area_code, channel=channel, off=off)
    return made
