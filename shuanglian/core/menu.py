"""The menu: rooms put their entries in (apps.ready), the page shows those that the user may open.

Entries of one group stand behind one entry above; inside the group they stand beside each other in a second line.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import NoReverseMatch, get_urlconf, reverse

from .permission import allowed

OWN = "own"


@dataclass(frozen=True)
class Item:
    """One entry: a translated label, a url name without arguments, the permission it needs ("" for everybody).

    group: the code of a Group, "" for an entry of its own; OWN for the reader's own menu behind his name.
    """

    label: Any
    url: str
    permission: str = ""
    order: int = 50
    icon: str = ""
    group: str = ""


@dataclass(frozen=True)
class Group:
    """What several entries have in common: its label above, in its place; its address is its first entry's."""

    label: Any
    order: int
    icon: str


_items: dict[str, Item] = {}
_groups: dict[str, Group] = {}


def register(item: Item) -> None:
    """Put an entry in; the same url again replaces it."""
    _items[item.url] = item


def register_group(code: str, group: Group) -> None:
    _groups[code] = group


def items(user: Any) -> list[Item]:
    """The entries this user may open, in order."""
    if not getattr(user, "is_authenticated", False):
        return []
    ordered = sorted(_items.values(), key=lambda item: (item.order, item.url))
    return [item for item in ordered if not item.permission or allowed(user, item.permission)]


def entries(user: Any, path: str) -> list[dict[str, Any]]:
    """What the page draws: label, address, icon, which one the reader is in (the longest address that fits), `parts`
    of a group. A group of which the reader may open one entry only is that entry."""
    drawn = [one for item in items(user) if item.group != OWN and (one := _drawn(item)) is not None]
    fitting = [one for one in drawn if path == one["href"] or (one["href"] != "/" and path.startswith(one["href"]))]
    if fitting:
        max(fitting, key=lambda one: len(one["href"]))["here"] = True
    above: dict[str, list[dict[str, Any]]] = {}
    for one in drawn:
        above.setdefault(one["group"] or one["href"], []).append(one)
    heads = [_head(code, parts) for code, parts in above.items()]
    return sorted(heads, key=lambda one: one["order"])


def own(user: Any) -> list[dict[str, Any]]:
    """What stands behind the reader's name: label, address, icon."""
    return [one for item in items(user) if item.group == OWN and (one := _drawn(item)) is not None]


@lru_cache(maxsize=512)
def _address(url: str, _urlconf: str | None) -> str:
    """Where an entry leads; empty for a room that is not mounted. Kept: every page draws every entry."""
    try:
        return reverse(url)
    except NoReverseMatch:
        return ""


def _drawn(item: Item) -> dict[str, Any] | None:
    address = _address(item.url, get_urlconf())
    if not address:
        return None
    return {"label": item.label, "href": address, "icon": item.icon, "here": False, "order": item.order,
            "group": item.group if item.group in _groups else ""}  # fmt: skip


def _head(code: str, parts: list[dict[str, Any]]) -> dict[str, Any]:
    if len(parts) == 1:
        return {**parts[0], "parts": []}
    group = _groups[code]
    return {"label": group.label, "href": parts[0]["href"], "icon": group.icon, "order": group.order,
            "here": any(one["here"] for one in parts), "parts": parts}  # fmt: skip
