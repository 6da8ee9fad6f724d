"""The exchange graph: along which every single change of an optimal pairing can be found as one shortest way.

A way runs: someone who gives a slot → a household the cadre could take → the cadre who has it now, and is free for
another → … The nodes are single people; only the forward steps "cadre could take household" run through the layers of
the road network (see `network`), which carry no flow here and so only measure. Steps, with their cost:

    source → cadre                            the next slot (minimum: -worth, quota: 0, fallback: dearer each time)
    cadre → source                            minus the last slot, unless a pin holds it
    cadre → hub → layers → group → household  points of the pair; a hub is all cadres of one base and kind
    cadre → favoured household                the same, less what is taken off for that pair
    household → who has it now                minus the points of that pair
    source → nobody → group → household       worth of a covered household, and `left` by need

With prices p from an optimum, cost + p[from] - p[to] >= 0 on every step, and Dijkstra's method applies. The layers do
not know one cadre from another; where they would lead to a household from a cadre forbidden to it, that household
leaves its group for good and stands apart: every cadre then has a step of its own to it, at the full cost of the pair.

State is kept in a few tables with one row a node, so that the compiled functions pass little around.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .arcs import BEGIN, END, FAR, LATE, ONWARD, PRICE_OF
from .compiled import bare, compiled
from .problem import Ints

# typed, because a plain literal handed to a compiled function makes numba compile it once more for that very value
SOURCE, NOBODY, NONE = np.int64(0), np.int64(1), np.int64(-1)
UNSEEN = np.int64(1) << 62
ZERO = np.int64(0)

# what a node is
IS_SOURCE, IS_NOBODY, IS_TRAVEL, IS_ARRIVAL, IS_CADRE, IS_HUB, IS_GROUP, IS_HOUSEHOLD, IS_GONE = range(9)

# columns of Graph.nodes
KIND = 0
LAYER = 1  # cadre, hub
PLACE = 2  # group
BASE = 3  # cadre, hub
GROUP = 4  # household: its group; cadre: its hub
NEED, CAUSE = 5, 6  # group
FIRST = 7  # group: first household; hub: first cadre; cadre: first row of `likes`
NEXT = 8  # household: next of the group; cadre: next of the hub
WHO, PAID, FIXED = 9, 10, 11  # household: cadre, NOBODY or 0; points of the pair; 1 if pinned
MINIMUM, QUOTA, TOP, HELD, LOAD = 12, 13, 14, 15, 16  # cadre: slots, pinned households, households
BARRED = 17  # household: first row of `bars`
APART = 18  # household: 1 if it is reached directly only
MINE, BESIDE = 19, 20  # cadre, nobody: first household; household: next of the same cadre
COLUMNS = 21

# columns of Graph.likes (rows 2 x household and the one after): who, points taken off, next of the cadre's list, cost
BY, POINTS, AFTER, COST = 0, 1, 2, 3
# columns of Graph.bars: who, next of the household's list
BAR_CADRE, BAR_AFTER = 0, 1

# entries of Graph.weights
COVER, WORTH, PER_DISTANCE, PER_NEED, PER_TRADE, OUTSIDE, FALLBACK, EVEN, LEFT = range(9)


class Graph(NamedTuple):
    """State of the exchange graph."""

    weights: Ints
    nodes: Ints
    used: Ints  # nodes in use, households apart, late steps
    apart: Ints  # households apart
    cadres: Ints  # cadre nodes in order
    likes: Ints
    bars: Ints
    # steps that never change (see `arcs`): from travel, arrival, hub and nobody, by where they start and by their end
    ahead_span: Ints
    ahead: Ints
    behind_span: Ints
    behind: Ints
    late: Ints
    # tables behind the points of a pair
    layers: Ints  # weakness, trade
    mismatch: Ints
    base_start: Ints
    base_place: Ints
    base_distance: Ints
    base_linked: npt.NDArray[np.bool_]


@bare
def help_points(g, layer, group):
    """Points of need and trade of one kind of help for the households of a group."""
    need = g.weights[PER_NEED] * g.layers[layer, 0] * g.nodes[group, NEED]
    return need + g.weights[PER_TRADE] * g.mismatch[g.layers[layer, 1], g.nodes[group, CAUSE]]


@bare
def pair_points(g, i, h):
    """Points of cadre i (or nobody) taking household h."""
    group = g.nodes[h, GROUP]
    need = g.nodes[group, NEED]
    if i == NOBODY:
        return g.weights[COVER] + g.weights[LEFT] * need
    base, layer, place = g.nodes[i, BASE], g.nodes[i, LAYER], g.nodes[group, PLACE]
    points = g.weights[PER_DISTANCE] * g.base_distance[base, place] + help_points(g, layer, group)
    if not g.base_linked[base, place]:
        points += g.weights[OUTSIDE]
    for row in (2 * h, 2 * h + 1):
        if g.likes[row, BY] == i:
            points -= g.likes[row, POINTS]
    return points


@bare
def slot_points(weights, nodes, i, n):
    """Points of the slot that cadre i's (n + 1)th household takes; UNSEEN if there is none."""
    if n < nodes[i, MINIMUM]:
        return -weights[WORTH]
    if n < nodes[i, QUOTA]:
        return 0
    if n < nodes[i, TOP]:
        return weights[FALLBACK] + weights[EVEN] * (n - nodes[i, QUOTA])
    return UNSEEN


