"""Doors of the register that a procedure has taken over: no step may be skipped (REG-4).

A room above registers who leads: lead(effect, household or None) → the address where the procedure is opened, or ""
when the profile has none. The page of the register then leads there instead of doing it. Imports of rosters, and what
approved cases do, go through the verbs as ever.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .models import Household

Lead = Callable[[str, "Household | None"], str]
_leads: list[Lead] = []


def register(lead: Lead) -> None:
    if lead not in _leads:
        _leads.append(lead)


def instead(effect: str, household: Household | None = None) -> str:
    """Where to go instead of doing it here; "" to do it here."""
    return next((address for lead in _leads if (address := lead(effect, household))), "")
