"""What grievances read of a profile: ladder, categories, the three nevers, terms (VOICE-1 … VOICE-3, BEN-7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

from .ladder_shapes import DemandCategory, DemandTerms, Never


class Grievances:
    """.ladder (rules.ladder.Ladder)  .categories  .nevers: code → entry in order  .terms"""

    __slots__ = ("_terms", "categories", "ladder", "nevers", "of_asks")

    def __init__(
        self, ladder: Any, categories: Mapping[str, DemandCategory], nevers: Mapping[str, Never],
        terms: Iterable[DemandTerms],
    ) -> None:  # fmt: skip
        self.ladder, self.categories, self.nevers = ladder, categories, nevers
        self._terms: DemandTerms | None = next(iter(terms), None)
        self.of_asks: Mapping[str, str] = {ask: code for code, one in categories.items() for ask in one.asks}

    @property
    def runs(self) -> bool:
        """Whether the programme takes demands at all."""
        return self._terms is not None and bool(self.ladder.rungs) and bool(self.categories)

    @property
    def terms(self) -> DemandTerms:
        """The numbers; a Refusal when the programme takes no demands."""
        if self._terms is None or not self.runs:
            raise Refusal("no_ladder", N_("方案没有规定诉求怎样受理"))
        return self._terms

    @property
    def open_categories(self) -> Mapping[str, DemandCategory]:
        """Without those that take the road of safe complaints."""
        return {code: one for code, one in self.categories.items() if not one.sealed}

    def category_of(self, text: str) -> str:
        """The open category of whose words most stand in a text, the first of equals; "" when none does."""
        told = text.casefold()
        found = {code: sum(word.casefold() in told for word in one.words) for code, one in self.open_categories.items()}
        best = max(found, key=lambda code: found[code], default="")
        return best if found.get(best) else ""

    def never_of(self, text: str) -> str:
        """Which of the three nevers a text speaks of by the profile's words (BEN-7); "" for none."""
        return next((code for code, one in self.nevers.items() if any(word in text for word in one.words)), "")


__all__ = ["Grievances"]
