"""Patterns of matches(): the part of RE2 that every engine reads alike (RE2 itself, DuckDB's and Java's on Spark)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from .outcomes import CannotWork

LONGEST = 200
# Characters, classes, groups without names, repetition, alternatives, ^ and $, and the classes \d \w with their
# opposites. Left out because engines differ or because RE2 has none of it: \s \b, named classes, flags, look-around,
# references back, possessive repetition.
_PIECE = re.compile(
    r"""\\[dDwW] | \\[\\.+*?()|\[\]{}^$/-] | \(\?: | [()|^$.] | (?:[*+?] | \{\d{1,3}(?:,\d{0,3})?\})\??(?![*+?{])
    | \[\^?(?:\\[dDwW\\.+*?()|\[\]{}^$/-] | [^\\\[\]^&~])+\] | [^\\\[\]{}()*+?|^$.]""",
    re.VERBOSE,
)


def shared(pattern: str) -> bool:
    """Whether the pattern keeps to what every engine reads alike."""
    at = 0
    while at < len(pattern):
        piece = _PIECE.match(pattern, at)
        if not piece or (pattern.startswith(("(?", "(*"), at) and not pattern.startswith("(?:", at)):
            return False
        at = piece.end()
    return len(pattern) <= LONGEST


@lru_cache(maxsize=512)
def compiled(pattern: str) -> Any:
    """The pattern ready for use; CannotWork when it is none."""
    import re2  # brought by the CEL library

    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    try:
        return re2.compile(pattern, options)
    except re2.error:
        raise CannotWork("bad_pattern") from None


def found(text: str, pattern: str) -> bool:
    """Whether the pattern occurs anywhere in the text; time grows with the text alone, whatever the pattern."""
    if not shared(pattern):
        raise CannotWork("bad_pattern")
    return compiled(pattern).search(text) is not None
