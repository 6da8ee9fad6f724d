"""Builds the exchange graph of a case and a pairing of it."""

from typing import NamedTuple

import numpy as np

from . import exchange as x
from .case import Case
from .flow import guard
from .network import grouped
from .problem import Ints

SPARE = 512  # room for that many new nodes before the tables are copied


class Places(NamedTuple):
    """Where things are: node of each canonical cadre and household, of each hub and group."""

    cadre: Ints
    household: Ints
    group: Ints
    hub: Ints


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
    places = len(case.roads.place_key)
    layer_first, layer = grouped(case.weakness, case.trade)
    group_first, group = grouped(case.place, case.cause, case.need)
    hub_first, hub = grouped(case.base, layer)
    layers = len(layer_first)
    sizes = (2, layers * places, layers * places, case.cadres, len(hub_first), len(group_first), case.households)
    travel, arrive, cadre_at, hub_at, group_at, household_at, end = (int(n) for n in np.cumsum(sizes))
    spans = ((cadre_at, hub_at), (household_at, end), (group_at, household_at), (hub_at, group_at))
    at = Places(*(np.arange(*span) for span in spans))
    nodes = _empty(end + SPARE)
    nodes[:2, x.KIND] = x.IS_SOURCE, x.IS_NOBODY
    kinds = (x.IS_TRAVEL, x.IS_ARRIVAL, x.IS_CADRE, x.IS_HUB, x.IS_GROUP, x.IS_HOUSEHOLD)
    nodes[2:end, x.KIND] = np.repeat(kinds, sizes[1:])
    for first in (travel, arrive):
        nodes[first : first + layers * places, x.LAYER] = np.repeat(np.arange(layers), places)
        nodes[first : first + layers * places, x.PLACE] = np.tile(np.arange(places), layers)
    load = np.bincount(who[who >= 0], minlength=case.cadres)
    for column, values in (
        (x.LAYER, layer), (x.BASE, case.base), (x.MINIMUM, case.minimum), (x.QUOTA, case.quota), (x.TOP, case.top),
        (x.HELD, case.held), (x.LOAD, load),
    ):  # fmt: skip
        nodes[at.cadre, column] = values
    nodes[at.cadre, x.GROUP] = hub_at + hub
    nodes[at.hub, x.LAYER], nodes[at.hub, x.BASE] = layer[hub_first], case.base[hub_first]
    _chain(nodes[:, x.FIRST], at.hub, nodes[:, x.NEXT], hub, at.cadre)
    nodes[x.NOBODY, x.LOAD] = (who == -1).sum()
    for column, values in ((x.PLACE, case.place), (x.NEED, case.need), (x.CAUSE, case.cause)):
        nodes[at.group, column] = values[group_first]
    nodes[at.group, x.NUMBER] = np.arange(len(group_first))
    nodes[at.household, x.GROUP] = group_at + group
    nodes[at.household, x.FIXED] = case.pinned_to >= 0
    nodes[at.household, x.WHO] = np.where(who >= 0, who + cadre_at, np.where(who == -1, x.NOBODY, x.SOURCE))
    _chain(nodes[:, x.FIRST], at.group, nodes[:, x.NEXT], group, at.household)
    given = np.flatnonzero(who >= -1)
    owners = np.append(at.cadre, x.NOBODY)  # -1 is the last
    _chain(
        nodes[:, x.MINE], owners, nodes[:, x.BESIDE], np.where(who < 0, case.cadres, who)[given], at.household[given]
    )
    minimum_worth, move_worth, cover_worth = of_worth = worths(case, repairing=standing is not None)
    likes, bars = _likes(case, standing, move_worth, at, nodes), _bars(case, at, nodes)
    nodes[at.household, x.PAID] = _paid(case, who, standing, move_worth, cover_worth)
    w = case.weights
    layer_table = np.stack([case.weakness[layer_first], case.trade[layer_first]], axis=1)
    into = w.need * layer_table[:, :1] * case.need[group_first]
    into += w.trade * case.mismatch[layer_table[:, 1:], case.cause[group_first]]
    graph = x.Graph(
        weights=np.array([
            cover_worth, minimum_worth, w.distance, w.need, w.trade, w.outside, w.fallback, w.even, w.left
        ]),
        nodes=nodes, used=np.array([end, 0]), apart=np.zeros(len(nodes), np.int64), cadres=at.cadre, likes=likes,
        bars=bars, layers=layer_table, mismatch=case.mismatch, into=into,
        place_start=np.searchsorted(case.place[group_first], np.arange(places + 1)), place_groups=at.group,
        **_roads(case), **_bases(case), **_doors(case, nodes, layers, at),
        base_distance=case.base_distance, base_linked=case.base_linked,
    )  # fmt: skip
    return graph, at, of_worth


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
    likes = np.full((2 * len(nodes), 3), x.NONE, np.int64)
    likes[:, x.POINTS] = 0
    for side, cadre, worth in ((0, case.last, case.weights.keep), (1, standing, move_worth)):
        if cadre is not None:
            some = np.flatnonzero(cadre >= 0)
            rows = 2 * at.household[some] + side
            likes[rows, x.BY], likes[rows, x.POINTS] = at.cadre[cadre[some]], worth
    rows = np.flatnonzero(likes[:, x.BY] != x.NONE)
    of = likes[rows, x.BY] - at.cadre[0] if len(rows) else rows
    _chain(nodes[:, x.FIRST], at.cadre, likes[:, x.AFTER], of, rows)
    return likes


