"""The exchange graph: along which every single change of an optimal pairing can be found as one shortest way.

A way runs: someone who gives a slot → a household the cadre could take → the cadre who has it now, and is free for
another → … The nodes are single people; only the forward steps "cadre could take household" run through the layers of
the road network (see `network`), which carry no flow here and so only measure. Steps, with their cost:

    source → cadre      the next slot (minimum: -minimum_worth, quota: 0, fallback: dearer each time)
    cadre → source      minus the last slot, unless a pin holds it
    cadre → hub → layers → group → household      points of the pair
    cadre → favoured household                    the same, less what is taken off for that pair
    household → who has it now                    minus the points of that pair
    source → nobody → group                       cover_worth, and `left` by need

With prices p from an optimum, cost + p[from] - p[to] >= 0 on every step, and Dijkstra's method applies. A household
must not get its label from a cadre that is forbidden to it: then it waits, and every cadre that is or will be settled
reaches it directly at the full cost of the pair.
"""

from typing import NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

from .problem import Ints

SOURCE, NOBODY = 0, 1
IS_SOURCE, IS_NOBODY, IS_TRAVEL, IS_ARRIVAL, IS_CADRE, IS_HUB, IS_GROUP, IS_HOUSEHOLD, IS_GONE = range(9)
NONE = -1
UNSEEN = np.int64(1) << 62


class Graph(NamedTuple):
    """State of the exchange graph; by node unless said otherwise."""

    # worths and weights
    cover_worth: int
    minimum_worth: int
    distance: int
    need_weight: int
    trade_weight: int
    outside: int
    fallback: int
    even: int
    left: int
    # sizes: nodes, cadres
    count: Ints
    # nodes
    kind: Ints
    layer: Ints  # hub, travel, arrival
    place: Ints  # travel, arrival, group
    base: Ints  # hub
    parent: Ints  # cadre -> hub, household -> group
    need: Ints  # group
    cause: Ints  # group
    first: Ints  # group -> first household, cadre -> first favoured entry (2 x household + 0 or 1)
    next: Ints  # group -> next group of the place, household -> next of the group
    who: Ints  # household -> cadre or NOBODY
    paid: Ints  # household -> points of its pair
    fixed: Ints  # household: 1 = pinned
    minimum: Ints
    quota: Ints
    top: Ints
    held: Ints  # cadre: pinned households
    load: Ints
    barred: Ints  # household -> first entry of its list of forbidden cadres
    # favoured pairs, two entries a household
    liked_by: Ints
    liked_points: Ints
    liked_next: Ints
    # forbidden pairs
    bar_cadre: Ints
    bar_next: Ints
    # lists and tables
    cadre_nodes: Ints
    layer_weakness: Ints
    layer_trade: Ints
    mismatch: Ints
    place_group: Ints
    road_start: Ints
    road_head: Ints
    road_length: Ints
    base_start: Ints
    base_place: Ints
    base_distance: Ints
    base_linked: npt.NDArray[np.bool_]


class Work(NamedTuple):
    """Memory of a search, clean between searches."""

    price: Ints
    reach: Ints  # reduced length of the best way found, UNSEEN between searches
    via: Ints
    heap: Ints
    at: Ints  # place of a node in the heap, NONE if not in it
    seen: Ints
    settled: Ints  # cadres settled, in order
    waiting: Ints  # households that wait for a cadre who is not forbidden
    heads: Ints
    costs: Ints
    size: Ints  # seen, settled, waiting


@nb.njit(cache=True)
def pair_points(g, i, h):
    """Points of cadre i (or nobody) taking household h."""
    group = g.parent[h]
    if i == NOBODY:
        return g.cover_worth + g.left * g.need[group]
    hub = g.parent[i]
    base, layer, place = g.base[hub], g.layer[hub], g.place[group]
    points = g.distance * g.base_distance[base, place] + g.need_weight * g.layer_weakness[layer] * g.need[group]
    points += g.trade_weight * g.mismatch[g.layer_trade[layer], g.cause[group]]
    if not g.base_linked[base, place]:
        points += g.outside
    for entry in (2 * h, 2 * h + 1):
        if g.liked_by[entry] == i:
            points -= g.liked_points[entry]
    return points


