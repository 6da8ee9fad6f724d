"""What a solved pairing says: who takes whom, in which slot, for which points, and what is left over."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from .case import Case, added
from .exchange import SOURCE
from .problem import Ints, PairingProblem
from .reasons import Reason, find_reasons
from .state import State

PAIR_TERMS = ("distance", "need", "trade", "keep", "outside")  # what a pair counts without its slot
MINIMUM, QUOTA, FALLBACK, BEYOND, UNCOVERED = range(5)  # what kind of slot a household has with its cadre


@dataclass(frozen=True, eq=False)
class Prices:
    """Dual prices: for every allowed pair, points without the slot >= household - cadre, equal where they are paired.

    household: what covering one more household like this one would add. cadre: what one more slot would save. Where
    households are left without anyone or minima unfilled, prices contain the worth of that (`state.cover_worth`,
    `state.minimum_worth`). Pinned pairs are outside the market.
    """

    cadre: Ints
    household: Ints


@dataclass(frozen=True, eq=False)
class PairingSolution:
    """The optimum, in the caller's numbering.

    who: household -> cadre or -1. slot: household -> MINIMUM .. UNCOVERED. terms: points by term and household, whose
    sum is `total`. load: households of each cadre. below_minimum: households missing to cadres' minima.
    uncovered: households without anyone; reasons: why, as few as explain all of them. unheeded: pins that could not
    be kept (cadre, household, why); beyond: cadres whose pins exceed even their fallback slots.
    """

    problem: PairingProblem
    status: Literal["optimal", "partial"]
    who: Ints
    slot: npt.NDArray[np.uint8]
    total: int
    terms: dict[str, Ints]
    load: Ints
    below_minimum: int
    uncovered: Ints
    reasons: tuple[Reason, ...]
    unheeded: tuple[tuple[int, int, str], ...]
    beyond: Ints
    case: Case
    make_state: Callable[[], State]

    @cached_property
    def state(self) -> State:
        """The exchange graph that explains this optimum; made when first asked for."""
        return self.make_state()

    @cached_property
    def prices(self) -> Prices:
        case, state = self.case, self.state
        cadre = _scattered(state.prices[state.at.cadre] - state.prices[SOURCE], case.cadre_row)
        household = _scattered(state.prices[state.at.household] - state.prices[SOURCE], case.household_row)
        covered = np.flatnonzero(self.who >= 0)
        pair = added({name: self.terms[name] for name in PAIR_TERMS})
        household[covered] = np.minimum(household[covered], cadre[self.who[covered]] + pair[covered])
        return Prices(cadre, household)

    @property
    def kept(self) -> int:
        """How many of last year's pairs stay (PAIR-6)."""
        return int(((self.who >= 0) & (self.who == self.problem.last)).sum())


def solution_of(problem: PairingProblem, case: Case, who: Ints, make_state: Callable[[], State]) -> PairingSolution:
    """Read a canonical pairing (household -> cadre or -1) back into the caller's numbering."""
    covered = np.flatnonzero(who >= 0)
    load = np.bincount(who[covered], minlength=case.cadres)
    points = {name: np.zeros(case.households, np.int64) for name in ("fallback", "even", "left")}
    terms = {name: np.zeros(case.households, np.int64) for name in PAIR_TERMS}
    for name, values in case.terms(who[covered], covered).items():
        terms[name][covered] = values
    slot = np.full(case.households, UNCOVERED, np.uint8)
    nth = _nth_of_cadre(case, who, covered, added(terms)[covered])
    beyond = nth - case.quota[who[covered]]
    slot[covered] = np.select(
        [nth < case.minimum[who[covered]], beyond < 0, nth < case.top[who[covered]]], [MINIMUM, QUOTA, FALLBACK], BEYOND
    )
    points["fallback"][covered] = case.weights.fallback * (beyond >= 0)
    points["even"][covered] = case.weights.even * np.maximum(beyond, 0)
    points["left"][who < 0] = case.weights.left * case.need[who < 0]
    terms |= points
    rows = case.household_row
    of_caller = np.append(case.cadre_row, -1)
    return PairingSolution(
        problem=problem, status="optimal" if len(covered) == case.households else "partial",
        who=_scattered(of_caller[who], rows), slot=_scattered(slot, rows),
        total=int(sum(values.sum() for values in terms.values())),
        terms={name: _scattered(values, rows) for name, values in terms.items()},
        load=_scattered(load, case.cadre_row), below_minimum=int(np.maximum(case.minimum - load, 0).sum()),
        uncovered=np.sort(rows[who < 0]), reasons=find_reasons(case, who), unheeded=case.unheeded,
        beyond=np.sort(case.cadre_row[load > case.top]), case=case, make_state=make_state,
    )  # fmt: skip


def _nth_of_cadre(case: Case, who: Ints, covered: Ints, points: Ints) -> Ints:
    """Which household of its cadre each is: pinned first, then last year's, then the cheaper, then by key."""
    cadre = who[covered]
    order = np.lexsort((covered, points, case.last[covered] != cadre, case.pinned_to[covered] < 0, cadre))
    first = np.searchsorted(cadre[order], cadre[order])
    nth = np.empty(len(covered), np.int64)
    nth[order] = np.arange(len(covered)) - first
    return nth


def _scattered(values: npt.NDArray[Any], rows: Ints) -> npt.NDArray[Any]:
    out = np.empty_like(values)
    out[rows] = values
    return out
