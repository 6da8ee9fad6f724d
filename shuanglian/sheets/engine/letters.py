"""Column letters of spreadsheets: 1 ↔ A, 27 ↔ AA, 16384 ↔ XFD."""

import re
from functools import lru_cache

_REF = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@lru_cache(maxsize=20_000)
def letter(number: int) -> str:
    """The letters of a 1-based column number."""
    out = ""
    while number:
        number, rest = divmod(number - 1, 26)
        out = chr(65 + rest) + out
    return out


@lru_cache(maxsize=20_000)
def number(letters: str) -> int:
    """The 1-based number of column letters."""
    out = 0
    for char in letters:
        out = out * 26 + ord(char) - 64
    return out


def split_ref(ref: str) -> tuple[str, int] | None:
    """`AB12` → ("AB", 12); None for anything else."""
    match = _REF.fullmatch(ref)
    return (match[1], int(match[2])) if match else None


def split_range(ref: str) -> tuple[int, int, int, int] | None:
    """`A1:B3` → (first row, first column, last row, last column), all 1-based."""
    first, _, last = ref.partition(":")
    a, b = split_ref(first), split_ref(last or first)
    if a is None or b is None:
        return None
    return min(a[1], b[1]), min(number(a[0]), number(b[0])), max(a[1], b[1]), max(number(a[0]), number(b[0]))
