"""Plans: of households (一户一策一干部), their measures, agreements, approvals, progress and reviews (PLAN-1 … 5)."""

from .household import Agreement, Approval, HouseholdPlan, Measure, Progress, Review

__all__ = ["Agreement", "Approval", "HouseholdPlan", "Measure", "Progress", "Review"]
