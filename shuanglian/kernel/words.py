"""Sentences that pure code says: marked here for translation, translated at the door."""

from dataclasses import dataclass, field
from typing import Any


def N_(sentence: str) -> str:
    """Mark a Chinese sentence for the message catalogue without translating it."""
    return sentence


@dataclass(frozen=True)
class Said:
    """A Chinese sentence with named gaps and what fills them; a door translates and fills it in."""

    sentence: str
    params: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.sentence.format(**self.params) if self.params else self.sentence
