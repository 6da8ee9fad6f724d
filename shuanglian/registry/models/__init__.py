"""The register of poor households and their members (REG-1, REG-2, REG-10; domain 2.2, 2.3)."""

from .account import AccountPart
from .counts import AreaCount
from .flag import Flag, FlagException
from .household import Household, HouseholdQuerySet
from .link import HouseholdLink
from .person import Person
from .statement import Statement
from .statistics import KeptStatistics
from .suspicion import HouseholdSuspicion, Suspicion
from .village import VillageYear
from .year import HouseholdYear, Transfer

__all__ = [
    "AccountPart", "AreaCount", "Flag", "FlagException", "Household", "HouseholdLink", "HouseholdQuerySet",
    "HouseholdSuspicion", "HouseholdYear", "KeptStatistics", "Person", "Statement", "Suspicion", "Transfer",
    "VillageYear",
]  # fmt: skip
