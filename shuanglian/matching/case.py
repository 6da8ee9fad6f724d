"""A pairing problem put into canonical order, with what follows from it.

Cadres, households and places are sorted by key, bases by content, so that the same people in any order of rows give
the same arrays and therefore the same result. Everything below this module works on canonical numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from .problem import Ints, PairingProblem, PairingWeights
from .roads import Roads

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Case:
    """Canonical arrays: names as in PairingProblem; `*_row` leads from a canonical number to the caller's.

    last: -1 also where last year's cadre takes no one now or is forbidden. pinned_to: cadre or -1. held: pinned
    households per cadre. banned: sorted household * I + cadre. unheeded: pins that could not be kept (caller's
    numbers cadre, household, why).
    """

    weights: PairingWeights
    roads: Roads
    linked: tuple[tuple[int, ...], ...]  # per base; villages first served
    start: tuple[tuple[int, ...], ...]  # per base; places where a journey begins
    mismatch: Ints
    base: Ints
    weakness: Ints
    trade: Ints
    minimum: Ints
    quota: Ints
    top: Ints  # quota + fallback
    place: Ints
    cause: Ints
    need: Ints
    last: Ints
    pinned_to: Ints
    held: Ints
    banned: Ints
    unheeded: tuple[tuple[int, int, str], ...]
    cadre_row: Ints
    household_row: Ints
    place_at: Ints  # the caller's place -> canonical place

    @property
    def cadres(self) -> int:
        return len(self.base)

    @property
    def households(self) -> int:
        return len(self.place)

    @cached_property
    def base_distance(self) -> Ints:
        """Bases x P: 0.1 km from the nearest starting place."""
        ways = self.roads.distances
        rows = [ways[list(start)].min(axis=0) for start in self.start]
        return np.array(rows, np.int64).reshape(len(self.start), len(self.roads.place_key))

    @cached_property
    def base_linked(self) -> Flags:
        """Bases x P: is the place one of the linked villages."""
        flags = np.zeros((len(self.linked), len(self.roads.place_key)), bool)
        for base, villages in enumerate(self.linked):
            flags[base, list(villages)] = True
        return flags

    def is_banned(self, cadre: npt.ArrayLike, household: npt.ArrayLike) -> Flags:
        if not len(self.banned):
            return np.zeros(np.broadcast(cadre, household).shape, bool)
        key = np.asarray(household, np.int64) * self.cadres + np.asarray(cadre, np.int64)
        at = np.minimum(np.searchsorted(self.banned, key), len(self.banned) - 1)
        return self.banned[at] == key

    def terms(self, cadre: Ints, household: Ints) -> dict[str, Ints]:
        """Points of the pairs (cadre, household), without what the slot costs; arrays broadcast."""
        w, base, place = self.weights, self.base[cadre], self.place[household]
        return {
            "distance": w.distance * self.base_distance[base, place],
            "need": w.need * self.weakness[cadre] * self.need[household],
            "trade": w.trade * self.mismatch[self.trade[cadre], self.cause[household]],
            "keep": -w.keep * (self.last[household] == cadre).astype(np.int64),
            "outside": w.outside * (~self.base_linked[base, place]).astype(np.int64),
        }

    def pair_cost(self, cadre: Ints, household: Ints) -> Ints:
        return added(self.terms(cadre, household))

    def slot_cost(self, load: Ints) -> Ints:
        """What all slots of a cadre with `load` households cost: nothing up to the quota (array over all cadres)."""
        beyond = np.maximum(load - self.quota, 0)
        return self.weights.fallback * beyond + self.weights.even * (beyond * (beyond - 1) // 2)


def added(terms: dict[str, Ints]) -> Ints:
    """The sum of the terms, entry by entry."""
    return np.sum(list(terms.values()), axis=0, dtype=np.int64)


def canonical(problem: PairingProblem) -> Case:
    """Sort by keys, drop what cannot be (last year's cadre gone, pins on people who take no one)."""
    cadre_row, household_row = _order(problem.cadre_key, "cadre"), _order(problem.household_key, "household")
    place_row = _order(problem.roads.place_key, "place")
    cadre_at, household_at, place_at = map(_inverse, (cadre_row, household_row, place_row))
    in_order = bool((place_row == np.arange(len(place_row))).all())
    linked, start, base_at = _bases(problem, place_at)
    minimum, quota = _take(problem.minimum, cadre_row), _take(problem.quota, cadre_row)
    n, m = len(cadre_row), len(household_row)
    top = quota + np.minimum(_take(problem.fallback, cadre_row), m)
    forbidden = np.asarray(problem.forbidden)
    banned = np.unique(household_at[forbidden[:, 1]] * n + cadre_at[forbidden[:, 0]])
    pinned_to, unheeded = _pins(problem, cadre_at, household_at, banned, top)
    last = _take(problem.last, household_row)
    last = np.where(last >= 0, cadre_at[last] if n else -1, -1)
    gone = (last >= 0) & ((top[last] == 0) | np.isin(np.arange(m) * n + last, banned)) if n else np.zeros(m, bool)
    return Case(
        weights=problem.weights,
        roads=problem.roads if in_order else problem.roads.reordered(place_row),
        linked=linked, start=start, mismatch=np.asarray(problem.mismatch),
        base=base_at[_take(problem.cadre_base, cadre_row)],
        weakness=_take(problem.weakness, cadre_row), trade=_take(problem.trade, cadre_row),
        minimum=minimum, quota=quota, top=top,
        place=place_at[_take(problem.place, household_row)],
        cause=_take(problem.cause, household_row), need=_take(problem.need, household_row),
        last=np.where(gone, -1, last), pinned_to=pinned_to,
        held=np.bincount(pinned_to[pinned_to >= 0], minlength=n).astype(np.int64),
        banned=banned, unheeded=unheeded, cadre_row=cadre_row, household_row=household_row, place_at=place_at,
    )  # fmt: skip


def _take(given: npt.ArrayLike, rows: Ints) -> Ints:
    return np.asarray(given, np.int64)[rows]


def _order(keys: Sequence[str], what: str) -> Ints:
    """Positions in order of key; keys must differ."""
    texts = np.asarray(keys, dtype=np.str_)
    rows = np.arange(len(texts))
    if len(texts) < 2 or (texts[1:] > texts[:-1]).all():
        return rows
    rows = np.argsort(texts, kind="stable")
    texts = texts[rows]
    twice = np.flatnonzero(texts[1:] == texts[:-1])
    if len(twice):
        raise ValueError(f"two rows have the same {what} key {texts[twice[0]]}")
    return rows


def _inverse(rows: Ints) -> Ints:
    at = np.empty(len(rows), np.int64)
    at[rows] = np.arange(len(rows))
    return at


def _bases(
    problem: PairingProblem, place_at: Ints
) -> tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...], Ints]:
    """Distinct bases in order of content: linked villages, starting places, and where each given base went."""
    contents = []
    for base in problem.bases:
        linked = tuple(sorted({int(place_at[v]) for v in base.linked}))
        contents.append((linked, linked or (int(place_at[base.home or 0]),)))
    distinct = sorted(set(contents))
    at = {content: k for k, content in enumerate(distinct)}
    return (
        tuple(linked for linked, _ in distinct),
        tuple(start for _, start in distinct),
        np.array([at[content] for content in contents], np.int64),
    )


def _pins(
    problem: PairingProblem, cadre_at: Ints, household_at: Ints, banned: Ints, top: Ints
) -> tuple[Ints, tuple[tuple[int, int, str], ...]]:
    """Who is pinned to whom. A forbidden pin, a second pin, a pin on someone who takes no one is not heeded."""
    pinned_to = np.full(len(household_at), -1, np.int64)
    unheeded = []
    pins = np.asarray(problem.pinned)
    canonical_pins = np.stack([cadre_at[pins[:, 0]], household_at[pins[:, 1]]], axis=1) if len(pins) else pins
    refused = np.isin(canonical_pins[:, 1] * len(cadre_at) + canonical_pins[:, 0], banned)
    for k in np.lexsort((canonical_pins[:, 0], canonical_pins[:, 1])):
        cadre, household = canonical_pins[k]
        why = ""
        if refused[k]:
            why = "forbidden"
        elif top[cadre] == 0:
            why = "takes_none"
        elif pinned_to[household] not in (-1, cadre):
            why = "pinned_twice"
        if why:
            unheeded.append((int(pins[k, 0]), int(pins[k, 1]), why))
        else:
            pinned_to[household] = cadre
    return pinned_to, tuple(unheeded)
