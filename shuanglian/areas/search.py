"""Regions by what people type: code, name in any spelling, pinyin initials, whole paths of names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from . import names
from .models import PREFIX_LENGTHS, Area, below
from .table import whole_code
from .tree import UP, chain

LAST = "\x7f"  # sorts behind every letter and figure of a spelling
LAST_OF_ALL = "\U0010ffff"
LONGEST_TEXT = 60
LONGEST_NAME = 16
CANDIDATES = 500  # a bare name as common as 城关 has some sixty bearers in a province
_SEPARATORS = re.compile(r"[\s/／\\>＞›»、,，;；|—→]+")


def search(
    text: str, within: Area | None, limit: int = 20, levels: Iterable[int] | None = None, on: date | None = None
) -> list[Area]:
    """Regions at or below one by code, name, bare name, pinyin initials or full pinyin; the best first.

    Exact beats beginning beats part of the name; higher levels before lower ones. Beginnings are index ranges; a part
    of the name is looked for only when they do not fill the list, and only inside `within`. Several words are a path
    from the top: 马营 东关, or my dg.
    """
    words = _words(text)
    if not words or within is None:
        return []
    rows = _rows(within, levels, on)
    wanted = limit if len(words) == 1 else CANDIDATES
    word = words[-1]
    found = list(_begins(rows, word)[:wanted])
    if len(found) < wanted and not word.isascii():
        rest = rows.filter(name__contains=word).exclude(pk__in=[area.pk for area in found])
        found += list(rest.order_by("level", "code")[: wanted - len(found)])
    if len(words) > 1:
        found = [area for area in found if _under(area, words[:-1], _sounds_like)]
    return found[:limit] or (resolve(text, within, limit=limit, levels=levels) if len(words) == 1 else [])


def resolve(text: str, within: Area | None, *, limit: int = 20, levels: Iterable[int] | None = None) -> list[Area]:
    """The regions that a code, a name or a path of names means, in one piece or in words: 通渭县马营镇东关村.

    Names may lack their endings and levels may be skipped; what is ambiguous comes back as several.
    """
    words = _words(text)
    if not words or within is None:
        return []
    rows = _rows(within, levels, None)
    if len(words) == 1 and words[0].isascii() and words[0].isdigit():
        return list(rows.filter(code=whole_code(words[0]) or "-")[:limit])
    called = [area for area in _called(rows, words[-1]) if _under(area, words[:-1], _is_called)]
    if not called and len(words) == 1:
        called = [area for area in _ending(rows, words[0]) if _spells(area, words[0])]
    return called[:limit]


def _rows(within: Area, levels: Iterable[int] | None, on: date | None) -> QuerySet[Area]:
    rows = (Area.objects.on(on) if on else Area.objects.current()).within(within).select_related(UP)
    return rows if levels is None else rows.filter(level__in=list(levels))


def _words(text: str) -> list[str]:
    """What a person typed, in words, without what no name holds; long texts are cut."""
    typed = re.sub(r"[\x00-\x1f\x7f%_]+", " ", text or "").strip()[:LONGEST_TEXT]
    return [word for part in _SEPARATORS.split(typed) if (word := names.plain(part))]


# --- beginnings -----------------------------------------------------------------------------------------------------


def _begins(rows: QuerySet[Area], word: str) -> QuerySet[Area]:
    """Rows whose code, bare name or sound begins with a word; first those of which it is the whole."""
    lower = word.lower()
    if word.isascii() and word.isdigit():
        exact, beginning = Q(code=word.ljust(12, "0")), below(word, "code") if len(word) <= 12 else Q(pk__in=[])
    elif word.isascii():
        exact = Q(pinyin=lower) | Q(spelling=lower)
        beginning = _range("pinyin", lower, LAST) | _range("spelling", lower, LAST)
    else:
        exact = Q(name=word) | Q(short=word)
        beginning = _range("short", word, LAST_OF_ALL) | Q(short__in=_bare_forms(word))
    rank = Case(When(exact, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.filter(exact | beginning).annotate(rank=rank).order_by("rank", "level", "code")


def _range(field: str, start: str, last: str) -> Q:
    """Values that begin with a text, as an index range over a C-collated column."""
    return Q(**{f"{field}__gte": start, f"{field}__lt": start + last})


def _bare_forms(word: str) -> set[str]:
    return {names.short_name(word, level) for level in PREFIX_LENGTHS}


# --- names and paths ------------------------------------------------------------------------------------------------


def _called(rows: QuerySet[Area], word: str) -> list[Area]:
    """Rows that a single name means, through its bare name and the spellings of it."""
    found = rows.filter(Q(short__in={word, *_bare_forms(word)}) | Q(name=word)).order_by("level", "code")[:CANDIDATES]
    return [area for area in found if _is_called(area, word)]


def _is_called(area: Area, word: str) -> bool:
    return word in names.aliases(area.name, area.level)


def _sounds_like(area: Area, word: str) -> bool:
    """For search: the beginning of a name or of its sound will do."""
    lower = word.lower()
    return (
        area.name.startswith(word)
        or area.pinyin.startswith(lower)
        or area.spelling.startswith(lower)
        or _is_called(area, word)
    )


def _under(area: Area, words: Sequence[str], means: Callable[[Area, str], bool]) -> bool:
    """Whether the words before the last one mean ancestors of the region, from the top down."""
    left = iter(chain(area)[:-1])
    return all(any(means(up, word) for up in left) for word in words)


def _ending(rows: QuerySet[Area], plain: str) -> list[Area]:
    """Rows whose bare name stands somewhere in a path written in one piece, the lowest levels first."""
    tails = {
        plain[start:end]
        for start in range(len(plain))
        for end in range(start + 2, min(len(plain), start + LONGEST_NAME) + 1)
    }
    return list(rows.filter(short__in=tails).order_by("-level", "code")[:CANDIDATES])


def _spells(area: Area, plain: str) -> bool:
    """Whether a path in one piece is this region's: names in order, each in some spelling, levels may be missing."""
    ends = {0}
    links = chain(area)
    for link in links:
        spellings = names.aliases(link.name, link.level)
        reached = {end + len(word) for end in ends for word in spellings if plain.startswith(word, end)}
        ends = reached if link is area else ends | reached
    return len(plain) in ends
