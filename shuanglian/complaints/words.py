"""Whether a text must go the safe way from its first second, whatever door it came through (VOICE-6)."""

from __future__ import annotations

from shuanglian.core.profile import active
from shuanglian.rules.complaints import safe_kind


def kind_of(text: str) -> str:
    """The kind of letter that a text is by its words; empty when it may go the ordinary way."""
    return safe_kind(text, active().complaints.words)


def is_safe(text: str) -> bool:
    """Whether a word of the profile's safe words stands in the text: then it is a safe letter and nothing else."""
    return bool(kind_of(text))
