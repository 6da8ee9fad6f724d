"""Which families are in the same case, and when a report on a policy is over (VOICE-4). Plain values in and out.

alike(cause, state="owed", yuan=…, received=…)      whether a family's benefit stands as the cause says
told = Progress.of(["corrected", "open", …])        .whole  .done  .share  .over
report.over only when every family alike was corrected or found not concerned
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from .policywatch_shapes import PolicyCause

OPEN, CHECKED, CORRECTED, NOT_CONCERNED = "open", "checked", "corrected", "not_concerned"
STATES = (OPEN, CHECKED, CORRECTED, NOT_CONCERNED)
ENDS = frozenset({CORRECTED, NOT_CONCERNED})


def alike(cause: PolicyCause, *, state: str, yuan: Decimal | None, received: Decimal, entitled: bool | None) -> bool:
    """Whether a family is owed the benefit and does not have it in the way that the cause tells.

    One whom the rules found not entitled is never in the same case, whatever state its file is in.
    """
    if entitled is False or state not in cause.states:
        return False
    return not cause.short or (yuan is not None and received < yuan)


@dataclass(frozen=True)
class Progress:
    """How far the families in the same case have been looked at."""

    open: int = 0
    checked: int = 0
    corrected: int = 0
    not_concerned: int = 0

    @classmethod
    def of(cls, states: Iterable[str]) -> Progress:
        found = dict.fromkeys(STATES, 0)
        for one in states:
            found[one] += 1
        return cls(**found)

    @property
    def whole(self) -> int:
        return self.open + self.checked + self.corrected + self.not_concerned

    @property
    def done(self) -> int:
        return self.corrected + self.not_concerned

    @property
    def left(self) -> int:
        return self.whole - self.done

    @property
    def share(self) -> Decimal:
        """0 to 1; where nobody is alike all is done."""
        return Decimal(self.done) / self.whole if self.whole else Decimal(1)

    @property
    def over(self) -> bool:
        return self.left == 0


__all__ = ["CHECKED", "CORRECTED", "ENDS", "NOT_CONCERNED", "OPEN", "STATES", "Progress", "alike"]
