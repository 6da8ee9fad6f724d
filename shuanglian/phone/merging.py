"""Fields that two people changed: what becomes of one phone's edit of one field. Pure; values are known by tokens.

Whatever the order in which edits arrive, and however often: of the values that phones wrote last over the same state,
one stands in the register and every other is an open conflict. None is lost, and none is written over unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Ruling(Enum):
    """What to do with an edit."""

    WRITE = "write"  # the register still holds what the phone had seen, or what this phone alone wrote earlier
    SAME = "same"  # the register says so already
    NOTHING = "nothing"  # the phone is back at what it had seen: it wants no change
    LATE = "late"  # a later edit of the same phone is here already
    CONFLICT = "conflict"  # somebody else changed it meanwhile: a person chooses


@dataclass(frozen=True)
class Latest:
    """The latest edit of a field by one phone: its running number; whether the register holds its value (`token`)
    because this phone brought it, alone or with others who brought the same."""

    seq: int
    stands: bool = False
    token: str = ""


def ruling(*, phone: Any, seq: int, mine: str, base: str | None, now: str, edits: Mapping[Any, Latest]) -> Ruling:
    """One edit: tokens of the value it brings, of the value it was made over (None: not told), of what stands now.

    edits: phone → its latest edit of the field. What a phone alone stands for it may change: nobody else wants it.
    """
    own = edits.get(phone)
    if own and own.seq > seq:
        return Ruling.LATE
    alone = {one for one, edit in edits.items() if edit.stands and edit.token == now} == {phone}
    if mine == base:
        return Ruling.WRITE if alone and now != mine else Ruling.NOTHING
    if mine == now:
        return Ruling.SAME
    return Ruling.WRITE if alone or base == now else Ruling.CONFLICT


@dataclass(frozen=True)
class After:
    """A phone's latest edits of a field, and which phones' conflicts are open, after a ruling."""

    edits: Mapping[Any, Latest]
    opened: bool = False
    overtaken: bool = False  # this phone's own open conflict is closed: it says something else now
    agreed: frozenset[Any] = frozenset()  # phones whose open conflict says what the register says now


def after(
    decided: Ruling, *, phone: Any, seq: int, mine: str, edits: Mapping[Any, Latest], opens: Mapping[Any, str]
) -> After:
    """What to note. edits: phone → its latest edit of the field; opens: phone → token of its open conflict's value."""
    if decided is Ruling.LATE:
        return After(edits)
    noted, agreed = dict(edits), frozenset[Any]()
    if decided is Ruling.WRITE:
        agreed = frozenset(one for one, token in opens.items() if one != phone and token == mine)
        noted = {one: Latest(edit.seq, one in agreed, edit.token) for one, edit in edits.items()}
    before = edits.get(phone)
    back = decided is Ruling.NOTHING and before is not None and before.stands and before.token == mine
    noted[phone] = Latest(seq, decided in (Ruling.WRITE, Ruling.SAME) or back, mine)
    return After(noted, opened=decided is Ruling.CONFLICT, overtaken=phone in opens, agreed=agreed)
