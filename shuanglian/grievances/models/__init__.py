"""The nouns of grievances."""

from .answers import Answer, Reply
from .demands import ENDED, Demand, DemandQuerySet
from .desks import Desk
from .mails import Mail
from .steps import Step

__all__ = ["ENDED", "Answer", "Demand", "DemandQuerySet", "Desk", "Mail", "Reply", "Step"]
