"""Codes and numbers that people read from paper: unguessable, without letters that look like others."""

from __future__ import annotations

import secrets
from uuid import UUID

from shuanglian.core.secrets import digest

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # 31: nothing that looks like something else on paper
CODE = 16  # 31 ** 16 is some 7 * 10 ** 23: no notice is found by trying
NUMBER = 10  # in two groups of five; 31 ** 10 is some 8 * 10 ** 14, and tries are counted


def new_code() -> str:
    """A notice's public code."""
    return "".join(secrets.choice(LETTERS) for _ in range(CODE))


def number_of(form_key: UUID, what: str = "objection") -> str:
    """The number that follows what came with one form: K7QM2-3T9XP. The same form gives the same number again.

    It is worked out from the form's key with the installation's secret, so it need not be kept anywhere.
    """
    raw = int(digest(f"{what} number {form_key}"), 16)
    letters = []
    for _ in range(NUMBER):
        raw, place = divmod(raw, len(LETTERS))
        letters.append(LETTERS[place])
    return "".join(letters[:5]) + "-" + "".join(letters[5:])


def tidied(typed: str) -> str:
    """A code or number as people type it: small letters, blanks and hyphens make no difference; rubbish is nothing."""
    return "".join(one for one in typed.upper()[:60] if one in LETTERS)


def number_digest(typed: str, what: str = "objection") -> str:
    """What a number is found by; empty when it cannot be one."""
    found = tidied(typed)
    return digest(f"{what} {found}") if len(found) == NUMBER else ""
