"""Why this one: the terms of a pair, what the county would lose without it, and the cadres nearest to it."""

from dataclasses import dataclass

import numpy as np

from .problem import Ints
from .solution import PairingSolution
from .state import Difference


@dataclass(frozen=True)
class Alternative:
    """Another cadre who is allowed: the points of the pair alone, and whether a slot is free now."""

    cadre: int
    points: int
    terms: dict[str, int]
    has_room: bool


@dataclass(frozen=True)
class Step:
    """A household that would change hands; cadres are -1 for no one. Caller's numbers."""

    household: int
    before: int
    after: int


@dataclass(frozen=True)
class Explanation:
    """One household of a solution; caller's numbers.

    points, terms: what the pair counts in the objective, slot included. next_best: by how much the county's objective
    would grow if this household could not be with this cadre and everything were solved anew, exactly; steps: who
    would then change hands (one optimal way of it). Both empty for a household without anyone (see
    `solution.reasons`) and for a pinned one (solve again without the pin). alternatives: the cheapest other pairs for
    themselves, slots and others left aside.
    """

    household: int
    cadre: int
    pinned: bool
    slot: int
    points: int
    terms: dict[str, int]
    next_best: Difference | None
    steps: tuple[Step, ...]
    alternatives: tuple[Alternative, ...]


def explain(solution: PairingSolution, household: int, *, alternatives: int = 5) -> Explanation:
    """Explain who the household got (PAIR-5, PAIR-6: stronger to needier, kept unless there is a reason).

    The search leaves no trace, but needs the solution for itself: not from two threads at once.
    """
    case, state = solution.case, solution.state
    canonical = int(np.flatnonzero(case.household_row == household)[0])
    cadre = int(solution.who[household])
    terms = {name: int(values[household]) for name, values in solution.terms.items()}
    next_best: Difference | None = None
    steps: tuple[Step, ...] = ()
    pinned = bool(case.pinned_to[canonical] >= 0)
    if cadre >= 0 and not pinned:
        next_best, moves = state.without_its_cadre(int(state.at.household[canonical]))
        steps = tuple(
            Step(_row(state.at.household, case.household_row, move.household),
                 _row(state.at.cadre, case.cadre_row, move.before), _row(state.at.cadre, case.cadre_row, move.after))
            for move in moves
        )  # fmt: skip
    return Explanation(
        household, cadre, pinned, int(solution.slot[household]), sum(terms.values()),
        terms, next_best, steps, _alternatives(solution, canonical, alternatives),
    )  # fmt: skip


def _row(nodes: Ints, rows: Ints, node: int) -> int:
    """The caller's number of a node, -1 for no one."""
    return int(rows[node - nodes[0]]) if len(nodes) and node >= nodes[0] else -1


def _alternatives(solution: PairingSolution, canonical: int, count: int) -> tuple[Alternative, ...]:
    case = solution.case
    cadres = np.arange(case.cadres)
    who = solution.who[case.household_row[canonical]]
    allowed = (case.top > 0) & (case.cadre_row != who) & ~case.is_banned(cadres, canonical)
    some = cadres[allowed]
    points = case.pair_cost(some, np.full(len(some), canonical))
    chosen = some[np.argsort(points, kind="stable")[:count]]
    terms = case.terms(chosen, np.full(len(chosen), canonical))
    load = solution.load[case.cadre_row[chosen]]
    return tuple(
        Alternative(
            int(case.cadre_row[cadre]), int(sum(values[k] for values in terms.values())),
            {name: int(values[k]) for name, values in terms.items()}, bool(load[k] < case.top[cadre]),
        )
        for k, cadre in enumerate(chosen)
    )  # fmt: skip
