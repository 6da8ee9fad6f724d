"""What a verb says when it must not do what was asked."""

from typing import Any

from .words import Said


class Refusal(Exception):
    """A code for machines and a Chinese sentence for people; anything else that flies is a bug."""

    def __init__(self, code: str, sentence: str, **params: Any) -> None:
        self.code = code
        self.said = Said(str(sentence), params)
        super().__init__(f"{code}: {self.said}")
