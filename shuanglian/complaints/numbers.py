"""The number that opens what became of a letter: worked out from the form's key, kept nowhere (as of objections)."""

from __future__ import annotations

from uuid import UUID

from shuanglian.notices.actions import numbers

WHAT = "letter"


def number_of(key: UUID) -> str:
    """K7QM2-3T9XP; the same form gives the same number again."""
    return numbers.number_of(key, WHAT)


def number_digest(typed: str) -> str:
    """What a number is found by, however it is typed; empty when it cannot be one."""
    return numbers.number_digest(typed, WHAT)
