"""During the year: re-solve only what must move (PAIR-6)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .case import Case, canonical
from .graph import build
from .problem import Ints, PairingProblem
from .solution import PairingSolution, solution_of
from .state import State

NOT_YET = -2


@dataclass(frozen=True, eq=False)
class Repair:
    """The pairing after the changes; caller's household numbers.

    needed: households that had to get someone (new, cadre gone or exempt or forbidden or over the quota, pinned
    elsewhere). moved: households that lost a cadre they could have stayed with, because otherwise someone needed
    would have stayed without anyone.
    """

    solution: PairingSolution
    needed: Ints
    moved: Ints


def repair(problem: PairingProblem, standing: npt.ArrayLike) -> Repair:
    """Keep the standing pairs (household -> cadre or -1) and pair only who must be paired anew.

    In order of weight: most households covered; fewest standing pairs given up; most minima filled; fewest points.
    """
    case = canonical(problem)
    stands, kept_now = _still_standing(case, np.asarray(standing, np.int64))
    graph, at, worths = build(case, kept_now, standing=np.where(case.pinned_to >= 0, -1, stands))
    state = State(graph, at, worths)
    state.settle_prices()
    for household in np.flatnonzero(kept_now == NOT_YET):
        state.cover(int(at.household[household]))
    who = state.pairing()
    rows = case.household_row
    moved = (stands >= 0) & (who != stands) & (case.pinned_to < 0)
    over = (kept_now == NOT_YET) & moved  # the quota no longer holds all of a cadre's households: some had to go
    return Repair(
        solution_of(problem, case, who, lambda: state),
        np.sort(rows[(stands < 0) | over | ((case.pinned_to >= 0) & (stands != case.pinned_to))]),
        np.sort(rows[moved & ~over]),
    )


def _still_standing(case: Case, standing: Ints) -> tuple[Ints, Ints]:
    """Canonical standing pairs that may go on (else -1), and the pairing to begin with.

    Of a cadre with more households than slots all are taken out first, so that the ones to go are chosen at least
    cost.
    """
    cadre_at = np.empty(case.cadres + 1, np.int64)
    cadre_at[case.cadre_row], cadre_at[-1] = np.arange(case.cadres), -1
    stands = cadre_at[standing[case.household_row]]
    households = np.arange(case.households)
    top = np.append(case.top, 0)  # -1 has none
    gone = (stands >= 0) & ((top[stands] == 0) | case.is_banned(stands, households))
    stands = np.where(gone, -1, stands)
    begin = np.where(case.pinned_to >= 0, case.pinned_to, stands)
    load = np.bincount(begin[begin >= 0], minlength=case.cadres + 1)
    out = (case.pinned_to < 0) & ((begin < 0) | (load > top)[begin])
    return stands, np.where(out, NOT_YET, begin)
