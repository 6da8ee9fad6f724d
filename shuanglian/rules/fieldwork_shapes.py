"""What a profile says of field work: tasks, goods, topics, asks, posts, prohibitions, limits (FIELD-1, FIELD-6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from .profile_shapes import Count, Flag, Label, Named

Order = Annotated[int, Field(ge=0)]


class Task(Named):
    """One of the six tasks; `short`: a word for a button of the phone."""

    order: Order
    short: Label


class Met(Named):
    """Whom a visit can meet who is not a member of the household (a neighbour, a village cadre, nobody).

    home: meeting him says that the home was found; "nobody" says that it was locked.
    """

    order: Order
    nobody: Flag = False


class Goods(Named):
    """A kind of goods, and the unit in which it is counted."""

    order: Order
    unit: Label


class Topic(Named):
    """What a technician's service is about."""

    order: Order


class AskCategory(Named):
    """What people ask for."""

    order: Order


class PostKind(Named):
    """A post in a village. team: one of the stationed team; technician: a technician linked to it; most: a village.

    leaves_post: leader and deputies leave their normal post (PAIR-8).
    """

    order: Order
    team: Flag = False
    technician: Flag = False
    leads: Flag = False
    leaves_post: Flag = False
    most: Annotated[int, Field(ge=1)] | None = None


class Channel(Named):
    """One of the four channels of income (PLAN-4)."""

    order: Order


class Prohibition(Named):
    """One of the eight prohibitions; `plain`: how a family would say it."""

    order: Order
    plain: Label


class Drive(Named):
    """A named list of the campaign (三讲三问六送): what is talked of, asked and brought; `task`: the task it serves."""

    order: Order
    part: Literal["talk", "ask", "bring"]
    task: str


class Limit(Named):
    """A number that entries are held against, with its unit."""

    value: Count
    unit: Literal["minutes", "days", "hours", "chars", "photos", "bytes", "people"]


class Fieldwork:
    """What field work reads of a profile, in the order of its lists; lists are code → entry.

    .tasks  .met  .goods  .topics  .asks  .posts  .prohibitions  .drive  .channels   .limit(code) → number
    """

    __slots__ = (
        "asks", "channels", "drive", "goods", "limits", "met", "posts", "prohibitions", "tasks", "topics",
    )  # fmt: skip

    def __init__(self, stand: Callable[[str], Mapping[str, Any]]) -> None:
        self.tasks: Mapping[str, Task] = _ordered(stand("field_tasks"))
        self.met: Mapping[str, Met] = _ordered(stand("field_met"))
        self.goods: Mapping[str, Goods] = _ordered(stand("field_goods"))
        self.topics: Mapping[str, Topic] = _ordered(stand("field_topics"))
        self.asks: Mapping[str, AskCategory] = _ordered(stand("field_asks"))
        self.posts: Mapping[str, PostKind] = _ordered(stand("field_posts"))
        self.channels: Mapping[str, Channel] = _ordered(stand("field_channels"))
        self.prohibitions: Mapping[str, Prohibition] = _ordered(stand("field_prohibitions"))
        self.drive: Mapping[str, Drive] = _ordered(stand("field_drive"))
        self.limits: Mapping[str, Limit] = stand("field_limits")

    def limit(self, code: str) -> int | None:
        """A limit's number; None when the profile sets none."""
        found = self.limits.get(code)
        return found.value if found else None

    def kinds_of_posts(self, *, team: bool = False, technician: bool = False) -> list[str]:
        """Codes of posts of a kind."""
        return [code for code, one in self.posts.items() if (team and one.team) or (technician and one.technician)]


def _ordered(entries: Mapping[str, Any]) -> Mapping[str, Any]:
    return dict(sorted(entries.items(), key=lambda pair: (pair[1].order, pair[0])))


LISTS: dict[str, type[Named]] = {
    "field_tasks": Task,
    "field_met": Met,
    "field_goods": Goods,
    "field_topics": Topic,
    "field_asks": AskCategory,
    "field_posts": PostKind,
    "field_channels": Channel,
    "field_prohibitions": Prohibition,
    "field_drive": Drive,
    "field_limits": Limit,
}
