"""Builds the exchange graph of a case and a pairing of it."""

from typing import NamedTuple

import numpy as np

from . import exchange as x
from .arcs import listed, spans
from .case import Case
from .flow import guard
from .network import grouped
from .problem import Ints

SPARE = 512  # room for that many new nodes before the tables are copied


class Places(NamedTuple):
    """Where things are: node of each canonical cadre and household, of each hub and group."""

    cadre: Ints
    hub: Ints
    group: Ints
    household: Ints


def ceiling(case: Case) -> int:
    """No pair and no slot is worth more points than this."""

    def most(numbers: Ints) -> int:
        return int(np.abs(numbers).max(initial=0))

    w = case.weights
    return (
        w.distance * most(case.roads.distances) + (w.need * most(case.weakness) + w.left) * max(4, most(case.need))
        + w.trade * most(case.mismatch) + w.keep + w.outside + w.fallback + w.even * most(case.top) + 1
    )  # fmt: skip


def worths(case: Case, *, repairing: bool = False) -> tuple[int, int, int]:
    """A filled minimum slot, an unmoved standing pair, a covered household: each outweighs any sum of the former.

    Standing pairs count only in a repair. Refuses numbers too large for exact sums.
    """
    minimum = 4 * (case.households + SPARE) * ceiling(case)
    move = 4 * minimum if repairing else 0
    cover = 4 * (case.households + SPARE) * move if repairing else 4 * minimum
    guard(cover * 8)
    return minimum, move, cover


def build(case: Case, who: Ints, *, standing: Ints | None = None) -> tuple[x.Graph, Places, tuple[int, int, int]]:
    """The graph of a pairing, where things are in it, and the worths it uses.

    who: household -> cadre, -1 nobody, -2 not part of it yet. standing: pairs that a repair should not move, or -1.
    """
    w, places = case.weights, len(case.roads.place_key)
    layer_first, layer = grouped(case.weakness, case.trade)
    group_first, group = grouped(case.place, case.cause, case.need)
    hub_first, hub = grouped(case.base, layer)
    layers = len(layer_first)
    sizes = (2, layers * places, layers * places, case.cadres, len(hub_first), len(group_first), case.households)
    ends = [int(n) for n in np.cumsum(sizes)]
    at = Places(*(np.arange(ends[k], ends[k + 1]) for k in range(2, 6)))
    nodes = _empty(ends[-1] + SPARE)
    nodes[:2, x.KIND] = x.IS_SOURCE, x.IS_NOBODY
    kinds = (x.IS_TRAVEL, x.IS_ARRIVAL, x.IS_CADRE, x.IS_HUB, x.IS_GROUP, x.IS_HOUSEHOLD)
    nodes[2 : ends[-1], x.KIND] = np.repeat(kinds, sizes[1:])
    nodes[at.hub, x.LAYER], nodes[at.hub, x.BASE] = layer[hub_first], case.base[hub_first]
    _fill_cadres(case, nodes, at, layer, hub, who)
    _fill_households(case, nodes, at, group_first, group, who)
    of_worth = worths(case, repairing=standing is not None)
    nodes[at.household, x.PAID] = _paid(case, who, standing, of_worth)
    kind_of_help = np.stack([case.weakness[layer_first], case.trade[layer_first]], axis=1)
    near, far, cost = _steps(case, nodes, at, kind_of_help, of_worth[2])
    ahead_span, ahead = listed(near, far, cost, len(nodes))
    behind_span, behind = listed(far, near, cost, len(nodes))
    points = [of_worth[2], of_worth[0], w.distance, w.need, w.trade, w.outside, w.fallback, w.even, w.left]
    graph = x.Graph(
        weights=np.array(points), nodes=nodes, used=np.array([ends[-1], 0, 0]), apart=np.zeros(len(nodes), np.int64),
        cadres=at.cadre, likes=_likes(case, standing, of_worth[1], at, nodes), bars=_bars(case, at, nodes),
        ahead_span=ahead_span, ahead=ahead, behind_span=behind_span, behind=behind, late=np.zeros((SPARE, 3), np.int64),
        layers=kind_of_help, mismatch=case.mismatch, **_bases(case), base_distance=case.base_distance,
        base_linked=case.base_linked,
    )  # fmt: skip
    return graph, at, of_worth


def _fill_cadres(case: Case, nodes: Ints, at: Places, layer: Ints, hub: Ints, who: Ints) -> None:
    load = np.bincount(who[who >= 0], minlength=case.cadres)
    for column, values in (
        (x.LAYER, layer), (x.BASE, case.base), (x.MINIMUM, case.minimum), (x.QUOTA, case.quota), (x.TOP, case.top),
        (x.HELD, case.held), (x.LOAD, load), (x.GROUP, at.hub[hub]),
    ):  # fmt: skip
        nodes[at.cadre, column] = values
    nodes[x.NOBODY, x.LOAD] = (who == -1).sum()
    _chain(nodes[:, x.FIRST], at.hub, nodes[:, x.NEXT], hub, at.cadre)


def _fill_households(case: Case, nodes: Ints, at: Places, group_first: Ints, group: Ints, who: Ints) -> None:
    for column, values in ((x.PLACE, case.place), (x.NEED, case.need), (x.CAUSE, case.cause)):
        nodes[at.group, column] = values[group_first]
    nodes[at.household, x.GROUP] = at.group[group]
    nodes[at.household, x.FIXED] = case.pinned_to >= 0
    owners = np.append(at.cadre, [x.SOURCE, x.NOBODY])  # -2 and -1 are the last two
    nodes[at.household, x.WHO] = owners[who]
    _chain(nodes[:, x.FIRST], at.group, nodes[:, x.NEXT], group, at.household)
    given = np.flatnonzero(who >= -1)
    whose = np.where(who >= 0, who, len(owners) - 1)[given]
    _chain(nodes[:, x.MINE], owners, nodes[:, x.BESIDE], whose, at.household[given])


