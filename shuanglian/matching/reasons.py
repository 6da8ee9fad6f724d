"""Why households are left without anyone: the fewest facts that explain all of them."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from shuanglian.kernel.words import N_, Said

from .case import Case
from .problem import Ints


@dataclass(frozen=True, eq=False)
class Reason:
    """One fact and the households (caller's numbers) it leaves uncovered.

    too_few_slots: all slots are taken, `short` are missing. all_forbidden: there is room, but only with `cadres`,
    all of whom are forbidden to these households and to every household that could make room for them.
    """

    code: Literal["too_few_slots", "all_forbidden"]
    said: Said
    households: Ints
    cadres: Ints
    short: int


def find_reasons(case: Case, who: Ints) -> tuple[Reason, ...]:
    """The reasons for all h with who[h] = -1 (canonical numbers in, caller's out); none if everyone is covered.

    The households one uncovered household competes with are found by closure: everyone allowed to it is full, so it
    could only take the place of their households, and those could go to whom they are allowed, and so on. If nobody
    in that circle has room, either all slots are taken or those with room are forbidden to the whole circle.
    """
    left = np.flatnonzero(who < 0)
    if not len(left):
        return ()
    load = np.bincount(who[who >= 0], minlength=case.cadres)
    room = np.flatnonzero(load < case.top)
    if not len(room):
        missing = len(left)
        return (
            Reason(
                "too_few_slots",
                Said(N_("可结对名额共 {slots} 个，贫困户 {households} 户，尚缺 {short} 个名额。"),
                     {"slots": int(case.top.sum()), "households": case.households, "short": missing}),
                np.sort(case.household_row[left]), np.zeros(0, np.int64), missing,
            ),
        )  # fmt: skip
    by_outsiders: dict[tuple[int, ...], list[int]] = {}
    for household in left:
        by_outsiders.setdefault(_outsiders(case, who, int(household)), []).append(int(household))
    return tuple(_all_forbidden(case, room, list(outsiders), left) for outsiders, left in by_outsiders.items())


def _outsiders(case: Case, who: Ints, household: int) -> tuple[int, ...]:
    """Cadres forbidden to every household of the circle of an uncovered household."""
    circle = {household}
    outside = set(_barred(case, household))
    while True:
        inside = np.ones(case.cadres, bool)
        inside[list(outside)] = False
        members = np.flatnonzero((who >= 0) & inside[who] & (case.pinned_to < 0))
        new = [int(h) for h in members if int(h) not in circle]
        if not new or not outside:
            return tuple(sorted(outside))
        for other in new:
            circle.add(other)
            outside &= set(_barred(case, other))
            if not outside:
                break


def _barred(case: Case, household: int) -> Ints:
    first, end = np.searchsorted(case.banned, [household * case.cadres, (household + 1) * case.cadres])
    return case.banned[first:end] - household * case.cadres


def _all_forbidden(case: Case, room: Ints, outsiders: list[int], left: list[int]) -> Reason:
    cadres = np.intersect1d(room, outsiders)
    return Reason(
        "all_forbidden",
        Said(N_("还有名额的 {cadres} 名干部都是这 {households} 户的近亲属或被禁止与其结对，其余干部名额已满。"),
             {"cadres": len(cadres), "households": len(left)}),
        np.sort(case.household_row[left]), np.sort(case.cadre_row[cadres]), len(left),
    )  # fmt: skip
