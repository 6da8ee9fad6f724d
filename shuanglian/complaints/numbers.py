"""The number that opens what became of a letter: worked out from the form's key, kept nowhere (as of objections)."""

from __future__ import annotations

from uuid import UUID

from shuanglian.core.secrets import digest
from shuanglian.notices.actions.numbers import LETTERS, NUMBER, tidied


def number_of(key: UUID) -> str:
    """K7QM2-3T9XP; the same form gives the same number again."""
    raw = int(digest(f"letter number {key}"), 16)
    letters = []
    for _place in range(NUMBER):
        raw, place = divmod(raw, len(LETTERS))
        letters.append(LETTERS[place])
    return "".join(letters[:5]) + "-" + "".join(letters[5:])


def number_digest(typed: str) -> str:
    """What a number is found by, however it is typed; empty when it cannot be one."""
    found = tidied(typed)
    return digest(f"letter {found}") if len(found) == NUMBER else ""
