"""An optimal pairing that can be asked and changed: the exchange graph, its search memory and what they mean."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from . import exchange as x
from . import heap, search
from .case import Case
from .flow import ArcFlow
from .graph import Places, build, grown
from .network import Network
from .problem import Ints


@dataclass(frozen=True)
class Difference:
    """A change of the objective, the heavier part first."""

    uncovered: int = 0  # more households without anyone
    moved: int = 0  # more standing pairs given up (only while repairing)
    below_minimum: int = 0  # more households missing to cadres' minima
    points: int = 0


@dataclass(frozen=True)
class Move:
    """Household node passes from one cadre node to another (NOBODY: no one)."""

    household: int
    before: int
    after: int


class State:
    """The exchange graph of an optimum, by node numbers (`at`: where canonical cadres and households are)."""

    def __init__(self, graph: x.Graph, at: Places, worths: tuple[int, int, int]) -> None:
        self.graph, self.at = graph, at
        self.work = heap.memory(len(graph.nodes))
        self.minimum_worth, self.move_worth, self.cover_worth = worths
        self.was: dict[int, int] = {}  # households that may have changed hands, and who they were with before

    @property
    def prices(self) -> Ints:
        return self.work.labels[:, heap.PRICE]

    def settle_prices(self) -> None:
        """Prices from nothing; needs a pairing that is an optimum."""
        self.prices[:] = 0
        if not x.settle_prices(self.graph, self.prices):
            raise ValueError("prices exist only for an optimal pairing")

    def who(self, household: int) -> int:
        return int(self.graph.nodes[household, x.WHO])

    def touch(self, household: int) -> None:
        """Remember who the household is with, if it is not known already."""
        self.was.setdefault(household, self.who(household))

    @cached_property
    def hubs(self) -> dict[tuple[int, ...], int]:
        """Node of every hub by base and layer."""
        return self._nodes_by(x.IS_HUB, [x.BASE, x.LAYER])

    @cached_property
    def groups(self) -> dict[tuple[int, ...], int]:
        """Node of every group by place, cause and need."""
        return self._nodes_by(x.IS_GROUP, [x.PLACE, x.CAUSE, x.NEED])

    def _nodes_by(self, kind: int, columns: list[int]) -> dict[tuple[int, ...], int]:
        some = np.flatnonzero(self.graph.nodes[:, x.KIND] == kind)
        rows = self.graph.nodes[some][:, columns].tolist()
        return dict(zip(map(tuple, rows), some.tolist(), strict=True))

    def release(self, household: int) -> int:
        """Take a household out of its pair; returns who then has a unit too many, to be pushed on.

        A cadre held by pins alone has no price that would tell where a unit should go: the slot goes back at once,
        the cadre takes what is worth taking, and the answer is the source.
        """
        nodes, cadre = self.graph.nodes, self.who(household)
        only_pins = nodes[household, x.FIXED] and nodes[cadre, x.LOAD] == nodes[cadre, x.HELD]
        nodes[cadre, x.HELD] -= nodes[household, x.FIXED]
        nodes[household, x.FIXED] = 0
        self.touch(household)
        x.give(nodes, household, x.SOURCE)
        if not only_pins:
            return cadre
        nodes[cadre, x.LOAD] -= 1
        self.fill(cadre)
        return int(x.SOURCE)

    def fill(self, cadre: int) -> None:
        """Let a cadre without free households take all it can at a gain.

        It gets the least price its own steps allow; slots worth filling are filled, what is too much is pushed on.
        """
        nodes, prices = self.graph.nodes, self.prices
        steps = self.work.steps[: x.steps_from(self.graph, cadre, self.work.steps)]
        steps = steps[steps[:, 0] != x.SOURCE]
        prices[cadre] = (prices[steps[:, 0]] - steps[:, 1]).max()
        filled = 0
        while True:
            points = x.slot_points(self.graph.weights, nodes, cadre, nodes[cadre, x.LOAD])
            if points >= x.UNSEEN or points + prices[x.SOURCE] - prices[cadre] >= 0:
                break
            nodes[cadre, x.LOAD] += 1
            filled += 1
        for _ in range(filled):
            self.push(cadre, int(x.SOURCE))

    def push(self, start: int, goal: int) -> None:
        """Pass one unit on along the cheapest way."""
        nodes, work = self.graph.nodes, self.work
        reach = search.find_way(self.graph, work, start, goal, x.NONE)
        assert reach >= 0, "nobody can always take a household"
        way = work.way[: search.lay_out(work)]
        for household in way[nodes[way, x.KIND] == x.IS_HOUSEHOLD].tolist():
            self.touch(household)
        search.take_way(self.graph, work)
        heap.clean(work)

    def cover(self, household: int) -> None:
        self.push(int(x.SOURCE), household)

    def mend(self, household: int) -> None:
        """Find another cadre for a household whose cadre is forbidden to it, at least total cost."""
        if x.is_barred(self.graph.nodes, self.graph.bars, self.who(household), household):
            self.push(self.release(household), household)

    def without_its_cadre(self, household: int) -> tuple[Difference, list[Move]]:
        """What the objective would lose if the household could not be with its cadre, and who would move.

        Not for pinned households: what a pin costs only a solution without it can tell.
        """
        cadre, work = self.who(household), self.work
        reach = search.find_way(self.graph, work, cadre, household, cadre)
        assert reach >= 0, "nobody can always take a household"
        length = int(reach + self.prices[household] - self.prices[cadre] - self.graph.nodes[household, x.PAID])
        moves, giver = [], cadre
        for v in work.way[: search.lay_out(work)].tolist():
            kind = self.graph.nodes[v, x.KIND]
            if kind == x.IS_HOUSEHOLD:
                moves.append(Move(v, self.who(v), giver))
            elif kind in (x.IS_CADRE, x.IS_NOBODY):
                giver = v
        heap.clean(work)
        return self.split(length), moves

    def split(self, length: int) -> Difference:
        """The length of a way as what it means."""
        parts = []
        for worth in (self.cover_worth, self.move_worth, self.minimum_worth):
            count = (length + worth // 2) // worth if worth else 0
            parts.append(int(count))
            length -= count * worth
        return Difference(parts[0], parts[1], parts[2], int(length))

    def pairing(self) -> Ints:
        """Canonical household -> canonical cadre or -1."""
        who = self.graph.nodes[self.at.household, x.WHO]
        first = self.at.cadre[0] if len(self.at.cadre) else 0
        return np.where(who <= x.NOBODY, -1, who - first)

    def make_room(self, nodes: int) -> None:
        """See to it that so many nodes can be added."""
        while self.graph.used[0] + nodes > len(self.graph.nodes):
            known = self.prices
            self.graph = grown(self.graph)
            self.work = heap.memory(len(self.graph.nodes))
            self.prices[: len(known)] = known


def state_of(case: Case, network: Network, flow: ArcFlow, who: Ints) -> State:
    """The state of a pairing handed out from an optimal flow; forbidden pairs are not mended yet."""
    graph, at, worths = build(case, who)
    state = State(graph, at, worths)
    state.prices[:] = _prices(case, network, flow.prices, state)
    return state


def _prices(case: Case, network: Network, known: Ints, state: State) -> Ints:
    """Prices of single people from those of the network: alike people, alike prices.

    Who takes no part (no slot left) gets a price so high that no step from it can gain anything.
    """
    graph, at = state.graph, state.at
    high = int(np.abs(known).max(initial=0)) * 2 + state.minimum_worth
    prices = np.full(len(graph.nodes), high, np.int64)
    places = len(case.roads.place_key)
    of_layer = {tuple(kind): k for k, kind in enumerate(graph.layers.tolist())}
    arrivals = len(graph.layers) * places
    for k, kind in enumerate(network.layers.tolist()):
        to = 2 + of_layer[tuple(kind)] * places
        for first, node in ((network.travel_at, to), (network.arrive_at, to + arrivals)):
            prices[node : node + places] = known[first + k * places : first + (k + 1) * places]
        # where no one lives the network has no way from travelling to arriving
        arrival = slice(to + arrivals, to + arrivals + places)
        np.minimum(prices[arrival], prices[to : to + places], out=prices[arrival])
    serving = np.flatnonzero(network.entry_of >= 0)
    prices[at.cadre[serving]] = known[1 + network.entry_of[serving]]
    # a hub has the lowest price of its cadres: every step out of it is allowed to that one, and so to the hub
    np.minimum.at(prices, graph.nodes[at.cadre, x.GROUP], prices[at.cadre])
    source = _source_price(network, known, state, at.cadre[serving], prices)
    prices[[x.SOURCE, x.NOBODY]] = source
    free = np.flatnonzero(network.group_of >= 0)
    group = graph.nodes[at.household, x.GROUP]
    prices[group[free]] = known[network.groups_at + network.group_of[free]]
    only_pinned = np.setdiff1d(group, group[free])
    for node in only_pinned:
        ways = prices[2 + arrivals + graph.nodes[node, x.PLACE] + np.arange(len(graph.layers)) * places]
        nobody = source + state.cover_worth + graph.weights[x.LEFT] * graph.nodes[node, x.NEED]
        into = [x.help_points(graph, layer, node) for layer in range(len(ways))]
        prices[node] = (ways + into).min(initial=nobody)
    prices[at.household] = prices[group]
    # a pinned household is no part of the network; last year's cadre may not reach it at a gain either
    some = np.flatnonzero((case.pinned_to >= 0) & (case.last >= 0))
    reached = prices[at.cadre[case.last[some]]] + case.pair_cost(case.last[some], some)
    prices[at.household[some]] = np.minimum(prices[at.household[some]], reached)
    return prices


def _source_price(network: Network, known: Ints, state: State, serving: Ints, prices: Ints) -> int:
    """What a slot costs at the source, so that open slots gain nothing and used ones lose nothing."""
    if network.forced == "minima":
        return int(known[0])
    if network.forced == "none":
        return int(known[0]) + state.minimum_worth
    if network.nobody:
        return int(known[-1]) - state.cover_worth
    graph = state.graph
    last = [int(prices[i] - x.slot_points(graph.weights, graph.nodes, i, graph.nodes[i, x.LOAD] - 1)) for i in serving]
    return min(last, default=0)
