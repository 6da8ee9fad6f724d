"""Forbidden pairs that come out of the flow, which knows no bans: the easy ones are put right at no cost."""

import numpy as np

from .case import Case
from .network import Network
from .problem import Ints


def swapped(case: Case, network: Network, who: Ints) -> Ints:
    """Forbidden pairs undone without cost where two households of one kind can change places; those that stay.

    The sum stays that of the flow, which knew no ban: nothing is cheaper. Last year's pairs and pins are left alone.
    """
    wrong = np.flatnonzero((who >= 0) & case.is_banned(who, np.arange(case.households)))
    for household in wrong:
        cadre = who[household]
        others = np.flatnonzero((network.group_of == network.group_of[household]) & (who >= 0) & (who != case.last))
        fits = ~case.is_banned(cadre, others) & ~case.is_banned(who[others], household)
        fits &= (case.last[others] != cadre) & (case.last[household] != who[others])
        if network.group_of[household] >= 0 and fits.any():
            other = others[np.argmax(fits)]
            who[household], who[other] = who[other], cadre
    return wrong[case.is_banned(who[wrong], wrong)]