@nb.njit(cache=True)
def slot_points(g, i, n):
    """Points of the slot that cadre i's (n + 1)th household takes; UNSEEN if there is none."""
    if n < g.minimum[i]:
        return -g.minimum_worth
    if n < g.quota[i]:
        return 0
    if n < g.top[i]:
        return g.fallback + g.even * (n - g.quota[i])
    return UNSEEN


@nb.njit(cache=True)
def is_barred(g, i, h):
    entry = g.barred[h]
    while entry != NONE:
        if g.bar_cadre[entry] == i:
            return True
        entry = g.bar_next[entry]
    return False


@nb.njit(cache=True)
def steps_from(g, u, heads, costs):
    """Write the steps out of node u; returns how many."""
    kind, n = g.kind[u], 0
    if kind == IS_HOUSEHOLD:
        if g.fixed[u] == 0 and g.who[u] > SOURCE:
            heads[0], costs[0] = g.who[u], -g.paid[u]
            n = 1
    elif kind == IS_GROUP:
        h = g.first[u]
        while h != NONE:
            heads[n], costs[n] = h, 0
            n += 1
            h = g.next[h]
    elif kind == IS_ARRIVAL:
        layer = g.layer[u]
        by_need = g.need_weight * g.layer_weakness[layer]
        group = g.place_group[g.place[u]]
        while group != NONE:
            heads[n] = group
            costs[n] = by_need * g.need[group] + g.trade_weight * g.mismatch[g.layer_trade[layer], g.cause[group]]
            n += 1
            group = g.next[group]
    elif kind == IS_TRAVEL:
        place, places = g.place[u], len(g.place_group)
        heads[0], costs[0] = u + len(g.layer_trade) * places, 0
        n = 1
        for road in range(g.road_start[place], g.road_start[place + 1]):
            heads[n], costs[n] = u - place + g.road_head[road], g.distance * g.road_length[road]
            n += 1
    elif kind == IS_HUB:
        places = len(g.place_group)
        travel = 2 + g.layer[u] * places
        base = g.base[u]
        for k in range(g.base_start[base], g.base_start[base + 1]):
            place = g.base_place[k]
            heads[n], costs[n] = travel + place, g.outside
            n += 1
            if g.base_linked[base, place]:
                heads[n], costs[n] = travel + place + len(g.layer_trade) * places, 0
                n += 1
    elif kind == IS_CADRE:
        heads[0], costs[0] = g.parent[u], 0
        n = 1
        if g.load[u] > g.held[u]:
            heads[n], costs[n] = SOURCE, -slot_points(g, u, g.load[u] - 1)
            n += 1
        entry = g.first[u]
        while entry != NONE:
            h = entry >> 1
            if g.kind[h] == IS_HOUSEHOLD and g.who[h] != u and not is_barred(g, u, h):
                heads[n], costs[n] = h, pair_points(g, u, h)
                n += 1
            entry = g.liked_next[entry]
    elif kind == IS_SOURCE:
        heads[0], costs[0] = NOBODY, 0
        n = 1
        for k in range(g.count[1]):
            i = g.cadre_nodes[k]
            points = slot_points(g, i, g.load[i])
            if points < UNSEEN:
                heads[n], costs[n] = i, points
                n += 1
    elif kind == IS_NOBODY:
        if g.load[NOBODY] > 0:
            heads[0], costs[0] = SOURCE, 0
            n = 1
        for place in range(len(g.place_group)):
            group = g.place_group[place]
            while group != NONE:
                heads[n], costs[n] = group, g.cover_worth + g.left * g.need[group]
                n += 1
                group = g.next[group]
    return n


@nb.njit(cache=True)
def settle_prices(g, heads, costs, price):
    """Lower `price` until no step is worth more than nothing (Bellman and Ford with a queue).

    False if that never ends: then the pairing was not an optimum.
    """
    nodes = g.count[0]
    queue = np.empty(nodes + 1, np.int64)
    queued = np.ones(nodes, np.bool_)
    times = np.zeros(nodes, np.int64)
    for u in range(nodes):
        queue[u] = nodes - 1 - u
    first, last = 0, nodes
    while first != last:
        u = queue[first]
        first = first + 1 if first < nodes else 0
        queued[u] = False
        for k in range(steps_from(g, u, heads, costs)):
            v, label = heads[k], price[u] + costs[k]
            if label < price[v]:
                price[v] = label
                if not queued[v]:
                    times[v] += 1
                    if times[v] > nodes:
                        return False
                    queued[v] = True
                    queue[last] = v
                    last = last + 1 if last < nodes else 0
    return True
