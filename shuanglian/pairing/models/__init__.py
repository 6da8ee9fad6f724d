"""The nouns of pairing."""

from .links import AreaCoverage, ExitVillage, LeaderLink, LinkQuerySet, Pairing, Relative, VillageLink
from .rounds import ProposedLeader, ProposedLink, ProposedPair, Round, Solution, Wish

__all__ = [
    "AreaCoverage", "ExitVillage", "LeaderLink", "LinkQuerySet", "Pairing", "ProposedLeader", "ProposedLink",
    "ProposedPair", "Relative", "Round", "Solution", "VillageLink", "Wish",
]  # fmt: skip
