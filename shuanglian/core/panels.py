"""Cards that upper rooms put on the pages of lower rooms: `register("household", 20, fn)`; fn(request, obj) → html."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString

Panel = Callable[[HttpRequest, Any], str]
_panels: dict[str, list[tuple[int, Panel]]] = {}


def register(name: str, order: int, fn: Panel) -> None:
    """Put a card on the pages called `name` (household, area, cadre, unit, home)."""
    place = _panels.setdefault(name, [])
    if all(known is not fn for _order, known in place):
        place.append((order, fn))
        place.sort(key=lambda pair: pair[0])


def render(name: str, request: HttpRequest, obj: Any = None) -> list[SafeString]:
    """The cards of a page in order; one that has nothing to show gives an empty text and is left out."""
    shown = (fn(request, obj) for _order, fn in _panels.get(name, []))
    return [html if isinstance(html, SafeString) else SafeString(html) for html in shown if html and html.strip()]
