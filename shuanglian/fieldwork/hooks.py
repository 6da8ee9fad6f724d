"""What rooms above take part in when something is logged. In apps.ready():

hooks.on_visit(fn)        fn(visit) after a visit was kept, in the verb's transaction; its photos may come later
hooks.on_photo(fn)        fn(photo) after a photo came to a visit
hooks.on_withdrawn(fn)    fn(visit) after a visit was withdrawn
hooks.on_heard(fn)        fn(Heard) → a Diverted when the words belong on another road: no ask is kept then
hooks.on_asks(fn)         fn([ask, …]) after something was asked for, at a visit or by itself, in the verb's transaction
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from .models import Ask, Photo, Visit

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.areas.models import Area
    from shuanglian.registry.models import Household


@dataclass(frozen=True)
class Heard:
    """What somebody asked for, before anything of it is kept."""

    text: str
    household: Household | None
    village: Area | None
    key: UUID
    by: User
    at: datetime


@dataclass(frozen=True)
class Diverted:
    """It went another way; `number`: what the person follows it by there."""

    number: str


OfVisit = Callable[[Visit], object]
OfPhoto = Callable[[Photo], object]
OfAsks = Callable[[Sequence[Ask]], object]
_visits: list[OfVisit] = []
_photos: list[OfPhoto] = []
_withdrawn: list[OfVisit] = []
_asks: list[OfAsks] = []
_heard: list[Callable[[Heard], Diverted | None]] = []


def on_visit(fn: OfVisit) -> None:
    """The same function again changes nothing."""
    if fn not in _visits:
        _visits.append(fn)


def on_photo(fn: OfPhoto) -> None:
    if fn not in _photos:
        _photos.append(fn)


def on_withdrawn(fn: OfVisit) -> None:
    if fn not in _withdrawn:
        _withdrawn.append(fn)


def tell_visit(visit: Visit) -> None:
    for fn in _visits:
        fn(visit)


def tell_photo(photo: Photo) -> None:
    for fn in _photos:
        fn(photo)


def tell_withdrawn(visit: Visit) -> None:
    for fn in _withdrawn:
        fn(visit)


def on_asks(fn: OfAsks) -> None:
    if fn not in _asks:
        _asks.append(fn)


def tell_asks(asks: Sequence[Ask]) -> None:
    for fn in _asks if asks else ():
        fn(asks)


def on_heard(fn: Callable[[Heard], Diverted | None]) -> None:
    if fn not in _heard:
        _heard.append(fn)


def diverted(heard: Heard) -> Diverted | None:
    """What a room above made of it; None when it is an ask like any other."""
    return next((made for fn in _heard if (made := fn(heard)) is not None), None)
