"""The register of poor households and their members (REG-1, REG-2, REG-10; domain 2.2, 2.3)."""

from .base import ScopedQuerySet
from .counts import AreaCount
from .household import Household, HouseholdQuerySet
from .person import Person
from .statement import Statement
from .suspicion import Suspicion
from .village import VillageYear
from .year import HouseholdYear, Transfer

__all__ = [
    "AreaCount", "Household", "HouseholdQuerySet", "HouseholdYear", "Person", "ScopedQuerySet", "Statement",
    "Suspicion", "Transfer", "VillageYear",
]  # fmt: skip