def _bars(case: Case, at: Places, nodes: Ints) -> Ints:
    household, cadre = case.banned // max(1, case.cadres), case.banned % max(1, case.cadres)
    bars = np.full((len(cadre), 2), x.NONE, np.int64)
    bars[:, x.BAR_CADRE] = at.cadre[cadre]
    _chain(nodes[:, x.BARRED], at.household, bars[:, x.BAR_AFTER], household, np.arange(len(cadre)))
    return bars


def _roads(case: Case) -> dict[str, Ints]:
    lists = {}
    for starts, rows, near, far in (("road_start", "roads", 0, 1), ("back_start", "back", 1, 0)):
        arcs = case.roads.arcs[np.argsort(case.roads.arcs[:, near], kind="stable")]
        lists[starts] = np.searchsorted(arcs[:, near], np.arange(len(case.roads.place_key) + 1))
        lists[rows] = np.ascontiguousarray(arcs[:, [far, 2]])
    return lists


def _bases(case: Case) -> dict[str, Ints]:
    sizes = np.array([len(start) for start in case.start], np.int64)
    return {
        "base_start": np.append(0, np.cumsum(sizes)),
        "base_place": np.array([place for start in case.start for place in start], np.int64),
    }


def _doors(case: Case, nodes: Ints, layers: int, at: Places) -> dict[str, Ints]:
    """Which hubs start where, by layer and place."""
    places, first = len(case.roads.place_key), np.full(layers * len(case.roads.place_key), x.NONE, np.int64)
    bases = nodes[at.hub, x.BASE]
    hub = np.repeat(at.hub, [len(case.start[base]) for base in bases])
    place = np.array([place for base in bases for place in case.start[base]], np.int64)
    doors = np.stack([hub, np.full(len(hub), x.NONE)], axis=1)
    _chain(first, np.arange(len(first)), doors[:, 1], nodes[hub, x.LAYER] * places + place, np.arange(len(hub)))
    return {"door_first": first, "doors": doors}


def _paid(case: Case, who: Ints, standing: Ints | None, move_worth: int, cover_worth: int) -> Ints:
    paid = np.where(who == -1, cover_worth + case.weights.left * case.need, 0)
    some = np.flatnonzero(who >= 0)
    paid[some] = case.pair_cost(who[some], some)
    if standing is not None:
        paid[some] -= move_worth * (standing[some] == who[some])
    return paid


def grown(graph: x.Graph) -> x.Graph:
    """The same graph with room for twice as many nodes."""
    more = len(graph.nodes)
    likes = np.full((2 * more, 3), x.NONE, np.int64)
    likes[:, x.POINTS] = 0
    return graph._replace(
        nodes=np.concatenate([graph.nodes, _empty(more)]),
        apart=np.concatenate([graph.apart, np.zeros(more, np.int64)]),
        likes=np.concatenate([graph.likes, likes]),
    )
