"""Safe letters (VOICE-6, FIELD-6): which level reads one, whether a text is one, what may be published of them.

Levels are numbers as everywhere: 1 province, 2 city, 3 county, 4 township, 5 village.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from itertools import pairwise

from .complaint_shapes import ComplaintOffice, SafeWords

TOP, LOWEST = 1, 3  # a village or township reads no letter, whoever is named


def reading_level(named: Iterable[int]) -> int:
    """The level whose office reads a letter: the county's, or the one above the highest level that is named in it.

    An office below the one complained of depends on it, so it is not asked either. Above the province there is none:
    it reads, and who is named there is kept from the letter as a person.
    """
    return max(TOP, min([LOWEST, *(level - 1 for level in named)]))


def above(level: int) -> int | None:
    """The next level up; None above the highest."""
    return level - 1 if level > TOP else None


def bare(text: str) -> str:
    """A text as words are looked for in it: half width, without blanks, marks, what cannot be seen (受 贿, 受*贿)."""
    return "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one)[0] in "LN").lower()


def safe_kind(text: str, lists: Iterable[SafeWords]) -> str:
    """The kind of the first list of which a word stands in the text; empty when none does."""
    told = bare(text)
    return next((one.kind for one in lists if any(bare(word) in told for word in one.words)), "")


def offices_in(text: str, offices: Iterable[ComplaintOffice]) -> set[str]:
    """Codes of the offices that a text names by one of their words."""
    told = bare(text)
    return {one.code for one in offices if any(bare(word) in told for word in one.words)}


def published(counts: Mapping[int, int], *, fewest: int) -> dict[int, int | None]:
    """Letters by year as they may be published: None for a count from 1 to below `fewest`.

    A year without any is not told apart from a year with few: 0 is None too. No sum stands beside the counts, so that
    what is left out cannot be worked out from them.
    """
    return {year: count if count >= fewest else None for year, count in sorted(counts.items())}


def climbs(levels: Iterable[int]) -> bool:
    """Whether a letter went only upwards: each office above the one before it."""
    return all(later < earlier for earlier, later in pairwise(levels))
