"""What rooms above the register take part in: its story, its file as it stood, members who move, files that merge.

The register knows none of them. In apps.ready():

    hooks.register_story(hooks.Chapter("pairing", _("结对"), 30, history.story))
    hooks.register_follower(hooks.Follower("pairing", preview=…, follow=…, undo=…))
    panels.register("file_as_of", 30, fn)          # core.panels: fn(request, asof.File) → html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

    from .models import Household


# --- the story ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Seen:
    """Whose story is asked and by whom. `people`: everybody who was ever a member → since when he is one elsewhere.

    `late`: only what was entered from a moment on although it is dated on a day or before is wanted; a chapter that
    tells more does no harm, one that tells nothing with a day need not ask anything.
    """

    household: Household
    people: Mapping[int, datetime | None]
    by: User
    late: tuple[datetime, date] | None = None

    def wanted(self, rows: Any, at: str, on: str) -> Any:
        """Rows of a query set of which the day is wanted; names of the columns of moment and day."""
        if self.late is None:
            return rows
        entered, dated = self.late
        return rows.filter(**{f"{at}__gte": entered, f"{on}__lte": dated})

    def concerns(self, person: int | None, at: datetime) -> bool:
        """Whether something about a person belongs into this file: not what happened after he moved to another."""
        until = self.people.get(person) if person else None
        return until is None or at < until


@dataclass(frozen=True)
class Line:
    """One value that an act changed: whose, what it is called, before, after."""

    of: str
    name: str
    before: str
    after: str


@dataclass
class Moment:
    """One thing that happened to a file. `at`: when the register came to know it; `on`: the day it is about."""

    at: datetime
    kind: str
    what: str
    who: str = ""
    why: str = ""
    on: date | None = None
    href: str = ""
    undo: str = ""  # address under which it can be taken back
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Chapter:
    """A kind of things that a room tells of a household; `tell` gives moments in any order, as far as `by` may see."""

    kind: str
    label: Any
    order: int
    tell: Callable[[Seen], Iterable[Moment]]


_chapters: dict[str, Chapter] = {}


def register_story(chapter: Chapter) -> None:
    """The same kind again replaces it."""
    _chapters[chapter.kind] = chapter


def chapters() -> list[Chapter]:
    return sorted(_chapters.values(), key=lambda one: (one.order, one.kind))


# --- files that touch each other ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Act:
    """Members move, a household is split off or merged, one person's two entries become one (HouseholdLink.Kind).

    `people`: who stands in `target` from now on, in `source` until then. `same`: entry that ends → entry that is kept.
    A merge closes `source`; with `same` only, source and target may be one file. `on`: the day it happened.
    """

    kind: str
    source: Household
    target: Household
    people: tuple[int, ...]
    same: Mapping[int, int]
    closes: bool
    on: date
    why: str
    by: User | None
    at: datetime


def _nothing_said(act: Act) -> list[str]:
    return []


def _nothing_done(act: Act) -> Any:
    return None


def _nothing_undone(act: Act, kept: Any) -> None:
    return None


@dataclass(frozen=True)
class Follower:
    """What a room does about it, in the verb's transaction.

    `preview` says in sentences what `follow` will do. `follow` gives plain JSON that `undo` needs to take it back;
    `undo` raises a Refusal when what it did has been built upon meanwhile.
    """

    name: str
    preview: Callable[[Act], list[str]] = _nothing_said
    follow: Callable[[Act], Any] = _nothing_done
    undo: Callable[[Act, Any], None] = _nothing_undone


_followers: dict[str, Follower] = {}


def register_follower(follower: Follower) -> None:
    """The same name again replaces it; lower floors come first, as their apps are ready first."""
    _followers[follower.name] = follower


def foresee(act: Act) -> list[str]:
    """What all rooms will do about an act."""
    return [sentence for one in _followers.values() for sentence in one.preview(act)]


def follow(act: Act) -> dict[str, Any]:
    """Let all rooms follow; what each must know to take it back, by its name."""
    return {one.name: one.follow(act) for one in _followers.values()}


def take_back(act: Act, kept: Mapping[str, Any]) -> None:
    """Let all rooms take back what they did, upper floors first."""
    for name in reversed(list(_followers)):
        if name in kept:
            _followers[name].undo(act, kept[name])
