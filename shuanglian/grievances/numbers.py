"""The number by which somebody follows what he asked: worked out from the form's key, kept nowhere (VOICE-3)."""

from __future__ import annotations

from uuid import UUID

from shuanglian.notices.actions import numbers

WHAT = "demand"


def number_of(key: UUID) -> str:
    """K7QM2-3T9XP: the same form gives the same number again."""
    return numbers.number_of(key, WHAT)


def number_digest(typed: str) -> str:
    """What a number is found by; empty when it cannot be one."""
    return numbers.number_digest(typed, WHAT)
