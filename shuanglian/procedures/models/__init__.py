"""Cases of procedures, their acts, lists, meetings, notices put up, draws and signatures (REG-4, REG-5)."""

from .cases import Act, Case, CaseList, Edition
from .meetings import Draw, Drawn, Evaluation, Posting, Signature, Vote

__all__ = ["Act", "Case", "CaseList", "Draw", "Drawn", "Edition", "Evaluation", "Posting", "Signature", "Vote"]