@bare
def is_barred(nodes, bars, i, h):
    row = nodes[h, BARRED]
    while row != NONE:
        if bars[row, BAR_CADRE] == i:
            return True
        row = bars[row, BAR_AFTER]
    return False


@bare
def stand_apart(g, h):
    """Household h is reached directly from now on, not through its group."""
    g.nodes[h, APART] = 1
    g.apart[g.used[1]] = h
    g.used[1] += 1


@bare
def give(nodes, h, i):
    """Household h is with cadre i (or nobody; SOURCE: not part of the pairing) from now on."""
    row, before = nodes[nodes[h, WHO], MINE], NONE
    while row != NONE and row != h:
        before, row = row, nodes[row, BESIDE]
    if row == h and before == NONE:
        nodes[nodes[h, WHO], MINE] = nodes[h, BESIDE]
    elif row == h:
        nodes[before, BESIDE] = nodes[h, BESIDE]
    nodes[h, WHO], nodes[h, BESIDE] = i, NONE
    if i != SOURCE:
        nodes[h, BESIDE], nodes[i, MINE] = nodes[i, MINE], h


@bare
def steps_from(g, u, steps):
    """Write the steps out of node u, rows (to, cost); returns how many."""
    nodes, kind, n = g.nodes, g.nodes[u, KIND], 0
    for k in range(g.ahead_span[u, BEGIN], g.ahead_span[u, END]):
        steps[n, 0], steps[n, 1] = g.ahead[k, FAR], g.ahead[k, PRICE_OF]
        n += 1
    row = g.ahead_span[u, LATE]
    while row != NONE:
        steps[n, 0], steps[n, 1], row = g.late[row, FAR], g.late[row, PRICE_OF], g.late[row, ONWARD]
        n += 1
    if kind == IS_HOUSEHOLD and nodes[u, FIXED] == 0 and nodes[u, WHO] > SOURCE:
        steps[0, 0], steps[0, 1] = nodes[u, WHO], -nodes[u, PAID]
        n = 1
    elif kind == IS_GROUP:
        h = nodes[u, FIRST]
        while h != NONE:
            if nodes[h, APART] == 0:
                steps[n, 0], steps[n, 1] = h, 0
                n += 1
            h = nodes[h, NEXT]
    elif kind == IS_CADRE:
        steps[0, 0], steps[0, 1] = nodes[u, GROUP], 0
        n = 1
        if nodes[u, LOAD] > nodes[u, HELD]:
            steps[n, 0], steps[n, 1] = SOURCE, -slot_points(g.weights, nodes, u, nodes[u, LOAD] - 1)
            n += 1
        row = nodes[u, FIRST]
        while row != NONE:
            h = row >> 1
            if nodes[h, KIND] == IS_HOUSEHOLD and nodes[h, WHO] != u and not is_barred(nodes, g.bars, u, h):
                steps[n, 0], steps[n, 1] = h, g.likes[row, COST]
                n += 1
            row = g.likes[row, AFTER]
    elif kind == IS_SOURCE:
        steps[0, 0], steps[0, 1] = NOBODY, 0
        n = 1
        for i in g.cadres:
            points = slot_points(g.weights, nodes, i, nodes[i, LOAD])
            if points < UNSEEN:
                steps[n, 0], steps[n, 1] = i, points
                n += 1
    elif kind == IS_NOBODY and nodes[NOBODY, LOAD] > 0:
        steps[n, 0], steps[n, 1] = SOURCE, 0
        n += 1
    return n + _steps_apart(g, u, steps, n)


@bare
def _steps_apart(g, u, steps, n):
    """Write a cadre's (or nobody's) steps to the households that stand apart behind the n already there."""
    nodes, more = g.nodes, 0
    if nodes[u, KIND] in (IS_CADRE, IS_NOBODY):
        for h in g.apart[: g.used[1]]:
            if nodes[h, KIND] == IS_HOUSEHOLD and nodes[h, WHO] != u and not is_barred(nodes, g.bars, u, h):
                steps[n + more, 0], steps[n + more, 1] = h, pair_points(g, u, h)
                more += 1
    return more


@compiled
def settle_prices(g, price):
    """Lower `price` until no step is worth more than nothing (Bellman and Ford with a queue).

    False if that never ends: then the pairing was not an optimum.
    """
    count = g.used[0]
    steps = np.empty((len(g.nodes) + 2, 2), np.int64)
    queue = np.empty(count + 1, np.int64)
    queued = np.ones(count, np.bool_)
    times = np.zeros(count, np.int64)
    for u in range(count):
        queue[u] = count - 1 - u
    first, last = 0, count
    while first != last:
        u = queue[first]
        first = first + 1 if first < count else 0
        queued[u] = False
        for k in range(steps_from(g, u, steps)):
            v, label = steps[k, 0], price[u] + steps[k, 1]
            if label < price[v]:
                price[v] = label
                if not queued[v]:
                    times[v] += 1
                    if times[v] > count:
                        return False
                    queued[v] = True
                    queue[last] = v
                    last = last + 1 if last < count else 0
    return True
