"""The menu: rooms put their entries in (apps.ready), the page shows those that the user may open."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from .permission import allowed


@dataclass(frozen=True)
class Item:
    """One entry: a translated label, a url name without arguments, the permission it needs ("" for everybody)."""

    label: Any
    url: str
    permission: str = ""
    order: int = 50
    icon: str = ""


_items: dict[str, Item] = {}


def register(item: Item) -> None:
    """Put an entry in; the same url again replaces it."""
    _items[item.url] = item


def items(user: Any) -> list[Item]:
    """The entries this user may open, in order."""
    if not getattr(user, "is_authenticated", False):
        return []
    ordered = sorted(_items.values(), key=lambda item: (item.order, item.url))
    return [item for item in ordered if not item.permission or allowed(user, item.permission)]


def entries(user: Any, path: str) -> list[dict[str, Any]]:
    """What the page draws: label, address, icon, and which one the reader is in (the longest address that fits)."""
    drawn = []
    for item in items(user):
        try:
            drawn.append({"label": item.label, "href": reverse(item.url), "icon": item.icon, "here": False})
        except NoReverseMatch:  # a room that is not mounted has no door
            continue
    fitting = [one for one in drawn if path == one["href"] or (one["href"] != "/" and path.startswith(one["href"]))]
    if fitting:
        max(fitting, key=lambda one: len(one["href"]))["here"] = True
    return drawn