def _paid(case: Case, who: Ints, standing: Ints | None, of_worth: tuple[int, int, int]) -> Ints:
    """Points of every household's pair."""
    paid = np.where(who == -1, of_worth[2] + case.weights.left * case.need, 0)
    some = np.flatnonzero(who >= 0)
    paid[some] = case.pair_cost(who[some], some)
    if standing is not None:
        paid[some] -= of_worth[1] * (standing[some] == who[some])
    return paid


def _steps(case: Case, nodes: Ints, at: Places, kind_of_help: Ints, cover_worth: int) -> tuple[Ints, Ints, Ints]:
    """Where each unchanging step starts and ends, and its cost."""
    w, places, layers = case.weights, len(case.roads.place_key), len(kind_of_help)
    into = w.need * kind_of_help[:, :1] * nodes[at.group, x.NEED]
    into += w.trade * case.mismatch[kind_of_help[:, 1:], nodes[at.group, x.CAUSE]]
    travel = (2 + np.arange(layers) * places)[:, None]
    arrive = travel + layers * places
    roads, lived_in = case.roads.arcs, nodes[at.group, x.PLACE]
    bases = nodes[at.hub, x.BASE]
    hub = np.repeat(at.hub, [len(case.start[base]) for base in bases])
    start = np.array([place for base in bases for place in case.start[base]], np.int64)
    linked = case.base_linked[nodes[hub, x.BASE], start] if len(hub) else np.zeros(0, bool)
    layer = nodes[hub, x.LAYER] * places + 2
    parts = (
        (travel + np.arange(places), arrive + np.arange(places), 0),
        (travel + roads[:, 0], travel + roads[:, 1], w.distance * roads[:, 2]),
        (arrive + lived_in, at.group, into),
        (hub, layer + start, w.outside),
        (hub[linked], (layer + layers * places + start)[linked], 0),
        (x.NOBODY, at.group, cover_worth + w.left * nodes[at.group, x.NEED]),
    )
    columns = [np.broadcast_arrays(*part) for part in parts]
    near, far, cost = (np.concatenate([part[k].ravel() for part in columns]).astype(np.int64) for k in range(3))
    return near, far, cost


def _empty(rows: int) -> Ints:
    nodes = np.zeros((rows, x.COLUMNS), np.int64)
    nodes[:, x.KIND] = x.IS_GONE
    nodes[:, [x.FIRST, x.NEXT, x.BARRED, x.MINE, x.BESIDE]] = x.NONE
    return nodes


def _chain(first: Ints, owners: Ints, after: Ints, of: Ints, members: Ints) -> None:
    """Link members that agree in `of` into lists: first[owners[of]], then after[member] up to NONE."""
    order = np.argsort(of, kind="stable")
    if len(order):
        begins = np.ones(len(order), bool)
        begins[1:] = of[order[1:]] != of[order[:-1]]
        first[owners[of[order[begins]]]] = members[order[begins]]
        after[members[order]] = np.where(np.append(begins[1:], True), x.NONE, np.roll(members[order], -1))


def _likes(case: Case, standing: Ints | None, move_worth: int, at: Places, nodes: Ints) -> Ints:
    """Pairs with points taken off: row 0 of a household for last year's cadre, row 1 for the standing one."""
    likes = _no_likes(2 * len(nodes))
    for side, cadre, worth in ((0, case.last, case.weights.keep), (1, standing, move_worth)):
        if cadre is not None:
            some = np.flatnonzero(cadre >= 0)
            rows = 2 * at.household[some] + side
            likes[rows, x.BY], likes[rows, x.POINTS] = at.cadre[cadre[some]], worth
            likes[rows, x.COST] = case.pair_cost(cadre[some], some)
            if standing is not None:
                likes[rows, x.COST] -= move_worth * (standing[some] == cadre[some])
    rows = np.flatnonzero(likes[:, x.BY] != x.NONE)
    of = likes[rows, x.BY] - at.cadre[0] if len(rows) else rows
    _chain(nodes[:, x.FIRST], at.cadre, likes[:, x.AFTER], of, rows)
    return likes


def _no_likes(rows: int) -> Ints:
    likes = np.full((rows, 4), x.NONE, np.int64)
    likes[:, [x.POINTS, x.COST]] = 0
    return likes


def _bars(case: Case, at: Places, nodes: Ints) -> Ints:
    household, cadre = case.banned // max(1, case.cadres), case.banned % max(1, case.cadres)
    bars = np.full((len(cadre), 2), x.NONE, np.int64)
    bars[:, x.BAR_CADRE] = at.cadre[cadre]
    _chain(nodes[:, x.BARRED], at.household, bars[:, x.BAR_AFTER], household, np.arange(len(cadre)))
    return bars


def _bases(case: Case) -> dict[str, Ints]:
    sizes = np.array([len(start) for start in case.start], np.int64)
    return {
        "base_start": np.append(0, np.cumsum(sizes)),
        "base_place": np.array([place for start in case.start for place in start], np.int64),
    }


def grown(graph: x.Graph) -> x.Graph:
    """The same graph with room for twice as many nodes."""
    more = len(graph.nodes)
    none = spans(np.zeros(more, np.int64), np.zeros(more, np.int64))
    return graph._replace(
        nodes=np.concatenate([graph.nodes, _empty(more)]),
        apart=np.concatenate([graph.apart, np.zeros(more, np.int64)]),
        likes=np.concatenate([graph.likes, _no_likes(2 * more)]),
        ahead_span=np.concatenate([graph.ahead_span, none]),
        behind_span=np.concatenate([graph.behind_span, none]),
    )
