"""The way out: one adapter (apprise) for mail, SMS gateways and work chats; which, stands in the settings.

An address of settings may hold {address}, where the person's own goes; one without it is a group's.
"""

from __future__ import annotations

import logging
import re
from urllib.parse import quote

from django.conf import settings

from shuanglian.kernel.ids import mask_phone

logging.getLogger("apprise").propagate = False  # it names full addresses; what we log is masked
SHAPES = {
    "email": re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.?[A-Za-z0-9]{1,}"),
    "sms": re.compile(r"\+?[0-9]{5,20}"),
    "chat": re.compile(r"[A-Za-z0-9._@-]{1,100}"),
}
SHOWN = 3


def opened() -> list[str]:
    """Channels for which the installation has a gateway."""
    return [channel for channel, url in settings.NOTIFY_GATEWAYS.items() if url]


def fits(channel: str, address: str) -> bool:
    """Whether an address can be one of a channel; a group's channel needs none."""
    if not address:
        return "{address}" not in settings.NOTIFY_GATEWAYS.get(channel, "{address}")
    return SHAPES[channel].fullmatch(address) is not None


def masked(channel: str, address: str) -> str:
    """What pages and logs show of an address."""
    if not address:
        return ""
    if channel == "email":
        name, _at, place = address.partition("@")
        return f"{name[:1]}***@{place}"
    if channel == "sms":
        return mask_phone(address)
    return f"{address[:SHOWN]}***"


def deliver(*, channel: str, address: str, title: str, text: str) -> str:
    """Hand one message to the gateway. "" when it took it, else why not, fit to be shown and kept."""
    import apprise  # half a second that only who sends has to wait for

    url = settings.NOTIFY_GATEWAYS.get(channel, "")
    if not url:
        return "no gateway"
    asset = apprise.AppriseAsset(app_id="Shuanglian", app_desc="双联 Shuanglian", async_mode=False)
    way = apprise.Apprise(asset=asset)
    if not way.add(url.replace("{address}", quote(address, safe=""))):
        return "the gateway's address is wrong"
    with apprise.LogCapture(level=logging.WARNING, fmt="%(message)s") as heard:
        took = way.notify(body=text, title=title, body_format=apprise.NotifyFormat.TEXT)
        said = heard.getvalue()
    return "" if took else _without(said, url, address, channel) or "the gateway did not take it"


def _without(said: str, url: str, address: str, channel: str) -> str:
    """What the adapter said, in one line, without address and without anything secret of the gateway."""
    line = " ".join(said.split())
    for secret in {address, quote(address, safe="")} - {""}:
        line = line.replace(secret, masked(channel, address))
    for secret in re.findall(r"//([^/@]+)@", url) + re.findall(r"[=/]([^/?&=]{12,})", url):
        line = line.replace(secret, "***")
    return line[:300]
