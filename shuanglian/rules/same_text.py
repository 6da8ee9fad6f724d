"""Texts that stand in several places: word by word, or nearly (copied plans, copied visit notes).

    normal(text, names)         what is compared: without names, figures, marks and blanks
    same = digest(text)         the same for texts that are the same, empty for one that is too short to tell
    likeness(one, other)        0 to 1: how much of all that both say they say in common (Jaccard of runs of three)
    found = groups(texts, alike=0.85, least=20)     key → text: groups of keys whose texts are alike, exact
    marks(text, alike)          whole numbers of which two texts that are alike share at least one: what an index keeps

Pure. Nothing is missed: every pair at or above `alike` is found (prefix filter), nothing below it.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from hashlib import blake2b, sha256
from typing import TypeVar

RUN = 3  # characters that make a run: a word and a half of Chinese
Key = TypeVar("Key", bound=Hashable)


def normal(text: str, names: Iterable[str] = ()) -> str:
    """The letters of a text: NFKC, small; without names (of people and places), figures, marks and blanks."""
    told = unicodedata.normalize("NFKC", text).casefold()
    for name in sorted({unicodedata.normalize("NFKC", one).casefold() for one in names if one}, key=len, reverse=True):
        told = told.replace(name, "")
    return "".join(one for one in told if unicodedata.category(one)[0] == "L")


def digest(told: str, least: int = 1) -> str:
    """Of a text as `normal` gives it: 32 hex figures; empty when it is shorter than `least`."""
    return sha256(told.encode()).hexdigest()[:32] if len(told) >= max(1, least) else ""


def runs(told: str) -> frozenset[int]:
    """The runs of a text as numbers of 63 bits; of a shorter text the text itself."""
    parts = {told[place : place + RUN] for place in range(len(told) - RUN + 1)} or ({told} if told else set())
    return frozenset(_number(part) for part in parts)


def _number(part: str) -> int:
    return int.from_bytes(blake2b(part.encode(), digest_size=8).digest(), "big") >> 1


def likeness(one: str, other: str) -> float:
    """How much two texts as `normal` gives them have in common; nothing is like nothing."""
    return shared(runs(one), runs(other))


def shared(mine: frozenset[int], theirs: frozenset[int]) -> float:
    whole = len(mine | theirs)
    return len(mine & theirs) / whole if whole else 0.0


def marks(told: str, alike: float) -> list[int]:
    """The first runs of a text in their order as numbers: texts with at least `alike` in common share one of them.

    Two sets with n and m runs that share the share a of their union share at least ⌈a·n⌉ runs; so not all of them can
    stand behind the first n − ⌈a·n⌉ + 1 of either.
    """
    return _prefix(runs(told), alike)


def _prefix(mine: frozenset[int], alike: float) -> list[int]:
    needed = -int(-(len(mine) * alike - 1e-9) // 1)  # rounded up, and not by an error of the last place
    return sorted(mine)[: len(mine) - max(1, needed) + 1] if mine else []


def pairs(texts: Mapping[Key, str], *, alike: float, least: int) -> list[tuple[Key, Key, float]]:
    """(key, earlier key, likeness) of every two texts that are alike; texts as `normal` gives them.

    What is the same word by word is compared once: of a group of equal texts each is paired with the first.
    """
    firsts: dict[str, Key] = {}
    found: list[tuple[Key, Key, float]] = []
    seen: dict[int, list[Key]] = defaultdict(list)
    known: dict[Key, frozenset[int]] = {}
    for key, told in texts.items():
        if len(told) < max(1, least):
            continue
        if told in firsts:
            found.append((key, firsts[told], 1.0))
            continue
        firsts[told] = key
        mine = runs(told)
        near = dict.fromkeys(other for mark in _prefix(mine, alike) for other in seen[mark])
        for other in near:
            if (share := shared(mine, known[other])) >= alike:
                found.append((key, other, share))
        known[key] = mine
        for mark in _prefix(mine, alike):
            seen[mark].append(key)
    return found


def groups(texts: Mapping[Key, str], *, alike: float, least: int) -> list[list[Key]]:
    """Keys whose texts are alike, directly or through others; groups and keys in the order given."""
    root: dict[Key, Key] = {}

    def top(key: Key) -> Key:
        while root.setdefault(key, key) != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    for one, other, _share in pairs(texts, alike=alike, least=least):
        root[top(one)] = top(other)
    order = {key: place for place, key in enumerate(texts)}
    together: dict[Key, list[Key]] = defaultdict(list)
    for key in sorted(root, key=order.__getitem__):
        together[top(key)].append(key)
    return sorted(together.values(), key=lambda some: order[some[0]])


__all__ = ["digest", "groups", "likeness", "marks", "normal", "pairs", "runs", "shared"]
