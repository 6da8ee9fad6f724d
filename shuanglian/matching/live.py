"""Live re-pairing: after each change the optimum again, by one shortest way for each household that must change.

A change costs a few thousandths of a second at the size of a county; a fresh `solve` of the changed problem would
give the same objective. For changes that must not move anyone without need, see `repair`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from . import changes
from . import exchange as x
from .graph import SPARE
from .pairing import solve
from .problem import Base, Ints, PairingProblem
from .solution import PairingSolution
from .state import State


@dataclass(frozen=True)
class NewCadre:
    """A cadre who arrives; fields as in PairingProblem."""

    key: str
    base: Base
    weakness: int
    trade: int
    minimum: int
    quota: int
    fallback: int = 0


@dataclass(frozen=True)
class NewHousehold:
    """A household that comes in; `last` is the key of last year's cadre."""

    key: str
    place: int
    cause: int
    need: int
    last: str | None = None


@dataclass(frozen=True)
class Passed:
    """A household's responsible cadre changed; None = no one."""

    household: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Standing:
    """The objective, the heavier part first."""

    uncovered: int
    below_minimum: int
    total: int


class Live:
    """The optimum of a problem, kept while cadres and households come and go. Places are the problem's numbers."""

    def __init__(self, problem: PairingProblem) -> None:
        self._begin(solve(problem))
        self._place_at = self._case.place_at  # the caller's places; a fresh start later on keeps them
        # known by key, so that a decision still holds for those who go and come back
        self._barred_to_cadre: dict[str, set[str]] = {}
        self._barred_to_household: dict[str, set[str]] = {}
        for i, h in problem.forbidden.tolist():
            self._remember(str(problem.cadre_key[i]), str(problem.household_key[h]))

    def _begin(self, solution: PairingSolution) -> None:
        """Take over an optimum."""
        case = solution.case
        self._case, self._state = case, solution.state
        self._state.was = {}
        self._given = solution.problem
        self._bases = list(zip(case.linked, case.start, strict=True))
        self._cadre = _by_key(solution.problem.cadre_key, case.cadre_row, self._state.at.cadre)
        self._household = _by_key(solution.problem.household_key, case.household_row, self._state.at.household)
        self._key = {node: key for key, node in (*self._cadre.items(), *self._household.items())}
        self._most_need, self._most_top = int(case.need.max(initial=4)), int(case.top.max(initial=0))
        self._most_households = case.households + SPARE

    # --- what is

    @property
    def state(self) -> State:
        return self._state

    def pairs(self) -> dict[str, str | None]:
        """Household key → cadre key or None."""
        return {key: self._key.get(self._state.who(node)) for key, node in self._household.items()}

    def objective(self) -> Standing:
        """The three parts of the objective as they stand."""
        nodes, weights = self._state.graph.nodes, self._case.weights
        households = nodes[list(self._household.values())] if self._household else nodes[:0]
        cadres = nodes[self._state.graph.cadres]
        uncovered = int((households[:, x.WHO] == x.NOBODY).sum())
        beyond = np.maximum(cadres[:, x.LOAD] - cadres[:, x.QUOTA], 0)
        slots = weights.fallback * beyond + weights.even * (beyond * (beyond - 1) // 2)
        total = int(households[:, x.PAID].sum()) - uncovered * self._state.cover_worth + int(slots.sum())
        return Standing(uncovered, int(np.maximum(cadres[:, x.MINIMUM] - cadres[:, x.LOAD], 0).sum()), total)

    def problem(self) -> PairingProblem:
        """The problem as it now is, with canonical places; solving it afresh gives the same objective."""
        nodes, likes = self._state.graph.nodes, self._state.graph.likes
        cadre_keys, household_keys = list(self._cadre), list(self._household)
        cadre, household = (np.array(list(found.values()), np.int64) for found in (self._cadre, self._household))
        at = {int(node): row for row, node in enumerate(cadre)}
        layers, group = self._state.graph.layers[nodes[cadre, x.LAYER]], nodes[household, x.GROUP]
        pinned = [(at[int(nodes[h, x.WHO])], row) for row, h in enumerate(household) if nodes[h, x.FIXED]]
        row_of = {key: row for row, key in enumerate(household_keys)}
        forbidden = [
            (at[self._cadre[i]], row_of[h])
            for i in sorted(self._barred_to_cadre.keys() & self._cadre.keys())
            for h in sorted(self._barred_to_cadre[i] & row_of.keys())
        ]
        return replace(
            self._given, roads=self._case.roads,
            bases=[Base(linked, None if linked else start[0]) for linked, start in self._bases],
            cadre_key=cadre_keys, cadre_base=nodes[cadre, x.BASE], weakness=layers[:, 0], trade=layers[:, 1],
            minimum=nodes[cadre, x.MINIMUM], quota=nodes[cadre, x.QUOTA],
            fallback=nodes[cadre, x.TOP] - nodes[cadre, x.QUOTA], household_key=household_keys,
            place=nodes[group, x.PLACE], cause=nodes[group, x.CAUSE], need=nodes[group, x.NEED],
            last=np.array([at.get(int(i), -1) for i in likes[2 * household, x.BY]], np.int64),
            forbidden=np.array(forbidden, np.int64).reshape(-1, 2), pinned=np.array(pinned, np.int64).reshape(-1, 2),
        )  # fmt: skip

    # --- what happens; each returns who passed from whom to whom

    def cadre_leaves(self, key: str) -> list[Passed]:
        """A cadre retires, is transferred or goes on leave: the households find others."""
        cadre = self._cadre.pop(key)
        for household in changes.drop_cadre(self._state, cadre):
            self._state.cover(household)
        return self._passed()

    def cadre_arrives(self, new: NewCadre) -> list[Passed]:
        """A cadre comes, or one who left comes back under the same key."""
        if new.key in self._cadre:
            raise ValueError(f"cadre {new.key} is already here")
        layers = self._state.graph.layers
        layer = np.flatnonzero((layers[:, 0] == new.weakness) & (layers[:, 1] == new.trade))
        if not len(layer) or new.quota + new.fallback > self._most_top:
            return self._afresh(self._with_cadre(new), lambda: self._bar_cadre(new.key))
        state = self._state
        state.make_room(2)
        cadre = changes.add_cadre(
            state, self._base(new.base), int(layer[0]), new.minimum, new.quota, new.quota + new.fallback
        )
        self._cadre[new.key], self._key[cadre] = cadre, new.key
        self._bar_cadre(new.key)
        state.fill(cadre)
        return self._passed()

    def household_added(self, new: NewHousehold) -> list[Passed]:
        """A household is newly registered."""
        if new.key in self._household:
            raise ValueError(f"household {new.key} is already here")
        state, place = self._state, int(self._place_at[new.place])
        last = self._cadre.get(new.last or "", int(x.NONE))
        if new.need > self._most_need or len(self._household) >= self._most_households:
            return self._afresh(self._with_household(new, place), lambda: self._bar_household(new.key))
        state.make_room(2)
        group = changes.group_of(state, place, new.cause, new.need)
        household = changes.add_household(state, group, last, self._case.weights.keep)
        self._household[new.key], self._key[household] = household, new.key
        self._bar_household(new.key)
        state.cover(household)
        return self._passed()

    def household_removed(self, key: str) -> list[Passed]:
        """A household leaves the register."""
        state, household = self._state, self._household.pop(key)
        cadre = state.release(household)
        changes.drop_household(state, household)
        if cadre != x.SOURCE:
            state.push(cadre, int(x.SOURCE))
        return self._passed()

    def household_moved(self, key: str, place: int) -> list[Passed]:
        """A household moves to another village; everything else about it stays."""
        state, node = self._state, self._household[key]
        before = {key: self._who(key)}
        group, last = state.graph.nodes[node, x.GROUP], int(state.graph.likes[2 * node, x.BY])
        cause, need = (int(state.graph.nodes[group, column]) for column in (x.CAUSE, x.NEED))
        gone = self.household_removed(key)
        come = self.household_added(NewHousehold(key, place, cause, need, self._key.get(last)))
        for one in (*gone, *come):
            before.setdefault(one.household, one.before)
        return [Passed(h, was, now) for h, was in before.items() if (now := self._who(h)) != was]

    def forbid(self, cadre_key: str, household_key: str) -> list[Passed]:
        """From now on these two must not be paired (declared relatives, a decision of the office)."""
        cadre, household = self._cadre[cadre_key], self._household[household_key]
        self._remember(cadre_key, household_key)
        changes.bar(self._state, cadre, household)
        self._state.mend(household)
        return self._passed()

    # --- how

    def _who(self, household: str) -> str | None:
        return self._key.get(self._state.who(self._household[household]))

    def _passed(self) -> list[Passed]:
        """What has changed hands since this was last asked."""
        state, was = self._state, self._state.was
        state.was = {}
        told = [
            Passed(self._key[h], self._key.get(before), self._key.get(state.who(h)))
            for h, before in sorted(was.items())
            if state.graph.nodes[h, x.KIND] == x.IS_HOUSEHOLD
        ]
        return [one for one in told if one.before != one.after]

    def _remember(self, cadre: str, household: str) -> None:
        self._barred_to_cadre.setdefault(cadre, set()).add(household)
        self._barred_to_household.setdefault(household, set()).add(cadre)

    def _bar_cadre(self, key: str) -> list[int]:
        """Forbid in the graph what has been decided about a cadre who comes (back); returns the household nodes."""
        barred = sorted(self._barred_to_cadre.get(key, set()) & self._household.keys())
        for household in barred:
            changes.bar(self._state, self._cadre[key], self._household[household])
        return [self._household[household] for household in barred]

    def _bar_household(self, key: str) -> list[int]:
        """The same for a household."""
        barred = sorted(self._barred_to_household.get(key, set()) & self._cadre.keys())
        for cadre in barred:
            changes.bar(self._state, self._cadre[cadre], self._household[key])
        return [self._household[key]] if barred else []

    def _base(self, base: Base) -> int:
        """Number of a base in the graph, added if it is new."""
        place_at = self._place_at
        linked = tuple(sorted({int(place_at[v]) for v in base.linked}))
        if not linked and base.home is None:
            raise ValueError("a base needs linked villages or a home")
        start = linked or (int(place_at[base.home or 0]),)
        if (linked, start) not in self._bases:
            self._bases.append((linked, start))
            changes.add_base(self._state, linked, start, self._case.roads.distances[list(start)].min(axis=0))
        return self._bases.index((linked, start))

    def _afresh(self, problem: PairingProblem, bar: Callable[[], list[int]]) -> list[Passed]:
        """Begin anew with a problem that the present graph has no room for, then `bar` who comes."""
        before = self.pairs()
        self._begin(solve(problem))
        for household in bar():
            self._state.mend(household)
        self._passed()
        return [Passed(h, before.get(h), now) for h, now in self.pairs().items() if before.get(h) != now]

    def _with_cadre(self, new: NewCadre) -> PairingProblem:
        now = self.problem()
        linked = tuple(int(self._place_at[v]) for v in new.base.linked)
        home = None if new.base.home is None else int(self._place_at[new.base.home])
        return replace(
            now,
            bases=[*now.bases, Base(linked, home)],
            cadre_key=[*now.cadre_key, new.key],
            cadre_base=np.append(now.cadre_base, len(now.bases)),
            weakness=np.append(now.weakness, new.weakness),
            trade=np.append(now.trade, new.trade),
            minimum=np.append(now.minimum, new.minimum),
            quota=np.append(now.quota, new.quota),
            fallback=np.append(now.fallback, new.fallback),
        )

    def _with_household(self, new: NewHousehold, place: int) -> PairingProblem:
        now = self.problem()
        last = list(now.cadre_key).index(new.last) if new.last in self._cadre else -1
        return replace(
            now,
            household_key=[*now.household_key, new.key],
            place=np.append(now.place, place),
            cause=np.append(now.cause, new.cause),
            need=np.append(now.need, new.need),
            last=np.append(now.last, last),
        )


def _by_key(keys: Sequence[str], rows: Ints, nodes: Ints) -> dict[str, int]:
    return {str(keys[row]): int(node) for row, node in zip(rows.tolist(), nodes.tolist(), strict=True)}
