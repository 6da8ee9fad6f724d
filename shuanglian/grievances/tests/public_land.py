"""What tests of the public doors share: forms filled in as a person would, a card, another address."""

from __future__ import annotations

import html
import re
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from shuanglian.benefits.actions import cards
from shuanglian.benefits.models import Card
from shuanglian.core import clock
from shuanglian.fieldwork.tests.factories import Land
from shuanglian.grievances.forms_public import STAMP
from shuanglian.grievances.models import Demand
from shuanglian.registry.models import Household

WORDS = "水管坏了半个月，全社没有水吃"
SAFE_WORDS = "村主任收了钱才给盖章，水管也不修"
HIDDEN = re.compile(r'<input type="hidden" name="(?!csrf)([^"]+)" value="([^"]*)"')


def village_page(land: Land) -> str:
    return reverse("doors:village", args=[land.first_village.code])


def card_of(land: Land, home: Household | None = None) -> str:
    """The address behind a family's card."""
    home = home or land.homes[0]
    cards.issue(households=[home], by=land.office, at=clock.now())
    return reverse("family_ask", args=[Card.objects.get(household=home, closed_at=None).code])


def stamp(key: UUID | str, seconds: int = 60) -> str:
    """As a page that was given out so long ago has it."""
    return STAMP.sign(f"{key}.{int(clock.now().timestamp()) - seconds}")


def hidden(page: Any) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in HIDDEN.findall(page.content.decode())}


def filled(page: Any, seconds: int = 60, **given: Any) -> dict[str, Any]:
    """The page's form with a minute's thought."""
    told = hidden(page)
    told = {name: told[name] for name in ("form_key", "stamp")}
    told["stamp"] = stamp(told["form_key"], seconds)
    return {**told, "category": "water", "text": WORDS, "never": "", "website": "", **given}


def ask(client: Client, address: str, **given: Any) -> Any:
    """Open a page, fill in, send."""
    return client.post(address, filled(client.get(address), **given))


def number_in(page: Any) -> str:
    found = re.search(r'class="number"><strong>([^<]+)', page.content.decode())
    assert found, page.content.decode()
    return found[1]


def follow(client: Client, number: str, **given: Any) -> Any:
    return client.post(reverse("doors:follow"), {"number": number, **given})


def say(client: Client, number: str, deed: str, **given: Any) -> Any:
    """Look, then say something on the page that came."""
    page = follow(client, number)
    key = re.search(r'name="key" value="([^"]+)"', page.content.decode())
    reply = re.search(r'name="reply" value="([^"]+)"', page.content.decode())
    told = {"key": key[1] if key else "", "reply": reply[1] if reply else ""}
    return follow(client, number, deed=deed, **{**told, **given})


def newest() -> Demand:
    return Demand.objects.latest("pk")


def forget() -> None:
    """Wrong codes are also counted outside the database."""
    cache.clear()
