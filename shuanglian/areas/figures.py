"""Figures of regions that rooms above know: columns of the children table, colours of the map.

    figures.register(Figure("coverage", _("结对率"), coverage_of, kind="share", permission="pairing.view", order=20))

`fn(areas, user)` gives the value of each region by its id for a handful of regions in one query, for the user's eyes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from shuanglian.core.permission import allowed

from .models import Area

Value = int | float | Decimal | None
Fn = Callable[[Sequence[Area], Any], Mapping[int, Value]]


@dataclass(frozen=True)
class Figure:
    """One figure: a code for addresses, a translated label, how it is worked out, how it is shown (a share is 0–1)."""

    code: str
    label: Any
    fn: Fn
    kind: Literal["count", "share", "km", "yuan"] = "count"
    permission: str = ""
    order: int = 50


_figures: dict[str, Figure] = {}


def register(figure: Figure) -> None:
    """Add a figure; the same code again replaces it."""
    _figures[figure.code] = figure


def known(user: Any) -> list[Figure]:
    """The figures this user may see, in order."""
    ordered = sorted(_figures.values(), key=lambda figure: (figure.order, figure.code))
    return [figure for figure in ordered if not figure.permission or allowed(user, figure.permission)]


def find(code: str, user: Any) -> Figure | None:
    """The figure of an address, if this user may see it."""
    return next((figure for figure in known(user) if figure.code == code), None)
