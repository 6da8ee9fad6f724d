"""Plans: of households (一户一策) and of villages (村规划、年度计划), in versions never written over (PLAN-1 … 6)."""

from .household import Agreement, Approval, HouseholdPlan, Measure, Progress, Review
from .village import VillageAct, VillageLine, VillagePlan, VillageResult

__all__ = [
    "Agreement", "Approval", "HouseholdPlan", "Measure", "Progress", "Review", "VillageAct", "VillageLine",
    "VillagePlan", "VillageResult",
]  # fmt: skip
