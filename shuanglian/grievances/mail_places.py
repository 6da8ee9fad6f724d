"""Which village a letter speaks of, by the names in it; nothing rather than a guess (VOICE-1)."""

from __future__ import annotations

from collections.abc import Iterable

from shuanglian.areas.models import Area
from shuanglian.areas.names import plain, split_name


def village_in(text: str, county: Area) -> Area | None:
    """The only village of a county that a text names: 东关村, 东关社区, 马营东关; of namesakes the one whose township
    is named too. A name that is part of a longer one that stands there (小东关村) does not count."""
    told = plain(text)
    rows = Area.objects.current().within(county).filter(level=Area.Level.VILLAGE).select_related("parent")
    named = {one: places for one in rows if (places := _places(told, one))}
    standing = [one for one in named if not _inside(named, one)]
    if len(standing) > 1:
        standing = [one for one in standing if _township(told, one)] or standing
    return standing[0] if len(standing) == 1 else None


def _places(told: str, village: Area) -> list[tuple[int, int]]:
    """Where in the text the village's name stands."""
    return [place for name in _names(village) for place in _found(told, name)]


def _names(village: Area) -> list[str]:
    bare, kind = split_name(village.name, Area.Level.VILLAGE)
    ending = "社区" if kind == "community" else "村"
    names = [plain(village.name), bare if bare.endswith(ending) else bare + ending]
    if village.parent is not None:
        above, _kind = split_name(village.parent.name, Area.Level.TOWNSHIP)
        names += [town + bare for town in (plain(village.parent.name), above)]
    return list(dict.fromkeys(names))


def _found(told: str, name: str) -> Iterable[tuple[int, int]]:
    at = told.find(name)
    while at >= 0:
        yield at, at + len(name)
        at = told.find(name, at + 1)


def _inside(named: dict[Area, list[tuple[int, int]]], village: Area) -> bool:
    """Whether its name stands only inside longer names of others."""
    others = [place for one, places in named.items() if one != village for place in places]
    return all(
        any(first <= start and end <= last and last - first > end - start for first, last in others)
        for start, end in named[village]
    )


def _township(told: str, village: Area) -> bool:
    if village.parent is None:
        return False
    bare, _kind = split_name(village.parent.name, Area.Level.TOWNSHIP)
    return bare in told


__all__ = ["village_in"]
