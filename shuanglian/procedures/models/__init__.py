"""Cases of procedures, their acts, lists, meetings, notices put up, draws and signatures (REG-4, REG-5)."""

from .cases import Act, Case, CaseList, Edition
from .meetings import Draw, Drawn, Evaluation, Posting, Signature, Vote
from .prints import FormPrint

__all__ = [
    "Act", "Case", "CaseList", "Draw", "Drawn", "Edition", "Evaluation", "FormPrint", "Posting", "Signature", "Vote",
]  # fmt: skip
